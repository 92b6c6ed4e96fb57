"""What goes wrong in one place stays there.  The server runs in this process."""

import asyncio
import json
import logging
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from celeryls.ide import actions, snippets
from celeryls.ide.vocabulary import CREATE_TASK_COMMAND
from celeryls.lsp import diagnostics
from celeryls.lsp.server import CelerylsServer, Token, create_server
from celeryls.lsp.session import Session
from tests.lsp.driver import until

TASK = "from celery import shared_task\n\n\n@shared_task\ndef charge(order_id):\n    return 1\n"


class Wire:
    """Messages to and from a server, as JSON."""

    def __init__(self, server: CelerylsServer) -> None:
        self.server = server
        self.sent: list[dict[str, Any]] = []
        self._id = 0
        server.protocol.set_writer(self)  # type: ignore[no-untyped-call]

    def write(self, data: bytes) -> None:
        self.sent.append(json.loads(data.partition(b"\r\n\r\n")[2]))

    def close(self) -> None: ...

    def notify(self, method: str, params: Any) -> None:
        self._receive({"jsonrpc": "2.0", "method": method, "params": params})

    def ask(self, method: str, params: Any) -> int:
        self._id += 1
        self._receive({"jsonrpc": "2.0", "id": self._id, "method": method, "params": params})
        return self._id

    async def answer(self, request: int) -> dict[str, Any]:
        def found() -> list[dict[str, Any]]:
            return [m for m in self.sent if m.get("id") == request and "method" not in m]

        answers: list[dict[str, Any]] = await until(found, f"the answer to {request}")
        return answers[0]

    def _receive(self, content: dict[str, Any]) -> None:
        protocol: Any = self.server.protocol
        protocol.handle_message(protocol.structure_message(content))

    def methods(self) -> list[str]:
        return [str(item["method"]) for item in self.sent if "method" in item]

    def open(self, uri: str, text: str) -> None:
        item = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def actions(self, uri: str, line: int) -> int:
        at = {"line": line, "character": 4}
        return self.ask(
            "textDocument/codeAction",
            {
                "textDocument": {"uri": uri},
                "range": {"start": at, "end": at},
                "context": {"diagnostics": []},
            },
        )

    def complete(self, uri: str) -> int:
        at = {"line": 6, "character": 0}
        return self.ask("textDocument/completion", {"textDocument": {"uri": uri}, "position": at})


@pytest.fixture
async def wire(root: Path) -> AsyncIterator[Wire]:
    found = Wire(create_server())
    folders = [{"uri": root.as_uri(), "name": "shop"}]
    request = found.ask(
        "initialize", {"capabilities": {}, "processId": None, "workspaceFolders": folders}
    )
    await found.answer(request)
    found.notify("initialized", {})
    yield found
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    found.server.shutdown()


def broken(*_: Any, **__: Any) -> Any:
    raise RuntimeError("broken on purpose")


