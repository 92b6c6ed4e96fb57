import * as path from "node:path";
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel("Celery", { log: true });
  const start = async () => {
    await client?.dispose();
    const { makeClient } = require("./client.js") as typeof import("./client");
    const bundled = context.asAbsolutePath("bundled");
    client = makeClient(
      {
        command: process.platform === "win32" ? "python" : "python3",
        args: ["-I", "-S", path.join(bundled, "launch.py"), "server"],
        options: { cwd: bundled },
      },
      {
        documentSelector: [{ language: "python" }],
        outputChannel: log,
        initializationOptions: { celeryls: {}, trusted: vscode.workspace.isTrusted },
      },
    );
    await client.start();
  };
  context.subscriptions.push(
    log,
    vscode.commands.registerCommand("celeryls.restart", start),
    vscode.commands.registerCommand("celeryls.showLog", () => log.show()),
  );
  await start();
}

export async function deactivate(): Promise<void> {
  await client?.dispose();
}
