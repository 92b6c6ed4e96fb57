import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");

it("starts and loads nothing where there is no Celery", { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "celeryls-"));
  const run = (...args: string[]) =>
    execFileSync(process.execPath, args, { cwd: ROOT, encoding: "utf-8" });
  run("esbuild.mjs", "--production", "--quiet", `--outdir=${folder}`);
  const found = JSON.parse(run("scripts/activation.mjs", folder));
  expect(found.processes).toEqual([]);
  expect(found.clientLoaded).toBe(false);
});
