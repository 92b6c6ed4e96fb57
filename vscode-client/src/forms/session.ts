// The dialogue of a form as a machine of steps: rounds of fields, forth and back.  It knows no
// editor: `FormUi` asks one question, `Resolve` is the server.
import type { CommandParams, FormAnswer, FormField, Value } from "../protocol";

/** Asks the server what is still to be asked. */
export type Resolve = (params: CommandParams) => Promise<CommandParams>;

export interface Step {
  field: FormField;
  /** What is preselected: the answer given before, else the default. */
  value: Value | undefined;
  /** What was wrong with that answer, until it is changed. */
  error: string | undefined;
  /** Counted from 1, over all rounds. */
  step: number;
  totalSteps: number;
  canGoBack: boolean;
  /** Whether the rest of the round can be left as it is. */
  canFinish: boolean;
  /** What is wrong with an answer, in the server's words. */
  check(value: Value): Promise<string | undefined>;
}

export type StepResult =
  | { kind: "answer"; value: Value }
  | { kind: "finish"; value: Value }
  | { kind: "back" }
  | { kind: "cancel" };

export interface FormUi {
  ask(step: Step): Promise<StepResult>;
}

export interface FormOptions {
  /** Values to propose instead of the server's defaults, by field id. */
  propose?: Record<string, Value>;
  /** Fields that are clear from where the command was called, and not asked unless they are wrong. */
  known?: Record<string, Value>;
}

interface Round {
  /** As the server sent them; they carry the answers of earlier rounds. */
  params: CommandParams;
  /** Those to be asked. */
  fields: FormField[];
  /** Those that are not. */
  settled: FormAnswer[];
}

export type FormResult = { kind: "done"; params: CommandParams } | { kind: "cancelled" };

/** The server's words on why nothing comes of a form that was corrected too often. */
export class TooManyCorrections extends Error {}

// As often as the Go and Dart extensions, so that nobody is asked for ever.
const MAX_CORRECTIONS = 5;

/** One form, from the first question to the last; `reopen` goes back from what comes after. */
export class FormSession {
  private readonly rounds: Round[] = [];
  // By `keyOf`: a later round may ask under the same id for something else.
  private readonly given = new Map<string, Value>();
  private corrections = 0;

  constructor(
    private readonly start: CommandParams,
    private readonly resolve: Resolve,
    private readonly ui: FormUi,
    private readonly options: FormOptions = {},
  ) {}

  /** Whether anything was asked. */
  get asks(): boolean {
    return this.rounds.length > 0;
  }

  /** Ask all; the params of the result are to be executed as they are. */
  async run(): Promise<FormResult> {
    const first = await this.resolve(this.start);
    return this.advance(first);
  }

  /** Ask the last question again, and go on from there. */
  async reopen(): Promise<FormResult> {
    const last = this.rounds.at(-1);
    return last === undefined ? { kind: "cancelled" } : this.walk(last.fields.length - 1);
  }

  /** Take the server's answer: another round, or the end. */
  private async advance(params: CommandParams): Promise<FormResult> {
    let resolved = params;
    for (;;) {
      const fields = resolved.formFields ?? [];
      if (fields.length === 0) {
        return { kind: "done", params: resolved };
      }
      const wrong = fields.find((field) => isGiven(field.error));
      if (wrong !== undefined && ++this.corrections > MAX_CORRECTIONS) {
        throw new TooManyCorrections(wrong.error ?? wrong.description);
      }
      const round = this.round(resolved, fields);
      if (round.fields.length === 0) {
        resolved = await this.resolve(answered(round, this.given));
        continue;
      }
      this.rounds.push(round);
      return this.walk(0);
    }
  }

  private round(params: CommandParams, fields: FormField[]): Round {
    const known = this.options.known ?? {};
    const settled: FormAnswer[] = [];
    const asked: FormField[] = [];
    for (const field of fields) {
      const value = known[field.id];
      if (value !== undefined && !isGiven(field.error)) {
        settled.push({ id: field.id, value });
      } else {
        asked.push(field);
      }
    }
    return { params, fields: asked, settled };
  }

  /** Ask the last round's fields from the `index`th on. */
  private async walk(from: number): Promise<FormResult> {
    let index = from;
    for (;;) {
      const round = this.rounds.at(-1);
      if (round === undefined) {
        return { kind: "cancelled" };
      }
      const field = round.fields[index];
      if (field === undefined) {
        return this.advance(await this.resolve(answered(round, this.given)));
      }
      const result = await this.ui.ask(this.step(round, field, index));
      switch (result.kind) {
        case "cancel":
          return { kind: "cancelled" };
        case "back":
          if (index > 0) {
            index -= 1;
          } else if (this.rounds.length > 1) {
            this.rounds.pop();
            index = (this.rounds.at(-1)?.fields.length ?? 1) - 1;
          }
          break;
        case "answer":
          this.given.set(keyOf(field), result.value);
          index += 1;
          break;
        case "finish":
          this.given.set(keyOf(field), result.value);
          index = round.fields.length;
          break;
      }
    }
  }

  private step(round: Round, field: FormField, index: number): Step {
    const before = this.rounds.slice(0, -1).reduce((sum, each) => sum + each.fields.length, 0);
    const rest = round.fields.slice(index + 1);
    return {
      field,
      value: this.proposal(field),
      error: isGiven(field.error) ? field.error : undefined,
      step: before + index + 1,
      totalSteps: before + round.fields.length,
      canGoBack: before + index > 0,
      canFinish: rest.length > 0 && rest.every((later) => this.isOptional(later)),
      check: async (value) => {
        const trial = new Map(this.given).set(keyOf(field), value);
        const asked = answered({ ...round, fields: round.fields.slice(0, index + 1) }, trial);
        let resolved: CommandParams;
        try {
          resolved = await this.resolve(asked);
        } catch {
          return undefined; // nothing is known against it; what is wrong ends the round itself
        }
        const found = resolved.formFields?.find((each) => each.id === field.id);
        return isGiven(found?.error) ? found.error : undefined;
      },
    };
  }

  private proposal(field: FormField): Value | undefined {
    // What was corrected by the server comes back as the default: it is what was given.
    const proposed = this.given.get(keyOf(field)) ?? this.options.propose?.[field.id];
    if (proposed !== undefined && suits(field, proposed)) {
      return proposed;
    }
    return field.default ?? undefined;
  }

  private isOptional(field: FormField): boolean {
    return field.required !== true || this.proposal(field) !== undefined;
  }
}

/** The params that answer a round.  What was not answered is left to the server's default. */
function answered(round: Round, given: ReadonlyMap<string, Value>): CommandParams {
  const { formFields: _, formAnswers: __, ...params } = round.params;
  const answers = [...round.settled];
  for (const field of round.fields) {
    const value = given.get(keyOf(field));
    if (value !== undefined) {
      answers.push({ id: field.id, value });
    } else if (isGiven(field.default)) {
      answers.push({ id: field.id, value: field.default });
    }
  }
  return { ...params, formAnswers: answers };
}

function keyOf(field: FormField): string {
  return `${field.type.kind} ${field.id}`;
}

/** Whether a value answers a field. */
function suits(field: FormField, value: Value): boolean {
  const type = field.type;
  switch (type.kind) {
    case "enum":
      return type.entries.some((entry) => entry.value === value);
    case "bool":
      return typeof value === "boolean";
    case "list":
      return Array.isArray(value);
    default:
      return !Array.isArray(value) && typeof value !== "boolean";
  }
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
