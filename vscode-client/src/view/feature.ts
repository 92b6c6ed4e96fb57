// The Celery view in the activity bar.
import * as vscode from "vscode";
import type { Host } from "../host";
import { isEmpty, runsOf } from "./nodes";
import { type Changes, type Condition, Store } from "./store";
import { untilNext } from "./times";
import { treesOf } from "./trees";

const PROBLEMS_QUIET_MS = 200;

export function registerView(host: Host, changes: Changes): vscode.Disposable {
  const store = new Store(host);
  const trees = treesOf(store);
  const views = Object.entries(trees).map(([id, tree]) =>
    vscode.window.createTreeView(id, { treeDataProvider: tree, showCollapseAll: true }),
  );
  let passing: NodeJS.Timeout | undefined;
  let settling: NodeJS.Timeout | undefined;

  const show = (condition: Condition) =>
    vscode.commands.executeCommand("setContext", "celeryls.view", condition);
  // A tree that is told to begin anew while it opens its nodes may stay without them, so it is
  // told only where the answer is another.
  const refresh = async (always = true) => {
    const visible = views.some((view) => view.visible);
    const differs = visible ? await store.renewed() : true;
    if (!visible) {
      store.forget();
    }
    if (always || differs) {
      for (const tree of Object.values(trees)) {
        tree.refresh();
      }
    }
    if (!visible) {
      return; // asked for when somebody looks
    }
    const view = await store.get();
    void show(view === undefined ? "failed" : isEmpty(view) ? "empty" : "filled");
    clearTimeout(passing);
    const next = view && untilNext(runsOf(view), new Date());
    if (next !== undefined) {
      // A next run that has passed is none any more.  Timers can't wait longer than 24 days.
      passing = setTimeout(() => void refresh(), Math.min(Math.max(next, 60_000), 3_600_000));
    }
  };
  void show("idle");
  return vscode.Disposable.from(
    changes.event(() => void refresh(false)),
    ...views,
    ...views.map((view) => view.onDidChangeVisibility(({ visible }) => visible && changes.soon(0))),
    ...Object.values(trees),
    vscode.commands.registerCommand("celeryls.refreshView", () => refresh()),
    vscode.languages.onDidChangeDiagnostics(() => {
      clearTimeout(settling);
      settling = setTimeout(() => trees["celeryls.problems"]?.refresh(), PROBLEMS_QUIET_MS);
    }),
    new vscode.Disposable(() => {
      clearTimeout(passing);
      clearTimeout(settling);
    }),
  );
}
