// The item in the language status of Python files: what runs, and why.
import * as vscode from "vscode";
import { type State, shownStatus } from "./core/shownStatus";

const SEVERITIES = {
  information: vscode.LanguageStatusSeverity.Information,
  warning: vscode.LanguageStatusSeverity.Warning,
  error: vscode.LanguageStatusSeverity.Error,
} as const;

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
    const { severity, ...shown } = shownStatus(state, remark);
    Object.assign(this.#item, shown, { severity: SEVERITIES[severity] });
  }

  dispose(): void {
    this.#item.dispose();
  }
}
