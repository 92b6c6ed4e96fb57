// How long the extension's own code takes until it is active: loading the bundle, and activate().
//
//   node scripts/activation.mjs [FOLDER]     the folder of extension.js, dist by default
//
// Each run is a new process, with a stand-in for VS Code's API that answers anything at once. So
// this is what we add to the start of an editor; what VS Code does with it is not in it. Prints the
// median, and what was loaded or started although there is no Celery.
import { execFileSync } from "node:child_process";
import Module, { createRequire } from "node:module";
import { resolve } from "node:path";

const RUNS = 11;
const [, script, folder = "dist", once] = process.argv;

if (once === undefined) {
  const args = [script, resolve(folder), "once"];
  const runs = Array.from({ length: RUNS }, () =>
    JSON.parse(execFileSync(process.execPath, args, { encoding: "utf-8" })),
  );
  const times = runs.map((run) => run.milliseconds).sort((one, other) => one - other);
  console.log(
    JSON.stringify({
      milliseconds: times[Math.floor(RUNS / 2)],
      slowest: times[RUNS - 1],
      processes: runs[0].processes,
      clientLoaded: runs[0].clientLoaded,
    }),
  );
} else {
  measure();
}

function measure() {
  const require = createRequire(import.meta.url);
  const processes = [];
  for (const name of ["spawn", "execFile", "exec", "fork"]) {
    const real = require("node:child_process")[name];
    require("node:child_process")[name] = (...args) => {
      processes.push(String(args[0]));
      return real(...args);
    };
  }
  const load = Module._load;
  const vscode = standIn();
  Module._load = (name, ...rest) => (name === "vscode" ? vscode : load(name, ...rest));
  const before = performance.now();
  const extension = require(`${folder}/extension.js`);
  extension.activate({
    subscriptions: [],
    extension: { packageJSON: require("../package.json") },
    extensionPath: resolve(folder, ".."),
    asAbsolutePath: (path) => resolve(folder, "..", path),
    globalState: anything(),
    workspaceState: anything(),
  });
  const milliseconds = Math.round((performance.now() - before) * 10) / 10;
  // What it does as soon as it may, when nothing mentions Celery.
  setTimeout(() => {
    const clientLoaded = Object.keys(require.cache).some((path) => path.endsWith("client.js"));
    process.stdout.write(JSON.stringify({ milliseconds, processes, clientLoaded }));
    process.exit(0);
  }, 300);
}

/** A workspace with one Python file that has nothing to do with Celery. */
function standIn() {
  const document = {
    languageId: "python",
    uri: { scheme: "file", fsPath: "/shop/views.py" },
    positionAt: () => ({ line: 2, character: 0 }),
    getText: () => "import os\n\n",
  };
  const folder = { name: "shop", index: 0, uri: { scheme: "file", fsPath: "/shop" } };
  const workspace = anything({
    textDocuments: [document],
    workspaceFolders: [folder],
    isTrusted: true,
    findFiles: async () => [],
    getConfiguration: () => ({ get: () => undefined, inspect: () => undefined }),
  });
  return anything({ workspace });
}

/** Can be read, called and constructed, and is again such a thing. */
function anything(known = {}) {
  const target = class {};
  const made = new Proxy(target, {
    get: (_, name) => {
      if (name in known) {
        return known[name];
      }
      if (name === "prototype") {
        return target.prototype;
      }
      return name === "then" || typeof name === "symbol" ? undefined : anything();
    },
    apply: () => anything(),
    construct: (_, args, by) => (by === made ? anything() : Reflect.construct(Base, args, by)),
    set: () => true,
    // A bundle makes a module of its own from this one's prototype and keys.
    getPrototypeOf: () => made,
  });
  return made;
}

/** What a class that extends something of VS Code's gets from it. */
function Base() {}
