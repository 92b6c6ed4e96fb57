// What features of the extension are given: see features.ts.
import type * as vscode from "vscode";
import type { LanguageClient, Middleware } from "vscode-languageclient/node";
import type { Environment } from "./core/activated";

export interface Host {
  readonly log: vscode.LogOutputChannel;

  /** The client of the server that runs; `undefined` while none does. */
  readonly client: LanguageClient | undefined;

  /** Fires with the client when a server is ready, and with nothing when it has ended. */
  readonly onDidChangeClient: vscode.Event<LanguageClient | undefined>;

  /**
   * The client, started if it has to be; for what a user asks for.
   *
   * `undefined` if no server can be started. The user has been told why.
   */
  ready(): Promise<LanguageClient | undefined>;

  /** The environment that is active in the Python extension for a folder, if it is known. */
  environmentOf(folder: vscode.Uri | undefined): Promise<Environment | undefined>;

  /**
   * Take part in what the client does. To be called while features are registered.
   *
   * The client registers each command of the server as a command of VS Code; `executeCommand` is
   * where its arguments can be asked for. Two features can't have the same hook.
   */
  use(middleware: Middleware): void;

  /** Tell the server that this client has these commands, for code lenses and the like. */
  offer(...commands: string[]): void;

  /** The same of commands that run what is in the workspace: only where it is trusted. */
  offerIfTrusted(...commands: string[]): void;
}
