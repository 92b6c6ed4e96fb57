import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as l10n from "@vscode/l10n";
import { afterEach, describe, expect, it } from "vitest";
import { choicesOf } from "../src/forms/answers";
import { spoken } from "../src/graph/model";
import type { Graph } from "../src/graph/shapes";
import { timeInWords } from "../src/view/times";

const ROOT = join(import.meta.dirname, "..");
const read = (path: string) => JSON.parse(readFileSync(path, "utf-8"));

it("has every text of the source in the bundle: npm run l10n", { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "celeryls-"));
  const tool = join(ROOT, "node_modules/@vscode/l10n-dev/dist/cli.js");
  execFileSync(process.execPath, [tool, "export", "--outDir", folder, "./src"], {
    cwd: ROOT,
    stdio: "pipe", // it says that the folder is not that of package.json
  });
  const exported = read(join(folder, "bundle.l10n.json"));
  expect(Object.keys(exported)).toContain("{0} callers");
  expect(read(join(ROOT, "l10n/bundle.l10n.json"))).toEqual(exported);
});

describe("in another language", () => {
  afterEach(() => l10n.config({ contents: {} }));

  it("says times with that language's order and dates", () => {
    const bundle = read(join(ROOT, "l10n/bundle.l10n.json"));
    const key = Object.keys(bundle).find((each) => each.startsWith("{0} at {1}")) ?? "";
    l10n.config({ contents: { "today at {0}": "heute um {0} Uhr", [key]: "um {1} Uhr, {0}" } });
    const now = new Date("2026-11-27T12:00:00Z");
    const said = (iso: string) => timeInWords(iso, now, "de");
    expect(said("2026-11-27T18:30:00Z")).toBe("heute um 18:30 Uhr");
    expect(said("2026-12-03T07:30:00Z")).toBe("um 07:30 Uhr, Donnerstag");
  });

  it("describes a task of the graph to a screen reader", () => {
    l10n.config({ contents: { "task {0}": "Task {0}", "from {0}": "von {0}" } });
    const graph: Graph = {
      nodes: [
        { id: "a", kind: "task", label: "shop.fetch" },
        { id: "b", kind: "task", label: "shop.store" },
      ],
      edges: [{ source: "a", target: "b", kind: "sends" }],
    };
    const store = graph.nodes[1];
    expect(store && spoken(graph, store)).toBe("Task store; shop; von fetch");
  });

  it("offers yes and no", () => {
    l10n.config({ contents: { yes: "ja", no: "nein" } });
    const choices = choicesOf({ id: "x", description: "Sure?", type: { kind: "bool" } });
    expect(choices.map(({ label, value }) => [label, value])).toEqual([
      ["ja", true],
      ["nein", false],
    ]);
  });
});