async def test_one_kind_of_action_that_fails(
    wire: Wire, root: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    uri = (root / "tasks.py").as_uri()
    wire.open(uri, TASK)
    monkeypatch.setattr(actions.create_task, "for_undefined_call", broken)
    answer = await wire.answer(wire.actions(uri, 4))
    titles = [action["title"] for action in answer["result"]]
    assert titles[0].startswith("Add acks_late=True")
    assert "_undefined_call failed on" in caplog.text
    assert str(root / "tasks.py") in caplog.text
    assert "window/showMessage" not in wire.methods()


async def test_a_request_that_fails(
    wire: Wire, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uri = (root / "tasks.py").as_uri()
    wire.open(uri, TASK)
    monkeypatch.setattr(snippets, "snippets", broken)
    answer = await wire.answer(wire.complete(uri))
    assert answer["error"]["code"] == -32603
    assert (await wire.answer(wire.actions(uri, 4)))["result"]
    assert "window/showMessage" not in wire.methods()


async def test_a_notification_that_fails_opens_no_pop_up(
    wire: Wire, root: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    uri = (root / "tasks.py").as_uri()
    with monkeypatch.context() as patch:
        patch.setattr(Session, "open", broken)
        wire.open(uri, TASK)
    assert "broken on purpose" in caplog.text
    assert "window/showMessage" not in wire.methods()
    wire.open(uri, TASK)
    await until(lambda: "textDocument/publishDiagnostics" in wire.methods())


async def test_a_check_that_fails_is_logged_and_tried_again(
    wire: Wire, root: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    uri = (root / "tasks.py").as_uri()
    with monkeypatch.context() as patch:
        patch.setattr(diagnostics.Publisher, "_publish", broken)
        wire.open(uri, TASK)
        await until(lambda: "checking" in caplog.text)
    change = {"text": TASK + "\n"}
    document = {"uri": uri, "version": 2}
    wire.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})
    await until(lambda: "textDocument/publishDiagnostics" in wire.methods())
    assert "window/showMessage" not in wire.methods()


async def test_a_cancelled_request_stops(
    wire: Wire, root: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    uri = (root / "tasks.py").as_uri()
    wire.open(uri, TASK)
    tokens: list[Token] = []
    check = Token.check

    def slow_check(token: Token) -> None:
        tokens.append(token)
        token._event.wait(10)
        check(token)

    monkeypatch.setattr(Token, "check", slow_check)
    request = wire.actions(uri, 4)
    await until(lambda: tokens, "the request to be worked on")
    wire.notify("$/cancelRequest", {"id": request})
    answer = await wire.answer(request)
    assert answer["error"]["code"] == -32800
    assert tokens[0]._event.is_set()
    assert len(tokens) == 1, "work went on after the request was cancelled"
    assert caplog.text == ""


async def test_an_answer_that_comes_too_late_is_refused(
    wire: Wire, root: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    uri = (root / "tasks.py").as_uri()
    wire.open(uri, TASK)
    reached, go_on = threading.Event(), threading.Event()

    def slow_check(_: Token) -> None:
        reached.set()
        go_on.wait(10)

    def slow_snippets(*_: Any) -> tuple[()]:
        slow_check(Token())
        return ()

    monkeypatch.setattr(Token, "check", slow_check)
    monkeypatch.setattr(snippets, "snippets", slow_snippets)
    for version, ask in ((2, lambda: wire.actions(uri, 4)), (3, lambda: wire.complete(uri))):
        request = ask()
        await until(reached.is_set, "the request to be worked on")
        document = {"uri": uri, "version": version}
        change = {"text": "\n" * version + TASK}
        wire.notify(
            "textDocument/didChange", {"textDocument": document, "contentChanges": [change]}
        )
        go_on.set()
        assert (await wire.answer(request))["error"]["code"] == -32801
        reached.clear()
        go_on.clear()
    go_on.set()
    assert (await wire.answer(wire.actions(uri, 7)))["result"]
    assert caplog.text == ""


async def test_refusals_are_no_errors_of_ours(
    wire: Wire, root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    uri = (root / "tasks.py").as_uri()
    wire.open(uri, TASK)
    data = {"action": "convertFunction", "path": str(root / "tasks.py"), "offset": 0, "version": 7}
    stale = await wire.answer(wire.ask("codeAction/resolve", {"title": "x", "data": data}))
    assert stale["error"]["code"] == -32801
    refused = await wire.answer(
        wire.ask("codeAction/resolve", {"title": "x", "data": {**data, "version": 1}})
    )
    assert refused["error"]["code"] == -32803
    assert "There is no function here" in refused["error"]["message"]
    unasked = await wire.answer(
        wire.ask("workspace/executeCommand", {"command": CREATE_TASK_COMMAND, "arguments": []})
    )
    assert unasked["error"]["code"] == -32803
    assert caplog.text == ""
