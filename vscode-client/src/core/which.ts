// The Pythons on the PATH. Knows nothing of VS Code, and of files only through `isFile`.
import * as path from "node:path";

export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isFile: (path: string) => boolean;
  /** Follows symbolic links; the path itself where there is nothing. */
  readonly realpath: (path: string) => string;
}

/** Where `python3` is an older one, as on macOS, the others have their version in the name. */
const VERSIONED = [14, 13, 12, 11, 10].map((minor) => `python3.${minor}`);

/**
 * Absolute paths of `python3`, `python` and those with a version in their names (on Windows of `py`
 * first), in the order to try them.
 *
 * Nothing below one of the `avoided` folders is returned: a workspace that nobody trusts may have
 * been put on the PATH, by an environment that was active where the editor was started. Relative
 * entries mean another folder for every program, so they are left out.
 */
export function pythonsOnPath(machine: Machine, avoided: readonly string[] = []): string[] {
  const windows = machine.platform === "win32";
  const { isAbsolute, join, delimiter } = windows ? path.win32 : path.posix;
  const names = windows
    ? ["py.exe", "python3.exe", "python.exe"]
    : ["python3", "python", ...VERSIONED];
  const folders = (pathOf(machine) ?? "")
    .split(delimiter)
    .map((folder) => folder.replace(/^"(.*)"$/, "$1"))
    .filter((folder) => isAbsolute(folder) && !isBelow(machine, folder, avoided));
  const found: string[] = [];
  for (const name of names) {
    for (const folder of folders) {
      const candidate = join(folder, name);
      if (!found.includes(candidate) && machine.isFile(candidate)) {
        found.push(candidate);
      }
    }
  }
  return found;
}

/** The `PATH`, whatever its name's case on Windows. */
export function pathOf(machine: Pick<Machine, "platform" | "env">): string | undefined {
  if (machine.platform !== "win32") {
    return machine.env.PATH;
  }
  const name = Object.keys(machine.env).find((key) => key.toUpperCase() === "PATH");
  return name === undefined ? undefined : machine.env[name];
}

function isBelow(machine: Machine, folder: string, avoided: readonly string[]): boolean {
  const { relative, isAbsolute } = machine.platform === "win32" ? path.win32 : path.posix;
  const spellings = [folder, machine.realpath(folder)];
  return avoided
    .flatMap((root) => [root, machine.realpath(root)])
    .some((root) =>
      spellings.some((spelling) => {
        const way = relative(root, spelling);
        return !/^\.\.(?:[\\/]|$)/.test(way) && !isAbsolute(way);
      }),
    );
}
