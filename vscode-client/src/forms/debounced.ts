/** Asks once the asking has paused, and drops answers that something newer has overtaken. */
export class Debounced<Question, Answer> {
  private latest = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private skip: (() => void) | undefined;

  constructor(
    private readonly quietMs: number,
    private readonly answer: (question: Question) => Promise<Answer>,
  ) {}

  /** The answer; `undefined` where a newer question has been put meanwhile. */
  async after(question: Question): Promise<{ value: Answer } | undefined> {
    const own = this.next();
    const waited = await new Promise<boolean>((resolve) => {
      this.skip = () => resolve(false);
      this.timer = setTimeout(() => resolve(true), this.quietMs);
    });
    if (!waited || own !== this.latest) {
      return undefined;
    }
    const value = await this.answer(question);
    return own === this.latest ? { value } : undefined;
  }

  /** The answer without waiting; questions before it are dropped. */
  async now(question: Question): Promise<{ value: Answer }> {
    this.next();
    return { value: await this.answer(question) };
  }

  private next(): number {
    clearTimeout(this.timer);
    this.skip?.();
    this.skip = undefined;
    this.latest += 1;
    return this.latest;
  }
}
