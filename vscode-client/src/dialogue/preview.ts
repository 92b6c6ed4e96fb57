// Shows what would be written, before it is: rows to choose from, and a diff of each file.
import * as vscode from "vscode";
import type { Plan, PlannedFile } from "../protocol";
import { newLine, type PlanRow, planRows } from "./rows";

const SCHEME = "celeryls-plan";

// No refactor preview: it begins with nothing chosen, and a task without its imports is none.
export type Decision = "write" | "back" | "cancel";

interface Item extends vscode.QuickPickItem {
  readonly row?: PlanRow;
}

/** The texts that were planned, as documents for the diff editor. */
export class PlannedTexts implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  #count = 0;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? "";
  }

  /** A document with a text; it has the name of the file, for its language and icon. */
  add(file: vscode.Uri, text: string): vscode.Uri {
    this.#count += 1;
    const uri = vscode.Uri.from({ scheme: SCHEME, path: file.path, query: String(this.#count) });
    this.#texts.set(uri.toString(), text);
    return uri;
  }

  /** Forget all texts, and close the editors that show them. */
  async clear(): Promise<void> {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter(showsPlan);
    await vscode.window.tabGroups.close(tabs, true);
    this.#texts.clear();
  }

  dispose(): void {
    this.#registration.dispose();
  }
}

function showsPlan(tab: vscode.Tab): boolean {
  const input = tab.input;
  return (
    (input instanceof vscode.TabInputTextDiff && input.modified.scheme === SCHEME) ||
    (input instanceof vscode.TabInputText && input.uri.scheme === SCHEME)
  );
}

/** Show a plan until somebody decides. */
export async function preview(
  title: string,
  plan: Plan,
  texts: PlannedTexts,
  canGoBack: boolean,
): Promise<Decision> {
  const picker = vscode.window.createQuickPick<Item>();
  picker.title = vscode.l10n.t("{0}: what will be written", title);
  picker.placeholder = vscode.l10n.t("Nothing is written yet. Pick a file to see its changes.");
  picker.ignoreFocusOut = true;
  picker.matchOnDescription = true;
  picker.buttons = canGoBack ? [vscode.QuickInputButtons.Back] : [];
  picker.items = items(plan);
  try {
    const first = plan.changes[0];
    if (first !== undefined) {
      await show(first, plan, texts);
    }
    return await decided(picker, plan, texts);
  } finally {
    picker.dispose();
    await texts.clear();
  }
}

function decided(
  picker: vscode.QuickPick<Item>,
  plan: Plan,
  texts: PlannedTexts,
): Promise<Decision> {
  return new Promise<Decision>((resolve) => {
    picker.onDidTriggerButton(() => resolve("back"));
    picker.onDidHide(() => resolve("cancel"));
    picker.onDidAccept(async () => {
      const row = picker.activeItems[0]?.row;
      if (row?.kind === "write") {
        resolve(row.kind);
      } else if (row?.kind === "file") {
        await show(row.file, plan, texts);
      }
    });
    picker.show();
  });
}

function items(plan: Plan): Item[] {
  const separator = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const rows = planRows(plan, (uri) => vscode.workspace.asRelativePath(vscode.Uri.parse(uri)));
  const made = rows.map((row): Item => ({ ...shown(row), row }));
  const at = rows.findIndex((row) => row.kind === "file");
  const notes = rows.findIndex((row) => row.kind === "note");
  return made.flatMap((item, index) => {
    if (index === at) {
      return [separator(vscode.l10n.t("Files")), item];
    }
    return index === notes ? [separator(vscode.l10n.t("Worth knowing")), item] : [item];
  });
}

function shown(row: PlanRow): vscode.QuickPickItem {
  switch (row.kind) {
    case "write":
      return {
        label: `$(check) ${vscode.l10n.t("Write it")}`,
        description:
          row.files === 1
            ? vscode.l10n.t("one file, undone in one step")
            : vscode.l10n.t("{0} files, undone in one step", row.files),
      };
    case "file":
      return {
        label: `$(${row.file.isNew ? "new-file" : "diff-modified"}) ${row.name}`,
        description: row.summary,
      };
    case "note":
      return { label: `$(${row.first ? "info" : "blank"}) ${row.text}` };
  }
}

/** A diff of one file, or a new one as it will be; the picker keeps the focus. */
async function show(file: PlannedFile, plan: Plan, texts: PlannedTexts): Promise<void> {
  const uri = vscode.Uri.parse(file.uri);
  const planned = texts.add(uri, file.newText);
  // A tab of its own, which goes with the picker, and not in place of one that is looked at.
  const options: vscode.TextDocumentShowOptions = { preserveFocus: true, preview: false };
  if (file.isNew) {
    await vscode.window.showTextDocument(planned, options);
    return;
  }
  // What was asked for, rather than its imports, which the picker would cover.
  const line = newLine(await textOf(uri), file.newText, plan.code);
  options.selection = new vscode.Range(line, 0, line, 0);
  const title = vscode.l10n.t("{0} (planned)", vscode.workspace.asRelativePath(uri));
  await vscode.commands.executeCommand("vscode.diff", uri, planned, title, options);
}

export async function textOf(uri: vscode.Uri): Promise<string> {
  try {
    return (await vscode.workspace.openTextDocument(uri)).getText();
  } catch {
    return ""; // it is not there yet
  }
}
