"""What views ask for: the tree, the graph, news of a change, and the line that runs a task."""

import asyncio
import shlex
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pytest_lsp import client_capabilities

from tests.lsp.buffers import offset_at
from tests.lsp.conftest import Start
from tests.lsp.driver import CLIENTS, Editor, until
from tests.lsp.test_forms import _plain

TASKS = """\
from celery import shared_task

@shared_task(queue="mail")
def send(text: str, copies=1): ...

GREETING = "👋🏽 é"; send.delay(GREETING); '👋'; send.delay("b")
"""


async def _ask(editor: Editor, method: str, **params: Any) -> Any:
    return _plain(await editor.client.protocol.send_request_async(method, params))


def _under(editor: Editor, location: dict[str, Any]) -> str:
    """The text of an open document, or of a file, that a location is about."""
    uri = location["uri"]
    text = editor.text(uri) if uri in editor.buffers.open else _read(uri)
    ends = (types.Position(**location["range"][end]) for end in ("start", "end"))
    start, end = (offset_at(text, at, editor.buffers.encoding) for at in ends)
    return text[start:end]


def _read(uri: str) -> str:
    from celeryls.lsp.uris import path_of

    return Path(path_of(uri)).read_text("utf-8")


@pytest.mark.parametrize("client", CLIENTS)
async def test_places_are_what_the_client_counts(edit: Start, root: Path, client: str) -> None:
    (root / "tasks.py").write_text(TASKS)
    editor = await edit(client, root)
    editor.open(root / "tasks.py")
    (folder,) = (await _ask(editor, "celeryls/view"))["folders"]
    assert folder["uri"] == root.as_uri()
    (app,) = folder["apps"]
    assert (app["name"], app["module"], _under(editor, app["location"])) == ("app", "app", "app")
    (task,) = app["tasks"]
    assert task["name"] == "tasks.send"
    assert _under(editor, task["location"]) == "send"
    sites = [_under(editor, site["location"]) for site in task["callSites"]]
    assert sites == ["send.delay(GREETING)", 'send.delay("b")']
    (option,) = task["options"]
    assert (option["name"], option["value"], option["origin"]) == ("queue", "'mail'", "decorator")
    assert _under(editor, option["location"]) == "queue"
    assert {s["name"]: [_under(editor, at) for at in s["locations"]] for s in app["settings"]} == {
        "include": ["app"],
        "timezone": ["timezone"],
    }
    (drawn,) = (await _ask(editor, "celeryls/graph"))["folders"]
    nodes = {node["label"]: node for node in drawn["nodes"]}
    assert _under(editor, nodes["tasks.send"]["location"]) == "send"
    assert drawn["edges"] == [
        {"source": nodes["tasks"]["id"], "target": nodes["tasks.send"]["id"], "kind": "sends"}
    ]


async def test_the_view_follows_what_is_typed(edit: Start, root: Path) -> None:
    (root / "tasks.py").write_text(TASKS)
    editor = await edit("visual_studio_code", root)
    uri = editor.open(root / "tasks.py")
    editor.replace(uri, 'queue="mail"', 'queue="post"')
    editor.insert(uri, 0, "# 👋\n\n")
    editor.insert(uri, len(editor.text(uri)), "send.delay(")
    (folder,) = (await _ask(editor, "celeryls/view"))["folders"]
    (task,) = folder["apps"][0]["tasks"]
    assert task["options"][0]["value"] == "'post'"
    assert _under(editor, task["location"]) == "send"
    # The line that is half typed does not hide those that are not.
    assert len(task["callSites"]) >= 2


