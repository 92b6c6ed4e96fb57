"""The form protocol: questions, corrections, and the task that the answers describe."""

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
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
    assert [field["id"] for field in first["formFields"]][:3] == ["name", "purpose", "type"]
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


async def _complete(editor: Editor, path: Path, **answers: object) -> dict[str, Any]:
    """What is sent to execute the command, in its last form."""
    argument = {"uri": path.as_uri(), "answers": {"name": "sync", **answers}}
    return await _resolve(editor, {"command": "celeryls.createTask", "arguments": [argument]})


async def _execute(editor: Editor, params: dict[str, Any]) -> dict[str, Any]:
    done = await editor.client.workspace_execute_command_async(
        types.ExecuteCommandParams(params["command"], params["arguments"])
    )
    return dict(_plain(done))


async def test_a_plan_is_shown_before_it_is_carried_out(edit: Start, root: Path) -> None:
    path = root / "tasks.py"
    path.write_text("from celery import shared_task\n")
    editor = await edit(_asking(), root)
    uri = editor.open(path)
    await editor.diagnostics(uri)  # the folder has been read then, and its app is known
    params = await _complete(editor, path)
    plan = _plain(await editor.client.protocol.send_request_async("celeryls/plan", params))
    (change,) = plan["changes"]
    assert (change["uri"], change["isNew"], change["summary"]) == (uri, False, ["the task sync"])
    assert plan["code"] in change["newText"]
    assert plan["calls"][0] == "sync.delay()"
    assert plan["nextSteps"][0] == {"title": "Fill in the body of sync."}
    assert editor.client.applied == []
    assert editor.text(uri) == "from celery import shared_task\n"

    done = await _execute(editor, params)
    assert done["applied"] is True
    assert editor.text(uri) == change["newText"]


@pytest.mark.parametrize("confirm", [True, False])
async def test_the_edit_says_what_it_is_for(confirm: bool, edit: Start, root: Path) -> None:
    path = root / "tasks.py"
    path.write_text("from celery import shared_task\n")
    editor = await edit(_asking(), root)
    uri = editor.open(path)
    params = await _complete(editor, path)
    if not confirm:
        params["arguments"][0]["confirm"] = False
    await _execute(editor, params)
    (applied,) = editor.client.applied
    (annotation,) = (applied.edit.change_annotations or {}).values()
    assert annotation == types.ChangeAnnotation("the task sync", needs_confirmation=confirm)
    (change,) = applied.edit.document_changes or ()
    assert isinstance(change, types.TextDocumentEdit)
    assert all(isinstance(item, types.AnnotatedTextEdit) for item in change.edits)
    assert "def sync" in editor.text(uri)


async def test_a_new_file_is_created_where_the_client_can(edit: Start, root: Path) -> None:
    capabilities = _asking()
    editor = await edit(capabilities, root)
    await _execute(editor, await _complete(editor, root / "jobs.py"))
    assert "def sync" in (root / "jobs.py").read_text()
    (applied,) = editor.client.applied
    created, filled = applied.edit.document_changes or ()
    assert isinstance(created, types.CreateFile)
    assert created.annotation_id == filled.edits[0].annotation_id  # type: ignore[union-attr]


async def test_a_client_that_can_not_create_files_is_told(edit: Start, root: Path) -> None:
    capabilities = _asking()
    assert capabilities.workspace and capabilities.workspace.workspace_edit
    capabilities.workspace.workspace_edit.resource_operations = []
    editor = await edit(capabilities, root)
    params = await _complete(editor, root / "jobs.py")
    with pytest.raises(JsonRpcException, match="make an empty file there first"):
        await _execute(editor, params)
    assert editor.client.applied == []
    assert not (root / "jobs.py").exists()


async def test_an_edit_that_the_client_skips_is_noticed(edit: Start, root: Path) -> None:
    path = root / "tasks.py"
    path.write_text("from celery import shared_task\n")
    editor = await edit(_asking(), root)
    editor.open(path)
    params = await _complete(editor, path)
    editor.client.on_apply = lambda edit: None  # and it says that it did
    assert (await _execute(editor, params))["applied"] is False


async def test_a_client_that_cannot_ask_gets_presets(edit: Start, root: Path) -> None:
    path = root / "tasks.py"
    path.write_text("from celery import shared_task\n")
    editor = await edit("visual_studio_code", root)
    uri = editor.open(path)
    offered = await editor.actions(uri, only="refactor.extract.celery.task", invoked=True)
    assert [action.command for action in offered] == [None, None, None]


