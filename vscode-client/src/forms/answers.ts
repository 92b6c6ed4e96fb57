// Answers as they are typed and picked.
import * as l10n from "@vscode/l10n";
import type { FormField, Value } from "../protocol";

/** What was typed, as the answer to a field. */
export function readAnswer(field: FormField, text: string): Value {
  switch (field.type.kind) {
    case "number": {
      // What is no number goes to the server as it is: its answer says what would be right.
      const trimmed = text.trim();
      return trimmed !== "" && Number.isFinite(Number(trimmed)) ? Number(trimmed) : text;
    }
    case "list":
      return text
        .split(",")
        .map((part) => part.trim())
        .filter((part) => part !== "");
    default:
      return text;
  }
}

/** A value as it is typed. */
export function shownAnswer(value: Value | undefined): string {
  return value === undefined ? "" : Array.isArray(value) ? value.join(", ") : String(value);
}

export interface Choice {
  label: string;
  description: string;
  value: Value;
}

/** What can be picked, in the server's order; nothing where text is asked for. */
export function choicesOf(field: FormField): Choice[] {
  switch (field.type.kind) {
    case "enum":
      return field.type.entries.map(({ value, description }) => ({
        label: value,
        description: description ?? "",
        value,
      }));
    case "bool":
      return [
        { label: l10n.t("yes"), description: "", value: true },
        { label: l10n.t("no"), description: "", value: false },
      ];
    default:
      return [];
  }
}

/** The index of the preselected choice. */
export function activeChoice(choices: readonly Choice[], selected: Value | undefined): number {
  return Math.max(
    0,
    choices.findIndex((choice) => choice.value === selected),
  );
}

/**
 * A question and its help.  The server sends both as one text; its first sentence is the question,
 * as far as one ends with a question mark.
 */
export function questionOf(description: string): { question: string; help: string } {
  const end = description.indexOf("? ");
  return end < 0
    ? { question: description, help: "" }
    : { question: description.slice(0, end + 1), help: description.slice(end + 2).trim() };
}

/** Files to choose from, those that a text fits first, and the text itself as a new one. */
export function fileChoices(
  files: readonly string[],
  typed: string,
  filters: readonly string[],
): { path: string; isNew: boolean }[] {
  const name = typed.trim().replaceAll("\\", "/");
  const known = files.map((path) => ({ path, isNew: false }));
  const allowed =
    filters.length === 0 || filters.some((filter) => name.endsWith(`.${filter}`) && name !== "");
  if (name === "" || files.includes(name) || !allowed) {
    return known;
  }
  return [{ path: name, isNew: true }, ...known];
}