async def test_two_folders_and_one_of_them_by_a_document(edit: Start, root: Path) -> None:
    other = root.parent / "empty"
    other.mkdir()
    (other / "plain.py").write_text("print('hello')\n")
    (root / "tasks.py").write_text(TASKS)
    editor = await edit("visual_studio_code", root, other)
    both = (await _ask(editor, "celeryls/view"))["folders"]
    assert [folder["uri"] for folder in both] == [root.as_uri(), other.as_uri()]
    # A folder without Celery has nothing to show.
    assert both[1] == {
        "uri": other.as_uri(),
        "apps": [],
        "sharedTasks": [],
        "schedules": [],
        "problems": {"counts": {"error": 0, "warning": 0, "info": 0, "hint": 0}, "files": []},
    }
    for uri in (root.as_uri(), (root / "tasks.py").as_uri()):
        (one,) = (await _ask(editor, "celeryls/view", uri=uri))["folders"]
        assert one["uri"] == root.as_uri()
    (drawn,) = (await _ask(editor, "celeryls/graph", uri=other.as_uri()))["folders"]
    assert (drawn["nodes"], drawn["edges"]) == ([], [])
    for beside in (root.parent / "else", root.parent / f"{root.name}2/tasks.py"):
        nowhere = await _ask(editor, "celeryls/view", uri=beside.as_uri())
        assert nowhere == {"folders": []}


async def test_a_document_without_a_folder(edit: Start, root: Path) -> None:
    (root / "tasks.py").write_text(TASKS)
    editor = await edit("visual_studio_code")
    uri = editor.open(root / "tasks.py")
    assert await _ask(editor, "celeryls/view") == {"folders": []}
    (folder,) = (await _ask(editor, "celeryls/view", uri=uri))["folders"]
    assert [task["label"] for task in folder["sharedTasks"]] == ["tasks.send"]


async def test_problems_are_those_of_open_documents(edit: Start, root: Path) -> None:
    text = "from celery import shared_task\n\n@shared_task(max_retires=3)\ndef f(): ...\n"
    (root / "tasks.py").write_text(text)
    (root / "jobs.py").write_text(text)
    editor = await edit("visual_studio_code", root)
    uri = editor.open(root / "tasks.py")
    said = await editor.diagnostics(uri)
    (folder,) = (await _ask(editor, "celeryls/view"))["folders"]
    (file,) = folder["problems"]["files"]
    assert file["uri"] == uri
    assert [found["code"] for found in file["diagnostics"]] == [item.code for item in said]
    assert sum(folder["problems"]["counts"].values()) == len(said) > 0
    assert file["diagnostics"][0]["range"] == _plain_range(said[0].range)


def _plain_range(found: types.Range) -> dict[str, Any]:
    return {
        "start": {"line": found.start.line, "character": found.start.character},
        "end": {"line": found.end.line, "character": found.end.character},
    }


async def test_part_of_the_graph(edit: Start, root: Path) -> None:
    (root / "tasks.py").write_text(
        "from celery import shared_task\n@shared_task\ndef a(): b.delay()\n"
        "@shared_task\ndef b(): c.delay()\n@shared_task\ndef c(): ...\n"
    )
    editor = await edit("visual_studio_code", root)
    asked = {"around": "a", "steps": 1, "by": "none"}
    (drawn,) = (await _ask(editor, "celeryls/graph", **asked))["folders"]
    assert [node["label"] for node in drawn["nodes"]] == ["tasks.a", "tasks.b"]
    assert all("group" not in node for node in drawn["nodes"])
    for wrong in ({"by": "x"}, {"around": 1}, {"steps": -1}, {"steps": True}):
        with pytest.raises(JsonRpcException):
            await _ask(editor, "celeryls/graph", **wrong)


async def _listening(edit: Start, *folders: Path, **options: Any) -> tuple[Editor, list[Any]]:
    editor = await edit("visual_studio_code", *folders, options=options)
    heard: list[Any] = []
    editor.client.feature("celeryls/changed")(lambda params: heard.append(_plain(params)))
    return editor, heard


async def test_news_of_a_change(edit: Start, root: Path) -> None:
    (root / "tasks.py").write_text(TASKS)
    editor, heard = await _listening(edit, root, notifyChanges=True)
    await until(lambda: heard, "the first look")
    uri = editor.open(root / "tasks.py")
    await editor.diagnostics(uri)
    heard.clear()
    # Each of these is something else that a view shows.
    for old, new in (
        ('queue="mail"', 'queue="post"'),
        ('send.delay("b")', "None"),
        ("import shared_task\n", "import shared_task\n\n"),
    ):
        editor.replace(uri, old, new)
        await until(lambda: heard, f"news of {new!r}")
        assert heard == [{"uris": [root.as_uri()]}]
        heard.clear()
    (root / "more.py").write_text(TASKS.replace("send", "more"))
    editor.client.workspace_did_change_watched_files(
        types.DidChangeWatchedFilesParams(
            [types.FileEvent((root / "more.py").as_uri(), types.FileChangeType.Created)]
        )
    )
    await until(lambda: heard, "news of a file on disk")


