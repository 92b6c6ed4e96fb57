// Lines of a shell, run where they can be seen.
import * as vscode from "vscode";

/** Run a line in a terminal of its own, since a worker keeps its one busy. */
export function runInTerminal(title: string, command: string, cwd: string | undefined): void {
  const terminal = vscode.window.createTerminal({
    name: title,
    iconPath: new vscode.ThemeIcon("server-process"),
    ...(cwd === undefined ? {} : { cwd }),
  });
  terminal.show();
  terminal.sendText(command, true);
}

/** The folder of the workspace that a file is in; without one the file's own. */
export function folderOf(uri: vscode.Uri): vscode.Uri {
  return vscode.workspace.getWorkspaceFolder(uri)?.uri ?? vscode.Uri.joinPath(uri, "..");
}
