// Work that somebody waits for, but not for ever.  Knows no editor.

/** What there is instead of an answer when it takes too long. */
export const LATE = Symbol("late");

/**
 * The answer, or `LATE` after so many milliseconds; then `later` is called when an answer comes at
 * last. One that is `undefined`, or an error, is none.
 */
export async function withinOrLater<T>(
  work: Promise<T>,
  patience: number,
  later: () => void,
): Promise<T | typeof LATE> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(() => resolve(LATE), patience);
  });
  try {
    const first = await Promise.race([work, late]);
    if (first === LATE) {
      const answered = (answer: T) => answer !== undefined && later();
      work.then(answered, () => undefined);
    }
    return first;
  } finally {
    clearTimeout(timer);
  }
}
