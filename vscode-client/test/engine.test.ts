import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");

it("is asked of VS Code what the language client needs", () => {
  const engine = (path: string): number[] =>
    JSON.parse(readFileSync(join(ROOT, path, "package.json"), "utf-8"))
      .engines.vscode.replace("^", "")
      .split(".")
      .map(Number);
  const [ours, needed] = [engine("."), engine("node_modules/vscode-languageclient")];
  expect(ours[0]).toBe(needed[0]);
  expect(ours[1]).toBeGreaterThanOrEqual(needed[1] ?? 0);
});

it("is the only question that semver is asked", () => {
  const source = readFileSync(
    join(ROOT, "node_modules/vscode-languageclient/lib/node/main.js"),
    "utf-8",
  );
  const asked = source.split("\n").filter((line) => /semver(Parse|Satisfies)\(/.test(line));
  expect(asked.map((line) => line.trim())).toEqual([
    "const codeVersion = semverParse(vscode_1.version);",
    "if (!semverSatisfies(codeVersion, REQUIRED_VSCODE_VERSION)) {",
  ]);
});
