// The server's view, asked for when somebody looks at it, and again when it has changed.
import * as vscode from "vscode";
import type { Host } from "../host";
import type { View } from "./shapes";

/** What the welcome texts of package.json go by. */
export type Condition = "idle" | "failed" | "empty" | "filled";

const CHANGED = "celeryls/changed";
const QUIET_MS = 250;

export class Changes implements vscode.Disposable {
  readonly #fired = new vscode.EventEmitter<void>();
  /** Fires when what the server says of the workspace may be another. */
  readonly event = this.#fired.event;
  readonly #subscriptions: vscode.Disposable[] = [];
  #notification: vscode.Disposable | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(host: Host) {
    const listen = (client: Host["client"]) => {
      this.#notification?.dispose();
      this.#notification = client?.onNotification(CHANGED, () => this.soon());
      this.soon();
    };
    this.#subscriptions.push(host.onDidChangeClient(listen));
    if (host.client !== undefined) {
      listen(host.client);
    }
  }

  /** Fire once it is quiet. */
  soon(after = QUIET_MS): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fired.fire(), after);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#notification?.dispose();
    vscode.Disposable.from(...this.#subscriptions, this.#fired).dispose();
  }
}

export class Store {
  #pending: Promise<View | undefined> | undefined;
  #last: View | undefined;
  #asked = false;

  constructor(private readonly host: Host) {}

  /** Ask again the next time. */
  forget(): void {
    this.#pending = undefined;
  }

  /** Ask again now; whether the answer is another than the one that was given out before. */
  async renewed(): Promise<boolean> {
    const before = JSON.stringify(await (this.#pending ?? this.#last));
    this.forget();
    return JSON.stringify(await this.get()) !== before;
  }

  /** The view; `undefined` without a server.  The last one while there is none any more. */
  get(): Promise<View | undefined> {
    this.#pending ??= this.#ask();
    return this.#pending;
  }

  async #ask(): Promise<View | undefined> {
    // Looking at the view starts the server, once: what keeps ending is left alone.
    const client = this.host.client ?? (this.#asked ? undefined : await this.host.ready());
    this.#asked = true;
    if (client === undefined) {
      return this.#last;
    }
    try {
      this.#last = await client.sendRequest<View>("celeryls/view", {});
    } catch (error) {
      this.host.log.warn("There is no view:", String(error));
    }
    return this.#last;
  }
}
