// The page of the graph: draws it, and says what was clicked.  Everything is on the page already;
// nothing is fetched.
import * as l10n from "@vscode/l10n";
import { type Direction, type Drawing, drawn, neighbour } from "../layout";
import { filtered } from "../model";
import type { FromPage, Graph, ToPage } from "../shapes";
import { body, type Colors, file, THEME } from "../svg";
import { type Camera, centred, whole, zoomed } from "./camera";

interface Saved {
  filter?: string;
  camera?: Camera;
}

declare function acquireVsCodeApi(): {
  postMessage(message: FromPage): void;
  getState(): Saved | undefined;
  setState(state: Saved): void;
};

const editor = acquireVsCodeApi();
const canvas = element("canvas", HTMLElement);
const svg = element("graph", SVGSVGElement);
const filter = element("filter", HTMLInputElement);
const message = element("message", HTMLElement);
const texts = document.createElement("canvas").getContext("2d");
const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

l10n.config({ contents: canvas.dataset.texts ?? "{}" });

let graph: Graph = { nodes: [], edges: [] };
let shown: Graph = graph;
let drawing: Drawing = { width: 0, height: 0, boxes: [], lines: [] };
let camera: Camera | undefined = editor.getState()?.camera;

function element<E extends Element>(id: string, type: { new (): E; prototype: E }): E {
  const found = document.getElementById(id);
  if (!(found instanceof type)) {
    throw new Error(`the page has no ${id}`);
  }
  return found;
}

function draw(): void {
  const focused = focusedId();
  shown = filtered(graph, filter.value);
  drawing = drawn(shown, measure);
  svg.innerHTML = body(shown, drawing);
  message.hidden = shown.nodes.length > 0;
  if (shown.nodes.length === 0) {
    message.textContent =
      graph.nodes.length === 0
        ? l10n.t("There are no tasks yet.")
        : l10n.t("No task has a name like that.");
  }
  look(camera ?? whole(drawing, size()));
  if (focused !== undefined) {
    focus(focused);
  }
}

function measure(text: string, small: boolean): number {
  if (texts === null) {
    return text.length * (small ? 6 : 7);
  }
  texts.font = `${small ? 11 : 13}px ${getComputedStyle(document.body).fontFamily}`;
  return texts.measureText(text).width;
}

function size(): { width: number; height: number } {
  return { width: canvas.clientWidth || 800, height: canvas.clientHeight || 600 };
}

function look(at: Camera): void {
  const { width, height } = size();
  const box = [at.x, at.y, width / at.zoom, height / at.zoom];
  svg.setAttribute("viewBox", box.join(" "));
}

/** Look from where somebody chose to. */
function move(to: Camera): void {
  camera = to;
  look(to);
  remember();
}

function current(): Camera {
  return camera ?? whole(drawing, size());
}

function remember(): void {
  editor.setState({ filter: filter.value, ...(camera === undefined ? {} : { camera }) });
}

function nodeOf(target: EventTarget | null): string | undefined {
  const found = target instanceof Element ? target.closest(".node") : null;
  return found instanceof SVGElement ? found.dataset.id : undefined;
}

function focusedId(): string | undefined {
  return nodeOf(document.activeElement);
}

function nodes(): SVGElement[] {
  return [...svg.querySelectorAll<SVGElement>(".node")];
}

function focus(id: string): void {
  nodes()
    .find((node) => node.dataset.id === id)
    ?.focus();
}

/** What is linked to a node stands out. */
function emphasise(id: string | undefined): void {
  const near = new Set(id === undefined ? [] : [id]);
  for (const edge of svg.querySelectorAll<SVGElement>(".edge")) {
    const { source = "", target = "" } = edge.dataset;
    const linked = id === undefined || source === id || target === id;
    edge.classList.toggle("faint", !linked);
    if (id !== undefined && linked) {
      near.add(source).add(target);
    }
  }
  for (const node of nodes()) {
    node.classList.toggle("faint", id !== undefined && !near.has(node.dataset.id ?? ""));
  }
}

/** A file needs the theme's colours by their values. */
function colors(): Colors {
  const probe = document.createElement("span");
  document.body.append(probe);
  const resolved = Object.entries(THEME).map(([name, value]) => {
    probe.style.color = value;
    return [name, getComputedStyle(probe).color];
  });
  probe.remove();
  return Object.fromEntries(resolved) as Colors;
}

