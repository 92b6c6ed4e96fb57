// Lines of a shell, run where they can be seen.
import * as vscode from "vscode";
import { activated } from "../core/activated";
import type { Host } from "../host";

/**
 * Run a line in a terminal of its own, since a worker keeps its one busy.
 *
 * `python` and `celery` are those of the environment that is selected: a terminal that is activated
 * after it has opened would be too late, and without the Python extension's settings it never is.
 */
export async function runInTerminal(
  host: Host,
  title: string,
  command: string,
  cwd: vscode.Uri | undefined,
): Promise<void> {
  const environment = await host.environmentOf(cwd);
  const env = activated(environment, { platform: process.platform, env: process.env });
  const terminal = vscode.window.createTerminal({
    name: title,
    iconPath: new vscode.ThemeIcon("server-process"),
    env,
    ...(cwd === undefined ? {} : { cwd: cwd.fsPath }),
  });
  terminal.show();
  terminal.sendText(command, true);
}

/** The folder of the workspace that a file is in; without one the file's own. */
export function folderOf(uri: vscode.Uri): vscode.Uri {
  return vscode.workspace.getWorkspaceFolder(uri)?.uri ?? vscode.Uri.joinPath(uri, "..");
}
