// What goes over the wire beyond LSP: docs/lsp-extensions.md, in types.

/** A value of an answer. */
export type Value = string | number | boolean | string[];

export interface EnumEntry {
  value: string;
  description?: string | null;
}

export type FieldType =
  | { kind: "string" | "number" | "bool" }
  | { kind: "enum"; name?: string; entries: EnumEntry[] }
  | { kind: "file"; existence?: number; type?: number; filters?: string[] }
  | { kind: "list"; elementType: { kind: string } };

export interface FormField {
  id: string;
  description: string;
  type: FieldType;
  required?: boolean;
  default?: Value | null;
  error?: string | null;
}

export interface FormAnswer {
  id: string;
  value: Value;
}

/** The first argument of a command: where it begins, and whatever else the server put there. */
export interface Place {
  uri?: string;
  path?: string;
  offset?: number;
  task?: string;
  folder?: string;
  confirm?: boolean;
  [key: string]: unknown;
}

export interface CommandParams {
  command: string;
  arguments?: unknown[];
  formFields?: FormField[];
  formAnswers?: FormAnswer[];
}

/** A command of the server's. */
export interface ServerCommand {
  title: string;
  command: string;
  arguments?: unknown[];
}

export interface NextStep {
  title: string;
  command?: string;
  action?: ServerCommand;
}

/** What there is to say of a plan, before and after it is carried out. */
export interface Told {
  notes: string[];
  calls: string[];
  nextSteps: NextStep[];
}

export interface PlannedFile {
  uri: string;
  isNew: boolean;
  summary: string[];
  newText: string;
}

export interface Plan extends Told {
  code: string;
  changes: PlannedFile[];
}

export interface Outcome extends Told {
  applied: boolean;
}

/** The kinds of answer that `forms/quick-ui.ts` can ask for. */
export const INPUT_TYPES = ["string", "bool", "number", "enum", "file"] as const;
