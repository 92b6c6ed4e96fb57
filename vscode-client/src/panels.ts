// What shows the whole workspace: the view and the graph.
import * as vscode from "vscode";
import type { Feature } from "./features";
import { registerGraph } from "./graph/feature";
import { registerView } from "./view/feature";
import { Changes } from "./view/store";

export const panelsFeature: Feature = (context, host) => {
  // One for both: a client has one handler for a notification.
  const changes = new Changes(host);
  return vscode.Disposable.from(
    changes,
    registerView(host, changes),
    registerGraph(context, host, changes),
  );
};
