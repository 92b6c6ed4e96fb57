// Two bundles: what is needed to wait for Celery, and (client.js) the language client, which
// costs most of the loading time and is loaded when it is needed.
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
  minify: production,
  sourcemap: !production,
  metafile: true,
  legalComments: "none",
  logLevel: process.argv.includes("--quiet") ? "warning" : "info",
};

if (process.argv.includes("--watch")) {
  await (await context(options)).watch();
} else {
  const result = await build(options);
  // Which packages went in, for the licences: scripts/build_vsix.py reads it.
  await writeFile(`${outdir}/meta.json`, JSON.stringify(result.metafile));
}
