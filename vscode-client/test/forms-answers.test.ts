import { describe, expect, test, vi } from "vitest";
import {
  activeChoice,
  choicesOf,
  fileChoices,
  questionOf,
  readAnswer,
  shownAnswer,
} from "../src/forms/answers";
import { Debounced } from "../src/forms/debounced";
import type { FieldType, FormField } from "../src/protocol";

const field = (type: FieldType): FormField => ({ id: "x", description: "What?", type });

describe("answers", () => {
  test("are numbers where they are, and else what was typed, for the server to judge", () => {
    const number = field({ kind: "number" });
    expect(readAnswer(number, " 30 ")).toBe(30);
    expect(readAnswer(number, "1.5")).toBe(1.5);
    expect(readAnswer(number, "soon")).toBe("soon");
    expect(readAnswer(number, "")).toBe("");
    expect(readAnswer(field({ kind: "string" }), " 30 ")).toBe(" 30 ");
  });

  test("are lists where lists are asked for", () => {
    const list = field({ kind: "list", elementType: { kind: "string" } });
    expect(readAnswer(list, "a, b,,c ")).toEqual(["a", "b", "c"]);
    expect(shownAnswer(["a", "b"])).toBe("a, b");
    expect(shownAnswer(undefined)).toBe("");
    expect(shownAnswer(0)).toBe("0");
  });

  test("are picked from choices, the preselected active", () => {
    const yes_no = choicesOf(field({ kind: "bool" }));
    expect(yes_no.map((choice) => choice.value)).toEqual([true, false]);
    expect(activeChoice(yes_no, false)).toBe(1);
    const entries = [{ value: "a", description: "first" }, { value: "b" }];
    const choices = choicesOf(field({ kind: "enum", entries }));
    expect(choices.map(({ label, description }) => [label, description])).toEqual([
      ["a", "first"],
      ["b", ""],
    ]);
    expect(activeChoice(choices, undefined)).toBe(0);
    expect(choicesOf(field({ kind: "string" }))).toEqual([]);
  });

  test("have a question, and perhaps help", () => {
    expect(questionOf("What is it called? In snake_case.")).toEqual({
      question: "What is it called?",
      help: "In snake_case.",
    });
    expect(questionOf("A name")).toEqual({ question: "A name", help: "" });
  });

  test("for a file may name a new one, with an ending that fits", () => {
    const files = ["shop/tasks.py", "shop/mail.py"];
    expect(fileChoices(files, "", ["py"]).map(({ path }) => path)).toEqual(files);
    expect(fileChoices(files, "shop\\new.py", ["py"])[0]).toEqual({
      path: "shop/new.py",
      isNew: true,
    });
    expect(fileChoices(files, "shop/new", ["py"]).some(({ isNew }) => isNew)).toBe(false);
    expect(fileChoices(files, "shop/tasks.py", ["py"]).some(({ isNew }) => isNew)).toBe(false);
  });
});

describe("checks while somebody types", () => {
  test("are made once it is quiet, and only of what was typed last", async () => {
    vi.useFakeTimers();
    const asked: string[] = [];
    const checks = new Debounced(100, async (text: string) => {
      asked.push(text);
      return `checked ${text}`;
    });
    const first = checks.after("a");
    const second = checks.after("ab");
    await vi.advanceTimersByTimeAsync(100);
    expect(await first).toBeUndefined();
    expect(await second).toEqual({ value: "checked ab" });
    expect(asked).toEqual(["ab"]);
    vi.useRealTimers();
  });

  test("that are overtaken by Enter say nothing", async () => {
    vi.useFakeTimers();
    const checks = new Debounced(100, async (text: string) => text);
    const typed = checks.after("a");
    expect(await checks.now("a")).toEqual({ value: "a" });
    expect(await typed).toBeUndefined();
    vi.useRealTimers();
  });

  test("of which the answer comes late are dropped", async () => {
    const waiting: ((answer: string) => void)[] = [];
    const checks = new Debounced(
      0,
      (_: string) => new Promise<string>((resolve) => waiting.push(resolve)),
    );
    const slow = checks.after("a");
    await vi.waitFor(() => expect(waiting).toHaveLength(1));
    const quick = checks.after("ab");
    await vi.waitFor(() => expect(waiting).toHaveLength(2));
    waiting[1]?.("new");
    waiting[0]?.("old");
    expect(await quick).toEqual({ value: "new" });
    expect(await slow).toBeUndefined();
  });
});
