import { describe, expect, test } from "vitest";
import { drawn, neighbour } from "../src/graph/layout";
import { filtered, lines, merged, spoken } from "../src/graph/model";
import { pageHtml } from "../src/graph/page";
import type { Graph } from "../src/graph/shapes";
import { body, type Colors, curve, escaped, file } from "../src/graph/svg";
import { centred, whole, zoomed } from "../src/graph/webview/camera";

const GRAPH: Graph = {
  nodes: [
    {
      id: "when daily",
      kind: "schedule",
      label: "crontab(hour=3, minute=0)",
      when: "daily at 03:00",
    },
    { id: "task a", kind: "task", label: "shop.tasks.fetch", group: "shop.tasks" },
    { id: "task b", kind: "task", label: "shop.tasks.store", group: "shop.tasks" },
    { id: "task c", kind: "task", label: "mail.tasks.send<all>", group: "mail.tasks" },
    { id: "module v", kind: "module", label: "shop.views" },
  ],
  edges: [
    { source: "when daily", target: "task a", kind: "runs" },
    { source: "task a", target: "task b", kind: "then" },
    { source: "task a", target: "task b", kind: "sends" },
    { source: "module v", target: "task a", kind: "sends" },
    { source: "task b", target: "task b", kind: "sends" },
  ],
};
const measure = (text: string) => text.length * 7;

describe("the graph of a workspace", () => {
  test("keeps apart what has the same id in two folders", () => {
    const answer = {
      folders: [
        { uri: "file:///p", ...GRAPH },
        { uri: "file:///q", ...GRAPH },
      ],
    };
    const both = merged(answer);
    expect(both.nodes).toHaveLength(10);
    expect(new Set(both.nodes.map(({ id }) => id)).size).toBe(10);
    expect(both.edges.every(({ source }) => both.nodes.some(({ id }) => id === source))).toBe(true);
    expect(merged({ folders: [{ uri: "file:///p", ...GRAPH }] })).toEqual(GRAPH);
  });

  test("can be filtered by words of names and modules, with what is next to them", () => {
    expect(filtered(GRAPH, "store").nodes.map(({ id }) => id)).toEqual(["task a", "task b"]);
    expect(filtered(GRAPH, "SHOP fetch").nodes).toHaveLength(4);
    expect(filtered(GRAPH, "nothing").nodes).toEqual([]);
    expect(filtered(GRAPH, "  ")).toBe(GRAPH);
    expect(filtered(GRAPH, "mail").edges).toEqual([]);
  });

  test("has two lines for a node, and a sentence for who can't see it", () => {
    const node = GRAPH.nodes[1];
    expect(node && lines(node)).toEqual({ name: "fetch", group: "shop.tasks" });
    expect(node && spoken(GRAPH, node)).toBe(
      "task fetch; shop.tasks; from daily at 03:00, shop.views; to store, store",
    );
  });
});

