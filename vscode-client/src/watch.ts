// Waits until there is something to do: a document or a dependency that mentions Celery.
import * as path from "node:path";
import * as vscode from "vscode";
import {
  DEPENDENCY_FILES,
  dependenciesMentionCelery,
  LOOKED_AT,
  pythonMentionsCelery,
} from "./core/mentions";

/** Files of dependencies that are looked at in a folder, and bytes that one may have. */
const MOST_FILES = 20;
const MOST_BYTES = 1_000_000;
/** Milliseconds of quiet before what is typed is looked at. */
const QUIET = 500;

/** Calls back once, when Celery is seen. */
export function watchForCelery(seen: (where: string) => void): vscode.Disposable {
  const listeners: vscode.Disposable[] = [];
  let timer: NodeJS.Timeout | undefined;
  let done = false;

  const stop = () => {
    done = true;
    clearTimeout(timer);
    for (const listener of listeners.splice(0)) {
      listener.dispose();
    }
  };
  const found = (where: string) => {
    if (!done) {
      stop();
      seen(where);
    }
  };
  const lookAt = (document: vscode.TextDocument) => {
    if (!done && mentions(document)) {
      found(document.uri.fsPath);
    }
  };
  const lookAtFolders = async () => {
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      const where = done ? undefined : await dependency(folder);
      if (where !== undefined) {
        return found(where);
      }
    }
  };

  listeners.push(
    vscode.workspace.onDidOpenTextDocument(lookAt),
    vscode.workspace.onDidSaveTextDocument(lookAt),
    vscode.workspace.onDidChangeWorkspaceFolders(() => void lookAtFolders()),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document.languageId === "python") {
        clearTimeout(timer);
        timer = setTimeout(() => lookAt(document), QUIET);
      }
    }),
  );
  vscode.workspace.textDocuments.forEach(lookAt);
  if (!done) {
    void lookAtFolders();
  }
  return new vscode.Disposable(stop);
}

function mentions(document: vscode.TextDocument): boolean {
  if (document.uri.scheme !== "file" && document.uri.scheme !== "untitled") {
    return false; // what is shown beside the file: git's version of it, a chat's proposal
  }
  if (document.languageId === "python") {
    const end = document.positionAt(LOOKED_AT);
    return pythonMentionsCelery(document.getText(new vscode.Range(0, 0, end.line, end.character)));
  }
  const name = path.basename(document.uri.fsPath);
  const isOfDependencies = /^(pyproject\.toml|celeryls\.toml|Pipfile|setup\.cfg)$/.test(name);
  return (
    (isOfDependencies || /requirements/.test(document.uri.fsPath)) &&
    dependenciesMentionCelery(name, document.getText())
  );
}

async function dependency(folder: vscode.WorkspaceFolder): Promise<string | undefined> {
  const pattern = new vscode.RelativePattern(folder, DEPENDENCY_FILES);
  for (const uri of await vscode.workspace.findFiles(pattern, undefined, MOST_FILES)) {
    try {
      const { size } = await vscode.workspace.fs.stat(uri);
      if (size <= MOST_BYTES) {
        const text = Buffer.from(await vscode.workspace.fs.readFile(uri)).toString("utf-8");
        if (dependenciesMentionCelery(path.basename(uri.fsPath), text)) {
          return uri.fsPath;
        }
      }
    } catch {
      // Gone meanwhile, or not readable: then it says nothing.
    }
  }
  return undefined;
}
