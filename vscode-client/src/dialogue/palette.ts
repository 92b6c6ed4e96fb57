// The commands of the palette and the menus: they find out where, and begin the dialogue.  Their
// ids differ from the server's, which the client registers while a server runs, so that they are
// there before one does.
import * as vscode from "vscode";
import type { FormOptions } from "../forms/session";
import type { Host } from "../host";
import type { Place } from "../protocol";
import type { View } from "../view/shapes";
import { type Dialogue, RUN_TASK } from "./dialogue";
import { headLine } from "./functions";
import { type TaskChoice, taskChoices } from "./tasks";

/** The commands about a task that is there, by what the server calls them. */
const ABOUT_A_TASK: Readonly<Record<string, string>> = {
  "celeryls.palette.addSchedule": "celeryls.addSchedule",
  "celeryls.palette.addEndpoint": "celeryls.addEndpoint",
  "celeryls.palette.addMetrics": "celeryls.addMetrics",
  "celeryls.palette.addTest": "celeryls.addTest",
  "celeryls.palette.runTask": RUN_TASK,
};

/** A task that a command was called on, as the view has it. */
export interface ForTask {
  readonly task: { readonly function: string; readonly location: { readonly uri: string } };
}

export function registerPalette(host: Host, dialogue: Dialogue): vscode.Disposable {
  const register = vscode.commands.registerCommand;
  return vscode.Disposable.from(
    register("celeryls.palette.createTask", (on?: vscode.Uri) => createTask(dialogue, on)),
    register("celeryls.palette.setUp", (on?: vscode.Uri) => setUp(dialogue, on)),
    register("celeryls.palette.convertFunction", () => convert(dialogue)),
    register("celeryls.palette.nextSteps", () => dialogue.steps.again()),
    ...Object.entries(ABOUT_A_TASK).map(([id, command]) =>
      register(id, (on?: unknown) => aboutTask(host, dialogue, command, on)),
    ),
  );
}

async function createTask(dialogue: Dialogue, on: vscode.Uri | undefined): Promise<void> {
  if (on === undefined) {
    const uri = activePython()?.document.uri ?? (await someFolder());
    if (uri !== undefined) {
      await dialogue.begin("celeryls.createTask", [{ uri: uri.toString() } satisfies Place]);
    }
    return;
  }
  const place: Place = { uri: on.toString() };
  const options: FormOptions = (await isFolder(on))
    ? { propose: { file: inside(on, "tasks.py") } }
    : // The file was clicked on, so it is not asked for.
      { known: { file: inside(on) } };
  await dialogue.begin("celeryls.createTask", [place], options);
}

async function setUp(dialogue: Dialogue, on: vscode.Uri | undefined): Promise<void> {
  const uri = on ?? activePython()?.document.uri ?? (await someFolder());
  if (uri !== undefined) {
    await dialogue.begin("celeryls.setUp", [{ uri: uri.toString() } satisfies Place]);
  }
}

/** Of the function that the cursor is in. */
async function convert(dialogue: Dialogue): Promise<void> {
  const editor = activePython();
  if (editor === undefined) {
    await vscode.window.showInformationMessage(
      vscode.l10n.t("Put the cursor on a function in a Python file, and call this again."),
    );
    return;
  }
  const { document, selection } = editor;
  const lines = document.getText().split(/\r\n|\n|\r/);
  const line = headLine(lines, selection.active.line);
  const place: Place = {
    uri: document.uri.toString(),
    position: { line, character: lines[line]?.search(/\S/) ?? 0 },
    version: document.version,
  };
  await dialogue.begin("celeryls.convertFunction", [place]);
}

async function aboutTask(
  host: Host,
  dialogue: Dialogue,
  command: string,
  on: unknown,
): Promise<void> {
  if (isForTask(on)) {
    const place: Place = { uri: on.task.location.uri, task: on.task.function };
    await dialogue.begin(command, [place]);
    return;
  }
  const client = await host.ready();
  if (client === undefined) {
    return;
  }
  const view = await client.sendRequest<View>("celeryls/view", {});
  const editor = activePython();
  const at = editor && {
    uri: client.code2ProtocolConverter.asUri(editor.document.uri),
    line: editor.selection.active.line,
  };
  const picked = await pickTask(taskChoices(view.folders, at));
  if (picked !== undefined) {
    await dialogue.begin(command, [{ uri: picked.uri, task: picked.function } satisfies Place]);
  }
}

async function pickTask(choices: TaskChoice[]): Promise<TaskChoice | undefined> {
  if (choices.length === 0) {
    const create = vscode.l10n.t("Create Task…");
    const answer = await vscode.window.showInformationMessage(
      vscode.l10n.t("No Celery task was found in the folders that are open."),
      create,
    );
    if (answer === create) {
      await vscode.commands.executeCommand("celeryls.palette.createTask");
    }
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(
    choices.map((choice) => ({
      label: choice.label,
      description: vscode.workspace.asRelativePath(vscode.Uri.parse(choice.uri)),
      choice,
    })),
    { title: vscode.l10n.t("For which task?"), matchOnDescription: true },
  );
  return picked?.choice;
}

function activePython(): vscode.TextEditor | undefined {
  const editor = vscode.window.activeTextEditor;
  const document = editor?.document;
  return document?.languageId === "python" && document.uri.scheme === "file" ? editor : undefined;
}

/** A folder of the workspace; without one the user is told what to do. */
async function someFolder(): Promise<vscode.Uri | undefined> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(
    ({ uri }) => uri.scheme === "file",
  );
  if (folders.length > 1) {
    return (await vscode.window.showWorkspaceFolderPick())?.uri;
  }
  if (folders[0] !== undefined) {
    return folders[0].uri;
  }
  const open = vscode.l10n.t("Open Folder…");
  const answer = await vscode.window.showInformationMessage(
    vscode.l10n.t("Open the folder of a Python project first, or a Python file."),
    open,
  );
  if (answer === open) {
    await vscode.commands.executeCommand("workbench.action.files.openFolder");
  }
  return undefined;
}

async function isFolder(uri: vscode.Uri): Promise<boolean> {
  try {
    return (await vscode.workspace.fs.stat(uri)).type === vscode.FileType.Directory;
  } catch {
    return false;
  }
}

/** A path as the server takes it: relative to its folder, with slashes. */
function inside(uri: vscode.Uri, ...more: string[]): string {
  const file = vscode.Uri.joinPath(uri, ...more);
  const folder = vscode.workspace.getWorkspaceFolder(file);
  return folder === undefined
    ? file.toString()
    : file.path.slice(folder.uri.path.replace(/\/$/, "").length + 1);
}

function isForTask(on: unknown): on is ForTask {
  return typeof on === "object" && on !== null && "task" in on && typeof on.task === "object";
}
