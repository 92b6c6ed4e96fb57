// The trees of the Celery view.
import * as vscode from "vscode";
import { rangeOf } from "../places";
import { appNodes, type Names, scheduleNodes, settingNodes, type TreeNode } from "./nodes";
import { type Problem, problemNodes } from "./problems";
import type { Store } from "./store";

/** What diagnostics of the server have as their source. */
const SOURCE = "celery";

export class Tree implements vscode.TreeDataProvider<TreeNode> {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(private readonly roots: () => Promise<TreeNode[]>) {}

  refresh(): void {
    this.#changed.fire();
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    return node === undefined ? this.roots() : [...(node.children ?? [])];
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    const item = new vscode.TreeItem(node.label, collapsible(node));
    item.id = node.id;
    item.iconPath = new vscode.ThemeIcon(node.icon, colorOf(node.icon));
    item.accessibilityInformation = {
      label: [node.label, node.description].filter(Boolean).join(", "),
    };
    if (node.description !== undefined) {
      item.description = node.description;
    }
    if (node.tooltip !== undefined) {
      item.tooltip = node.tooltip;
    }
    if (node.context !== undefined) {
      item.contextValue = node.context;
    }
    if (node.location !== undefined) {
      const uri = vscode.Uri.parse(node.location.uri);
      item.command = {
        command: "vscode.open",
        title: vscode.l10n.t("Go There"),
        arguments: [uri, { selection: rangeOf(node.location), preserveFocus: false }],
      };
    }
    return item;
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

export function treesOf(store: Store): Readonly<Record<string, Tree>> {
  const empty = { folders: [] };
  const now = () => new Date();
  return {
    "celeryls.apps": new Tree(async () => appNodes((await store.get()) ?? empty, NAMES, now())),
    "celeryls.schedules": new Tree(async () =>
      scheduleNodes((await store.get()) ?? empty, NAMES, now()),
    ),
    "celeryls.settings": new Tree(async () => settingNodes((await store.get()) ?? empty, NAMES)),
    "celeryls.problems": new Tree(async () => problemNodes(problems(), fileOfFolder)),
  };
}

const NAMES: Names = {
  place: ({ uri, range }) => `${fileName(uri)}:${range.start.line + 1}`,
  folder: (uri) => {
    const parsed = vscode.Uri.parse(uri);
    return vscode.workspace.getWorkspaceFolder(parsed)?.name ?? fileName(uri);
  },
  // Where our texts aren't in the editor's language, its dates would be the odd ones out.
  ...(vscode.l10n.bundle === undefined ? {} : { locale: vscode.env.language }),
};

function fileName(uri: string): string {
  return vscode.workspace.asRelativePath(vscode.Uri.parse(uri), false);
}

/** With the folder's name where there are several: files of one name are not told apart else. */
function fileOfFolder(uri: string): string {
  return vscode.workspace.asRelativePath(vscode.Uri.parse(uri));
}

function problems(): Problem[] {
  return vscode.languages.getDiagnostics().flatMap(([uri, found]) =>
    found
      .filter((diagnostic) => diagnostic.source === SOURCE)
      .map((diagnostic) => {
        const { start, end } = diagnostic.range;
        const code = diagnostic.code;
        return {
          location: { uri: uri.toString(), range: { start, end } },
          message: diagnostic.message,
          code: String(typeof code === "object" ? code.value : (code ?? "")),
          severity: diagnostic.severity,
        };
      }),
  );
}

function collapsible(node: TreeNode): vscode.TreeItemCollapsibleState {
  if (node.children === undefined || node.children.length === 0) {
    return vscode.TreeItemCollapsibleState.None;
  }
  return node.open === true
    ? vscode.TreeItemCollapsibleState.Expanded
    : vscode.TreeItemCollapsibleState.Collapsed;
}

function colorOf(icon: string): vscode.ThemeColor | undefined {
  const colors: Record<string, string> = {
    error: "problemsErrorIcon.foreground",
    warning: "problemsWarningIcon.foreground",
    info: "problemsInfoIcon.foreground",
  };
  const color = colors[icon];
  return color === undefined ? undefined : new vscode.ThemeColor(color);
}
