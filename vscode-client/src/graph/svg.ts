// A drawing as SVG: for the page, and for the file that it is saved as.
import * as l10n from "@vscode/l10n";
import type { Box, Drawing, Line, Point } from "./layout";
import { lines, spoken } from "./model";
import type { EdgeKind, Graph } from "./shapes";

/** The colours that a theme gives. */
export interface Colors {
  background: string;
  foreground: string;
  muted: string;
  border: string;
  task: string;
  module: string;
  schedule: string;
  focus: string;
  chain: string;
}

/** The theme's own, as variables of the page. */
export const THEME: Colors = {
  background: "var(--vscode-editor-background)",
  foreground: "var(--vscode-editor-foreground)",
  muted: "var(--vscode-descriptionForeground)",
  border: "var(--vscode-editorWidget-border, var(--vscode-panel-border, currentColor))",
  task: "var(--vscode-editorWidget-background)",
  module: "var(--vscode-editor-background)",
  schedule: "var(--vscode-badge-background)",
  focus: "var(--vscode-focusBorder)",
  chain: "var(--vscode-charts-green, var(--vscode-textLink-foreground))",
};

function said(kind: EdgeKind): string {
  switch (kind) {
    case "sends":
      return l10n.t("sends");
    case "then":
      return l10n.t("then");
    case "calls":
      return l10n.t("calls directly");
    case "runs":
      return l10n.t("runs by the clock");
  }
}
const RADIUS = 6;

export function styles(colors: Colors, font: string): string {
  return `
.node { cursor: pointer; outline: none; }
.node rect { fill: ${colors.task}; stroke: ${colors.border}; stroke-width: 1; }
.node.module rect { fill: ${colors.module}; stroke-dasharray: 4 3; }
.node.schedule rect { stroke: ${colors.chain}; }
.node text { font: 13px ${font}; fill: ${colors.foreground}; text-anchor: middle; }
.node text.group { font-size: 11px; fill: ${colors.muted}; }
.node:hover rect, .node:focus rect { stroke: ${colors.focus}; stroke-width: 2; }
.edge path { fill: none; stroke: ${colors.muted}; stroke-width: 1.3; }
.edge.calls path { stroke-dasharray: 2 3; }
.edge.then path { stroke: ${colors.chain}; stroke-width: 2; }
.edge.runs path { stroke-dasharray: 7 4; }
.edge.faint, .node.faint { opacity: 0.25; }
marker path { fill: ${colors.muted}; }
marker.then path { fill: ${colors.chain}; }
`;
}

/** What is inside of the `svg` element. */
export function body(graph: Graph, drawing: Drawing): string {
  return [
    "<defs>",
    marker("arrow", ""),
    marker("arrow-then", "then"),
    "</defs>",
    ...drawing.lines.map(line),
    ...drawing.boxes.map((box) => node(graph, box)),
  ].join("\n");
}

/** A file of its own. */
export function file(graph: Graph, drawing: Drawing, colors: Colors, font: string): string {
  const [width, height] = [Math.ceil(drawing.width), Math.ceil(drawing.height)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}"`,
    ` width="${width}" height="${height}">`,
    `<style>${escaped(styles(colors, font))}</style>`,
    `<rect width="100%" height="100%" fill="${escaped(colors.background)}"/>`,
    body(graph, drawing),
    "</svg>\n",
  ].join("\n");
}

function marker(id: string, kind: string): string {
  return (
    `<marker id="${id}" class="${kind}" viewBox="0 0 10 10" refX="9" refY="5"` +
    ` markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">` +
    `<path d="M0 1 L10 5 L0 9 z"/></marker>`
  );
}

function node(graph: Graph, box: Box): string {
  const { name, group } = lines(box.node);
  const [left, top] = [box.x - box.width / 2, box.y - box.height / 2];
  const at = (y: number) => `x="${round(box.x)}" y="${round(y)}"`;
  const texts =
    group === ""
      ? `<text ${at(box.y + 4)}>${escaped(fitted(name, box.width, 7))}</text>`
      : `<text ${at(box.y - 3)}>${escaped(fitted(name, box.width, 7))}</text>` +
        `<text class="group" ${at(box.y + 13)}>${escaped(fitted(group, box.width, 6))}</text>`;
  const round_ = box.node.kind === "schedule" ? box.height / 2 : RADIUS;
  return (
    `<g class="node ${box.node.kind}" tabindex="0" role="link" data-id="${escaped(box.node.id)}"` +
    ` aria-label="${escaped(spoken(graph, box.node))}">` +
    `<title>${escaped(box.node.label)}</title>` +
    `<rect x="${round(left)}" y="${round(top)}" width="${round(box.width)}"` +
    ` height="${round(box.height)}" rx="${round(round_)}"/>${texts}</g>`
  );
}

function line({ edge, points }: Line): string {
  const arrow = edge.kind === "then" ? "arrow-then" : "arrow";
  return (
    `<g class="edge ${edge.kind}" data-source="${escaped(edge.source)}"` +
    ` data-target="${escaped(edge.target)}"><title>${escaped(said(edge.kind))}</title>` +
    `<path d="${curve(points)}" marker-end="url(#${arrow})"/></g>`
  );
}

/** A smooth way through points: straight ends, and bends around those in between. */
export function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) {
    return "";
  }
  const at = (point: Point) => `${round(point.x)} ${round(point.y)}`;
  const last = rest.at(-1);
  const bends = rest.slice(0, -1).map((point, index) => {
    const next = rest[index + 1] ?? point;
    return `Q${at(point)} ${at({ x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 })}`;
  });
  return [`M${at(first)}`, ...bends, ...(last === undefined ? [] : [`L${at(last)}`])].join(" ");
}

/** A text cut to a width, for those that are too long for their box. */
function fitted(text: string, width: number, perCharacter: number): string {
  const most = Math.max(4, Math.floor(width / perCharacter));
  // The measured width decides for usual names; this only stops those beyond the widest box.
  return text.length <= most + 8 ? text : `${text.slice(0, most - 1)}…`;
}

export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
