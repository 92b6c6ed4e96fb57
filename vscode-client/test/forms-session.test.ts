import { describe, expect, test } from "vitest";
import {
  FormSession,
  type FormUi,
  type Step,
  type StepResult,
  TooManyCorrections,
} from "../src/forms/session";
import type { CommandParams, FormField, Value } from "../src/protocol";

const NAME: FormField = {
  id: "name",
  description: "What is the task called?",
  type: { kind: "string" },
  required: true,
};
const RETRY: FormField = {
  id: "retry",
  description: "How often is it tried again?",
  type: { kind: "enum", entries: [{ value: "exponential" }, { value: "custom" }] },
  default: "exponential",
};
const RETURNS: FormField = {
  id: "returns",
  description: "What does it return?",
  type: { kind: "enum", entries: [{ value: "nothing" }, { value: "type" }] },
  default: "nothing",
};
const QUEUE: FormField = { id: "queue", description: "Which queue?", type: { kind: "string" } };
const DELAY: FormField = {
  id: "retry_delay",
  description: "How many seconds?",
  type: { kind: "number" },
  default: 60,
};
const RETURN_TYPE: FormField = {
  id: "returns",
  description: "Which type?",
  type: { kind: "string" },
  required: true,
};

/** Keeps nothing between calls, as the server does. */
async function server(params: CommandParams): Promise<CommandParams> {
  const { formFields: _, formAnswers, ...rest } = params;
  const first = (params.arguments?.[0] ?? {}) as { answers?: Record<string, Value> };
  if (formAnswers === undefined && first.answers === undefined) {
    return { ...rest, formFields: [NAME, RETRY, RETURNS, QUEUE] };
  }
  const given = Object.fromEntries((formAnswers ?? []).map(({ id, value }) => [id, value]));
  const answers: Record<string, Value> = { ...first.answers, ...given };
  const open: FormField[] = [];
  if (!/^[a-z_]+$/.test(String(answers.name ?? ""))) {
    open.push({ ...NAME, default: answers.name ?? null, error: "No name in Python." });
  }
  if (answers.retry === "custom" && answers.retry_delay === undefined) {
    open.push(DELAY);
  }
  if (answers.returns === "type") {
    open.push(RETURN_TYPE);
  }
  const result = { ...rest, arguments: [{ ...first, answers }] };
  return open.length > 0
    ? { ...result, formFields: open }
    : { ...result, formAnswers: Object.entries(answers).map(([id, value]) => ({ id, value })) };
}

type Reply = StepResult | ((step: Step) => Promise<StepResult>);
const answer = (value: Value): StepResult => ({ kind: "answer", value });
const BACK: StepResult = { kind: "back" };

class Scripted implements FormUi {
  readonly seen: string[] = [];
  readonly steps: Step[] = [];

  constructor(private readonly replies: Reply[]) {}

  async ask(step: Step): Promise<StepResult> {
    this.seen.push(`${step.step}/${step.totalSteps} ${step.field.id}=${step.value ?? ""}`);
    this.steps.push(step);
    const reply = this.replies.shift();
    if (reply === undefined) {
      throw new Error(`nothing to answer to ${step.field.id}`);
    }
    return typeof reply === "function" ? reply(step) : reply;
  }
}

const START: CommandParams = {
  command: "celeryls.createTask",
  arguments: [{ uri: "file:///t.py" }],
};

function answersOf(params: CommandParams): Record<string, Value> {
  return Object.fromEntries((params.formAnswers ?? []).map(({ id, value }) => [id, value]));
}

