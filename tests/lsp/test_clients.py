"""What clients with different encodings and abilities get, to the letter.

An astral character stands before the thing, on its line and above, and lines end as on Windows.
"""

import ast
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pytest_lsp import client_capabilities

from celeryls import DOCS_URL
from tests.lsp.conftest import Start
from tests.lsp.driver import CLIENTS, Editor

TASKS = (
    '"""🎉"""\r\n'
    "from celery import shared_task\r\n"
    "\r\n"
    "\r\n"
    '@shared_task(name="🎉.send", bind=True, acks_lte=True)\r\n'
    "def send(self, order_id):\r\n"
    "    print(order_id)\r\n"
    "\r\n"
    "\r\n"
    'def plain(text: str = "🎉", size: int = 1) -> int:  # 🎉\r\n'
    "    return size\r\n"
    "\r\n"
    "\r\n"
    "def use():\r\n"
    '    "🎉"; absent.delay(1)\r\n'
)
CONVERTED = (
    "@shared_task(\r\n"
    "    bind=True,\r\n"
    '    name="tasks.plain",\r\n'
    "    acks_late=True,\r\n"
    "    autoretry_for=(ConnectionError, TimeoutError),\r\n"
    "    retry_backoff=60,\r\n"
    "    retry_jitter=True,\r\n"
    "    max_retries=3,\r\n"
    "    soft_time_limit=300,\r\n"
    "    time_limit=360,\r\n"
    ")\r\n"
    "def plain(self, text"
)


@pytest.fixture
def config(root: Path) -> Path:
    path = root / "pyproject.toml"
    path.write_text('[tool.celeryls]  # ours\n# 🎉 why\nignore = ["CEL105"]  # later\n')
    return path


@pytest.fixture(params=CLIENTS)
async def editor(request: pytest.FixtureRequest, edit: Start, root: Path) -> Editor:
    found: Editor = await edit(request.param, root)
    assert found.buffers.encoding == CLIENTS[request.param]
    return found


def named(actions: list[types.CodeAction], start: str) -> types.CodeAction:
    found = [action for action in actions if action.title.startswith(start)]
    assert len(found) == 1, [action.title for action in actions]
    return found[0]


async def test_edits_are_right_in_every_encoding(config: Path, editor: Editor, root: Path) -> None:
    uri = editor.open(root / "tasks.py", TASKS)
    found = await editor.diagnostics(uri)
    assert [(item.code, editor.underlined(uri, item)) for item in found] == [
        ("CEL106", "acks_lte"),
        ("CEL101", "send"),
        ("CEL102", "send"),
    ]
    assert found[1].source == "celery"
    assert found[1].code_description is not None
    assert found[1].code_description.href == f"{DOCS_URL}/rules/missing-acks-late/"

    actions = await editor.actions(uri, "acks_lte")
    rename = named(actions, "Rename to")
    assert (rename.kind, rename.is_preferred) == ("quickfix", True)
    assert [item.code for item in rename.diagnostics or ()] == ["CEL106"]
    assert named(actions, "Remove").is_preferred is None
    await editor.take(rename)
    text = TASKS.replace("acks_lte", "acks_late")
    assert editor.text(uri) == text
    assert await editor.codes(uri) == ["CEL102"]

    await editor.take(
        named(await editor.actions(uri, "send(self"), "Ignore CEL102 (missing-retry) here")
    )
    head = "def send(self, order_id):"
    text = text.replace(head, f"{head}  # celeryls: ignore[CEL102]")
    assert editor.text(uri) == text
    assert await editor.codes(uri) == []

    await editor.take(named(await editor.actions(uri, "plain("), "Convert"))
    text = text.replace("def plain(text", CONVERTED)
    assert editor.text(uri) == text

    await editor.take(named(await editor.actions(uri, "absent"), "Create"))
    assert editor.text(uri).endswith('    "🎉"; absent.delay(1)\r\n')
    assert "def absent(self, value: int)" in editor.text(uri)  # bare, as its neighbours are
    ast.parse(editor.text(uri))
    assert not [a for a in await editor.actions(uri, "absent.delay") if "Create" in a.title]

    editor.insert(uri, len(editor.text(uri)), "\r\n\r\ndef g():\r\n    pass\r\n\r\n\r\nta")
    items = await editor.completions(uri, len(editor.text(uri)))
    completed = editor.completed(uri, items["task"])
    assert "\n" not in completed.replace("\r\n", "")
    assert completed.startswith(editor.text(uri).removesuffix("ta"))
    editor.insert(uri, len(editor.text(uri)), ' = "🎉 ta"  # 🎉 ta')
    for before in ('ta"  # 🎉 ta', ""):
        place = len(editor.text(uri)) - len(before) + (2 if before else 0)
        assert await editor.completions(uri, place) == {}


