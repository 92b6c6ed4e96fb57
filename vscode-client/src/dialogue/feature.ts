// The dialogue, as a feature of the extension.
import * as vscode from "vscode";
import type { Feature } from "../features";
import { rangeOf } from "../places";
import type { Location, Position } from "../view/shapes";
import { Dialogue, RUN_TASK } from "./dialogue";
import { registerPalette } from "./palette";

const SHOW_CALLERS = "celeryls.showCallers";

export const dialogueFeature: Feature = (_, host) => {
  const dialogue = new Dialogue(host);
  host.offer(SHOW_CALLERS);
  host.offerIfTrusted(RUN_TASK);
  host.use({
    // The server's commands that ask: those of the lightbulb and of code lenses.
    executeCommand: (command, args, next) =>
      Dialogue.asks(command) ? dialogue.begin(command, args) : next(command, args),
  });
  return vscode.Disposable.from(
    dialogue,
    registerPalette(host, dialogue),
    vscode.commands.registerCommand(SHOW_CALLERS, showCallers),
  );
};

/** The command of a code lens, whose arguments are the protocol's. */
async function showCallers(uri: string, position: Position, found: Location[]): Promise<void> {
  await vscode.commands.executeCommand(
    "editor.action.showReferences",
    vscode.Uri.parse(uri),
    new vscode.Position(position.line, position.character),
    found.map((location) => new vscode.Location(vscode.Uri.parse(location.uri), rangeOf(location))),
  );
}
