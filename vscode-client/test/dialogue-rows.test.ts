import { describe, expect, test } from "vitest";
import { headLine } from "../src/dialogue/functions";
import {
  firstChange,
  newLine,
  outcomeOf,
  planRows,
  shellLineOf,
  stepRows,
  wrapped,
} from "../src/dialogue/rows";
import { taskChoices } from "../src/dialogue/tasks";
import type { Plan, Told } from "../src/protocol";
import type { TaskView } from "../src/view/shapes";

const TOLD: Told = {
  notes: ["The queue is new."],
  calls: ["mail.delay(1)"],
  nextSteps: [
    { title: "Fill in the body of mail." },
    { title: "Start a worker.", command: "celery -A shop worker" },
    {
      title: "Set up an app.",
      command: "celeryls init",
      action: { title: "Set up an app.", command: "celeryls.setUp" },
    },
  ],
};

describe("a plan", () => {
  test("has what can be done, then a line for each file, then what is worth knowing", () => {
    const plan: Plan = {
      ...TOLD,
      code: "",
      changes: [
        { uri: "file:///p/a.py", isNew: false, summary: ["an import", "the task"], newText: "" },
        { uri: "file:///p/b.py", isNew: true, summary: ["a test"], newText: "" },
      ],
    };
    const rows = planRows(plan, (uri) => uri.slice("file:///p/".length));
    expect(rows.map((row) => row.kind)).toEqual(["write", "file", "file", "note"]);
    expect(rows[0]).toEqual({ kind: "write", files: 2 });
    expect(rows[1]).toMatchObject({ name: "a.py", summary: "an import; the task" });
  });

  test("is shown where it begins to differ", () => {
    expect(firstChange("a\nb\n", "a\nb\nc\n")).toBe(2);
    expect(firstChange("a\nb\n", "a\n\n\n@task\nb\n")).toBe(3);
    expect(firstChange("", "import x\n")).toBe(0);
    expect(firstChange("a\r\nb\r\n", "a\r\nX\r\nb\r\n")).toBe(1);
    expect(firstChange("a\n", "a\n")).toBe(1);
  });

  test("is shown at its code once it is written, if that is in the file", () => {
    expect(newLine("", "import x\n\n\n@task\ndef f(): ...\n", "\n@task\ndef f(): ...\n")).toBe(3);
    expect(newLine("a\n", "a\r\nb\r\n", "b\n")).toBe(1);
    expect(newLine("a\n", "a\nb\n", "gone")).toBe(1);
  });

  test("has notes in lines that a picker does not cut", () => {
    expect(wrapped("one two three", 8)).toEqual(["one two", "three"]);
    expect(wrapped("incomprehensible it is", 8)).toEqual(["incomprehensible", "it is"]);
    const plan: Plan = { ...TOLD, code: "", changes: [], notes: [`${"word ".repeat(20)}end`] };
    const notes = planRows(plan, String).filter((row) => row.kind === "note");
    expect(notes.map((row) => row.first)).toEqual([true, false]);
  });
});

describe("what is left to do", () => {
  test("comes with what can be done from here first", () => {
    const rows = stepRows(TOLD);
    expect(rows.map((row) => row.kind)).toEqual(["terminal", "action", "todo", "call", "note"]);
    expect(rows[0]).toMatchObject({ command: "celery -A shop worker" });
  });

  test("is read from whatever the server answers", () => {
    expect(outcomeOf(null)).toEqual({ applied: true, notes: [], calls: [], nextSteps: [] });
    expect(outcomeOf({ applied: false }).applied).toBe(false);
    expect(outcomeOf({ applied: true, ...TOLD }).nextSteps).toHaveLength(3);
  });

  test("may be a line of a shell", () => {
    const line = { title: "Run mail", command: "python -c 1", arguments: [], cwd: "/p" };
    expect(shellLineOf(line)).toEqual({ title: "Run mail", command: "python -c 1", cwd: "/p" });
    expect(shellLineOf({ title: "Run mail" })).toBeUndefined();
    expect(shellLineOf(null)).toBeUndefined();
  });
});

describe("the task that a command is about", () => {
  const task = (name: string, uri: string, line: number): TaskView => ({
    label: `shop.${name}`,
    function: name,
    kind: "decorator",
    location: { uri, range: { start: { line, character: 4 }, end: { line, character: 9 } } },
    options: [],
    callSites: [],
    schedules: [],
  });
  const folders = [
    {
      uri: "file:///p",
      apps: [{ name: "app", tasks: [task("other", "file:///p/b.py", 1)], settings: [] }],
      sharedTasks: [task("one", "file:///p/a.py", 4), task("two", "file:///p/a.py", 20)],
      schedules: [],
    },
  ];

  test("is the one at the cursor first, then those of the file, then the rest", () => {
    const at = (line: number) =>
      taskChoices(folders, { uri: "file:///p/a.py", line }).map((choice) => choice.function);
    expect(at(22)).toEqual(["two", "one", "other"]);
    expect(at(8)).toEqual(["one", "two", "other"]);
    expect(at(19)).toEqual(["two", "one", "other"]); // on its decorator
  });

  test("can be any, without a cursor", () => {
    expect(taskChoices(folders)).toHaveLength(3);
  });
});

describe("the function that a command is about", () => {
  const lines = [
    "import x", // 0
    "",
    "async def sync(a):", // 2
    "    if a:",
    "        call()", // 4
    "",
    "    return a",
    "",
    "top = 1", // 8
    "@decorated", // 9
    "def other():",
    "    pass",
  ];

  test("is the one whose body the cursor is in", () => {
    expect([2, 4, 5, 6].map((line) => headLine(lines, line))).toEqual([2, 2, 2, 2]);
    expect([9, 10, 11].map((line) => headLine(lines, line))).toEqual([9, 10, 10]);
  });

  test("is none where there is none", () => {
    expect([0, 8].map((line) => headLine(lines, line))).toEqual([0, 8]);
    expect(headLine([], 0)).toBe(0);
  });
});
