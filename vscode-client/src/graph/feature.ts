// The task graph, in a panel.
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { Host } from "../host";
import { goTo } from "../places";
import type { Changes } from "../view/store";
import { merged } from "./model";
import { pageHtml } from "./page";
import type { FromPage, Graph, GraphAnswer, ToPage } from "./shapes";

const VIEW_TYPE = "celeryls.graph";

export function registerGraph(
  context: vscode.ExtensionContext,
  host: Host,
  changes: Changes,
): vscode.Disposable {
  let panel: GraphPanel | undefined;
  const show = (made: vscode.WebviewPanel) => {
    const own = new GraphPanel(made, context.extensionUri, host);
    panel = own;
    made.onDidDispose(() => {
      own.dispose();
      panel = undefined;
    });
  };
  return vscode.Disposable.from(
    changes.event(() => panel?.refresh()),
    vscode.commands.registerCommand("celeryls.showGraph", () => {
      if (panel !== undefined) {
        panel.reveal();
        return;
      }
      const title = vscode.l10n.t("Celery Task Graph");
      show(
        vscode.window.createWebviewPanel(VIEW_TYPE, title, vscode.ViewColumn.Active, {
          enableFindWidget: false,
        }),
      );
    }),
    vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
      deserializeWebviewPanel: async (restored) => show(restored),
    }),
    new vscode.Disposable(() => panel?.close()),
  );
}

class GraphPanel {
  #graph: Graph = { nodes: [], edges: [] };
  #asked = 0;
  readonly #subscriptions: vscode.Disposable[] = [];

  constructor(
    private readonly panel: vscode.WebviewPanel,
    extension: vscode.Uri,
    private readonly host: Host,
  ) {
    const dist = vscode.Uri.joinPath(extension, "dist");
    const webview = panel.webview;
    const icon = (theme: string) => vscode.Uri.joinPath(extension, "media", `celery-${theme}.svg`);
    panel.iconPath = { light: icon("light"), dark: icon("dark") };
    webview.options = { enableScripts: true, localResourceRoots: [dist] };
    this.#subscriptions.push(
      webview.onDidReceiveMessage((message: FromPage) => this.#heard(message)),
      panel.onDidChangeViewState(() => panel.visible && this.refresh()),
    );
    const script = webview.asWebviewUri(vscode.Uri.joinPath(dist, "graph.js")).toString();
    webview.html = pageHtml({
      nonce: randomBytes(16).toString("base64url"),
      script,
      language: vscode.l10n.bundle === undefined ? "en" : vscode.env.language,
      bundle: vscode.l10n.bundle ?? {},
      texts: texts(),
    });
  }

  reveal(): void {
    this.panel.reveal();
  }

  close(): void {
    this.panel.dispose();
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  async refresh(): Promise<void> {
    if (!this.panel.visible) {
      return; // when it is looked at again
    }
    this.#asked += 1;
    const asked = this.#asked;
    const message = await this.#ask();
    if (asked === this.#asked) {
      this.#graph = message.type === "graph" ? message.graph : { nodes: [], edges: [] };
      await this.panel.webview.postMessage(message);
    }
  }

  async #ask(): Promise<ToPage> {
    const client = this.#asked > 1 ? this.host.client : await this.host.ready();
    if (client === undefined) {
      return { type: "none", why: vscode.l10n.t("The Celery server isn't running.") };
    }
    try {
      const answer = await client.sendRequest<GraphAnswer>("celeryls/graph", {});
      return { type: "graph", graph: merged(answer) };
    } catch (error) {
      this.host.log.warn("There is no graph:", String(error));
      return { type: "none", why: vscode.l10n.t("The graph can't be drawn; the log says why.") };
    }
  }

  async #heard(message: FromPage): Promise<void> {
    switch (message.type) {
      case "ready":
        await this.refresh();
        break;
      case "open": {
        const node = this.#graph.nodes.find(({ id }) => id === message.id);
        if (node?.location !== undefined) {
          await goTo(node.location);
        }
        break;
      }
      case "save":
        await save(message.svg);
        break;
    }
  }
}

async function save(svg: string): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const chosen = await vscode.window.showSaveDialog({
    filters: { SVG: ["svg"] },
    ...(folder === undefined
      ? {}
      : { defaultUri: vscode.Uri.joinPath(folder, "celery-tasks.svg") }),
  });
  if (chosen !== undefined) {
    await vscode.workspace.fs.writeFile(chosen, new TextEncoder().encode(svg));
    const saved = vscode.l10n.t("Saved: {0}", vscode.workspace.asRelativePath(chosen));
    vscode.window.setStatusBarMessage(saved, 5000);
  }
}

function texts() {
  return {
    title: vscode.l10n.t("Celery Task Graph"),
    filter: vscode.l10n.t("Filter by name or module"),
    save: vscode.l10n.t("Save as SVG…"),
    fit: vscode.l10n.t("Fit"),
    zoomIn: vscode.l10n.t("Zoom in"),
    zoomOut: vscode.l10n.t("Zoom out"),
    help: vscode.l10n.t(
      "Tab and arrows go from one to the next, Enter goes to the source, + - 0 zoom, / filters.",
    ),
    legend: [
      ["sends", vscode.l10n.t("sends")],
      ["then", vscode.l10n.t("then")],
      ["runs", vscode.l10n.t("by the clock")],
      ["calls", vscode.l10n.t("calls directly")],
    ] as [string, string][],
  };
}
