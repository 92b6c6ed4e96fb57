// Whether a candidate can run the server: asked of the candidate itself, in one short process.
import { execFile } from "node:child_process";
import type { Candidate, Verdict } from "./choice";

/** Nothing of the environment or of the working folder, and nothing that is installed beside. */
export const ISOLATED = ["-I", "-S"] as const;

/** Milliseconds that a candidate may take; a cold start from a slow disk takes seconds. */
export const PATIENCE = 10_000;

export interface Outcome {
  /** What kept it from running or from ending well; nothing if it did. */
  readonly failure: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export type Run = (command: readonly string[], cwd: string, patience: number) => Promise<Outcome>;

/** Ask a candidate. `launcher` is the path of bundled/launch.py, `cwd` a folder of ours. */
export async function preflight(
  candidate: Candidate,
  launcher: string,
  cwd: string,
  run: Run = runProgram,
): Promise<Verdict> {
  if (candidate.kind === "server") {
    const outcome = await run([...candidate.command, "--version"], cwd, PATIENCE);
    const version = /^celeryls, version (\S+)/m.exec(outcome.stdout)?.[1];
    if (outcome.failure !== undefined || version === undefined) {
      return { ok: false, problem: said(outcome, "is not celeryls: --version names no version") };
    }
    return { ok: true, version, executable: candidate.command[0] };
  }
  const command = [...candidate.command, ...ISOLATED, launcher, "--preflight"];
  const outcome = await run(command, cwd, PATIENCE);
  const found = parse(outcome.stdout);
  if (outcome.failure !== undefined || found === undefined) {
    return { ok: false, problem: said(outcome, "does not answer like a Python") };
  }
  if (found.problem !== undefined) {
    return { ok: false, problem: found.problem };
  }
  return { ok: true, version: found.version, executable: found.executable };
}

interface Found {
  readonly version: string;
  readonly executable: string;
  readonly problem: string | undefined;
}

function parse(stdout: string): Found | undefined {
  try {
    const found: unknown = JSON.parse(stdout);
    if (typeof found === "object" && found !== null && "version" in found) {
      const { version, executable, problem } = found as Record<string, unknown>;
      return {
        version: String(version),
        executable: String(executable),
        problem: typeof problem === "string" ? problem : undefined,
      };
    }
  } catch {
    // Not ours.
  }
  return undefined;
}

function said(outcome: Outcome, otherwise: string): string {
  const last = outcome.stderr.trim().split("\n")[0]?.slice(0, 200);
  const words = outcome.failure ?? otherwise;
  return last ? `${words} (${last})` : words;
}

/** Run a program without a shell, and end it when it takes too long. */
export const runProgram: Run = (command, cwd, patience) =>
  new Promise((resolve) => {
    const [program = "", ...args] = command;
    const options = { cwd, timeout: patience, windowsHide: true, maxBuffer: 1_000_000 };
    try {
      const child = execFile(program, args, options, (error, stdout, stderr) => {
        resolve({ failure: error ? failure(error, patience) : undefined, stdout, stderr });
      });
      child.stdin?.end();
    } catch (error) {
      // Node throws what it has no event for: a path through a file, a batch file on Windows.
      resolve({ failure: failure(error as Error, patience), stdout: "", stderr: "" });
    }
  });

function failure(
  error: Error & { code?: string | number | null; killed?: boolean },
  patience: number,
) {
  if (error.killed) {
    return `does not answer within ${patience / 1000} seconds`;
  }
  if (error.code === "ENOENT" || error.code === "ENOTDIR") {
    return "is not there";
  }
  if (error.code === "EACCES") {
    return "may not be run";
  }
  return typeof error.code === "number" ? `ends with code ${error.code}` : error.message;
}
