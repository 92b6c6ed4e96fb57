// The Python extension, if it is there.
import * as vscode from "vscode";
import type { Environment } from "./core/activated";
import { LATE, withinOrLater } from "./core/patience";

const ID = "ms-python.python";
/** Milliseconds to wait for it: it may be looking for environments on a slow disk. */
const PATIENCE = 10_000;

/** The part of its API that is used here. */
interface PythonApi {
  readonly environments: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
    resolveEnvironment(environment: { readonly path: string }): Promise<Resolved | undefined>;
    readonly onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
  };
}

interface Resolved {
  readonly executable: { readonly uri?: vscode.Uri; readonly sysPrefix?: string };
  /** Absent for a Python that is no environment. */
  readonly environment?: unknown;
}

export class PythonExtension {
  readonly #changed = new vscode.EventEmitter<void>();
  /**
   * Another environment was selected, or is known at last. Fires only once the extension has been
   * asked.
   */
  readonly onDidChange = this.#changed.event;
  #subscription: vscode.Disposable | undefined;

  constructor(private readonly log: vscode.LogOutputChannel) {}

  static get isInstalled(): boolean {
    return vscode.extensions.getExtension(ID) !== undefined;
  }

  /** The environment that is active for a folder, or for the whole window. */
  async active(folder: vscode.Uri | undefined): Promise<Environment | undefined> {
    const late = () => this.#changed.fire();
    try {
      const found = await withinOrLater(this.#ask(folder), PATIENCE, late);
      if (found === LATE) {
        const seconds = PATIENCE / 1000;
        this.log.warn(`The Python extension does not answer within ${seconds} seconds.`);
        return undefined;
      }
      return found;
    } catch (error) {
      this.log.warn("The Python extension names no environment:", error);
      return undefined;
    }
  }

  async #ask(folder: vscode.Uri | undefined): Promise<Environment | undefined> {
    const api = await this.#load();
    if (api === undefined) {
      return undefined;
    }
    const path = api.environments.getActiveEnvironmentPath(folder);
    const resolved = await api.environments.resolveEnvironment(path);
    const python = resolved?.executable.uri?.fsPath;
    if (python === undefined) {
      return undefined;
    }
    return {
      python,
      folder: resolved?.environment === undefined ? undefined : resolved.executable.sysPrefix,
    };
  }

  dispose(): void {
    this.#subscription?.dispose();
    this.#changed.dispose();
  }

  async #load(): Promise<PythonApi | undefined> {
    // Asked anew each time: it may have been installed, or enabled, meanwhile.
    const extension = vscode.extensions.getExtension<PythonApi>(ID);
    const api = await extension?.activate();
    if (api?.environments === undefined) {
      return undefined;
    }
    const fire = () => this.#changed.fire();
    this.#subscription ??= api.environments.onDidChangeActiveEnvironmentPath(fire);
    return api;
  }
}
