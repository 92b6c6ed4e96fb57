// The server's life: chosen, started, started again, given up.
import * as path from "node:path";
import { isDeepStrictEqual } from "node:util";
import * as vscode from "vscode";
import type { LanguageClient, Middleware } from "vscode-languageclient/node";
import type { Environment } from "./core/activated";
import { type Attempt, type Choice, choose, disregarded } from "./core/choice";
import { Crashes } from "./core/crashes";
import { ISOLATED, preflight } from "./core/preflight";
import type { State } from "./core/shownStatus";
import type { Host } from "./host";
import { joined } from "./middleware";
import { PythonExtension } from "./python";
import { folders, serverSettings, situation } from "./situation";
import { Status } from "./status";

/** Milliseconds that a server may take to answer `initialize`. */
const PATIENCE = 60_000;
/** Milliseconds between a crash and the next start. */
const PAUSE = 500;
/** Milliseconds of quiet before a change of settings or environment is acted on. */
const QUIET = 800;

/** How a server is started. */
interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly trusted: boolean;
  /** What runs it, in words. */
  readonly by: string;
}

export class Server implements Host, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<LanguageClient | undefined>();
  readonly onDidChangeClient = this.#changed.event;
  readonly #python: PythonExtension;
  readonly #status = new Status();
  readonly #crashes = new Crashes();
  readonly #commands = new Set<string>();
  readonly #trustedCommands = new Set<string>();
  #middleware: Middleware;
  #client: LanguageClient | undefined;
  #running: Launch | undefined;
  #choice: Choice | undefined;
  #state: State = { kind: "idle" };
  #wanted = false;
  #work: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #told: string | undefined;

  constructor(
    private readonly context: vscode.ExtensionContext,
    readonly log: vscode.LogOutputChannel,
  ) {
    this.#python = new PythonExtension(log);
    this.#middleware = {
      workspace: {
        // The server asks for `celeryls` as a whole, and gets what somebody wrote.
        configuration: (params) =>
          params.items.map((item) =>
            item.section === "celeryls"
              ? serverSettings(context, item.scopeUri ? vscode.Uri.parse(item.scopeUri) : undefined)
              : null,
          ),
      },
    };
    context.subscriptions.push(
      this.#python.onDidChange(() => this.#restartSoon("another environment was selected")),
      vscode.workspace.onDidGrantWorkspaceTrust(() =>
        this.#restartSoon("the workspace is trusted"),
      ),
      // An environment is one folder's, and no other's packages are looked for in it.
      vscode.workspace.onDidChangeWorkspaceFolders(() =>
        this.#restartSoon("other folders are open"),
      ),
      vscode.workspace.onDidChangeConfiguration((event) => {
        const names = ["celeryls.server.path", "celeryls.interpreter"];
        if (names.some((name) => event.affectsConfiguration(name))) {
          this.#restartSoon("a setting has changed");
        }
      }),
    );
  }

  get client(): LanguageClient | undefined {
    return this.#state.kind === "running" ? this.#client : undefined;
  }

  /** What was tried, and what was taken. */
  get choice(): Choice | undefined {
    return this.#choice;
  }

  get state(): State {
    return this.#state;
  }

  use(middleware: Middleware): void {
    this.#middleware = joined(this.#middleware, middleware);
  }

  offer(...commands: string[]): void {
    for (const command of commands) {
      this.#commands.add(command);
    }
  }

  offerIfTrusted(...commands: string[]): void {
    for (const command of commands) {
      this.#trustedCommands.add(command);
    }
  }

  async environmentOf(folder: vscode.Uri | undefined): Promise<Environment | undefined> {
    return vscode.workspace.isTrusted ? this.#python.active(folder) : undefined;
  }

  async ready(): Promise<LanguageClient | undefined> {
    if (this.client === undefined) {
      this.#told = undefined;
      await this.start("it is needed");
    }
    return this.client;
  }

  /** Start the server unless it runs. */
  async start(why: string): Promise<void> {
    this.#wanted = true;
    await this.#next(async () => {
      if (this.#state.kind !== "running") {
        this.log.info(`Starting the server: ${why}.`);
        await this.#launch();
      }
    });
  }

  /** Start it anew because somebody asked for it: nothing that happened before counts. */
  async restart(why: string): Promise<void> {
    this.#wanted = true;
    this.#crashes.forget();
    this.#told = undefined;
    await this.#next(async () => {
      this.log.info(`Restarting the server: ${why}.`);
      await this.#stop();
      await this.#launch();
    });
  }

  async dispose(): Promise<void> {
    this.#wanted = false;
    clearTimeout(this.#timer);
    await this.#next(() => this.#stop());
    this.#python.dispose();
    this.#status.dispose();
    this.#changed.dispose();
  }

  /** One thing after the other; what goes wrong is in the log, and the next one is done. */
  #next(work: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(work).catch((error) => {
      this.log.error("The server does not start:", error);
      this.#show({ kind: "failed", why: vscode.l10n.t("The server does not start.") });
    });
    return this.#work;
  }

  /** After a while, if it then would be started in another way than it was. */
  #restartSoon(why: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      void this.#next(async () => {
        if (!this.#wanted) {
          return;
        }
        this.log.info(`Looking for a Python again: ${why}.`);
        const launch = await this.#choose();
        if (this.#running === undefined || !isDeepStrictEqual(launch, this.#running)) {
          this.#crashes.forget();
          await this.#stop();
          await this.#launch(launch);
        } else {
          this.#show(this.#state);
        }
      });
    }, QUIET);
  }

  async #choose(): Promise<Launch | undefined> {
    let asked: Promise<Environment | undefined> | undefined;
    const active = () => {
      asked ??= this.#python.active(folders()[0]?.uri);
      return asked;
    };
    const launcher = this.context.asAbsolutePath(path.join("bundled", "launch.py"));
    const cwd = path.dirname(launcher);
    const choice = await choose(situation(active), (candidate) =>
      preflight(candidate, launcher, cwd),
    );
    this.#choice = choice;
    for (const attempt of choice.attempts) {
      this.log.info(described(attempt));
    }
    if (choice.chosen === undefined) {
      return undefined;
    }
    const { candidate, verdict } = choice.chosen;
    const trusted = vscode.workspace.isTrusted;
    const isServer = candidate.kind === "server";
    const command = isServer ? candidate.command[0] : verdict.executable;
    return {
      command,
      args: isServer ? ["server"] : [...ISOLATED, launcher, "server"],
      env: environment(trusted ? await active() : undefined),
      trusted,
      by: `${isServer ? command : `Python ${verdict.version}`} · ${candidate.origin}`,
    };
  }

  async #launch(chosen?: Launch): Promise<void> {
    this.#show({ kind: "starting" });
    const launch = chosen ?? (await this.#choose());
    if (launch === undefined) {
      const why = vscode.l10n.t("No Python from 3.10 to 3.14 was found that can run the server.");
      this.#show({ kind: "failed", why });
      void this.#tell(why);
      return;
    }
    const { makeClient } = require("./client.js") as typeof import("./client");
    const client = makeClient({
      command: launch.command,
      args: launch.args,
      cwd: this.context.asAbsolutePath("bundled"),
      env: launch.env,
      log: this.log,
      initializationOptions: {
        celeryls: serverSettings(this.context),
        trusted: launch.trusted,
        commands: [...this.#commands, ...(launch.trusted ? this.#trustedCommands : [])].sort(),
        notifyChanges: true,
      },
      middleware: this.#middleware,
      onCrash: () => this.#crashed(client),
    });
    this.#client = client;
    try {
      await within(client.start(), PATIENCE);
    } catch (error) {
      this.log.error("The server does not start:", error);
      if (this.#client === client) {
        this.#client = undefined;
        await client.dispose().catch(() => undefined);
        this.#show({ kind: "failed", why: vscode.l10n.t("The server does not start.") });
      }
      return;
    }
    if (this.#client === client) {
      const version = client.initializeResult?.serverInfo?.version ?? "";
      this.#running = launch;
      this.#show({ kind: "running", version, python: launch.by });
      this.log.info(`The server runs: celeryls ${version}, ${launch.by}.`);
      this.#changed.fire(client);
    }
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#running = undefined;
    this.#show({ kind: "idle" });
    if (client !== undefined) {
      this.#changed.fire(undefined);
      await client.dispose().catch((error) => this.log.warn("Stopping the server:", error));
    }
  }

  #crashed(client: LanguageClient): void {
    if (this.#client !== client) {
      return;
    }
    this.#client = undefined;
    this.#running = undefined;
    const again = this.#crashes.crashed();
    const why = vscode.l10n.t("The server keeps ending, and is not started again.");
    this.log.error(again ? "The server has ended, and is started again." : why);
    this.#show(again ? { kind: "starting" } : { kind: "failed", why });
    this.#changed.fire(undefined);
    setTimeout(() => {
      void this.#next(async () => {
        // The client lets go of what it registered, so that the next one can register it.
        await client.dispose().catch(() => undefined);
        if (again && this.#wanted && this.#client === undefined) {
          await this.#launch();
        }
      });
    }, PAUSE);
  }

  #show(state: State): void {
    this.#state = state;
    const ignored = this.#choice === undefined ? [] : disregarded(this.#choice);
    this.#status.show(state, ignored.map(described).join(" · ") || undefined);
  }

  /** Say that there is no good Python: something for the user to act on, so once is enough. */
  async #tell(why: string): Promise<void> {
    const attempts = JSON.stringify(this.#choice?.attempts);
    if (this.#told === attempts) {
      return;
    }
    this.#told = attempts;
    // Where the workspace is not trusted, no setting names a program.
    const [act, command] = vscode.workspace.isTrusted
      ? [vscode.l10n.t("Select Interpreter"), "celeryls.selectInterpreter"]
      : [vscode.l10n.t("Manage Workspace Trust"), "workbench.trust.manage"];
    const show = vscode.l10n.t("Show Log");
    const answer = await vscode.window.showErrorMessage(`Celery: ${why}`, act, show);
    if (answer === act) {
      await vscode.commands.executeCommand(command);
    } else if (answer === show) {
      this.log.show();
    }
  }
}

function described({ candidate, verdict }: Attempt): string {
  const what = candidate.command.join(" ");
  return verdict.ok
    ? `${candidate.origin}: ${what} is good (${verdict.version})`
    : `${candidate.origin}: ${what} ${verdict.problem}`;
}

/**
 * The environment of the server. It finds the project's packages by VIRTUAL_ENV; with several
 * folders it looks in each of them instead, since an environment is one folder's.
 */
function environment(active: Environment | undefined): NodeJS.ProcessEnv {
  const env = { ...process.env };
  if (active?.folder !== undefined && folders().length === 1) {
    env.VIRTUAL_ENV = active.folder;
  }
  return env;
}

async function within(work: Promise<void>, patience: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `no answer within ${patience / 1000} seconds`;
    timer = setTimeout(() => reject(new Error(message)), patience);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