describe("a drawing", () => {
  const drawing = drawn(GRAPH, measure);
  const boxOf = (id: string) => {
    const found = drawing.boxes.find(({ node }) => node.id === id);
    if (found === undefined) {
      throw new Error(`no ${id}`);
    }
    return found;
  };

  test("goes from left to right", () => {
    expect(boxOf("when daily").x).toBeLessThan(boxOf("task a").x);
    expect(boxOf("task a").x).toBeLessThan(boxOf("task b").x);
  });

  test("has all nodes and edges inside of it, and no two on top of each other", () => {
    expect(drawing.boxes).toHaveLength(5);
    expect(drawing.lines).toHaveLength(5);
    expect(drawing.lines.every(({ points }) => points.length >= 2)).toBe(true);
    for (const box of drawing.boxes) {
      expect(box.x - box.width / 2).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width / 2).toBeLessThanOrEqual(drawing.width);
      expect(box.y + box.height / 2).toBeLessThanOrEqual(drawing.height);
      for (const other of drawing.boxes) {
        const apart =
          box === other ||
          Math.abs(box.x - other.x) >= (box.width + other.width) / 2 ||
          Math.abs(box.y - other.y) >= (box.height + other.height) / 2;
        expect(apart, `${box.node.id} lies on ${other.node.id}`).toBe(true);
      }
    }
  });

  test("puts what is linked to nothing into rows below", () => {
    const many = Array.from({ length: 40 }, (_, index) => ({
      id: `task ${index}`,
      kind: "task" as const,
      label: `shop.task_${index}`,
    }));
    const rows = drawn({ nodes: many, edges: [] }, measure);
    expect(new Set(rows.boxes.map(({ y }) => y)).size).toBeGreaterThan(2);
    expect(boxOf("task c").y).toBeGreaterThan(boxOf("task a").y);
  });

  test("of nothing is there too", () => {
    expect(drawn({ nodes: [], edges: [] }, measure).boxes).toEqual([]);
  });

  test("of hundreds of tasks takes less than a moment", () => {
    const nodes = Array.from({ length: 300 }, (_, index) => ({
      id: `${index}`,
      kind: "task" as const,
      label: `shop.tasks.number_${index}`,
    }));
    const edges = nodes.slice(1).map((node, index) => ({
      source: `${Math.floor(index / 3)}`,
      target: node.id,
      kind: "sends" as const,
    }));
    const start = performance.now();
    drawn({ nodes, edges }, measure);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  test("is walked through with the arrow keys", () => {
    expect(neighbour(drawing.boxes, "task a", "right")).toBe("task b");
    expect(neighbour(drawing.boxes, "task b", "left")).toBe("task a");
    const above = ["when daily", "module v"].sort((a, b) => boxOf(b).y - boxOf(a).y)[0] ?? "";
    expect(neighbour(drawing.boxes, above, "down")).toBe("task c");
    expect(neighbour(drawing.boxes, "task b", "right")).toBeUndefined();
    expect(neighbour(drawing.boxes, "gone", "right")).toBe(drawing.boxes[0]?.node.id);
  });
});

describe("the SVG", () => {
  const drawing = drawn(GRAPH, measure);
  const colors = Object.fromEntries(
    [
      "background",
      "foreground",
      "muted",
      "border",
      "task",
      "module",
      "schedule",
      "focus",
      "chain",
    ].map((name) => [name, "rgb(1, 2, 3)"]),
  ) as unknown as Colors;

  test("escapes what comes from the project", () => {
    const svg = body(GRAPH, drawing);
    expect(svg).toContain("send&lt;all&gt;");
    expect(svg).not.toContain("<all>");
    expect(escaped(`<a href="x">&</a>`)).toBe("&lt;a href=&quot;x&quot;&gt;&amp;&lt;/a&gt;");
  });

  test("can be reached node by node", () => {
    const svg = body(GRAPH, drawing);
    expect(svg.match(/tabindex="0"/g)).toHaveLength(5);
    expect(svg).toContain('aria-label="task fetch; shop.tasks;');
  });

  test("is a file of its own, without the page's variables", () => {
    const svg = file(GRAPH, drawing, colors, "sans-serif");
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).not.toContain("var(--");
    expect(svg).not.toContain("<script");
  });

  test("has smooth lines", () => {
    const points = [
      { x: 0, y: 0 },
      { x: 10, y: 0 },
      { x: 20, y: 10 },
    ];
    expect(curve(points)).toBe("M0 0 Q10 0 15 5 L20 10");
    expect(curve(points.slice(0, 1))).toBe("M0 0");
    expect(curve([])).toBe("");
  });
});

describe("the page", () => {
  const texts = {
    title: 'Celery "graph"',
    filter: "Filter",
    save: "Save",
    fit: "Fit",
    zoomIn: "In",
    zoomOut: "Out",
    help: "Tab",
    legend: [["sends", "sends"]] as [string, string][],
  };
  const html = pageHtml({
    nonce: "n0nce",
    script: "https://page/graph.js",
    language: "de",
    bundle: { sends: 'schickt "<b>" & so' },
    texts,
  });

  test("lets nothing in but its own script and styles", () => {
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1];
    expect(policy).toBe("default-src 'none'; style-src 'nonce-n0nce'; script-src 'nonce-n0nce';");
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).toContain('<script nonce="n0nce" src="https://page/graph.js">');
    expect(html).not.toMatch(/ style="| on[a-z]+="/);
    expect(html).toContain("Celery &quot;graph&quot;");
  });

  test("brings the texts of another language along, for its script", () => {
    expect(html).toContain('<html lang="de">');
    expect(html).toContain(
      '<main id="canvas" data-texts="{&quot;sends&quot;:&quot;schickt \\&quot;&lt;b>\\&quot; &amp; so&quot;}">',
    );
  });
});

describe("the camera", () => {
  const drawing = { width: 1600, height: 300, boxes: [], lines: [] };
  const size = { width: 800, height: 600 };

  test("begins with all of the drawing in the middle", () => {
    expect(whole(drawing, size)).toEqual({ x: 0, y: -450, zoom: 0.5 });
    expect(whole({ ...drawing, width: 400 }, size)).toEqual({ x: -200, y: -150, zoom: 1 });
  });

  test("zooms around a point, within bounds", () => {
    const near = zoomed({ x: 0, y: 0, zoom: 1 }, 2, { x: 400, y: 300 });
    expect(near).toEqual({ x: 200, y: 150, zoom: 2 });
    expect(zoomed(near, 1000, { x: 0, y: 0 }).zoom).toBe(4);
  });

  test("follows the keyboard to what it does not show", () => {
    const box = {
      node: GRAPH.nodes[0] ?? { id: "", kind: "task", label: "" },
      width: 100,
      height: 40,
    };
    const camera = { x: 0, y: 0, zoom: 1 };
    expect(centred(camera, { ...box, x: 200, y: 200 }, size)).toBeUndefined();
    expect(centred(camera, { ...box, x: 1000, y: 200 }, size)).toEqual({
      x: 600,
      y: -100,
      zoom: 1,
    });
  });
});
