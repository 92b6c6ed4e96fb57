import { describe, expect, it } from "vitest";
import { shownStatus } from "../src/core/shownStatus";

const RUNNING = { kind: "running", version: "0.1.0", python: "Python 3.12.1 · PATH" } as const;

describe("the language status", () => {
  it("offers to start what has not been needed", () => {
    expect(shownStatus({ kind: "idle" })).toMatchObject({
      text: "Celery",
      detail: "No Celery seen here yet",
      severity: "information",
      command: { command: "celeryls.restart", title: "Start" },
    });
  });

  it("turns while the server starts, and then does not", () => {
    expect(shownStatus({ kind: "starting" })).toMatchObject({ detail: "Starting…", busy: true });
    expect(shownStatus(RUNNING).busy).toBe(false);
  });

  it("says what runs, and with which Python", () => {
    expect(shownStatus(RUNNING)).toEqual({
      text: "Celery 0.1.0",
      detail: "Python 3.12.1 · PATH",
      severity: "information",
      busy: false,
      command: { command: "celeryls.showLog", title: "Show Log" },
    });
  });

  it("warns of a setting that was passed over, although a server runs", () => {
    const remark = "celeryls.interpreter: /gone is not there";
    const shown = shownStatus(RUNNING, remark);
    expect(shown).toMatchObject({ text: "Celery 0.1.0", detail: remark, severity: "warning" });
  });

  it("says why there is none, whatever else there is to remark", () => {
    const failed = { kind: "failed", why: "No Python was found." } as const;
    const shown = shownStatus(failed, "celeryls.interpreter: /gone is not there");
    expect(shown).toMatchObject({ detail: "No Python was found.", severity: "error" });
    expect(shown.command.command).toBe("celeryls.showLog");
  });
});
