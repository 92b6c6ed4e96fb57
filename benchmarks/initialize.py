"""How long the server takes to answer `initialize`, next to a pygls server that does nothing.

    python benchmarks/initialize.py

Exits 1 where ours takes more than 1.25 times as long.
"""

import json
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

LIMIT = 1.25
PAIRS = 10
OURS = [str(Path(sysconfig.get_path("scripts")) / "celeryls"), "server"]
BARE_SOURCE = """\
from lsprotocol import types
from pygls.lsp.server import LanguageServer

server = LanguageServer("bare", "1")


@server.feature(types.TEXT_DOCUMENT_HOVER)
def hover(params):
    return None


server.start_io()
"""


def seconds(command: list[str], folder: Path) -> float:
    """From the start of the process to its answer."""
    params = {
        "processId": None,
        "rootUri": folder.as_uri(),
        "capabilities": {},
        "workspaceFolders": [{"uri": folder.as_uri(), "name": "shop"}],
    }
    request = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}
    body = json.dumps(request).encode()
    began = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin and process.stdout
    try:
        process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        process.stdin.flush()
        header = process.stdout.readline()
        took = time.perf_counter() - began
        if not header.startswith(b"Content-"):
            raise SystemExit(f"{command} did not answer")
    finally:
        process.kill()
        process.wait()
    return took


def main() -> int:
    ours, bare = [], []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, "shop")
        folder.mkdir()
        # A script, so that its parts are imported from bytecode like ours.
        script = Path(temporary, "bare.py")
        script.write_text(BARE_SOURCE, encoding="utf-8")
        command = [sys.executable, str(script)]
        seconds(OURS, folder)  # nobody's first start counts
        seconds(command, folder)
        for _ in range(PAIRS):
            ours.append(seconds(OURS, folder))
            bare.append(seconds(command, folder))
    median, least = statistics.median(ours), statistics.median(bare)
    ratio = median / least
    print(f"initialize: ours {median:.3f} s, bare pygls {least:.3f} s, ratio {ratio:.2f}")
    return 0 if ratio <= LIMIT else 1


if __name__ == "__main__":
    raise SystemExit(main())
