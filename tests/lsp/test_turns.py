"""Documents that are checked leave room for questions.  The server runs in this process."""

import threading
from pathlib import Path
from typing import Any

import pytest

import celeryls.engine
from tests.lsp.driver import until
from tests.lsp.test_isolation import TASK, Wire, wire

__all__ = ["wire"]  # the fixture
MANY = 12


async def test_questions_and_the_one_that_is_typed_in_need_not_wait(
    wire: Wire, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = celeryls.engine.check_file
    go_on, begun = threading.Event(), threading.Event()
    typed = root / "m0.py"

    def slowly(project: Any, path: str, *rest: Any) -> Any:
        if path != str(typed):
            begun.set()
            assert go_on.wait(20)
        return really(project, path, *rest)

    monkeypatch.setattr(celeryls.engine, "check_file", slowly)
    uris = [(root / f"m{at}.py").as_uri() for at in range(MANY)]
    for uri in uris[1:]:
        wire.open(uri, TASK)
    await until(begun.is_set)

    def checked() -> set[str]:
        said = [m for m in wire.sent if m.get("method") == "textDocument/publishDiagnostics"]
        return {str(m["params"]["uri"]) for m in said}

    try:
        wire.open(uris[0], TASK)
        assert (await wire.answer(wire.actions(uris[0], 4)))["result"]
        assert not checked()
        document = {"uri": uris[0], "version": 2}
        change = {"textDocument": document, "contentChanges": [{"text": f"{TASK}\n"}]}
        wire.notify("textDocument/didChange", change)
        await until(lambda: checked() == {uris[0]})
    finally:
        go_on.set()
    await until(lambda: checked() == set(uris))
