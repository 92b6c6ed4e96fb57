"""The main job over the wire, with the capabilities and encodings of real clients."""

from pathlib import Path

import pytest
from lsprotocol import types

from celeryls import DOCS_URL
from tests.lsp.conftest import Start
from tests.lsp.driver import CLIENTS

CODE = (
    '"""Größe 😀"""\r\n'
    "from celery import shared_task\r\n"
    "\r\n"
    "\r\n"
    "@shared_task\r\n"
    'def charge(order_id, note="😀"): ...\r\n'
    "\r\n"
    "\r\n"
    "def restock(product_id): return product_id\r\n"
)


@pytest.fixture
def tasks(root: Path) -> Path:
    path = root / "tasks.py"
    path.write_bytes(CODE.encode())
    return path


@pytest.mark.parametrize(("client", "encoding"), CLIENTS.items())
async def test_find_mend_convert_and_create(
    edit: Start, root: Path, tasks: Path, client: str, encoding: str
) -> None:
    editor = await edit(client, root)
    assert editor.buffers.encoding == encoding
    uri = editor.open(tasks)
    found = await editor.diagnostics(uri)
    assert [item.code for item in found] == ["CEL101", "CEL102"]
    for item in found:
        assert editor.underlined(uri, item) == "charge"
        assert item.source == "celery"
        assert item.code_description is not None
        assert item.severity is types.DiagnosticSeverity.Warning

    offered = await editor.actions(uri, "charge")
    preferred = [item.title for item in offered if item.is_preferred]
    assert preferred[0].startswith("Add acks_late=True")
    await editor.take(offered[0])
    assert "@shared_task(acks_late=True)\r\ndef charge" in editor.text(uri)
    await editor.becomes(uri, "CEL102")

    (convert,) = [a for a in await editor.actions(uri, "restock") if "Convert" in a.title]
    assert convert.kind == "refactor.rewrite.celery.convertFunction"
    await editor.take(convert)
    assert "def restock(self, product_id): return product_id\r\n" in editor.text(uri)

    presets = await editor.actions(uri, only="refactor.extract.celery.task", invoked=True)
    assert len(presets) == 3
    await editor.take(presets[0])
    assert "def new_task(\r\n" in editor.text(uri) or "def new_task(self" in editor.text(uri)
    assert "\n" not in editor.text(uri).replace("\r\n", "")
    await editor.becomes(uri, "CEL102")


async def test_what_a_client_does_not_take_is_not_sent(
    edit: Start, root: Path, tasks: Path
) -> None:
    editor = await edit("neovim@v0.11.0", root)
    uri = editor.open(tasks)
    await editor.diagnostics(uri)
    assert all(action.disabled is None for action in await editor.actions(uri, "charge"))
    bare = await edit(types.ClientCapabilities(), root)
    uri = bare.open(tasks)
    await bare.diagnostics(uri)
    (convert,) = [a for a in await bare.actions(uri, "restock") if "Convert" in a.title]
    assert convert.edit is not None, "a client that can't resolve gets the edit at once"
    assert convert.edit.document_changes is None


async def test_fix_all_takes_safe_fixes_only(edit: Start, root: Path) -> None:
    path = root / "tasks.py"
    path.write_text(
        "from celery import shared_task\n\n\n@shared_task(max_retires=3)\ndef f(): ...\n"
    )
    editor = await edit("visual_studio_code", root)
    uri = editor.open(path)
    await editor.diagnostics(uri)
    (action,) = await editor.actions(uri, "def", only="source.fixAll")
    await editor.take(action)
    assert "@shared_task(max_retries=3)\n" in editor.text(uri)
    await editor.becomes(uri, "CEL205", "CEL101")
    assert await editor.actions(uri, "def", only="source.fixAll") == []
    assert await editor.actions(uri, "def", only="source.organizeImports") == []


async def test_no_light_bulb_without_celery_unless_asked(edit: Start, root: Path) -> None:
    path = root / "util.py"
    path.write_text("def plain(): ...\n")
    editor = await edit("visual_studio_code", root)
    uri = editor.open(path)
    assert await editor.diagnostics(uri) == []
    assert await editor.actions(uri, "plain") == []
    assert await editor.actions(uri) == []
    assert len(await editor.actions(uri, invoked=True)) == 3


