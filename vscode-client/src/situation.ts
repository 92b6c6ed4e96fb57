// What the choice of a server depends on, as VS Code tells it.
import * as fs from "node:fs";
import * as os from "node:os";
import * as vscode from "vscode";
import type { Environment } from "./core/activated";
import type { Situation } from "./core/choice";
import { explicit, withVariables } from "./core/settings";
import { expand, type Surroundings } from "./core/variables";
import { pythonsOnPath } from "./core/which";

/** The folders of the workspace that are on this machine's disk. */
export function folders(): { name: string; path: string; uri: vscode.Uri }[] {
  return (vscode.workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === "file")
    .map(({ name, uri }) => ({ name, path: uri.fsPath, uri }));
}

export function situation(activeEnvironment: () => Promise<Environment | undefined>): Situation {
  const trusted = vscode.workspace.isTrusted;
  const settings = vscode.workspace.getConfiguration("celeryls");
  const around = surroundings();
  return {
    trusted,
    serverPath: expand(settings.get<string>("server.path"), around),
    interpreter: expand(settings.get<string>("interpreter"), around),
    activeEnvironment: async () => (await activeEnvironment())?.python,
    onPath: () => onPath(),
  };
}

/** What variables stand for; `${workspaceFolder}` is the folder of a resource, if there is one. */
function surroundings(resource?: vscode.Uri): Surroundings {
  const own = resource && vscode.workspace.getWorkspaceFolder(resource)?.uri.fsPath;
  const isOwn = ({ path }: { path: string }) => Number(path === own);
  const ordered = folders().sort((one, other) => isOwn(other) - isOwn(one));
  return { home: os.homedir(), env: process.env, folders: ordered };
}

/** The Pythons on the PATH; outside the workspace, unless it is trusted. */
export function onPath(): string[] {
  const avoided = vscode.workspace.isTrusted ? [] : folders().map((folder) => folder.path);
  return pythonsOnPath({ platform: process.platform, env: process.env, isFile, realpath }, avoided);
}

/** The settings that the user or the workspace wrote, for the server. */
export function serverSettings(context: vscode.ExtensionContext, resource?: vscode.Uri) {
  const settings = vscode.workspace.getConfiguration("celeryls", resource);
  const written = explicit(settingNames(context), (name) => settings.inspect(name));
  return withVariables(written, surroundings(resource));
}

/** The names of every setting that package.json declares, without `celeryls.`. */
export function settingNames(context: vscode.ExtensionContext): string[] {
  const sections: { properties: object }[] =
    context.extension.packageJSON.contributes.configuration;
  return sections
    .flatMap((section) => Object.keys(section.properties))
    .map((name) => name.replace(/^celeryls\./, ""));
}

function isFile(path: string): boolean {
  try {
    return fs.statSync(path).isFile();
  } catch {
    return false;
  }
}

export function realpath(path: string): string {
  try {
    return fs.realpathSync(path);
  } catch {
    return path;
  }
}
