// The protocol's places as VS Code's.
import * as vscode from "vscode";
import type { Location } from "./view/shapes";

export function rangeOf({ range }: Location): vscode.Range {
  const { start, end } = range;
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

export async function goTo(location: Location): Promise<void> {
  await vscode.window.showTextDocument(vscode.Uri.parse(location.uri), {
    selection: rangeOf(location),
  });
}
