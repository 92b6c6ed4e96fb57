// The graph that is shown: of all folders, or what a filter leaves of it.  Knows no editor.
import * as l10n from "@vscode/l10n";
import type { Graph, GraphAnswer, GraphNode, NodeKind } from "./shapes";

/** One graph of all folders.  The same id in two folders is two things. */
export function merged(answer: GraphAnswer): Graph {
  const several = answer.folders.filter((folder) => folder.nodes.length > 0).length > 1;
  const nodes: GraphNode[] = [];
  const edges: Graph["edges"] = [];
  for (const folder of answer.folders) {
    const idOf = (id: string) => (several ? `${folder.uri} ${id}` : id);
    nodes.push(...folder.nodes.map((node) => ({ ...node, id: idOf(node.id) })));
    edges.push(
      ...folder.edges.map((edge) => ({
        ...edge,
        source: idOf(edge.source),
        target: idOf(edge.target),
      })),
    );
  }
  return { nodes, edges };
}

/** The nodes with all words of `text` in their name or group, and those next to them. */
export function filtered(graph: Graph, text: string): Graph {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) {
    return graph;
  }
  const chosen = new Set(graph.nodes.filter((node) => matches(node, words)).map((node) => node.id));
  const near = new Set(chosen);
  for (const { source, target } of graph.edges) {
    if (chosen.has(source) || chosen.has(target)) {
      near.add(source).add(target);
    }
  }
  return {
    nodes: graph.nodes.filter((node) => near.has(node.id)),
    edges: graph.edges.filter((edge) => near.has(edge.source) && near.has(edge.target)),
  };
}

export function matches(node: GraphNode, words: readonly string[]): boolean {
  const name = `${node.label} ${node.group ?? ""}`.toLowerCase();
  return words.every((word) => name.includes(word));
}

/** A node's two lines: its own name, and what that is in. */
export function lines(node: GraphNode): { name: string; group: string } {
  if (node.kind !== "task") {
    return {
      name: node.when ?? node.label,
      group: node.kind === "module" ? l10n.t("other code") : "",
    };
  }
  const at = node.label.lastIndexOf(".");
  const name = node.label.slice(at + 1);
  return { name, group: node.group ?? node.label.slice(0, Math.max(at, 0)) };
}

/** What a screen reader says of a node. */
export function spoken(graph: Graph, node: GraphNode): string {
  const names = new Map(graph.nodes.map((each) => [each.id, lines(each).name]));
  const into = graph.edges.filter((edge) => edge.target === node.id);
  const out = graph.edges.filter((edge) => edge.source === node.id);
  const listed = (ids: string[]) => ids.map((id) => names.get(id) ?? id).join(", ");
  const { name, group } = lines(node);
  return [
    named(node.kind, name),
    group,
    into.length === 0 ? "" : l10n.t("from {0}", listed(into.map((edge) => edge.source))),
    out.length === 0 ? "" : l10n.t("to {0}", listed(out.map((edge) => edge.target))),
  ]
    .filter(Boolean)
    .join("; ");
}

function named(kind: NodeKind, name: string): string {
  switch (kind) {
    case "task":
      return l10n.t("task {0}", name);
    case "module":
      return l10n.t("module {0}", name);
    case "schedule":
      return l10n.t("schedule {0}", name);
  }
}
