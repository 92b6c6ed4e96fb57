// What a plan and its outcome come to as rows of a picker.  Knows no editor.
import type { NextStep, Outcome, Plan, PlannedFile, ServerCommand, Told } from "../protocol";

export type PlanRow =
  | { kind: "write"; files: number }
  | { kind: "file"; file: PlannedFile; name: string; summary: string }
  | { kind: "note"; text: string; first: boolean };

/** A plan: what can be done with it, its files with a line each, and what is worth knowing. */
export function planRows(plan: Plan, nameOf: (uri: string) => string): PlanRow[] {
  return [
    { kind: "write", files: plan.changes.length },
    ...plan.changes.map((file): PlanRow => {
      return { kind: "file", file, name: nameOf(file.uri), summary: file.summary.join("; ") };
    }),
    ...plan.notes.flatMap(noteRows),
  ];
}

export type StepRow =
  | { kind: "action"; step: NextStep; action: ServerCommand }
  | { kind: "terminal"; step: NextStep; command: string }
  | { kind: "todo"; step: NextStep }
  | { kind: "call"; text: string }
  | { kind: "note"; text: string; first: boolean };

/** What is left to do: first what can be done from here, then what somebody has to do. */
export function stepRows(told: Told): StepRow[] {
  const steps = told.nextSteps.map((step): StepRow => {
    // A line of celeryls' own would need its program on the path.
    if (step.action !== undefined) {
      return { kind: "action", step, action: step.action };
    }
    return step.command === undefined
      ? { kind: "todo", step }
      : { kind: "terminal", step, command: step.command };
  });
  return [
    ...steps.filter((row) => row.kind !== "todo"),
    ...steps.filter((row) => row.kind === "todo"),
    ...told.calls.map((text): StepRow => ({ kind: "call", text })),
    ...told.notes.flatMap(noteRows),
  ];
}

function noteRows(note: string): { kind: "note"; text: string; first: boolean }[] {
  return wrapped(note).map((text, index) => ({ kind: "note", text, first: index === 0 }));
}

/** The first line, counted from 0, that one text has otherwise than the other. */
export function firstChange(before: string, after: string): number {
  const [old, changed] = [before.split(/\r\n|\n|\r/), after.split(/\r\n|\n|\r/)];
  let line = 0;
  while (line < old.length && line < changed.length && old[line] === changed[line]) {
    line += 1;
  }
  // Blank lines in front of a new block are no place to look at.
  while (line < changed.length - 1 && changed[line]?.trim() === "") {
    line += 1;
  }
  return Math.min(line, changed.length - 1);
}

/** The line, counted from 0, where something new is to be looked at: that of the code, if there. */
export function newLine(before: string, after: string, code: string): number {
  const at = code.trim() === "" ? -1 : after.replaceAll("\r\n", "\n").indexOf(code.trim());
  return at < 0
    ? firstChange(before, after)
    : after.replaceAll("\r\n", "\n").slice(0, at).split("\n").length - 1;
}

/** A sentence in lines that are short enough for a picker, which cuts what is longer. */
export function wrapped(text: string, width = 66): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > width) {
      lines.push(word);
    } else {
      lines[lines.length - 1] = `${last} ${word}`;
    }
  }
  return lines;
}

/** What an answer to a command says, whatever it lacks. */
export function outcomeOf(raw: unknown): Outcome {
  const given = (typeof raw === "object" && raw !== null ? raw : {}) as Partial<Outcome>;
  return {
    applied: given.applied !== false,
    notes: given.notes ?? [],
    calls: given.calls ?? [],
    nextSteps: given.nextSteps ?? [],
  };
}

/** A line of a shell, if that is what a command comes to. */
export interface ShellLine {
  title: string;
  command: string;
  cwd: string | undefined;
}

export function shellLineOf(raw: unknown): ShellLine | undefined {
  const given = (typeof raw === "object" && raw !== null ? raw : {}) as Partial<ShellLine>;
  return typeof given.command === "string"
    ? { title: given.title ?? given.command, command: given.command, cwd: given.cwd }
    : undefined;
}
