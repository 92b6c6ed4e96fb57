// What the language status says of a server.  Knows no editor.
import * as l10n from "@vscode/l10n";

export type State =
  | { readonly kind: "idle" }
  | { readonly kind: "starting" }
  | { readonly kind: "running"; readonly version: string; readonly python: string }
  | { readonly kind: "failed"; readonly why: string };

export interface ShownStatus {
  readonly text: string;
  readonly detail: string;
  readonly severity: "information" | "warning" | "error";
  readonly busy: boolean;
  readonly command: { readonly command: string; readonly title: string };
}

/** `remark` is what is not as the user set it, although the server may run. */
export function shownStatus(state: State, remark?: string): ShownStatus {
  const shown = {
    text: "Celery",
    severity: remark === undefined ? "information" : "warning",
    busy: false,
    command: { command: "celeryls.showLog", title: l10n.t("Show Log") },
  } as const;
  switch (state.kind) {
    case "idle":
      return {
        ...shown,
        detail: l10n.t("No Celery seen here yet"),
        command: { command: "celeryls.restart", title: l10n.t("Start") },
      };
    case "starting":
      return { ...shown, detail: l10n.t("Starting…"), busy: true };
    case "running":
      return { ...shown, text: `Celery ${state.version}`, detail: remark ?? state.python };
    case "failed":
      return { ...shown, detail: state.why, severity: "error" };
  }
}
