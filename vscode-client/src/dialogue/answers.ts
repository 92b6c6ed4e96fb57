// What the server's errors mean to a dialogue.  Knows no editor.

export const CONTENT_MODIFIED = -32801;
/** With this the server has shown the reason by itself. */
export const REQUEST_FAILED = -32803;
/** How often something is asked again because somebody types meanwhile. */
const AGAIN = 3;

/**
 * The answer to a request, asked again where a document has changed meanwhile; `undefined` where the
 * server refused, since the user knows why.  Every other error is the caller's.
 */
export async function unlessRefused<Answer>(
  ask: () => Promise<Answer>,
  refused: (why: string) => void,
): Promise<Answer | undefined> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (codeOf(error) === REQUEST_FAILED) {
        refused(messageOf(error));
        return undefined;
      }
      if (codeOf(error) !== CONTENT_MODIFIED || attempt >= AGAIN) {
        throw error;
      }
    }
  }
}

export function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
