// How often a server that ends by itself is started again.

export const MOST = 3;
/** Milliseconds. */
export const WITHIN = 5 * 60 * 1000;

/** Counts crashes; a server that keeps crashing is left alone. */
export class Crashes {
  #times: number[] = [];

  constructor(private readonly now: () => number = Date.now) {}

  /** A server has crashed: whether it is to be started again. */
  crashed(): boolean {
    const now = this.now();
    this.#times = this.#times.filter((time) => now - time < WITHIN);
    this.#times.push(now);
    return this.#times.length <= MOST;
  }

  /** Somebody started it, so it may crash as often as a new one. */
  forget(): void {
    this.#times = [];
  }
}
