import { describe, expect, it } from "vitest";
import {
  type Candidate,
  choose,
  disregarded,
  type Situation,
  type Verdict,
} from "../src/core/choice";

const GOOD: Verdict = { ok: true, version: "3.12.1", executable: "/usr/bin/python3.12" };
const OLD: Verdict = { ok: false, problem: "is Python 3.8, and 3.10 or newer is needed" };

function around(given: Partial<Situation> & { active?: string; path?: string[] }): Situation {
  return {
    trusted: given.trusted ?? true,
    serverPath: given.serverPath,
    interpreter: given.interpreter,
    activeEnvironment: given.activeEnvironment ?? (async () => given.active),
    onPath: given.onPath ?? (() => given.path ?? []),
  };
}

/** Answers by the program's path; what is not named is not good. */
function probing(good: readonly string[], seen: Candidate[] = []) {
  return async (candidate: Candidate): Promise<Verdict> => {
    seen.push(candidate);
    return good.includes(candidate.command[0]) ? GOOD : OLD;
  };
}

const EVERYTHING = {
  serverPath: "/opt/celeryls",
  interpreter: "/opt/python",
  active: "/shop/.venv/bin/python",
  path: ["/usr/bin/python3", "/usr/bin/python"],
};

describe("in a workspace that is trusted", () => {
  it.each([
    [["/opt/celeryls", "/opt/python", "/shop/.venv/bin/python"], "celeryls.server.path"],
    [["/opt/python", "/shop/.venv/bin/python", "/usr/bin/python3"], "celeryls.interpreter"],
    [["/shop/.venv/bin/python", "/usr/bin/python3"], "Python extension"],
    [["/usr/bin/python3", "/usr/bin/python"], "PATH"],
  ])("of %j the first is taken: %s", async (good, origin) => {
    const { chosen } = await choose(around(EVERYTHING), probing(good));
    expect(chosen?.candidate.origin).toBe(origin);
    expect(chosen?.candidate.command[0]).toBe(good[0]);
  });

  it("looks no further than the first that is good", async () => {
    const seen: Candidate[] = [];
    const asked = () => {
      throw new Error("the Python extension was asked");
    };
    const situation = around({ ...EVERYTHING, activeEnvironment: asked, onPath: asked });
    await choose(situation, probing(["/opt/celeryls"], seen));
    expect(seen).toHaveLength(1);
  });

  it("runs a server of the user's own as it is, and a Python with ours", async () => {
    const seen: Candidate[] = [];
    await choose(around(EVERYTHING), probing([], seen));
    expect(seen.map((candidate) => candidate.kind)).toEqual([
      "server",
      "python",
      "python",
      "python",
      "python",
    ]);
  });

  it("tries the same Python once", async () => {
    const seen: Candidate[] = [];
    const situation = around({ active: "/usr/bin/python3", path: ["/usr/bin/python3"] });
    await choose(situation, probing([], seen));
    expect(seen).toHaveLength(1);
  });

  it("says what it tried when none is good", async () => {
    const choice = await choose(around(EVERYTHING), probing([]));
    expect(choice.chosen).toBeUndefined();
    expect(choice.attempts.map((attempt) => attempt.candidate.origin)).toEqual([
      "celeryls.server.path",
      "celeryls.interpreter",
      "Python extension",
      "PATH",
      "PATH",
    ]);
  });

  it("says which settings did not work, although something else does", async () => {
    const choice = await choose(around(EVERYTHING), probing(["/usr/bin/python3"]));
    expect(disregarded(choice).map((attempt) => attempt.candidate.command[0])).toEqual([
      "/opt/celeryls",
      "/opt/python",
    ]);
    expect(choice.chosen?.candidate.command[0]).toBe("/usr/bin/python3");
  });

  it("does without the Python extension", async () => {
    const { chosen } = await choose(
      around({ path: ["/usr/bin/python3"] }),
      probing(["/usr/bin/python3"]),
    );
    expect(chosen?.candidate.origin).toBe("PATH");
  });

  it("asks the launcher of Windows for a Python 3", async () => {
    const py = "C:\\Windows\\py.exe";
    const { chosen } = await choose(around({ path: [py] }), probing([py]));
    expect(chosen?.candidate.command).toEqual([py, "-3"]);
  });
});

describe("in a workspace that nobody trusts", () => {
  it("neither a setting nor an environment names what is run", async () => {
    const seen: Candidate[] = [];
    const everything = [EVERYTHING.serverPath, EVERYTHING.interpreter, EVERYTHING.active];
    const situation = around({ ...EVERYTHING, trusted: false });
    const { chosen } = await choose(situation, probing([...everything, "/usr/bin/python"], seen));
    expect(chosen?.candidate).toEqual({
      origin: "PATH",
      kind: "python",
      command: ["/usr/bin/python"],
    });
    expect(seen.every((candidate) => candidate.origin === "PATH")).toBe(true);
  });

  it("the Python extension is not even asked", async () => {
    const asked = () => {
      throw new Error("it was asked");
    };
    const situation = around({
      trusted: false,
      activeEnvironment: asked,
      path: ["/usr/bin/python3"],
    });
    await expect(choose(situation, probing([]))).resolves.toMatchObject({ chosen: undefined });
  });
});
