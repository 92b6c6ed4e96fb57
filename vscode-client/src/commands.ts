// The commands that are about the server itself.
import * as os from "node:os";
import * as vscode from "vscode";
import { debugInformation } from "./core/debugInformation";
import { preflight } from "./core/preflight";
import { PythonExtension } from "./python";
import type { Server } from "./server";
import { onPath, realpath, serverSettings } from "./situation";

export function registerCommands(context: vscode.ExtensionContext, server: Server): void {
  const register = vscode.commands.registerCommand;
  context.subscriptions.push(
    register("celeryls.restart", () => server.restart("somebody asked for it")),
    register("celeryls.showLog", () => server.log.show()),
    register("celeryls.copyDebugInformation", () => copyDebugInformation(context, server)),
    register("celeryls.selectInterpreter", () => selectInterpreter(context)),
  );
}

async function copyDebugInformation(
  context: vscode.ExtensionContext,
  server: Server,
): Promise<void> {
  const python = vscode.extensions.getExtension("ms-python.python");
  const text = debugInformation({
    extension: context.extension.packageJSON.version,
    server: server.state.kind === "running" ? server.state.version : server.state.kind,
    editor: `${vscode.env.appName} ${vscode.version}`,
    remote: vscode.env.remoteName,
    platform: `${process.platform} ${process.arch}`,
    pythonExtension: python?.packageJSON.version,
    trusted: vscode.workspace.isTrusted,
    folders: vscode.workspace.workspaceFolders?.length ?? 0,
    choice: server.choice,
    settings: serverSettings(context),
    home: os.homedir(),
  });
  await vscode.env.clipboard.writeText(text);
  const message = vscode.l10n.t("What is known of the Celery server is in the clipboard.");
  vscode.window.setStatusBarMessage(message, 5000);
}

interface Item extends vscode.QuickPickItem {
  readonly choose: () => Thenable<string | undefined>;
}

async function selectInterpreter(context: vscode.ExtensionContext): Promise<void> {
  const items = offered(context);
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t("The Python that runs the Celery server"),
    placeHolder: vscode.l10n.t("From 3.10 to 3.14; nothing has to be installed"),
  });
  const path = await picked?.choose();
  if (path !== undefined) {
    // Of this machine, so not for the workspace's settings, which others get too.
    const target = vscode.ConfigurationTarget.Global;
    const settings = vscode.workspace.getConfiguration("celeryls");
    await settings.update("interpreter", path || undefined, target);
  }
}

async function offered(context: vscode.ExtensionContext): Promise<Item[]> {
  const launcher = context.asAbsolutePath("bundled/launch.py");
  const folder = context.asAbsolutePath("bundled");
  const probed = await Promise.all(
    onPath().map(async (path) => {
      const candidate = { origin: "PATH", kind: "python", command: [path] } as const;
      return { path, verdict: await preflight(candidate, launcher, folder) };
    }),
  );
  const found = new Map<string, Item>();
  for (const { path, verdict } of probed) {
    // Two names of one Python are no choice: what is installed beside it is not used.
    const real = verdict.ok ? realpath(verdict.executable) : undefined;
    if (verdict.ok && real !== undefined && !found.has(real)) {
      const label = `Python ${verdict.version}`;
      found.set(real, { label, description: path, choose: async () => path });
    }
  }
  const items: Item[] = [
    {
      label: vscode.l10n.t("Choose automatically"),
      description: vscode.l10n.t("The Python extension's environment, then the PATH"),
      choose: async () => "",
    },
    ...found.values(),
    { label: vscode.l10n.t("Browse…"), choose: browse },
  ];
  if (PythonExtension.isInstalled) {
    items.push({
      label: vscode.l10n.t("Select the project's environment…"),
      description: vscode.l10n.t("In the Python extension"),
      choose: () => vscode.commands.executeCommand("python.setInterpreter"),
    });
  }
  return items;
}

async function browse(): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: vscode.l10n.t("The Python that runs the Celery server"),
    openLabel: vscode.l10n.t("Select"),
    canSelectMany: false,
  });
  return chosen?.[0]?.fsPath;
}