async def test_what_a_client_can_take_is_what_it_gets(editor: Editor, root: Path) -> None:
    document, workspace = editor.capabilities.text_document, editor.capabilities.workspace
    assert document and document.code_action and workspace and workspace.workspace_edit
    uri = editor.open(root / "tasks.py", TASKS)
    await editor.diagnostics(uri)

    lazy = document.code_action.resolve_support is not None
    for place, title in (("plain(", "Convert"), ("absent", "Create")):
        action = named(await editor.actions(uri, place), title)
        assert (action.edit is None, action.data is not None) == (lazy, lazy)

    kind = "refactor.rewrite.celery.convertFunction"
    offered = [action for action in await editor.actions(uri, "send(self") if action.kind == kind]
    reasons = [action.disabled.reason for action in offered if action.disabled]
    assert reasons == (["send is a task already."] if document.code_action.disabled_support else [])
    assert len(offered) == len(reasons)

    editor.insert(uri, len(editor.text(uri)), "\r\n\r\nta")
    items = await editor.completions(uri, len(editor.text(uri)))
    assert set(items) == {"task", "task-retry", "task-periodic"}
    completed = editor.completed(uri, items["task"])
    assert document.completion and document.completion.completion_item
    if document.completion.completion_item.snippet_support:
        assert items["task"].insert_text_format == types.InsertTextFormat.Snippet
        assert "def ${1:name}(self" in completed
    else:
        assert items["task"].insert_text_format == types.InsertTextFormat.PlainText
        assert "def name(self" in completed
        assert "$" not in completed

    title = "Ignore CEL101 (missing-acks-late) in this project"
    ignoring = [a for a in await editor.actions(uri, "send(self") if a.title == title]
    creates = bool(workspace.workspace_edit.resource_operations)
    assert len(ignoring) == creates
    for action in ignoring:
        await editor.take(action)
    assert (root / "celeryls.toml").exists() is creates
    if creates:
        assert (root / "celeryls.toml").read_text() == 'ignore = ["CEL101"]\n'


async def test_comments_in_the_configuration_stay(edit: Start, config: Path, root: Path) -> None:
    editor: Editor = await edit("neovim@v0.11.0", root)
    uri = editor.open(root / "tasks.py", TASKS)
    await editor.diagnostics(uri)
    title = "Ignore CEL101 (missing-acks-late) in this project"
    await editor.take(named(await editor.actions(uri, "send(self"), title))
    assert config.read_text() == (
        '[tool.celeryls]  # ours\n# 🎉 why\nignore = ["CEL105", "CEL101"]  # later\n'
    )
    await editor.becomes(uri, "CEL106", "CEL102")  # it is polled for here


