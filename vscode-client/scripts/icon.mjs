// media/icon.png from media/icon.svg, by the canvas of a Chromium: node scripts/icon.mjs [chromium]
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const media = join(import.meta.dirname, "..", "media");
const folder = mkdtempSync(join(tmpdir(), "icon-"));
try {
  const svg = readFileSync(join(media, "icon.svg")).toString("base64");
  const page = join(folder, "icon.html");
  writeFileSync(
    page,
    `<canvas id="c" width="128" height="128"></canvas><pre id="png"></pre><script>
const image = new Image();
image.onload = () => {
  c.getContext("2d").drawImage(image, 0, 0, 128, 128);
  png.textContent = c.toDataURL("image/png");
};
image.src = "data:image/svg+xml;base64,${svg}";
</script>`,
  );
  const dom = execFileSync(
    process.argv[2] ?? "chromium",
    [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--virtual-time-budget=5000",
      `--user-data-dir=${join(folder, "profile")}`,
      "--dump-dom",
      pathToFileURL(page).href,
    ],
    { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
  );
  const found = /data:image\/png;base64,([A-Za-z0-9+/=]+)</.exec(dom)?.[1];
  if (found === undefined) {
    throw new Error("the page has drawn nothing");
  }
  writeFileSync(join(media, "icon.png"), Buffer.from(found, "base64"));
} finally {
  rmSync(folder, { recursive: true });
}
