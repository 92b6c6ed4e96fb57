// Three bundles: what is needed to wait for Celery; the language client (client.js), which costs
// most of the loading time and is loaded when it is needed; and the page of the task graph.
import { writeFile } from "node:fs/promises";
import { build, context } from "esbuild";

const production = process.argv.includes("--production");
const outdir = process.argv.find((one) => one.startsWith("--outdir="))?.slice(9) ?? "dist";

/** @type {import("esbuild").BuildOptions} */
const options = {
  entryPoints: { extension: "src/extension.ts", client: "src/client.ts" },
  outdir,
  bundle: true,
  format: "cjs",
  platform: "node",
  target: "node20",
  external: ["vscode", "./client.js"],
  alias: {
    // Its other build is of use to read files, which VS Code has done already.
    "@vscode/l10n": "@vscode/l10n/dist/browser.js",
    "semver/functions/parse": "./src/semver.cjs",
    "semver/functions/satisfies": "./src/semver.cjs",
  },
  minify: production,
  sourcemap: !production,
  metafile: true,
  legalComments: "none",
  logLevel: process.argv.includes("--quiet") ? "warning" : "info",
};

/** @type {import("esbuild").BuildOptions} */
const page = {
  ...options,
  entryPoints: { graph: "src/graph/webview/main.ts" },
  format: "iife",
  platform: "browser",
  target: "es2022",
  external: [],
};

if (process.argv.includes("--watch")) {
  await Promise.all([options, page].map(async (each) => (await context(each)).watch()));
} else {
  const results = await Promise.all([build(options), build(page)]);
  const metafile = {
    inputs: Object.assign({}, ...results.map((result) => result.metafile.inputs)),
    outputs: Object.assign({}, ...results.map((result) => result.metafile.outputs)),
  };
  // Which packages went in, for the licences: scripts/build_vsix.py reads it.
  await writeFile(`${outdir}/meta.json`, JSON.stringify(metafile));
}
