// What `celeryls/graph` answers (docs/lsp-extensions.md), and what the panel and its page say to
// each other.
import type { Location } from "../view/shapes";

export type NodeKind = "task" | "module" | "schedule";
export type EdgeKind = "sends" | "calls" | "then" | "runs";

export interface GraphNode {
  id: string;
  kind: NodeKind;
  label: string;
  group?: string;
  /** When a schedule runs, in words. */
  when?: string;
  location?: Location;
}

export interface GraphEdge {
  source: string;
  target: string;
  kind: EdgeKind;
}

export interface Graph {
  nodes: GraphNode[];
  edges: GraphEdge[];
}

export interface GraphAnswer {
  folders: (Graph & { uri: string })[];
}

export type ToPage = { type: "graph"; graph: Graph } | { type: "none"; why: string };

export type FromPage =
  | { type: "ready" }
  | { type: "open"; id: string }
  | { type: "save"; svg: string };
