"""The form protocol: questions, corrections, and the task that the answers describe."""

from pathlib import Path
from typing import Any

from lsprotocol import types
from pytest_lsp import client_capabilities

from tests.lsp.conftest import Start
from tests.lsp.driver import Editor


def _asking() -> types.ClientCapabilities:
    capabilities = client_capabilities("visual_studio_code")
    capabilities.experimental = {
        "interactiveResolve": {"inputTypes": ["string", "bool", "number", "enum"]}
    }
    return capabilities


async def _resolve(editor: Editor, params: dict[str, Any]) -> dict[str, Any]:
    answer = await editor.client.protocol.send_request_async("command/resolve", params)
    return _plain(answer)


def _plain(value: Any) -> Any:
    if hasattr(value, "_asdict"):
        return {key: _plain(inner) for key, inner in value._asdict().items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


async def test_the_whole_dialogue(edit: Start, root: Path) -> None:
    path = root / "tasks.py"
    path.write_text("from celery import shared_task\n")
    editor = await edit(_asking(), root)
    uri = editor.open(path)
    await editor.diagnostics(uri)
    (action,) = await editor.actions(uri, only="refactor.extract.celery.task", invoked=True)
    assert action.command is not None
    assert action.edit is None
    params = {"command": action.command.command, "arguments": _plain(action.command.arguments)}

    first = await _resolve(editor, params)
    assert [field["id"] for field in first["formFields"]][:3] == ["name", "purpose", "parameters"]
    answers = [
        {"id": "name", "value": "class"},
        {"id": "parameters", "value": "product_id: int (ID of product)"},
        {"id": "retry", "value": "custom"},
    ]
    second = await _resolve(editor, {**params, **_next(first), "formAnswers": answers})
    wrong = {field["id"]: field.get("error") for field in second["formFields"]}
    assert "class" in str(wrong["name"])
    assert wrong["max_retries"] is None

    answers = [{"id": "name", "value": "sync"}, {"id": "max_retries", "value": 5}]
    answers += [{"id": field, "value": value} for field, value in _REST.items()]
    third = await _resolve(editor, {**_next(second), "formAnswers": answers})
    assert not third.get("formFields")

    version = editor.version(uri)
    await editor.client.workspace_execute_command_async(
        types.ExecuteCommandParams(third["command"], third["arguments"])
    )
    (applied,) = editor.client.applied
    (change,) = applied.edit.document_changes or ()
    assert isinstance(change, types.TextDocumentEdit)
    assert change.text_document.version == version
    text = editor.text(uri)
    assert "max_retries=5" in text
    assert "default_retry_delay=7" in text
    assert "product_id: int" in text
    assert await editor.codes(uri) == []


_REST = {"retry_delay": 7, "backoff": True, "retry_on": "OSError"}


def _next(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key != "formFields"}


async def test_a_client_that_cannot_ask_gets_presets(edit: Start, root: Path) -> None:
    path = root / "tasks.py"
    path.write_text("from celery import shared_task\n")
    editor = await edit("visual_studio_code", root)
    uri = editor.open(path)
    offered = await editor.actions(uri, only="refactor.extract.celery.task", invoked=True)
    assert [action.command for action in offered] == [None, None, None]
