"""What happens while people type, save, configure and leave."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.lsp.conftest import Start
from tests.lsp.driver import until

TASK = "from celery import shared_task\n\n\n@shared_task\ndef charge(order_id):\n    return 1\n"


@pytest.fixture
def tasks(root: Path) -> Path:
    path = root / "tasks.py"
    path.write_text(TASK)
    return path


async def test_findings_stay_while_a_line_is_half_typed(
    edit: Start, root: Path, tasks: Path
) -> None:
    editor = await edit("visual_studio_code", root)
    uri = editor.open(tasks)
    await editor.becomes(uri, "CEL101", "CEL102")
    for place, typed in (
        ("from celery", "import \n"),
        ("\n@shared_task", "\nx = foo(\n"),
        ("\n@shared_task", "\n@shared_task(\n"),
        ("\n    return 1", "\n    charge.delay("),
        ("\n    return 1", "\n    if order_id."),
        ("(order_id)", "(bind="),
    ):
        editor.insert(uri, editor.text(uri).index(place), typed)
        found = await editor.diagnostics(uri)
        assert [item.code for item in found] == ["CEL101", "CEL102"], typed
        assert {editor.underlined(uri, item) for item in found} == {"charge"}, typed
        editor.replace(uri, editor.text(uri), TASK)
        assert await editor.codes(uri) == ["CEL101", "CEL102"]


async def test_nothing_false_appears_while_a_setting_is_half_typed(
    edit: Start, root: Path, tasks: Path
) -> None:
    app = root / "app.py"
    app.write_text(app.read_text() + "app.conf.task_acks_late = True\n")
    editor = await edit("visual_studio_code", root)
    uri, settings = editor.open(tasks), editor.open(app)
    await editor.becomes(uri, "CEL102")
    editor.replace(settings, "task_acks_late = True", "task_acks_late = (")
    await editor.diagnostics(settings)
    editor.insert(uri, 0, "\n")
    assert await editor.codes(uri) == ["CEL102"]
    editor.replace(settings, "task_acks_late = (", "task_acks_late = (True)")
    await editor.diagnostics(settings)
    assert await editor.codes(uri) == ["CEL102"]


async def test_an_unsaved_setting_counts_in_other_files(
    edit: Start, root: Path, tasks: Path
) -> None:
    editor = await edit("visual_studio_code", root)
    uri, settings = editor.open(tasks), editor.open(root / "app.py")
    await editor.becomes(uri, "CEL101", "CEL102")
    editor.insert(settings, len(editor.text(settings)), "app.conf.task_acks_late = True\n")
    await editor.becomes(uri, "CEL102")
    editor.close(settings)
    await editor.becomes(uri, "CEL101", "CEL102")


async def test_closing_clears(edit: Start, root: Path, tasks: Path) -> None:
    editor = await edit("visual_studio_code", root)
    uri = editor.open(tasks)
    await editor.becomes(uri, "CEL101", "CEL102")
    editor.close(uri)
    await until(lambda: editor.last(uri).diagnostics == () or not editor.last(uri).diagnostics)


@pytest.mark.parametrize("client", ["visual_studio_code", "neovim@v0.11.0"])
async def test_the_configuration_may_change_while_running(
    edit: Start, root: Path, tasks: Path, client: str
) -> None:
    config = root / "pyproject.toml"
    config.write_text("")
    editor = await edit(client, root)
    uri = editor.open(tasks)
    await editor.becomes(uri, "CEL101", "CEL102")
    config.write_text('[tool.celeryls]\nignore = ["CEL102"]\n')
    if editor.client.registered and any(
        item.method == types.WORKSPACE_DID_CHANGE_WATCHED_FILES for item in editor.client.registered
    ):
        editor.client.workspace_did_change_watched_files(
            types.DidChangeWatchedFilesParams(
                [types.FileEvent(config.as_uri(), types.FileChangeType.Changed)]
            )
        )
    await editor.becomes(uri, "CEL101")


async def test_an_unknown_setting_is_one_message(edit: Start, root: Path, tasks: Path) -> None:
    (root / "celeryls.toml").write_text('ignor = ["CEL101"]\ndebounce = "x"\n')
    editor = await edit("visual_studio_code", root)
    uri = editor.open(tasks)
    await editor.becomes(uri, "CEL101", "CEL102")
    said = [message.message for message in editor.client.messages]
    assert len([message for message in said if 'did you mean "ignore"?' in message]) == 1
    assert len([message for message in said if '"debounce" must be' in message]) == 1
    assert len(said) == 2


async def test_documents_that_are_no_files_break_nothing(edit: Start, root: Path) -> None:
    editor = await edit("visual_studio_code", root)
    for uri in ("untitled:Untitled-1", "vscode-notebook-cell:/x.ipynb#W0", "file:///c%3A/x/t.py"):
        editor.open(uri, TASK)
        assert await editor.codes(uri) == ["CEL101", "CEL102"]
        (fix, *_) = await editor.actions(uri, "charge")
        await editor.take(fix)
        assert await editor.codes(uri) == ["CEL102"]


async def test_a_single_file_without_a_folder(edit: Start, tasks: Path) -> None:
    editor = await edit("visual_studio_code")
    uri = editor.open(tasks)
    assert await editor.codes(uri) == ["CEL101", "CEL102"]


async def test_two_folders_have_settings_of_their_own(
    edit: Start, root: Path, tasks: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "celeryls.toml").write_text('ignore = ["CEL101"]\n')
    (other / "tasks.py").write_text(TASK)
    editor = await edit("visual_studio_code", root, other)
    assert await editor.codes(editor.open(tasks)) == ["CEL101", "CEL102"]
    assert await editor.codes(editor.open(other / "tasks.py")) == ["CEL102"]


async def test_an_answer_about_an_old_text_is_not_given(
    edit: Start, root: Path, tasks: Path
) -> None:
    editor = await edit("visual_studio_code", root)
    uri = editor.open(tasks)
    await editor.diagnostics(uri)
    (convert,) = await editor.actions(
        uri, "charge", only="refactor.rewrite.celery.convertFunction"
    ) or [None]
    (preset, *_) = await editor.actions(uri, only="refactor.extract.celery.task", invoked=True)
    assert convert is not None
    editor.insert(uri, 0, "\n")
    with pytest.raises(JsonRpcException, match="modified"):
        await editor.client.code_action_resolve_async(preset)


async def test_terminal_and_server_say_the_same(edit: Start, root: Path, tasks: Path) -> None:
    (root / "more.py").write_text(
        "from app import app\n\n\n@app.task(bind=True, max_retires=3)\ndef f(): ...\n\n\n"
        "@app.task\ndef g(self, x): ...\n"
    )
    command = [sys.executable, "-m", "celeryls", "check", "--output-format", "json"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    terminal = [
        (item["path"], item["code"], item["line"], item["column"], item["message"])
        for item in json.loads(done.stdout)
    ]
    editor = await edit("emacs", root)
    server = []
    for name in ("more.py", "tasks.py"):
        for item in await editor.diagnostics(editor.open(root / name)):
            start = item.range.start
            place = (name, item.code, start.line + 1, start.character + 1, item.message)
            server.append(place)
    assert terminal
    assert sorted(terminal) == sorted(server)


def test_the_server_ends_with_its_parent(tmp_path: Path) -> None:
    # A parent that starts the server, says hello in its own name, and is then killed; the
    # pipe to the server stays open elsewhere, so only the watch can notice.
    parent = (
        "import json, os, subprocess, sys, time\n"
        "server = subprocess.Popen([sys.executable, '-m', 'celeryls', 'server'],\n"
        "    stdin=int(sys.argv[1]), stdout=subprocess.DEVNULL, close_fds=False)\n"
        "print(server.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    read, write = os.pipe()
    os.set_inheritable(read, True)
    process = subprocess.Popen(
        [sys.executable, "-c", parent, str(read)],
        stdout=subprocess.PIPE,
        text=True,
        close_fds=False,
        cwd=tmp_path,
    )
    assert process.stdout is not None
    server = int(process.stdout.readline())

    def send(**content: object) -> None:
        body = json.dumps({"jsonrpc": "2.0", **content}).encode()
        os.write(write, b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    send(id=1, method="initialize", params={"capabilities": {}, "processId": process.pid})
    send(method="initialized", params={})
    time.sleep(1.5)
    assert _runs(server)
    process.kill()
    process.wait(10)
    end = time.monotonic() + 10
    while _runs(server):
        assert time.monotonic() < end, "the server is still there"
        time.sleep(0.1)
    os.close(write)
    os.close(read)


def _runs(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def test_views_of_old_text_get_no_findings(edit: Start, root: Path, tasks: Path) -> None:
    editor = await edit("visual_studio_code", root)
    view = editor.open("git:/x/tasks.py?ref", TASK)
    assert await editor.codes(editor.open(tasks)) == ["CEL101", "CEL102"]
    assert not (editor.last(view) and editor.last(view).diagnostics)
    editor.close(view)