async def test_a_configuration_with_unsaved_changes_is_left_alone(
    edit: Start, config: Path, root: Path
) -> None:
    editor: Editor = await edit("visual_studio_code", root)
    uri = editor.open(root / "tasks.py", TASKS)
    settings = editor.open(config, language="toml")
    await editor.diagnostics(uri)
    before = config.read_text()
    editor.insert(settings, 0, "# something long that nobody has saved\n")
    title = "Ignore CEL101 (missing-acks-late) in this project"
    action = named(await editor.actions(uri, "send(self"), title)
    with pytest.raises(JsonRpcException, match="has changes that are not saved"):
        await editor.take(action)

    config.write_text(editor.text(settings))
    await editor.take(named(await editor.actions(uri, "send(self"), title))
    saved = "# something long that nobody has saved\n" + before
    assert editor.text(settings) == saved.replace('["CEL105"]', '["CEL105", "CEL101"]')
    assert editor.last(settings) is None  # nothing is ever said of it


def test_the_clients_differ_in_what_the_tests_ask_of_them() -> None:
    """The capability files are someone else's: what is tested by their difference must stay."""
    lazy, disabled, creating, snippets = set(), set(), set(), set()
    for name in CLIENTS:
        found = client_capabilities(name)
        assert found.text_document and found.text_document.code_action and found.workspace
        lazy.add(found.text_document.code_action.resolve_support is not None)
        disabled.add(bool(found.text_document.code_action.disabled_support))
        edits = found.workspace.workspace_edit
        creating.add(bool(edits and edits.resource_operations))
        completion = found.text_document.completion
        assert completion and completion.completion_item
        snippets.add(bool(completion.completion_item.snippet_support))
    assert lazy == disabled == creating == snippets == {True, False}


async def test_a_finding_points_to_what_belongs_to_it(editor: Editor, root: Path) -> None:
    """A call of a task in another file that is not open, with what the client takes."""
    tasks = root / "tasks.py"
    tasks.write_bytes(
        '"""🎉"""; from celery import shared_task\r\n\r\n\r\n'
        "@shared_task\r\ndef send(order_id): ...\r\n".encode()
    )
    path = root / "views.py"
    path.write_text("from tasks import send\n\nsend.delay(1, 2)\n")
    uri = editor.open(path)
    await editor.becomes(uri, "CEL301")
    (item,) = await editor.diagnostics(uri)
    announced = editor.capabilities.text_document.publish_diagnostics
    if not announced.related_information:
        assert item.related_information is None
        return
    (related,) = item.related_information
    assert related.message == 'task "tasks.send" is declared here'
    assert related.location.uri == tasks.as_uri()
    place = related.location.range
    assert (place.start.line, place.start.character, place.end.character) == (4, 4, 8)


async def test_what_is_deprecated_is_struck_through(editor: Editor, root: Path) -> None:
    path = root / "tasks.py"
    path.write_text(
        "from celery import shared_task\n\n"
        '@shared_task(queue="mail", acks_late=True, max_retries=0)\ndef send(): ...\n'
    )
    uri = editor.open(path)
    await editor.becomes(uri, "CEL107")
    (item,) = await editor.diagnostics(uri)
    announced = editor.capabilities.text_document.publish_diagnostics
    taken = announced.tag_support.value_set if announced.tag_support else ()
    deprecated = types.DiagnosticTag.Deprecated
    assert list(item.tags or ()) == ([deprecated] if deprecated in taken else [])


@pytest.mark.parametrize("uri", ["untitled:Untitled-1", "vscode-notebook-cell:/shop/a.ipynb#W0"])
async def test_what_is_no_file_is_in_no_project(edit: Start, root: Path, uri: str) -> None:
    editor: Editor = await edit("visual_studio_code", root)
    text = (
        "from celery import shared_task\n\n\n@shared_task\ndef charge(order_id): return order_id\n"
    )
    editor.open(uri, text)
    await editor.becomes(uri, "CEL101", "CEL102")
    titles = [action.title for action in await editor.actions(uri, "charge")]
    assert "Ignore CEL101 (missing-acks-late) here" in titles
    assert not any("in this project" in title for title in titles)
