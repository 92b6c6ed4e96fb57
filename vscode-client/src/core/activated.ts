// What of an environment a terminal needs to know.  Knows no editor.
import * as path from "node:path";
import { type Machine, pathOf } from "./which";

/** A virtual environment or the like. */
export interface Environment {
  /** Its Python, as an absolute path. */
  readonly python: string;
  /** Its folder; absent for a Python that is no environment. */
  readonly folder: string | undefined;
}

/**
 * The variables with which `python` and `celery` are those of an environment, as its activation sets
 * them; nothing where there is none, since then the terminal's own are meant.
 */
export function activated(
  environment: Environment | undefined,
  machine: Pick<Machine, "platform" | "env">,
): Record<string, string> {
  if (environment?.folder === undefined) {
    return {};
  }
  const windows = machine.platform === "win32";
  const { dirname, join, delimiter } = windows ? path.win32 : path.posix;
  const folders = [dirname(environment.python)];
  const scripts = join(environment.folder, "Scripts");
  if (windows && folders[0]?.toLowerCase() !== scripts.toLowerCase()) {
    folders.push(scripts); // conda has its Python beside them
  }
  const before = pathOf(machine);
  return {
    VIRTUAL_ENV: environment.folder,
    PATH: [...folders, ...(before ? [before] : [])].join(delimiter),
  };
}
