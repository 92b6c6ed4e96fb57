// Problems as nodes: what the editor was told of, so that it agrees with the squiggles.
import * as l10n from "@vscode/l10n";
import type { TreeNode } from "./nodes";
import type { Location } from "./shapes";

export interface Problem {
  readonly location: Location;
  readonly message: string;
  readonly code: string;
  /** 0 is an error, as in VS Code; 3 a hint. */
  readonly severity: number;
}

const ICONS = ["error", "warning", "info", "lightbulb"];

/** Files in order, each with its problems from top to bottom. */
export function problemNodes(
  problems: readonly Problem[],
  fileName: (uri: string) => string,
): TreeNode[] {
  const files = new Map<string, Problem[]>();
  for (const problem of problems) {
    const uri = problem.location.uri;
    files.set(uri, [...(files.get(uri) ?? []), problem]);
  }
  return [...files.entries()]
    .map(([uri, found]) => ({ uri, name: fileName(uri), found }))
    .sort((one, other) => one.name.localeCompare(other.name))
    .map(({ uri, name, found }) => ({
      id: `problems ${uri}`,
      label: name,
      description: String(found.length),
      icon: "file",
      children: found.sort(inOrder).map((problem, index) => problemNode(problem, index)),
      open: true,
    }));
}

function problemNode(problem: Problem, index: number): TreeNode {
  const line = problem.location.range.start.line + 1;
  return {
    id: `problem ${problem.location.uri} ${index}`,
    label: problem.message,
    description: `${problem.code} · ${l10n.t("line {0}", line)}`,
    tooltip: problem.message,
    icon: ICONS[problem.severity] ?? "info",
    location: problem.location,
  };
}

function inOrder(one: Problem, other: Problem): number {
  const [a, b] = [one.location.range.start, other.location.range.start];
  return a.line - b.line || a.character - b.character;
}
