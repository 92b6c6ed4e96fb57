"""Definition and references, as clients ask for them."""

from pathlib import Path

import pytest
from lsprotocol import types

from tests.lsp.buffers import position_at
from tests.lsp.conftest import Start
from tests.lsp.driver import CLIENTS, Editor

TASKS = """\
from celery import shared_task


@shared_task(name="🛒.charge")
def charge(order_id): return order_id
"""
VIEWS = """\
from app import app
from tasks import charge

"🛒"; charge.delay(1); app.send_task("🛒.charge", (1,))
"""


def _at(editor: Editor, uri: str, needle: str) -> types.Position:
    text = editor.text(uri)
    return position_at(text, text.index(needle), editor.buffers.encoding)


async def _definition(editor: Editor, uri: str, needle: str) -> list[types.Location]:
    found = await editor.client.text_document_definition_async(
        types.DefinitionParams(types.TextDocumentIdentifier(uri), _at(editor, uri, needle))
    )
    places = found if isinstance(found, list | tuple) else [found] if found else []
    return [place for place in places if isinstance(place, types.Location)]


@pytest.mark.parametrize("client", CLIENTS)
async def test_from_a_name_to_the_task_and_back(edit: Start, root: Path, client: str) -> None:
    (root / "tasks.py").write_text(TASKS, encoding="utf-8")
    (root / "views.py").write_text(VIEWS, encoding="utf-8")
    editor: Editor = await edit(client, root)
    views, tasks = editor.open(root / "views.py"), editor.open(root / "tasks.py")
    await editor.diagnostics(views)
    for needle in ("elay(", '.charge"'):
        (place,) = await _definition(editor, views, needle)
        assert (place.uri, editor.under(tasks, place.range)) == (tasks, "charge")
    assert await _definition(editor, views, "harge.delay") == []
    found = await editor.client.text_document_references_async(
        types.ReferenceParams(
            types.ReferenceContext(include_declaration=True),
            types.TextDocumentIdentifier(views),
            _at(editor, views, "elay("),
        )
    )
    assert [(item.uri, editor.under(item.uri, item.range)) for item in found or ()] == [
        (tasks, "charge"),
        (views, "charge.delay(1)"),
        (views, '"🛒.charge"'),
    ]
