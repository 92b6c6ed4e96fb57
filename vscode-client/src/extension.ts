// Nothing here may cost much: the extension is activated by every Python file, and most of them
// have nothing to do with Celery. scripts/activation.mjs measures it.
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { registerCommands } from "./commands";
import { FEATURES } from "./features";
import { Server } from "./server";
import { watchForCelery } from "./watch";

let server: Server | undefined;

export function activate(context: vscode.ExtensionContext): void {
  // For the modules that know no editor.
  l10n.config({ contents: vscode.l10n.bundle ?? {} });
  const log = vscode.window.createOutputChannel("Celery", { log: true });
  const started = new Server(context, log);
  server = started;
  context.subscriptions.push(log);
  registerCommands(context, started);
  for (const feature of FEATURES) {
    context.subscriptions.push(feature(context, started));
  }
  context.subscriptions.push(
    watchForCelery((where) => void started.start(`${where} mentions Celery`)),
  );
}

export async function deactivate(): Promise<void> {
  await server?.dispose();
}