function zoom(factor: number, x?: number, y?: number): void {
  const { width, height } = size();
  move(zoomed(current(), factor, { x: x ?? width / 2, y: y ?? height / 2 }));
}

function fitAll(): void {
  camera = undefined;
  look(whole(drawing, size()));
  remember();
}

function save(): void {
  const font = getComputedStyle(document.body).fontFamily.replaceAll('"', "'");
  editor.postMessage({ type: "save", svg: file(shown, drawing, colors(), font) });
}

filter.value = editor.getState()?.filter ?? "";
filter.addEventListener("input", () => {
  camera = undefined;
  draw();
  remember();
});
element("in", HTMLElement).addEventListener("click", () => zoom(1.25));
element("out", HTMLElement).addEventListener("click", () => zoom(0.8));
element("fit", HTMLElement).addEventListener("click", fitAll);
element("save", HTMLElement).addEventListener("click", save);
window.addEventListener("resize", () => look(current()));

svg.addEventListener("focusin", (event) => {
  const id = nodeOf(event.target);
  emphasise(id);
  const box = drawing.boxes.find(({ node }) => node.id === id);
  if (box !== undefined) {
    const into = centred(current(), box, size());
    if (into !== undefined) {
      move(into);
    }
  }
});
svg.addEventListener("focusout", () => emphasise(undefined));
svg.addEventListener("mouseover", (event) => {
  const id = nodeOf(event.target);
  emphasise(id ?? focusedId());
});
svg.addEventListener("click", (event) => {
  const id = nodeOf(event.target);
  if (id !== undefined && !dragged) {
    editor.postMessage({ type: "open", id });
  }
});

document.addEventListener("keydown", (event) => {
  if (event.target === filter || event.ctrlKey || event.metaKey || event.altKey) {
    if (event.target === filter && event.key === "Escape" && filter.value !== "") {
      filter.value = "";
      filter.dispatchEvent(new Event("input"));
    }
    return;
  }
  const id = focusedId();
  const direction = ARROWS[event.key];
  if (direction !== undefined) {
    const next =
      id === undefined ? drawing.boxes[0]?.node.id : neighbour(drawing.boxes, id, direction);
    if (next !== undefined) {
      focus(next);
    }
  } else if ((event.key === "Enter" || event.key === " ") && id !== undefined) {
    editor.postMessage({ type: "open", id });
  } else if (event.key === "+" || event.key === "=") {
    zoom(1.25);
  } else if (event.key === "-") {
    zoom(0.8);
  } else if (event.key === "0") {
    fitAll();
  } else if (event.key === "/") {
    filter.focus();
  } else {
    return;
  }
  event.preventDefault();
});

let drag: { x: number; y: number; from: Camera } | undefined;
let dragged = false;

function drop(): void {
  drag = undefined;
  canvas.classList.remove("dragging");
}

canvas.addEventListener("pointerdown", (event) => {
  if (event.button === 0) {
    drag = { x: event.clientX, y: event.clientY, from: current() };
    dragged = false;
  }
});
window.addEventListener("pointermove", (event) => {
  if (drag === undefined || event.buttons === 0) {
    drop(); // the button was let go of outside of the page, which nobody tells
    return;
  }
  const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
  if (!dragged && Math.hypot(dx, dy) < 4) {
    return; // a click that trembles
  }
  dragged = true;
  canvas.classList.add("dragging");
  const { x, y, zoom: scale } = drag.from;
  move({ x: x - dx / scale, y: y - dy / scale, zoom: scale });
});
window.addEventListener("pointerup", drop);
window.addEventListener("pointercancel", drop);
canvas.addEventListener(
  "wheel",
  (event) => {
    event.preventDefault();
    const box = canvas.getBoundingClientRect();
    if (event.ctrlKey || event.metaKey) {
      zoom(event.deltaY < 0 ? 1.1 : 1 / 1.1, event.clientX - box.left, event.clientY - box.top);
    } else {
      const { x, y, zoom: scale } = current();
      move({ x: x + event.deltaX / scale, y: y + event.deltaY / scale, zoom: scale });
    }
  },
  { passive: false },
);

window.addEventListener("message", (event: MessageEvent<ToPage>) => {
  const told = event.data;
  if (told.type === "graph") {
    graph = told.graph;
    draw();
  } else {
    graph = { nodes: [], edges: [] };
    draw();
    message.textContent = told.why;
  }
});
editor.postMessage({ type: "ready" });
