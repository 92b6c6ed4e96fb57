"""The other ways in and out: TCP, the end of the input, requests that are given up."""

import asyncio
import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from lsprotocol import types

from tests.lsp.conftest import Start
from tests.worker.running import wait_for


def _message(**content: object) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", **content}).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


_HELLO: dict[str, Any] = {"capabilities": {}, "processId": None}


def test_the_server_speaks_tcp(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "celeryls", "server", "--tcp", str(port)]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE)

    def connected() -> socket.socket | None:
        connection = socket.socket()
        connection.settimeout(20)
        if connection.connect_ex(("127.0.0.1", port)) == 0:
            return connection
        connection.close()
        return None

    try:
        with wait_for(connected, "the server's port") as connection:
            connection.sendall(_message(id=1, method="initialize", params=_HELLO))
            answer = b""
            while b"codeActionProvider" not in answer:
                received = connection.recv(65536)
                assert received, answer
                answer += received
            connection.sendall(_message(id=2, method="shutdown") + _message(method="exit"))
            process.wait(10)
    finally:
        process.kill()
        process.wait(10)
        assert process.stderr is not None
        process.stderr.close()


def test_the_server_ends_with_its_input(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "celeryls", "server"],
        cwd=tmp_path,
        input=_message(id=1, method="initialize", params=_HELLO),
        capture_output=True,
        timeout=20,
        check=False,
    )
    assert b"codeActionProvider" in done.stdout
    assert b"Traceback" not in done.stderr


async def test_a_cancelled_request_is_given_up_and_others_answer(edit: Start, root: Path) -> None:
    path = root / "tasks.py"
    path.write_text("from celery import shared_task\n\n\n@shared_task\ndef charge(): ...\n")
    editor = await edit("visual_studio_code", root)
    uri = editor.open(path)
    await editor.diagnostics(uri)
    at = types.Range(types.Position(4, 5), types.Position(4, 5))
    params = types.CodeActionParams(
        types.TextDocumentIdentifier(uri), at, types.CodeActionContext(diagnostics=[])
    )
    protocol = editor.client.protocol
    given_up = asyncio.ensure_future(
        protocol.send_request_async(types.TEXT_DOCUMENT_CODE_ACTION, params, msg_id="given-up")
    )
    await asyncio.sleep(0)
    editor.client.cancel_request(types.CancelParams(id="given-up"))
    (outcome,) = await asyncio.gather(given_up, return_exceptions=True)
    # It may have been answered before the cancellation came; never with anything else.
    assert isinstance(outcome, list | tuple) or "cancel" in str(outcome).lower(), outcome
    assert await editor.actions(uri, "charge")
