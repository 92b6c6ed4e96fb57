// What the extension can do beyond starting the server. Each feature registers what it has and
// returns what is to be disposed of. Nothing here may import a value from vscode-languageclient,
// which is loaded only when a server is started; types are free.
import type * as vscode from "vscode";
import { dialogueFeature } from "./dialogue/feature";
import type { Host } from "./host";
import { panelsFeature } from "./panels";

export type Feature = (context: vscode.ExtensionContext, host: Host) => vscode.Disposable;

export const FEATURES: readonly Feature[] = [dialogueFeature, panelsFeature];
