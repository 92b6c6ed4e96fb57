"""How the server starts and ends."""

import asyncio
import json
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pytest_lsp import client_capabilities

from tests.lsp.driver import Editor, make_client, until

COMMAND = [sys.executable, "-m", "celeryls", "server"]


def message(method: str, params: dict[str, Any], **more: Any) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **more}).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


HELLO = message("initialize", {"capabilities": {}, "processId": None}, id=1) + message(
    "initialized", {}
)


@pytest.mark.parametrize("said", [b"", HELLO])
def test_it_ends_when_its_input_ends(said: bytes, tmp_path: Path) -> None:
    done = subprocess.run(
        COMMAND, input=said, cwd=tmp_path, capture_output=True, check=False, timeout=15
    )
    assert done.returncode == 0
    assert done.stderr == b""
    assert (b'"serverInfo"' in done.stdout) is bool(said)


def test_it_ends_when_told_to(tmp_path: Path) -> None:
    said = HELLO + message("shutdown", {}, id=2) + message("exit", {})
    done = subprocess.run(
        COMMAND, input=said, cwd=tmp_path, capture_output=True, check=False, timeout=15
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_what_comes_before_or_after_a_session_is_refused(tmp_path: Path) -> None:
    """LSP, "Initialize Request" and "Shutdown Request"."""
    uri = (tmp_path / "tasks.py").as_uri()
    document = {"uri": uri, "languageId": "python", "version": 1, "text": "import celery\n"}
    asked = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 0}}
    said = [
        message("textDocument/didOpen", {"textDocument": document}),
        message("textDocument/hover", asked, id=8),
        HELLO,
        message("textDocument/documentSymbol", {"textDocument": {"uri": uri}}, id=2),
        message("shutdown", {}, id=3),
        message("textDocument/hover", asked, id=9),
        message("celeryls/view", {}, id=10),
        message("exit", {}),
    ]
    done = subprocess.run(
        COMMAND, input=b"".join(said), cwd=tmp_path, capture_output=True, check=False, timeout=15
    )
    assert (done.returncode, done.stderr) == (0, b"")
    bodies = [part for part in re.split(rb"Content-[^\n]*\r\n|\r\n", done.stdout) if part]
    answers = {a["id"]: a for a in map(json.loads, bodies) if "method" not in a}
    codes = {id_: a["error"]["code"] for id_, a in answers.items() if "error" in a}
    assert {8: -32002, 9: -32600, 10: -32600}.items() <= codes.items()
    assert "result" in answers[1]
    assert "result" in answers[3]


async def test_over_tcp(root: Path) -> None:
    tasks = root / "tasks.py"
    tasks.write_text("from celery import shared_task\n\n\n@shared_task\ndef f(x): ...\n")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        *COMMAND, "--tcp", f"{port}", stderr=asyncio.subprocess.PIPE
    )
    client = make_client()
    try:

        def listens() -> bool:
            with socket.socket() as probe:
                # Looks at the port without connecting: a server serves one client.
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    return True
                return False

        await until(listens, "the server to listen")
        await client.start_tcp("127.0.0.1", port)
        editor = Editor(client, client_capabilities("emacs"))
        await editor.connect([root])
        assert await editor.codes(editor.open(tasks)) == ["CEL101", "CEL102"]
        await client.shutdown_async(None)
        client.exit(None)
        await asyncio.wait_for(process.wait(), 10)
        assert process.stderr is not None
        assert await process.stderr.read() == b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
