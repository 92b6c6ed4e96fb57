// media/icon.png from media/icon.svg, with a Chromium: node scripts/icon.mjs [chromium]
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const media = join(import.meta.dirname, "..", "media");
const profile = mkdtempSync(join(tmpdir(), "icon-"));
try {
  execFileSync(process.argv[2] ?? "chromium", [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    `--user-data-dir=${profile}`,
    "--window-size=128,128",
    "--hide-scrollbars",
    "--default-background-color=00000000",
    `--screenshot=${join(media, "icon.png")}`,
    pathToFileURL(join(media, "icon.svg")).href,
  ]);
} finally {
  rmSync(profile, { recursive: true });
}
