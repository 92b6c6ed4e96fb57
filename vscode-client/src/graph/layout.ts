// Where the nodes and edges of a graph are drawn: in layers, from left to right.
import { Graph as Layered, layout } from "@dagrejs/dagre";
import { lines } from "./model";
import type { Graph, GraphEdge, GraphNode } from "./shapes";

export interface Point {
  x: number;
  y: number;
}

/** `x` and `y` are its middle. */
export interface Box extends Point {
  node: GraphNode;
  width: number;
  height: number;
}

export interface Line {
  edge: GraphEdge;
  points: Point[];
}

export interface Drawing {
  width: number;
  height: number;
  boxes: Box[];
  lines: Line[];
}

/** The width of a text, in pixels. */
export type Measure = (text: string, small: boolean) => number;

const MARGIN = 24;
const PADDING = 28;
const [LOW, HIGH] = [30, 44];
const [NARROWEST, WIDEST] = [60, 320];
/** Of the grid that unconnected nodes are put into. */
const GAP = 16;

/** Connected nodes in layers; what is connected to nothing in rows below. */
export function drawn(graph: Graph, measure: Measure): Drawing {
  const known = new Set(graph.nodes.map((node) => node.id));
  const edges = graph.edges.filter((edge) => known.has(edge.source) && known.has(edge.target));
  const linked = new Set(edges.flatMap((edge) => [edge.source, edge.target]));
  const sized = graph.nodes.map((node) => ({ node, ...sizeOf(node, measure) }));
  const upper = layered(
    sized.filter(({ node }) => linked.has(node.id)),
    edges,
  );
  const alone = sized.filter(({ node }) => !linked.has(node.id));
  return alone.length === 0 ? upper : below(upper, alone);
}

type Sized = Omit<Box, "x" | "y">;

function sizeOf(node: GraphNode, measure: Measure): { width: number; height: number } {
  const { name, group } = lines(node);
  const text = Math.max(measure(name, false), group === "" ? 0 : measure(group, true));
  return {
    width: Math.min(Math.max(text + PADDING, NARROWEST), WIDEST),
    height: group === "" ? LOW : HIGH,
  };
}

function layered(sized: readonly Sized[], edges: readonly GraphEdge[]): Drawing {
  if (sized.length === 0) {
    return { width: MARGIN * 2, height: MARGIN, boxes: [], lines: [] };
  }
  const graph = new Layered({ directed: true, multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: 14, ranksep: 70, marginx: MARGIN, marginy: MARGIN });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { node, width, height } of sized) {
    graph.setNode(node.id, { width, height });
  }
  for (const { source, target, kind } of edges) {
    graph.setEdge(source, target, {}, kind);
  }
  layout(graph);
  const { width, height } = graph.graph() as { width?: number; height?: number };
  return {
    width: width ?? 0,
    height: height ?? 0,
    boxes: sized.map((box) => {
      const { x, y } = graph.node(box.node.id) as Point;
      return { ...box, x, y };
    }),
    lines: edges.map((edge) => {
      const label = graph.edge(edge.source, edge.target, edge.kind) as { points?: Point[] };
      return { edge, points: label.points ?? [] };
    }),
  };
}

function below(upper: Drawing, alone: readonly Sized[]): Drawing {
  const room = Math.max(upper.width, 900);
  const boxes = [...upper.boxes];
  let [x, y, right] = [MARGIN, upper.height + GAP, upper.width];
  for (const box of alone) {
    if (x > MARGIN && x + box.width > room - MARGIN) {
      x = MARGIN;
      y += HIGH + GAP;
    }
    boxes.push({ ...box, x: x + box.width / 2, y: y + box.height / 2 });
    x += box.width + GAP;
    right = Math.max(right, x + MARGIN - GAP);
  }
  return { ...upper, boxes, width: right, height: y + HIGH + MARGIN };
}

export type Direction = "left" | "right" | "up" | "down";

/** The nearest box in a direction, for the arrow keys. */
export function neighbour(
  boxes: readonly Box[],
  from: string,
  direction: Direction,
): string | undefined {
  const start = boxes.find((box) => box.node.id === from);
  if (start === undefined) {
    return boxes[0]?.node.id;
  }
  const sideways = direction === "left" || direction === "right";
  const sign = direction === "right" || direction === "down" ? 1 : -1;
  let best: { id: string; cost: number } | undefined;
  for (const box of boxes) {
    const [dx, dy] = [box.x - start.x, box.y - start.y];
    const ahead = sign * (sideways ? dx : dy);
    const aside = Math.abs(sideways ? dy : dx);
    if (box === start || ahead < 1) {
      continue;
    }
    const cost = ahead + 2.5 * aside;
    if (best === undefined || cost < best.cost) {
      best = { id: box.node.id, cost };
    }
  }
  return best?.id;
}