async def test_no_news_where_nothing_changed_its_meaning(edit: Start, root: Path) -> None:
    (root / "tasks.py").write_text(TASKS)
    editor, heard = await _listening(edit, root, notifyChanges=True)
    uri = editor.open(root / "tasks.py")
    await editor.diagnostics(uri)
    editor.replace(uri, "GREETING = ", "GREETING =  ")  # the first key says how it was
    await asyncio.sleep(1)
    heard.clear()
    editor.replace(uri, "; '👋'; ", "; '👋👋'; ")
    await asyncio.sleep(1)
    assert heard == []


async def test_no_news_for_who_did_not_ask(edit: Start, root: Path) -> None:
    (root / "tasks.py").write_text(TASKS)
    editor, heard = await _listening(edit, root)
    uri = editor.open(root / "tasks.py")
    editor.replace(uri, "mail", "post")
    await asyncio.sleep(1)
    assert heard == []


async def test_the_line_that_runs_a_task(edit: Start, root: Path) -> None:
    (root / "tasks.py").write_text(TASKS)
    capabilities = client_capabilities("visual_studio_code")
    capabilities.experimental = {"interactiveResolve": {"inputTypes": ["string", "enum"]}}
    editor = await edit(capabilities, root)
    editor.open(root / "tasks.py")
    for where in (
        {"task": "tasks.send"},
        {"uri": (root / "tasks.py").as_uri(), "function": "send"},
        {"path": str(root / "tasks.py"), "offset": TASKS.index("send(")},
        # As a code lens has it; the place may be that of an older text.
        {
            "path": str(root / "tasks.py"),
            "uri": (root / "tasks.py").as_uri(),
            "version": 0,
            "offset": 0,
            "task": "send",
            "name": "tasks.send",
        },
    ):
        command = {"command": "celeryls.runTask", "arguments": [where]}
        asked = await _ask(editor, "command/resolve", **command)
        assert [field["id"] for field in asked["formFields"]] == [
            *("how", "argument_text", "argument_copies"),
        ]
    text = "it's “fine”"
    answers = [
        {"id": "how", "value": "send"},
        {"id": "argument_text", "value": text},
        {"id": "argument_copies", "value": "two"},
    ]
    again = await _ask(editor, "command/resolve", **command, formAnswers=answers)
    assert [field["id"] for field in again["formFields"]] == [
        *("argument_copies", "queue", "countdown"),
    ]
    assert "is not JSON" in again["formFields"][0]["error"]
    again.pop("formFields")
    done = await _ask(
        editor,
        "command/resolve",
        **again,
        formAnswers=[
            {"id": "argument_copies", "value": "2"},
            {"id": "queue", "value": "mail"},
            {"id": "countdown", "value": 5},
        ],
    )
    assert "formFields" not in done
    result = _plain(
        await editor.client.workspace_execute_command_async(
            types.ExecuteCommandParams(done["command"], done["arguments"])
        )
    )
    assert shlex.split(result.pop("command")) == result["arguments"]
    assert result == {
        "title": "Send tasks.send",
        "arguments": [
            *("celery", "-A", "app", "call", "tasks.send", "--kwargs"),
            '{"text": "it\'s \\u201cfine\\u201d", "copies": 2}',
            *("--queue=mail", "--countdown=5"),
        ],
        "cwd": str(root),
    }


async def test_what_can_not_be_run_is_said(edit: Start, root: Path) -> None:
    (root / "tasks.py").write_text(TASKS)
    editor = await edit("visual_studio_code", root)
    for where, says in (
        ({"task": "tasks.gone"}, "There is no task tasks.gone in this workspace."),
        ({"task": "tasks.send"}, "argument_text: text needs a value"),
        ({}, "the command needs a document"),
    ):
        with pytest.raises(JsonRpcException, match=says):
            await editor.client.workspace_execute_command_async(
                types.ExecuteCommandParams("celeryls.runTask", [where])
            )