describe("a form", () => {
  test("asks one field a step, with defaults and a counter", async () => {
    const ui = new Scripted([answer("mail"), answer("exponential"), answer("nothing"), answer("")]);
    const result = await new FormSession(START, server, ui).run();
    expect(ui.seen).toEqual([
      "1/4 name=",
      "2/4 retry=exponential",
      "3/4 returns=nothing",
      "4/4 queue=",
    ]);
    expect(result.kind === "done" && answersOf(result.params)).toEqual({
      name: "mail",
      retry: "exponential",
      returns: "nothing",
      queue: "",
    });
    expect(ui.steps.map((step) => step.canGoBack)).toEqual([false, true, true, true]);
  });

  test("asks further rounds as further steps, and goes back over them", async () => {
    const ui = new Scripted([
      answer("mail"),
      answer("custom"),
      answer("type"),
      answer("fast"),
      answer(30),
      BACK, // from the type to the delay
      BACK, // from the delay to the queue, in the round before
      BACK,
      answer("nothing"),
      answer("slow"),
      answer(45),
    ]);
    const result = await new FormSession(START, server, ui).run();
    expect(ui.seen.slice(4)).toEqual([
      "5/6 retry_delay=60",
      "6/6 returns=",
      "5/6 retry_delay=30",
      "4/4 queue=fast",
      "3/4 returns=type",
      "4/4 queue=fast",
      "5/5 retry_delay=30",
    ]);
    expect(result.kind === "done" && answersOf(result.params)).toEqual({
      name: "mail",
      retry: "custom",
      returns: "nothing",
      queue: "slow",
      retry_delay: 45,
    });
  });

  test("does not propose a choice as the text that is asked for instead of it", async () => {
    const ui = new Scripted([
      answer("mail"),
      answer("exponential"),
      answer("type"),
      answer(""),
      answer("Invoice"),
    ]);
    const result = await new FormSession(START, server, ui).run();
    expect(ui.seen.at(-1)).toBe("5/5 returns=");
    expect(result.kind === "done" && answersOf(result.params).returns).toBe("Invoice");
  });

  test("leaves nothing behind when it is cancelled, in any step", async () => {
    const ui = new Scripted([answer("mail"), { kind: "cancel" }]);
    expect(await new FormSession(START, server, ui).run()).toEqual({ kind: "cancelled" });
    expect(ui.seen).toHaveLength(2);
  });

  test("an answer that can't be checked is taken: what is wrong shows when the round ends", async () => {
    let down = false;
    const resolve = async (params: CommandParams) => {
      if (down) {
        throw new Error("the server has ended");
      }
      return server(params);
    };
    const session = new FormSession(START, resolve, {
      ask: async (step) => {
        down = true;
        expect(await step.check("mail")).toBeUndefined();
        return { kind: "finish", value: "mail" };
      },
    });
    await expect(session.run()).rejects.toThrow("the server has ended");
  });

  test("checks an answer with those before it, in the server's words", async () => {
    const found: (string | undefined)[] = [];
    const ui = new Scripted([
      async (step) => {
        found.push(await step.check("Bad name"), await step.check("mail"));
        return answer("mail");
      },
      { kind: "cancel" },
    ]);
    await new FormSession(START, server, ui).run();
    expect(found).toEqual(["No name in Python.", undefined]);
  });

  test("asks again for what is wrong, says why, and gives up in the end", async () => {
    const ui = new Scripted([{ kind: "finish", value: "Bad name" }, ...Array(5).fill(answer("B"))]);
    const run = new FormSession(START, server, ui).run();
    await expect(run).rejects.toThrow(TooManyCorrections);
    expect(ui.steps[1]?.error).toBe("No name in Python.");
    expect(ui.seen[1]).toBe("5/5 name=Bad name");
  });

  test("leaves the rest as proposed, where all of it has a proposal or may be empty", async () => {
    const ui = new Scripted([{ kind: "finish", value: "mail" }]);
    const result = await new FormSession(START, server, ui).run();
    expect(ui.steps[0]?.canFinish).toBe(true);
    expect(result.kind === "done" && answersOf(result.params)).toEqual({
      name: "mail",
      retry: "exponential",
      returns: "nothing",
    });
  });

  test("does not ask for what is known, and proposes what is likely", async () => {
    const ui = new Scripted([{ kind: "finish", value: "mail" }]);
    const session = new FormSession(START, server, ui, {
      known: { queue: "fast" },
      propose: { name: "proposed" },
    });
    const result = await session.run();
    expect(ui.seen).toEqual(["1/3 name=proposed"]);
    expect(result.kind === "done" && answersOf(result.params).queue).toBe("fast");
  });

  test("can be gone back to from what comes after it", async () => {
    const ui = new Scripted([
      { kind: "finish", value: "mail" },
      BACK, // from the queue, which is the last question
      BACK,
      answer("custom"),
      answer("nothing"),
      answer(""),
      answer(10),
    ]);
    const session = new FormSession(START, server, ui);
    await session.run();
    const result = await session.reopen();
    expect(ui.seen.slice(1, 4)).toEqual([
      "4/4 queue=",
      "3/4 returns=nothing",
      "2/4 retry=exponential",
    ]);
    expect(result.kind === "done" && answersOf(result.params).retry_delay).toBe(10);
  });

  test("that asks nothing is done at once", async () => {
    const ui = new Scripted([]);
    const session = new FormSession(START, async (params) => params, ui);
    expect(await session.run()).toEqual({ kind: "done", params: START });
    expect(session.asks).toBe(false);
  });
});
