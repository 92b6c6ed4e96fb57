// The language client. A bundle of its own, since loading it takes most of the time that the
// extension needs to start.
import * as vscode from "vscode";
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  type Middleware,
  RevealOutputChannelOn,
  type StaticFeature,
} from "vscode-languageclient/node";
import { INPUT_TYPES } from "./protocol";

export interface Wanted {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: vscode.LogOutputChannel;
  readonly initializationOptions: unknown;
  readonly middleware: Middleware;
  /** The server has ended by itself. */
  readonly onCrash: () => void;
}

/** What goes wrong with the connection is in the log, and nothing that a user can act on. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

export function makeClient(wanted: Wanted): LanguageClient {
  const client = new QuietClient(
    "celeryls",
    "Celery",
    {
      command: wanted.command,
      args: [...wanted.args],
      options: { cwd: wanted.cwd, env: wanted.env },
    },
    {
      documentSelector: [
        { language: "python", scheme: "file" },
        { language: "python", scheme: "untitled" },
        // What an action may edit beside Python: the server has to know of unsaved changes there.
        {
          scheme: "file",
          pattern: "**/{pyproject.toml,celeryls.toml,Pipfile,setup.cfg,requirements*.{txt,in}}",
        },
        { scheme: "file", pattern: "**/{requirements/*.{txt,in},.gitignore}" },
      ],
      outputChannel: wanted.log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: wanted.initializationOptions,
      middleware: wanted.middleware,
      // Whether it starts again is decided in server.ts; nothing here is the user's to act on.
      initializationFailedHandler: () => false,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => {
          wanted.onCrash();
          return {
            action: CloseAction.DoNotRestart,
            handled: true,
            message: vscode.l10n.t("The server has ended."),
          };
        },
      },
    },
  );
  client.registerFeature(asksQuestions);
  return client;
}

const asksQuestions: StaticFeature = {
  getState: () => ({ kind: "static" }),
  fillClientCapabilities: (capabilities) => {
    capabilities.experimental = {
      ...(capabilities.experimental as object | undefined),
      interactiveResolve: { inputTypes: [...INPUT_TYPES] },
    };
  },
  initialize: () => undefined,
  clear: () => undefined,
};
