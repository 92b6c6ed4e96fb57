import { describe, expect, test } from "vitest";
import {
  appNodes,
  isEmpty,
  type Names,
  runsOf,
  scheduleNodes,
  settingNodes,
  type TreeNode,
} from "../src/view/nodes";
import { problemNodes } from "../src/view/problems";
import type { FolderView, Location, TaskView, View } from "../src/view/shapes";
import { timeInWords, untilNext } from "../src/view/times";

const NOW = new Date("2026-11-27T12:00:00Z");
const at = (file: string, line: number): Location => ({
  uri: `file:///p/${file}`,
  range: { start: { line, character: 0 }, end: { line, character: 4 } },
});
const NAMES: Names = {
  place: ({ uri, range }) => `${uri.slice("file:///p/".length)}:${range.start.line + 1}`,
  folder: (uri) => uri.slice(uri.lastIndexOf("/") + 1),
};
const NIGHTLY = {
  name: "nightly",
  tasks: ["shop.tasks.clean"],
  when: "daily at 03:00",
  nextRuns: ["2026-11-28T03:00:00+00:00", "2026-11-29T03:00:00+00:00", "2026-11-30T03:00:00+00:00"],
  timeZone: "UTC",
  location: at("celery.py", 10),
};
const CLEAN: TaskView = {
  label: "shop.tasks.clean",
  name: "shop.tasks.clean",
  function: "clean",
  kind: "decorator",
  location: at("tasks.py", 5),
  registered: true,
  options: [
    { name: "queue", value: "'io'", origin: "decorator", location: at("tasks.py", 4) },
    { name: "rate_limit", origin: "unknown" },
  ],
  callSites: [
    { method: "delay", within: "buy", location: at("views.py", 8) },
    { method: "delay", within: "buy", location: at("views.py", 9) },
    { method: "helper", via: "send_later", location: at("views.py", 30) },
  ],
  schedules: [NIGHTLY],
};
const FOLDER: FolderView = {
  uri: "file:///p",
  apps: [
    {
      name: "app",
      module: "shop.celery",
      location: at("celery.py", 2),
      tasks: [CLEAN],
      settings: [
        {
          name: "broker_url",
          value: "'redis://'",
          origin: "settings",
          locations: [at("conf.py", 1)],
        },
        { name: "timezone", origin: "unknown", locations: [at("conf.py", 2), at("conf.py", 3)] },
      ],
    },
  ],
  sharedTasks: [],
  schedules: [NIGHTLY],
};
const VIEW: View = { folders: [FOLDER] };

/** A tree as one reads it. */
function read(nodes: readonly TreeNode[], depth = 0): string[] {
  return nodes.flatMap((node) => [
    `${"  ".repeat(depth)}${node.label}${node.description ? ` (${node.description})` : ""}`,
    ...read(node.children ?? [], depth + 1),
  ]);
}

function ids(nodes: readonly TreeNode[]): string[] {
  return nodes.flatMap((node) => [node.id, ...ids(node.children ?? [])]);
}

describe("the tree of apps", () => {
  test("has tasks with options in force, schedules and callers", () => {
    expect(read(appNodes(VIEW, NAMES, NOW))).toEqual([
      "app (shop.celery · 1 task)",
      "  clean (daily at 03:00 · 3 callers · shop.tasks)",
      "    queue = 'io' (decorator)",
      "    rate_limit = ? (can't be known from the source)",
      "    nightly (daily at 03:00)",
      "      tomorrow at 03:00 (UTC)",
      "      Sunday at 03:00 (UTC)",
      "      Monday at 03:00 (UTC)",
      "    3 callers",
      "      buy (delay · views.py:9)",
      "      buy (delay · views.py:10)",
      "      views.py (by send_later · views.py:31)",
    ]);
  });

  test("goes to places, and has an id for each node", () => {
    const nodes = appNodes(VIEW, NAMES, NOW);
    expect(nodes[0]?.location).toEqual(at("celery.py", 2));
    expect(nodes[0]?.children?.[0]?.location).toEqual(at("tasks.py", 5));
    expect(nodes[0]?.children?.[0]?.task?.function).toBe("clean");
    const all = ids(nodes);
    expect(new Set(all).size).toBe(all.length);
    expect(ids(appNodes(VIEW, NAMES, new Date(NOW.getTime() + 1e9)))).toEqual(all);
  });

  test("says which task no worker imports, and only where that is known", () => {
    const told = (registered: boolean | undefined) => {
      const { registered: _, ...unknown } = CLEAN;
      const task: TaskView = {
        ...unknown,
        ...(registered === undefined ? {} : { registered }),
        callSites: [],
        schedules: [],
      };
      return appNodes({ folders: [{ ...FOLDER, apps: [], sharedTasks: [task] }] }, NAMES, NOW)[0]
        ?.children?.[0];
    };
    expect(told(false)).toMatchObject({
      description: "no worker imports it · shop.tasks",
      icon: "warning",
    });
    expect(told(true)?.description).toBe("shop.tasks");
    expect(told(undefined)?.description).toBe("shop.tasks");
  });

  test("names folders only where there are several", () => {
    const second = { ...FOLDER, uri: "file:///q" };
    const nodes = appNodes({ folders: [FOLDER, second] }, NAMES, NOW);
    expect(nodes.map((node) => node.label)).toEqual(["p", "q"]);
    const all = ids(nodes);
    expect(new Set(all).size).toBe(all.length);
  });
});

