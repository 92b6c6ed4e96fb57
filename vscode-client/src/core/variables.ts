// Variables in settings that name a program, as they are written in VS Code's own settings.
import * as path from "node:path";

export interface Surroundings {
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly folders: readonly { readonly name: string; readonly path: string }[];
}

/** A path with `~`, `${workspaceFolder}`, `${workspaceFolder:name}`, `${userHome}`, `${env:X}`. */
export function expand(written: string | undefined, around: Surroundings): string | undefined {
  const text = written?.trim();
  if (!text) {
    return undefined;
  }
  const first = around.folders[0];
  const expanded = text
    .replace(/^~(?=$|[\\/])/, () => around.home)
    .replace(/\$\{(\w+)(?::([^}]*))?\}/g, (whole, kind: string, name: string | undefined) => {
      switch (kind) {
        case "workspaceFolder": {
          const found = name === undefined ? first : around.folders.find((f) => f.name === name);
          return found?.path ?? whole;
        }
        case "userHome":
          return around.home;
        case "env":
          return around.env[name ?? ""] ?? "";
        default:
          return whole;
      }
    });
  // A bare name is looked for on the PATH; a relative path means the workspace.
  if (first && /[\\/]/.test(expanded) && !path.isAbsolute(expanded)) {
    return path.join(first.path, expanded);
  }
  return expanded;
}
