// Which server is started with which Python, and why. Knows nothing of VS Code.
//
// The order is documented in vscode-client/README.md; a test follows that table.

/** Where a candidate comes from. */
export type Origin = "celeryls.server.path" | "celeryls.interpreter" | "Python extension" | "PATH";

/** Something that might run the server. */
export interface Candidate {
  readonly origin: Origin;
  /** A `celeryls` of the user's own, or a Python that runs the bundled one. */
  readonly kind: "server" | "python";
  /** The program and what comes before our arguments. */
  readonly command: readonly [string, ...string[]];
}

/** What became of a candidate. */
export type Verdict =
  | { readonly ok: true; readonly version: string; readonly executable: string }
  | { readonly ok: false; readonly problem: string };

export interface Attempt {
  readonly candidate: Candidate;
  readonly verdict: Verdict;
}

/** What the choice depends on; functions are asked only when it comes to them. */
export interface Situation {
  readonly trusted: boolean;
  readonly serverPath: string | undefined;
  readonly interpreter: string | undefined;
  /** The Python of the environment that the Python extension has active, if it is there. */
  readonly activeEnvironment: () => Promise<string | undefined>;
  /** The Pythons on the PATH, best first, as absolute paths. */
  readonly onPath: () => readonly string[];
}

export interface Choice {
  readonly chosen: (Attempt & { readonly verdict: { readonly ok: true } }) | undefined;
  /** Every attempt, in order; the last is the chosen one if there is one. */
  readonly attempts: readonly Attempt[];
}

/** Try the candidates in order, and take the first that is good. */
export async function choose(
  situation: Situation,
  probe: (candidate: Candidate) => Promise<Verdict>,
): Promise<Choice> {
  const attempts: Attempt[] = [];
  const tried = new Set<string>();
  for await (const candidate of candidates(situation)) {
    const key = JSON.stringify([candidate.kind, candidate.command]);
    if (tried.has(key)) {
      continue;
    }
    tried.add(key);
    const verdict = await probe(candidate);
    attempts.push({ candidate, verdict });
    if (verdict.ok) {
      return { chosen: { candidate, verdict }, attempts };
    }
  }
  return { chosen: undefined, attempts };
}

async function* candidates(situation: Situation): AsyncGenerator<Candidate> {
  // What a workspace says, and an environment that may be part of it, could be programs of a
  // stranger's.
  if (situation.trusted) {
    if (situation.serverPath) {
      yield {
        origin: "celeryls.server.path",
        kind: "server",
        command: [situation.serverPath],
      };
    }
    if (situation.interpreter) {
      yield python("celeryls.interpreter", situation.interpreter);
    }
    const active = await situation.activeEnvironment();
    if (active) {
      yield python("Python extension", active);
    }
  }
  for (const found of situation.onPath()) {
    yield python("PATH", found);
  }
}

function python(origin: Origin, path: string): Candidate {
  // The launcher of Windows starts the newest Python 3 there is, whatever an environment says.
  const launcher = /(^|[\\/])py(\.exe)?$/i.test(path);
  return { origin, kind: "python", command: launcher ? [path, "-3"] : [path] };
}

/** What the user set that is not good, although something else may have been found. */
export function disregarded(choice: Choice): readonly (Attempt & { verdict: { ok: false } })[] {
  return choice.attempts.filter(
    (attempt): attempt is Attempt & { verdict: { ok: false; problem: string } } =>
      !attempt.verdict.ok && attempt.candidate.origin.startsWith("celeryls."),
  );
}
