"""Document and workspace symbols, as clients ask for them."""

from pathlib import Path

import pytest
from lsprotocol import types

from tests.lsp.conftest import Start
from tests.lsp.driver import CLIENTS, Editor

TASKS = """\
from celery import shared_task


@shared_task(name="🛒.refund")
def refund(order_id): return order_id


"🛒"; entries = {"🛒 nightly": {"task": "🛒.refund", "schedule": 30}}
"""


async def _outline(editor: Editor, uri: str) -> list[types.DocumentSymbol]:
    found = await editor.client.text_document_document_symbol_async(
        types.DocumentSymbolParams(types.TextDocumentIdentifier(uri))
    )
    return [symbol for symbol in found or () if isinstance(symbol, types.DocumentSymbol)]


@pytest.mark.parametrize("client", CLIENTS)
async def test_the_outline_of_a_file(edit: Start, root: Path, client: str) -> None:
    editor: Editor = await edit(client, root)
    uri = editor.open(root / "tasks.py", TASKS)
    refund, nightly = await _outline(editor, uri)
    assert (refund.name, refund.detail) == ("refund", "🛒.refund")
    assert editor.under(uri, refund.selection_range) == "refund"
    assert editor.under(uri, refund.range).startswith("@shared_task(")
    assert (nightly.name, nightly.detail) == ("🛒 nightly", "every 30 seconds")
    assert editor.under(uri, nightly.range) == '{"task": "🛒.refund", "schedule": 30}'


async def test_a_client_without_trees_gets_a_list(edit: Start, root: Path) -> None:
    editor: Editor = await edit(types.ClientCapabilities(), root)
    uri = editor.open(root / "tasks.py", TASKS)
    found = await editor.client.text_document_document_symbol_async(
        types.DocumentSymbolParams(types.TextDocumentIdentifier(uri))
    )
    first, second = found or ()
    assert isinstance(first, types.SymbolInformation)
    assert (first.name, first.location.uri, second.name) == ("refund", uri, "🛒 nightly")
    assert editor.under(uri, first.location.range) == "refund"


async def test_a_half_typed_file_keeps_its_outline(edit: Start, root: Path) -> None:
    editor: Editor = await edit("visual_studio_code", root)
    uri = editor.open(root / "tasks.py", TASKS)
    editor.replace(uri, '"🛒"; entries', "x = charge(\n\nentries")
    names = [symbol.name for symbol in await _outline(editor, uri)]
    assert names == ["refund", "🛒 nightly"]


async def test_a_search_in_all_folders_sees_files_and_documents(
    edit: Start, root: Path, tmp_path: Path
) -> None:
    (root / "tasks.py").write_text(TASKS, encoding="utf-8")
    other = tmp_path / "other"
    other.mkdir()
    (other / "jobs.py").write_text("from celery import shared_task\n")
    editor: Editor = await edit("visual_studio_code", root, other)
    text = "from celery import shared_task\n'🛒'\n@shared_task\ndef refund(): ...\n"
    jobs = editor.open(other / "jobs.py", text)
    found = await editor.client.workspace_symbol_async(types.WorkspaceSymbolParams("refund"))
    places = {}
    for symbol in found or ():
        assert isinstance(symbol.location, types.Location)
        places[symbol.name] = symbol.location
    assert places.keys() == {"🛒.refund", "jobs.refund"}
    assert editor.under(jobs, places["jobs.refund"].range) == "refund"
    assert places["🛒.refund"].uri == (root / "tasks.py").as_uri()
    assert places["🛒.refund"].range.start == types.Position(4, 4)
