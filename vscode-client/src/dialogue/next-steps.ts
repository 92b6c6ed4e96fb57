// What is left to do after something was written: a picker, which goes when one looks elsewhere
// and comes back with `Celery: Next Steps…`.
import * as vscode from "vscode";
import type { Host } from "../host";
import type { ServerCommand, Told } from "../protocol";
import { type StepRow, stepRows } from "./rows";
import { runInTerminal } from "./terminal";

interface Item extends vscode.QuickPickItem {
  readonly row?: StepRow;
}

const COPY: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon("copy"),
  tooltip: vscode.l10n.t("Copy"),
};

export interface Left extends Told {
  readonly title: string;
  /** Where commands run. */
  readonly folder: vscode.Uri;
}

export class NextSteps {
  #last: Left | undefined;

  constructor(
    private readonly host: Host,
    private readonly run: (command: ServerCommand) => Promise<void>,
  ) {}

  /** Show what is left, if there is anything to do. */
  show(left: Left): void {
    this.#last = left;
    if (left.nextSteps.length + left.calls.length + left.notes.length > 0) {
      this.#open(left);
    }
  }

  /** Show once more what was left when something was last written. */
  again(): void {
    if (this.#last !== undefined) {
      this.#open(this.#last);
    } else {
      const message = vscode.l10n.t(
        "Nothing was written yet. Begin with {0}.",
        `Celery: ${vscode.l10n.t("Create Task…")}`,
      );
      void vscode.window.showInformationMessage(message);
    }
  }

  #open(left: Left): void {
    const picker = vscode.window.createQuickPick<Item>();
    picker.title = vscode.l10n.t("{0}: written. What next?", left.title);
    picker.placeholder = vscode.l10n.t("Pick a step, or press Escape to go on by yourself");
    picker.matchOnDetail = true;
    picker.items = items(stepRows(left));
    picker.onDidTriggerItemButton(({ item }) => copy(item.row));
    picker.onDidAccept(async () => {
      const row = picker.activeItems[0]?.row;
      if (row?.kind === "action" || row?.kind === "terminal" || row?.kind === "todo") {
        picker.hide();
      }
      await this.#take(row, left);
    });
    picker.onDidHide(() => picker.dispose());
    picker.show();
  }

  async #take(row: StepRow | undefined, left: Left): Promise<void> {
    if (row?.kind === "action") {
      await this.run(row.action);
    } else if (row?.kind === "terminal") {
      await runInTerminal(this.host, row.step.title, row.command, left.folder);
    } else if (row?.kind === "call") {
      await copy(row);
    }
  }
}

async function copy(row: StepRow | undefined): Promise<void> {
  const text = row?.kind === "call" ? row.text : row?.kind === "terminal" ? row.command : "";
  if (text !== "") {
    await vscode.env.clipboard.writeText(text);
    vscode.window.setStatusBarMessage(vscode.l10n.t("Copied: {0}", text), 4000);
  }
}

function items(rows: StepRow[]): Item[] {
  const titles: Partial<Record<StepRow["kind"], string>> = {
    call: vscode.l10n.t("Call it (copies)"),
    note: vscode.l10n.t("Worth knowing"),
  };
  return rows.flatMap((row, index) => {
    const title = row.kind === rows[index - 1]?.kind ? undefined : titles[row.kind];
    const item: Item = { ...shown(row), row };
    return title === undefined
      ? [item]
      : [{ label: title, kind: vscode.QuickPickItemKind.Separator }, item];
  });
}

function shown(row: StepRow): vscode.QuickPickItem {
  switch (row.kind) {
    case "action":
      return { label: `$(sparkle) ${row.step.title}` };
    case "terminal":
      return { label: `$(terminal) ${row.step.title}`, detail: row.command, buttons: [COPY] };
    case "todo":
      return { label: `$(edit) ${row.step.title}` };
    case "call":
      return { label: `$(symbol-method) ${row.text}`, buttons: [COPY] };
    case "note":
      return { label: `$(${row.first ? "info" : "blank"}) ${row.text}` };
  }
}
