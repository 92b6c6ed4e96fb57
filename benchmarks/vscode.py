"""In VS Code itself: from opening a file to its first squiggle, and memory after typing.

    make bench-vscode

The workspace is weblate.  What is opened are copies of its task module of 777 lines, with a
mistake on the first page, so that the squiggle is where one looks.  The clock runs in the page:
from the Enter in quick open to the first squiggle in the editor, the debounce included.  The
first file of a window is left out, since then the server reads the workspace.  Then keys are
typed for a minute, and the memory of the extension host and of the server is read; for
comparison that of an extension host in a folder without Celery, where there is no server.  The
extension's own start, without VS Code, is measured by `vscode-client/scripts/activation.mjs`.
Exits 1 where the median is over a second, or that start over 50 ms.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from projects import CORPUS, copy

sys.path.insert(0, str(CORPUS.parent))

from tests.workbench import running
from tests.workbench.conftest import CHROMIUM
from tests.workbench.projects import PLAIN, written
from tests.workbench.window import Window

LIMIT = 1.0
"""Seconds."""
START = 50
"""Milliseconds."""
OPENED = 15
MINUTE = 60
KEYS_A_SECOND = 5
MODULE = "weblate/weblate/trans/tasks.py"
MISTAKE = """\
from celery import shared_task


@shared_task(max_retires=5)
def measured_{number}() -> None:
    pass


"""
CLOCK = """() => {
  window.measured = undefined;
  window.addEventListener("keydown", () => {
    const began = performance.now();
    const watcher = new MutationObserver(() => {
      if (document.querySelector(".squiggly-warning, .squiggly-error") !== null) {
        watcher.disconnect();
        window.measured = performance.now() - began;
      }
    });
    watcher.observe(document.body, {subtree: true, childList: true, attributes: true});
  }, {capture: true, once: true});
}"""


def first_squiggle(window: Window, name: str) -> float:
    """Seconds from opening a file to its first squiggle."""
    window.press("Control+k", "w")  # close all editors
    window.page.locator(".tab").first.wait_for(state="detached")
    window.look_up("Control+p", "", name, window.quick_rows.filter(has_text=name).first)
    window.page.evaluate(CLOCK)
    window.press("Enter")
    window.page.wait_for_function("window.measured !== undefined")
    return float(window.page.evaluate("window.measured")) / 1000


def type_for(window: Window, seconds: float) -> int:
    """Type lines into the task that is open, as somebody would; how many keys."""
    window.cursor(6, 5)
    window.press("End")
    keys = 0
    line = "\nmeasured = component_removal.delay(pk, uid, name=1)"
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        for key in line:
            window.type(key)
            window.page.wait_for_timeout(1000 / KEYS_A_SECOND)
            keys += 1
            if time.monotonic() > ends:
                break
    return keys


def megabytes(pids: list[int]) -> float:
    """The resident memory of processes."""
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids)
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def hosts(server: running.CodeServer) -> list[int]:
    return server.processes("--type=extensionHost")


def activation(folder: Path) -> float:
    """Milliseconds that loading the installed extension and activating it take, in the median."""
    (bundles,) = folder.glob("*/dist")
    script = running.ROOT / "vscode-client/scripts/activation.mjs"
    done = subprocess.run([running.NODE, script, bundles], check=True, capture_output=True)
    return float(json.loads(done.stdout)["milliseconds"])


def measure(new_window: Callable[[], Window], server: running.CodeServer, root: Path) -> int:
    idle = new_window()
    idle.open(server.url(written(root / "plain", PLAIN)))
    idle.open_file("plain/core.py")
    idle.page.wait_for_timeout(5000)
    alone = hosts(server)
    print(f"extension host, no Celery: {megabytes(alone):.0f} MB")

    work = root / "work"
    folder = copy("weblate", work)
    text = (folder.parent / MODULE).read_text("utf-8")
    for number in range(OPENED + 1):
        target = (folder.parent / MODULE).with_name(f"measured_{number}.py")
        target.write_text(MISTAKE.format(number=number) + text, "utf-8")
    window = new_window()
    window.open(server.url(work))
    window.open_file("measured_0.py")
    window.squiggles.first.wait_for(timeout=120_000)
    window.page.wait_for_timeout(5000)
    seconds = [first_squiggle(window, f"measured_{number + 1}.py") for number in range(OPENED)]
    median = statistics.median(seconds)
    print(
        f"from opening a file to its first squiggle: median {median * 1000:.0f} ms, "
        f"{min(seconds) * 1000:.0f} to {max(seconds) * 1000:.0f} ms"
    )
    keys = type_for(window, MINUTE)
    files = sum(1 for _ in work.rglob("*.py"))
    print(f"after {keys} keys in {MINUTE} s, in {files} files:")
    print(f"  extension host: {megabytes([p for p in hosts(server) if p not in alone]):.0f} MB")
    print(f"  server: {megabytes(server.servers()):.0f} MB")
    return int(median > LIMIT)


def main() -> int:
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        root = Path(name)
        running.install(running.vsix(), root / "extensions", root / "install")
        start = activation(root / "extensions")
        print(f"the extension's own start: {start:.0f} ms")
        (root / "home").mkdir()
        server = running.start(root / "home", extensions=root / "extensions")
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM
        )

        def new_window() -> Window:
            size = {"width": 1280, "height": 800}
            return Window(browser.new_context(viewport=size).new_page(), None)  # type: ignore[arg-type]

        try:
            return max(measure(new_window, server, root), int(start > START))
        finally:
            browser.close()
            server.stop()


if __name__ == "__main__":
    raise SystemExit(main())
