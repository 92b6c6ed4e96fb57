"""Hovers, as clients ask for them."""

from pathlib import Path

import pytest
from lsprotocol import types

from tests.lsp.buffers import position_at
from tests.lsp.conftest import Start
from tests.lsp.driver import CLIENTS, Editor

TASKS = """\
from celery import shared_task


@shared_task(name="🛒.refund", acks_late=True)
def refund(order_id): return order_id


"🛒🛒"; refund.delay(1)
"""


async def _at(editor: Editor, uri: str, marked: str) -> types.Hover | None:
    """The hover at the « in a piece of the document, which is there once."""
    before = marked.index("«")
    offset = editor.text(uri).index(marked.replace("«", "")) + before
    position = position_at(editor.text(uri), offset, editor.buffers.encoding)
    return await editor.client.text_document_hover_async(
        types.HoverParams(types.TextDocumentIdentifier(uri), position)
    )


def _under(editor: Editor, uri: str, found: types.Hover) -> str:
    assert found.range is not None
    return editor.under(uri, found.range)


@pytest.mark.parametrize("client", CLIENTS)
async def test_a_task_behind_an_emoji(edit: Start, root: Path, client: str) -> None:
    editor: Editor = await edit(client, root)
    uri = editor.open(root / "tasks.py", TASKS)
    found = await _at(editor, uri, '"; ref«und.delay')
    assert found is not None
    assert _under(editor, uri, found) == "refund"
    assert isinstance(found.contents, types.MarkupContent)
    assert "🛒.refund" in found.contents.value
    assert "acks_late=True" in found.contents.value
    assert await _at(editor, uri, '"«🛒🛒"; refund.delay') is None


async def test_markdown_has_links(edit: Start, root: Path) -> None:
    editor: Editor = await edit("visual_studio_code", root)
    uri = editor.open(root / "tasks.py", TASKS)
    found = await _at(editor, uri, "def «refund")
    assert found is not None
    assert isinstance(found.contents, types.MarkupContent)
    assert found.contents.kind is types.MarkupKind.Markdown
    assert f"**Callers** 1: [`tasks.py:8`]({uri}#L8)" in found.contents.value


async def test_a_client_that_takes_no_markdown_gets_plain_text(edit: Start, root: Path) -> None:
    editor: Editor = await edit(types.ClientCapabilities(), root)
    uri = editor.open(root / "tasks.py", TASKS)
    found = await _at(editor, uri, "def «refund")
    assert found is not None
    assert isinstance(found.contents, types.MarkupContent)
    assert found.contents.kind is types.MarkupKind.PlainText
    assert "- Callers 1: tasks.py:8" in found.contents.value.splitlines()


async def test_it_is_there_while_a_line_is_half_typed(edit: Start, root: Path) -> None:
    editor: Editor = await edit("visual_studio_code", root)
    uri = editor.open(root / "tasks.py", TASKS)
    editor.replace(uri, '"🛒🛒"; refund.delay(1)', "refund.delay(\n\n'🛒'; refund.delay(2)")
    found = await _at(editor, uri, "; ref«und.delay(2)")
    assert found is not None
    assert _under(editor, uri, found) == "refund"


async def test_they_can_be_turned_off(edit: Start, root: Path) -> None:
    editor: Editor = await edit("visual_studio_code", root, settings={"hover": False})
    uri = editor.open(root / "tasks.py", TASKS)
    await editor.diagnostics(uri)
    assert await _at(editor, uri, "def «refund") is None
