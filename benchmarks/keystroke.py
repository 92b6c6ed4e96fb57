"""From a keystroke to its diagnostics, in a task module of 777 lines of real code.

    python benchmarks/keystroke.py .corpus

The server has read weblate alone, then all the projects of the folder side by side.  Keys are
typed inside a function, and into the options of a task, which other files may depend on.  The
debounce is 0 here, since it is a choice.  Exits 1 where the median is over 60 ms, or where the
large workspace takes more than twice as long as the small one.
"""

import json
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import Any

LIMIT = 0.060
"""Seconds."""
RATIO = 2.0
KEYS = 30
SERVER = [str(Path(sysconfig.get_path("scripts")) / "celeryls"), "server"]
MODULE = "weblate/weblate/trans/tasks.py"
PLACES = {
    "in a body": "    component = Component.objects.get(",
    "in an option": "    retry_backoff=",
}


class Client:
    """As much of an editor as typing needs."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(SERVER, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.send("initialize", self._initialize(folder), number=1)
        while self.receive().get("id") != 1:
            pass
        self.send("initialized", {})

    def _initialize(self, folder: Path) -> dict[str, Any]:
        encodings = {"positionEncodings": ["utf-32"]}
        return {
            "processId": None,
            "rootUri": folder.as_uri(),
            "capabilities": {"general": encodings},
            "workspaceFolders": [{"uri": folder.as_uri(), "name": "work"}],
        }

    def send(self, method: str, params: Any, number: int | None = None) -> None:
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        body = json.dumps(message if number is None else {**message, "id": number}).encode()
        assert self._process.stdin
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def receive(self) -> dict[str, Any]:
        assert self._process.stdout
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if not length:
            raise SystemExit("the server ended")
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        return message

    def published(self, version: int) -> None:
        """Wait for the diagnostics of a version."""
        while True:
            message = self.receive()
            published = message.get("method") == "textDocument/publishDiagnostics"
            if published and message["params"].get("version") == version:
                return

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()


def measure(folder: Path) -> dict[str, list[float]]:
    """Seconds for each key, by where it is typed."""
    path = folder / MODULE
    text = path.read_text("utf-8")
    uri = path.as_uri()
    client = Client(folder)
    item = {"uri": uri, "languageId": "python", "version": 0, "text": text}
    client.send("textDocument/didOpen", {"textDocument": item})
    client.published(0)
    times: dict[str, list[float]] = {}
    version = 0
    for name, place in PLACES.items():
        line = text[: text.index(place)].count("\n")
        column = len(place)
        for _ in range(KEYS):
            for old, new in ((0, "1"), (1, "")):  # a key, and backspace
                version += 1
                change = {
                    "range": {
                        "start": {"line": line, "character": column},
                        "end": {"line": line, "character": column + old},
                    },
                    "text": new,
                }
                document = {"uri": uri, "version": version}
                began = time.perf_counter()
                client.send(
                    "textDocument/didChange",
                    {"textDocument": document, "contentChanges": [change]},
                )
                client.published(version)
                times.setdefault(name, []).append(time.perf_counter() - began)
    client.stop()
    return times


def main() -> int:
    corpus = Path(sys.argv[1])
    failed = False
    medians: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as name:
        for title, projects in (
            ("weblate", [corpus / "weblate"]),
            ("all", sorted(folder for folder in corpus.iterdir() if folder.is_dir())),
        ):
            root = Path(name) / title
            for project in projects:
                shutil.copytree(project, root / project.name, dirs_exist_ok=True)
            (root / "celeryls.toml").write_text("debounce = 0\n", "utf-8")
            files = sum(1 for _ in root.rglob("*.py"))
            for place, seconds in measure(root).items():
                median = statistics.median(seconds)
                slow = statistics.quantiles(seconds, n=20)[-1]
                medians.setdefault(place, []).append(median)
                failed = failed or median > LIMIT
                print(
                    f"{title} ({files} files), {place}: median {median * 1000:.0f} ms, "
                    f"19 of 20 under {slow * 1000:.0f} ms"
                )
    for place, (small, large) in medians.items():
        failed = failed or large / small > RATIO
        print(f"{place}: the large workspace takes {large / small:.2f} times as long")
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
