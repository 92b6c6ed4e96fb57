// Which settings the server is told.
import { expand, type Surroundings } from "./variables";

/** What VS Code says of one setting: see `WorkspaceConfiguration.inspect`. */
export interface Inspected {
  readonly globalValue?: unknown;
  readonly workspaceValue?: unknown;
  readonly workspaceFolderValue?: unknown;
}

/** Settings that are for the extension; the server would not know them. */
export function isOurs(name: string): boolean {
  return name === "interpreter" || name.startsWith("server.") || name.startsWith("trace.");
}

/**
 * The settings that somebody wrote, by name without `celeryls.`.
 *
 * A default is left out: it would win over what pyproject.toml says.
 */
export function explicit(
  names: readonly string[],
  inspect: (name: string) => Inspected | undefined,
): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const name of names.filter((one) => !isOurs(one))) {
    const inspected = inspect(name);
    const value = merged(
      inspected?.globalValue,
      merged(inspected?.workspaceValue, inspected?.workspaceFolderValue),
    );
    if (value !== undefined) {
      found[name] = value;
    }
  }
  return found;
}

/**
 * Settings with the variables of `python` replaced, as in the settings that name a program; the
 * server knows none.  A relative path is left to it, since it knows what that is relative to.
 */
export function withVariables(
  settings: Readonly<Record<string, unknown>>,
  around: Surroundings,
): Record<string, unknown> {
  const { python } = settings;
  return typeof python === "string" && python.includes("${")
    ? { ...settings, python: expand(python, around) }
    : { ...settings };
}

/** As VS Code does: tables are merged, everything else is replaced. */
function merged(wide: unknown, narrow: unknown): unknown {
  if (isTable(wide) && isTable(narrow)) {
    return { ...wide, ...narrow };
  }
  return narrow ?? wide;
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