async def test_a_call_of_a_task_that_is_nowhere_offers_to_write_it(edit: Start, root: Path) -> None:
    path = root / "tasks.py"
    path.write_text("import celery\n\n\ndef place(order):\n    charge.delay(order.pk, note='x')\n")
    editor = await edit("visual_studio_code", root)
    uri = editor.open(path)
    await editor.diagnostics(uri)
    (action,) = [a for a in await editor.actions(uri, "charge") if "Create" in a.title]
    assert action.title == 'Create Celery task "charge"'
    await editor.take(action)
    assert "order_pk: int" in editor.text(uri)
    assert "note: str" in editor.text(uri)


async def test_ignoring_here_and_in_the_project(edit: Start, root: Path, tasks: Path) -> None:
    config = root / "pyproject.toml"
    config.write_text("# ours\n[project]  # keep\nname = 'shop'\n")
    editor = await edit("visual_studio_code", root)
    uri = editor.open(tasks)
    await editor.diagnostics(uri)
    offered = {action.title: action for action in await editor.actions(uri, "charge")}
    await editor.take(offered["Ignore CEL101 (missing-acks-late) here"])
    await editor.becomes(uri, "CEL102")
    offered = {action.title: action for action in await editor.actions(uri, "charge")}
    resolved = await editor.client.code_action_resolve_async(
        offered["Ignore CEL102 (missing-retry) in this project"]
    )
    assert resolved.edit is not None
    (change,) = resolved.edit.document_changes or ()
    assert isinstance(change, types.TextDocumentEdit)
    assert change.text_document.uri == config.as_uri()
    (text_edit,) = change.edits
    assert 'ignore = ["CEL102"]' in getattr(text_edit, "new_text", "")


@pytest.mark.parametrize(("client", "encoding"), CLIENTS.items())
async def test_a_mend_that_needs_two_files(
    edit: Start, root: Path, client: str, encoding: str
) -> None:
    app = root / "app.py"
    path = root / "tasks.py"
    path.write_text(
        'from celery import shared_task\n\n@shared_task(queue="mail")\ndef charge(): ...\n'
    )
    app.write_text(
        '"""😀"""; from celery import Celery\n\n\napp = Celery(\n    "größe 😀"\n)  # 😀'
    )
    editor = await edit(client, root)
    uri, other = editor.open(path), editor.open(app)
    await editor.becomes(uri, "CEL107", "CEL101", "CEL102")
    (move,) = [a for a in await editor.actions(uri, "queue") if "task_routes" in a.title]
    await editor.take(move)
    assert "@shared_task\ndef charge" in editor.text(uri)
    assert editor.text(other).endswith(
        ')  # 😀\napp.conf.task_routes = {\n    "tasks.charge": {"queue": "mail"},\n}\n'
    )
    await editor.becomes(uri, "CEL101", "CEL102")


async def test_the_menu_of_a_finding(edit: Start, root: Path) -> None:
    path = root / "tasks.py"
    task = "@shared_task(max_retires=1, acks_late=True)\ndef {}(): ...\n\n\n"
    path.write_text("from celery import shared_task\n\n\n" + task.format("a") + task.format("b"))
    editor = await edit("visual_studio_code", root)
    uri = editor.open(path)
    await editor.becomes(uri, "CEL106", "CEL102", "CEL106", "CEL102")
    offered = await editor.actions(uri, "max_retires")
    titles = [action.title for action in offered]
    assert [title for title in titles if "CEL106" in title or "Rename" in title] == [
        'Rename to "max_retries"',
        "Fix all CEL106 (unknown-task-option) in this file",
        "Ignore CEL106 (unknown-task-option) here",
        "Ignore CEL106 (unknown-task-option) in this project",
        "Open the documentation of CEL106 (unknown-task-option)",
    ]
    by_title = dict(zip(titles, offered, strict=True))
    await editor.take(by_title["Fix all CEL106 (unknown-task-option) in this file"])
    assert editor.text(uri).count("max_retries=1") == 2
    command = by_title["Open the documentation of CEL106 (unknown-task-option)"].command
    assert command is not None
    await editor.client.workspace_execute_command_async(
        types.ExecuteCommandParams(command.command, command.arguments)
    )
    (shown,) = editor.client.shown_documents
    assert shown.uri == f"{DOCS_URL}/rules/unknown-task-option/"
    assert shown.external


async def test_no_page_is_offered_to_a_client_that_opens_none(edit: Start, root: Path) -> None:
    path = root / "tasks.py"
    path.write_text("from celery import shared_task\n\n\n@shared_task\ndef f(): ...\n")
    editor = await edit("emacs", root)
    uri = editor.open(path)
    await editor.diagnostics(uri)
    assert not [a for a in await editor.actions(uri, "f()") if "documentation" in a.title]
