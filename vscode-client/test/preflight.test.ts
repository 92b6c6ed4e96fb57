import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Candidate } from "../src/core/choice";
import { type Outcome, preflight, runProgram } from "../src/core/preflight";

const LAUNCHER = join(import.meta.dirname, "..", "bundled", "launch.py");

function python(path: string): Candidate {
  return { origin: "PATH", kind: "python", command: [path] };
}

describe("what a program says", () => {
  const answering = (outcome: Partial<Outcome>) => async () => ({
    failure: undefined,
    stdout: "",
    stderr: "",
    ...outcome,
  });
  const asked = (outcome: Partial<Outcome>, candidate = python("/p")) =>
    preflight(candidate, "/launch.py", "/bundled", answering(outcome));

  it("is taken for good if it says nothing against itself", async () => {
    const stdout = JSON.stringify({ version: "3.12.1", executable: "/real/python", problem: null });
    expect(await asked({ stdout })).toEqual({
      ok: true,
      version: "3.12.1",
      executable: "/real/python",
    });
  });

  it("is passed on if it is a problem", async () => {
    const stdout = JSON.stringify({ version: "3.8.1", executable: "/p", problem: "is Python 3.8" });
    expect(await asked({ stdout })).toEqual({ ok: false, problem: "is Python 3.8" });
  });

  it("must be what a Python would say", async () => {
    expect(await asked({ stdout: "Welcome to my shell!\n" })).toMatchObject({ ok: false });
    expect(await asked({ stdout: "[1]" })).toMatchObject({ ok: false });
  });

  it("counts with what it says on standard error", async () => {
    const outcome = { failure: "ends with code 2", stderr: "Unknown option: -I\nusage: python" };
    expect(await asked(outcome)).toEqual({
      ok: false,
      problem: "ends with code 2 (Unknown option: -I)",
    });
  });

  it("has to name its version if it is a server", async () => {
    const server: Candidate = {
      origin: "celeryls.server.path",
      kind: "server",
      command: ["/opt/celeryls"],
    };
    expect(await asked({ stdout: "celeryls, version 0.3.0\n" }, server)).toEqual({
      ok: true,
      version: "0.3.0",
      executable: "/opt/celeryls",
    });
    expect(await asked({ stdout: "ruff 0.17.6\n" }, server)).toMatchObject({ ok: false });
  });
});

describe("a program", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "celeryls "));
  });

  function script(text: string): string {
    const path = join(folder, "program");
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  it("that does not answer is ended", async () => {
    const before = Date.now();
    const outcome = await runProgram([script("exec sleep 30")], folder, 300);
    expect(outcome.failure).toBe("does not answer within 0.3 seconds");
    expect(Date.now() - before).toBeLessThan(5000);
  });

  it("that is not there is said to be", async () => {
    const outcome = await runProgram([join(folder, "none")], folder, 1000);
    expect(outcome.failure).toBe("is not there");
  });

  it("below what is no folder is said not to be there", async () => {
    const outcome = await runProgram([join(script("true"), "python")], folder, 1000);
    expect(outcome.failure).toBe("is not there");
  });

  it("with a name that nothing can have is no error of ours", async () => {
    const outcome = await runProgram([join(folder, "a\0b")], folder, 1000);
    expect(outcome.failure).toContain("null bytes");
  });

  it("that may not be run is said to be", async () => {
    const path = script("true");
    chmodSync(path, 0o644);
    expect((await runProgram([path], folder, 1000)).failure).toBe("may not be run");
  });

  it("that fails is quoted", async () => {
    const outcome = await runProgram([script("echo sorry >&2; exit 3")], folder, 5000);
    expect(outcome).toMatchObject({ failure: "ends with code 3", stderr: "sorry\n" });
  });
});

describe("a real Python", () => {
  const found = execFileSync("python3", ["-c", "import sys; print(sys.executable)"], {
    encoding: "utf-8",
  }).trim();
  const kept = process.env.PYTHONPATH;
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "celeryls "));
    mkdirSync(join(folder, "shop"));
    // A module of the project's that has the name of one of the standard library's.
    writeFileSync(join(folder, "shop", "json.py"), "raise SystemExit('the user's json.py ran')");
    process.env.PYTHONPATH = join(folder, "shop");
  });

  afterEach(() => {
    process.env.PYTHONPATH = kept;
  });

  it("without the libraries says that there are none for it", async () => {
    const bare = join(folder, "launch.py");
    writeFileSync(bare, execFileSync("cat", [LAUNCHER]));
    const verdict = await preflight(python(found), bare, folder);
    expect(verdict).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/^is cpython 3\.\d+, for which no libraries are bundled$/),
    });
  });

  it("does not see the user's modules", async () => {
    const verdict = await preflight(python(found), LAUNCHER, join(folder, "shop"));
    expect(JSON.stringify(verdict)).not.toContain("json.py");
  });
});
