// The item in the language status of Python files: what runs, and why.
import * as vscode from "vscode";

export type State =
  | { readonly kind: "idle" }
  | { readonly kind: "starting" }
  | { readonly kind: "running"; readonly version: string; readonly python: string }
  | { readonly kind: "failed"; readonly why: string };

export class Status {
  readonly #item = vscode.languages.createLanguageStatusItem("celeryls.status", {
    language: "python",
  });

  constructor() {
    this.#item.name = "Celery";
    this.show({ kind: "idle" });
  }

  /** `remark` is what is not as the user set it, although the server may run. */
  show(state: State, remark?: string): void {
    const item = this.#item;
    item.busy = state.kind === "starting";
    item.severity =
      state.kind === "failed"
        ? vscode.LanguageStatusSeverity.Error
        : remark === undefined
          ? vscode.LanguageStatusSeverity.Information
          : vscode.LanguageStatusSeverity.Warning;
    item.command = { command: "celeryls.showLog", title: vscode.l10n.t("Show Log") };
    switch (state.kind) {
      case "idle":
        item.text = "Celery";
        item.detail = vscode.l10n.t("No Celery seen here yet");
        item.command = { command: "celeryls.restart", title: vscode.l10n.t("Start") };
        break;
      case "starting":
        item.text = "Celery";
        item.detail = vscode.l10n.t("Starting…");
        break;
      case "running":
        item.text = `Celery ${state.version}`;
        item.detail = remark ?? state.python;
        break;
      case "failed":
        item.text = "Celery";
        item.detail = state.why;
        break;
    }
  }

  dispose(): void {
    this.#item.dispose();
  }
}
