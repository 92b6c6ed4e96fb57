// A command of the server's from its first question to its next steps.
import * as vscode from "vscode";
import { QuickUi } from "../forms/quick-ui";
import { type FormOptions, FormSession, TooManyCorrections } from "../forms/session";
import type { Host } from "../host";
import type { CommandParams, Place, Plan } from "../protocol";
import { codeOf, messageOf, REQUEST_FAILED, unlessRefused } from "./answers";
import { NextSteps } from "./next-steps";
import { PlannedTexts, preview, textOf } from "./preview";
import { newLine, outcomeOf, shellLineOf } from "./rows";
import { folderOf, runInTerminal } from "./terminal";

/** The commands that ask, and what they are called while they do. */
export const TITLES: Readonly<Record<string, string>> = {
  "celeryls.createTask": vscode.l10n.t("Create Celery task"),
  "celeryls.convertFunction": vscode.l10n.t("Convert function to task"),
  "celeryls.setUp": vscode.l10n.t("Set up Celery"),
  "celeryls.addSchedule": vscode.l10n.t("Add a schedule"),
  "celeryls.addEndpoint": vscode.l10n.t("Add an API endpoint"),
  "celeryls.addMetrics": vscode.l10n.t("Add Prometheus metrics"),
  "celeryls.addTest": vscode.l10n.t("Add a test"),
  "celeryls.runTask": vscode.l10n.t("Run task"),
};
/** What it writes is a line for a terminal. */
export const RUN_TASK = "celeryls.runTask";

export class Dialogue implements vscode.Disposable {
  readonly steps: NextSteps;
  readonly #texts = new PlannedTexts();

  constructor(private readonly host: Host) {
    this.steps = new NextSteps(host, ({ command, arguments: given }) => this.begin(command, given));
  }

  dispose(): void {
    this.#texts.dispose();
  }

  /** Whether a command is one that asks. */
  static asks(command: string): boolean {
    return Object.hasOwn(TITLES, command);
  }

  /** Ask, show, write, and say what is next.  Ends quietly wherever somebody presses Escape. */
  async begin(
    command: string,
    given: readonly unknown[] = [],
    options: FormOptions = {},
  ): Promise<void> {
    const title = TITLES[command] ?? command;
    const place = placeOf(given);
    const start: CommandParams = { command, arguments: [place, ...given.slice(1)] };
    const session = new FormSession(
      start,
      (params) => this.request("command/resolve", params),
      new QuickUi(title, { folder: folderUri(place) }),
      options,
    );
    try {
      let result = await session.run();
      while (result.kind === "done") {
        if (command === RUN_TASK) {
          await this.run(result.params, title, place);
          return;
        }
        const plan = await this.plan(result.params);
        if (plan === undefined) {
          return;
        }
        const decision = await preview(title, plan, this.#texts, session.asks);
        if (decision === "cancel") {
          return;
        }
        if (decision !== "back") {
          await this.write(result.params, plan, title);
          return;
        }
        result = await session.reopen();
      }
    } catch (error) {
      this.failed(error, title);
    }
  }

  private async request<Answer>(method: string, params: CommandParams): Promise<Answer> {
    const client = await this.host.ready();
    if (client === undefined) {
      throw new NoServer();
    }
    return client.sendRequest<Answer>(method, params);
  }

  /** The plan; `undefined` where there can be none, and the server has said why. */
  private plan(params: CommandParams): Promise<Plan | undefined> {
    return unlessRefused(
      () => this.request<Plan>("celeryls/plan", params),
      (why) => this.host.log.warn("There is no plan:", why),
    );
  }

  private async write(params: CommandParams, plan: Plan, title: string): Promise<void> {
    const first = plan.changes[0];
    const uri = first === undefined ? undefined : vscode.Uri.parse(first.uri);
    const before = uri === undefined || first?.isNew ? "" : await textOf(uri);
    const [place, ...others] = params.arguments ?? [];
    const sent = { ...params, arguments: [{ ...(place as Place), confirm: false }, ...others] };
    const raw = await unlessRefused(
      () => this.request<object>("workspace/executeCommand", sent),
      (why) => this.host.log.warn("It was not written:", why),
    );
    if (raw === undefined) {
      return;
    }
    const outcome = outcomeOf(raw);
    if (!outcome.applied) {
      vscode.window.setStatusBarMessage(vscode.l10n.t("Celery: nothing was written."), 4000);
      return;
    }
    if (uri !== undefined) {
      await this.reveal(uri, before, plan.code);
    }
    const folder = folderOf(uri ?? vscode.Uri.file(String((place as Place).path ?? "")));
    this.steps.show({ ...outcome, title, folder });
  }

  /** Show what was written.  It stays written if that fails. */
  private async reveal(uri: vscode.Uri, before: string, code: string): Promise<void> {
    try {
      const document = await vscode.workspace.openTextDocument(uri);
      const line = newLine(before, document.getText(), code);
      const at = new vscode.Range(line, 0, line, 0);
      const editor = await vscode.window.showTextDocument(document, {
        selection: at,
        preview: false,
      });
      editor.revealRange(at, vscode.TextEditorRevealType.InCenter);
    } catch (error) {
      this.host.log.warn("What was written can't be shown:", messageOf(error));
    }
  }

  private async run(params: CommandParams, title: string, place: Place): Promise<void> {
    const line = shellLineOf(await this.request<unknown>("workspace/executeCommand", params));
    if (line !== undefined) {
      const cwd = line.cwd === undefined ? folderUri(place) : vscode.Uri.file(line.cwd);
      await runInTerminal(this.host, line.title, line.command, cwd);
    } else {
      this.host.log.warn(`${title}: the server knows no line for it`);
    }
  }

  private failed(error: unknown, title: string): void {
    if (error instanceof NoServer) {
      return; // the user knows
    }
    const message = messageOf(error);
    this.host.log.warn(`${title}: ${message}`);
    if (codeOf(error) === REQUEST_FAILED) {
      return;
    }
    const shown = vscode.l10n.t("{0}: {1} Nothing was written.", title, sentence(message));
    if (error instanceof TooManyCorrections) {
      void vscode.window.showWarningMessage(shown);
    } else {
      void vscode.window.showErrorMessage(shown);
    }
  }
}

class NoServer extends Error {}

function placeOf(given: readonly unknown[]): Place {
  const first = given[0];
  return typeof first === "object" && first !== null ? { ...(first as Place) } : {};
}

function folderUri(place: Place): vscode.Uri | undefined {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (place.uri === undefined && place.path === undefined) {
    return folders[0]?.uri;
  }
  const uri = place.uri ? vscode.Uri.parse(place.uri) : vscode.Uri.file(place.path ?? "");
  return vscode.workspace.getWorkspaceFolder(uri)?.uri ?? folders[0]?.uri;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