@pytest.mark.parametrize(
    ("what", "written"),
    [
        ("schedule", "beat_schedule"),
        ("endpoint", "APIRouter"),
        ("metrics", "prometheus_client"),
        ("test", "def test_sync"),
    ],
)
async def test_what_is_left_to_do_is_done_by_its_action(
    what: str, written: str, edit: Start, tmp_path: Path
) -> None:
    (tmp_path / "celery_app.py").write_text(
        'from celery import Celery\n\napp = Celery("shop", include=["tasks"])\n'
    )
    (tmp_path / "main.py").write_text("from fastapi import FastAPI\n\napp = FastAPI()\n")
    path = tmp_path / "tasks.py"
    path.write_text("from celery import shared_task\n")
    editor = await edit(_asking(), tmp_path)
    uri = editor.open(path)
    await editor.diagnostics(uri)
    done = await _execute(editor, await _complete(editor, path))
    actions = {step["action"]["command"]: step for step in done["nextSteps"] if "action" in step}
    step = actions[f"celeryls.add{what.capitalize()}"]
    assert step["command"].startswith(f"celeryls add {what} ")
    answers = {"schedule": "every 5 minutes"} if what == "schedule" else {}
    (argument,) = step["action"]["arguments"]
    action = {**step["action"], "arguments": [{**argument, "answers": answers}]}
    ready = await _resolve(editor, action)
    assert not ready.get("formFields")
    editor.client.applied.clear()
    assert (await _execute(editor, ready))["applied"] is True
    (applied,) = editor.client.applied
    changes = [
        change
        for change in applied.edit.document_changes or ()
        if isinstance(change, types.TextDocumentEdit)
    ]
    assert written in "".join(edit.new_text for change in changes for edit in change.edits)


async def test_a_function_is_converted_by_answers_and_a_method_is_refused(
    edit: Start, root: Path
) -> None:
    path = root / "mail.py"
    text = "#🥬 sends\ndef send(to): ...\n\n\nclass Post:\n    def send_all(self): ...\n"
    path.write_text(text)
    editor = await edit(_asking(), root)
    uri = editor.open(path)
    params = {"command": "celeryls.convertFunction"}
    place = {"uri": uri, "position": {"line": 1, "character": 4}, "version": editor.version(uri)}
    first = await _resolve(editor, {**params, "arguments": [place]})
    assert first["formFields"][0]["id"] == "retry"
    answers = [{"id": "retry", "value": "simple"}]
    ready = await _resolve(editor, {**_next(first), "formAnswers": answers})
    assert (await _execute(editor, ready))["applied"] is True
    assert "default_retry_delay=60" in editor.text(uri)
    with pytest.raises(JsonRpcException, match="send_all is a method"):
        await _resolve(editor, {**params, "arguments": [{"uri": uri, "function": "send_all"}]})


async def test_a_folder_is_enough_and_a_step_leads_to_the_next(edit: Start, tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/__init__.py").write_text("")
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\ndependencies = []\n')
    editor = await edit(_asking(), tmp_path)
    folder = {"uri": tmp_path.as_uri(), "answers": {}}
    ready = await _resolve(editor, {"command": "celeryls.setUp", "arguments": [folder]})
    done = await _execute(editor, ready)
    assert done["applied"] is True
    (first,) = (step["action"] for step in done["nextSteps"] if step["command"] == "celeryls new")
    assert first["command"] == "celeryls.createTask"
    fields = (await _resolve(editor, first))["formFields"]
    assert [field["id"] for field in fields if field["required"]] == ["name"]
    assert "file" in [field["id"] for field in fields]


async def test_where_tasks_are_is_known_before_it_is_asked(edit: Start, root: Path) -> None:
    """A client may ask as soon as the server runs, while files are still being read."""
    (root / "work.py").write_text("from celery import shared_task\n\n@shared_task\ndef f(): ...\n")
    editor = await edit(_asking(), root)
    params = {"command": "celeryls.createTask", "arguments": [{"uri": root.as_uri()}]}
    (file,) = [
        field for field in (await _resolve(editor, params))["formFields"] if field["id"] == "file"
    ]
    assert file["default"] == "work.py"


async def test_arguments_that_make_no_sense_are_refused(edit: Start, root: Path) -> None:
    """By an answer, and not by an error of ours in the log."""
    editor: Editor = await edit(_asking(), root)
    path = root / "app.py"
    uri = editor.open(path)
    for argument in (
        {"uri": uri, "position": {"line": -1, "character": 0}},
        {"uri": uri, "task": 5},
        {"uri": uri, "function": ["charge"]},
        {"path": "", "offset": 1},
        {"uri": "file://[no/x.py"},
    ):
        with pytest.raises(JsonRpcException) as caught:
            await _resolve(editor, {"command": "celeryls.runTask", "arguments": [argument]})
        assert caught.value.code == -32803, argument
