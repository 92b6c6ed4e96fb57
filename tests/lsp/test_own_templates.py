"""A project's own templates through the server: used where the client says that it trusts."""

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from tests.lsp.conftest import Start
from tests.lsp.driver import Editor
from tests.rules.harness import write

OWN = {
    "pyproject.toml": '[tool.celeryls]\ntemplates = "ours"\n',
    "ours/task/docstring.py.j2": '    """{{ purpose }} By the book."""\n',
    "tasks.py": "from celery import shared_task\n",
}
TITLE = "Create Celery task without retry"


async def _created(editor: Editor, uri: str) -> Any:
    answers = {"formAnswers": [{"id": "name", "value": "sync"}]}
    return await editor.client.workspace_execute_command_async(
        types.ExecuteCommandParams("celeryls.createTask", [{"uri": uri}, answers])
    )


@pytest.mark.parametrize(
    "options",
    [
        {"trusted": True},
        {"trusted": True, "settings": {"ignore": ["CEL101"]}},
        {"trusted": True, "ignore": ["CEL101"]},
    ],
)
async def test_they_are_used_in_a_trusted_workspace(
    edit: Start, root: Path, options: dict[str, Any]
) -> None:
    write(root, OWN)
    editor: Editor = await edit("visual_studio_code", root, options=options)
    uri = editor.open(root / "tasks.py")
    await editor.diagnostics(uri)
    result = await _created(editor, uri)
    assert result["applied"]
    assert not [note for note in result["notes"] if "trusted" in note]
    assert '    """Sync. By the book."""\n' in editor.text(uri)
    assert editor.client.messages == []


@pytest.mark.parametrize(
    ("options", "settings"),
    [
        (None, {}),
        ({"trusted": False}, {}),
        ({"trusted": "yes"}, {}),
        # A workspace may bring settings: it can't vouch for itself.
        (None, {"trusted": True}),
        ({"settings": {"trusted": True}}, {}),
    ],
)
async def test_they_are_not_used_without_trust_and_the_answer_says_so(
    edit: Start, root: Path, options: Any, settings: dict[str, Any]
) -> None:
    write(root, OWN)
    (root / "celeryls.toml").write_text('templates = "ours"\ntrusted = true\n')
    editor: Editor = await edit("visual_studio_code", root, options=options, settings=settings)
    uri = editor.open(root / "tasks.py")
    await editor.diagnostics(uri)
    result = await _created(editor, uri)
    assert [note for note in result["notes"] if "ours" in note and "trusted" in note]
    assert '    """Sync.\n' in editor.text(uri)


async def test_actions_use_them_too(edit: Start, root: Path) -> None:
    write(root, OWN)
    editor: Editor = await edit("visual_studio_code", root, options={"trusted": True})
    uri = editor.open(root / "tasks.py")
    await editor.diagnostics(uri)
    offered = await editor.actions(uri, only="refactor.extract.celery.task", invoked=True)
    (action,) = [action for action in offered if action.title == TITLE]
    await editor.take(action)
    assert "By the book." in editor.text(uri)


async def test_one_that_is_broken_is_one_message(edit: Start, root: Path) -> None:
    write(root, {**OWN, "ours/task/docstring.py.j2": "\n{{ purpos }}\n"})
    editor: Editor = await edit("visual_studio_code", root, options={"trusted": True})
    uri = editor.open(root / "tasks.py")
    await editor.diagnostics(uri)
    with pytest.raises(Exception, match=r"ours/task/docstring\.py\.j2:2: 'purpos' is undefined"):
        await _created(editor, uri)
    assert editor.text(uri) == OWN["tasks.py"]
    (message,) = editor.client.messages
    assert "ours/task/docstring.py.j2:2" in message.message