describe("the other trees", () => {
  test("schedules have their next runs", () => {
    expect(read(scheduleNodes(VIEW, NAMES, NOW))).toEqual([
      "nightly (daily at 03:00)",
      "  tomorrow at 03:00 (UTC)",
      "  Sunday at 03:00 (UTC)",
      "  Monday at 03:00 (UTC)",
    ]);
    expect(runsOf(VIEW)).toHaveLength(3);
  });

  test("a schedule without a name goes by its task", () => {
    const { name: _, timeZone: __, ...rest } = NIGHTLY;
    const folder = { ...FOLDER, schedules: [{ ...rest, nextRuns: [] }] };
    expect(read(scheduleNodes({ folders: [folder] }, NAMES, NOW))).toEqual([
      "shop.tasks.clean (daily at 03:00)",
    ]);
  });

  test("settings say where they come from", () => {
    expect(read(settingNodes(VIEW, NAMES))).toEqual([
      "broker_url = 'redis://' (conf.py:2)",
      "timezone = ? (2 places)",
      "  conf.py:3",
      "  conf.py:4",
    ]);
  });

  test("problems are by file, from top to bottom", () => {
    const problem = (file: string, line: number, message: string) => ({
      location: at(file, line),
      message,
      code: "CEL101",
      severity: 1,
    });
    const nodes = problemNodes(
      [problem("b.py", 1, "x"), problem("a.py", 9, "later"), problem("a.py", 2, "first")],
      (uri) => uri.slice("file:///p/".length),
    );
    expect(read(nodes)).toEqual([
      "a.py (2)",
      "  first (CEL101 · line 3)",
      "  later (CEL101 · line 10)",
      "b.py (1)",
      "  x (CEL101 · line 2)",
    ]);
    expect(nodes[0]?.children?.[0]?.icon).toBe("warning");
  });

  test("are empty without Celery", () => {
    expect(isEmpty({ folders: [] })).toBe(true);
    expect(isEmpty({ folders: [{ ...FOLDER, apps: [], schedules: [] }] })).toBe(true);
    expect(isEmpty(VIEW)).toBe(false);
  });
});

describe("times", () => {
  test("are said as people say them, in the zone of the schedule", () => {
    const said = (iso: string) => timeInWords(iso, NOW);
    expect(said("2026-11-27T18:30:00+00:00")).toBe("today at 18:30");
    expect(said("2026-11-28T00:00:10+00:00")).toBe("tomorrow at 00:00:10");
    expect(said("2026-12-03T07:30:00+00:00")).toBe("Thursday at 07:30");
    expect(said("2026-12-04T07:30:00+00:00")).toBe("4 December at 07:30");
    expect(said("2027-01-01T00:05:00+00:00")).toBe("1 January 2027 at 00:05");
    // It is 01:00 on the 28th in Auckland.
    expect(said("2026-11-28T03:00:00+13:00")).toBe("today at 03:00");
    expect(said("whenever")).toBe("whenever");
  });

  test("pass", () => {
    const times = ["2026-11-27T11:00:00Z", "2026-11-27T13:00:00+00:00", "2026-11-28T00:00:00Z"];
    expect(untilNext(times, NOW)).toBe(3_600_000);
    expect(untilNext(times.slice(0, 1), NOW)).toBeUndefined();
  });
});
