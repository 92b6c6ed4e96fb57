"""Questions while a slow disk is read, and changes that come meanwhile."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pytest_lsp import client_capabilities

from tests.lsp.buffers import position_at
from tests.lsp.conftest import Start
from tests.lsp.disk import SlowDisk
from tests.lsp.driver import Editor, until
from tests.lsp.test_process import message

TASK = "from celery import shared_task\n\n\n@shared_task\ndef charge(order_id):\n    return 1\n"
SETTING = 'from celery import Celery\n\napp = Celery("shop")\napp.conf.task_acks_late = True\n'
KINDS = types.FileChangeType


@pytest.fixture
def disk(tmp_path: Path) -> SlowDisk:
    return SlowDisk(tmp_path / "disk")


def _tell(editor: Editor, *paths: Path, kind: types.FileChangeType = KINDS.Changed) -> None:
    """What a client says that watches the disk; others say nothing."""
    watched = {types.WORKSPACE_DID_CHANGE_WATCHED_FILES}
    if watched & {item.method for item in editor.client.registered}:
        events = [types.FileEvent(path.as_uri(), kind) for path in paths]
        editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(events))


def _with_progress() -> types.ClientCapabilities:
    capabilities = client_capabilities("visual_studio_code")
    assert capabilities.window is not None
    capabilities.window.work_done_progress = True
    return capabilities


async def test_questions_are_answered_before_the_folder_is_read(
    edit: Start, root: Path, disk: SlowDisk
) -> None:
    (root / "app.py").write_text(SETTING)
    disk.hold("app.py")
    editor = await edit(_with_progress(), root, server=disk.server)
    uri = editor.open(root / "tasks.py", TASK + "\n\ntask")
    await until(lambda: disk.is_waited_for)
    # What is known so far is this buffer: the setting is in a file that was not read.
    assert any(item.title.startswith("Add acks") for item in await editor.actions(uri, "charge"))
    assert await editor.completions(uri, len(editor.text(uri)))
    await until(lambda: editor.client.progress_reports)
    assert not editor.client.published
    disk.release()
    await editor.becomes(uri, "CEL102")
    assert not any(
        item.title.startswith("Add acks") for item in await editor.actions(uri, "charge")
    )
    (reports,) = editor.client.progress_reports.values()
    await until(lambda: reports[-1].kind == "end")
    kinds = [item.kind for item in reports]
    assert kinds[0] == "begin"
    assert kinds.count("begin") == kinds.count("end") == 1
    # Reports tell more files each time, and the end has them all.
    shares = [item.percentage for item in reports[:-1]]
    assert shares == sorted(shares)
    assert reports[-1].message == "1 of 1 files"


@pytest.mark.parametrize("client", ["visual_studio_code", "neovim@v0.11.0"])
async def test_what_changes_while_the_folder_is_read_counts(
    edit: Start, root: Path, disk: SlowDisk, client: str
) -> None:
    (root / "z.py").write_text(TASK)
    disk.hold("z.py")
    editor = await edit(client, root, server=disk.server)
    uri = editor.open(root / "tasks.py", TASK)
    await until(lambda: disk.is_waited_for)
    # `app.py` was read before.
    (root / "app.py").write_text(SETTING)
    _tell(editor, root / "app.py")
    await editor.actions(uri, "charge")  # the event is handled by now
    disk.release()
    await editor.becomes(uri, "CEL102")


@pytest.mark.parametrize("client", ["visual_studio_code", "neovim@v0.11.0"])
async def test_questions_are_answered_while_changed_files_are_read(
    edit: Start, root: Path, disk: SlowDisk, client: str
) -> None:
    editor = await edit(client, root, server=disk.server)
    uri = editor.open(root / "tasks.py", TASK)
    await editor.becomes(uri, "CEL101", "CEL102")
    paths = [root / f"m{at}.py" for at in range(30)]
    for path in paths:
        path.write_text(TASK)
    (root / "app.py").write_text(SETTING)
    disk.hold("app.py")
    seen = len(editor.client.published)
    _tell(editor, *paths, root / "app.py")
    await until(lambda: disk.is_waited_for)
    for _ in range(3):
        assert await editor.actions(uri, "charge")
    assert len(editor.client.published) == seen
    disk.release()
    await editor.becomes(uri, "CEL102")


async def test_references_wait_for_the_files_that_may_hold_some(
    edit: Start, root: Path, disk: SlowDisk
) -> None:
    (root / "views.py").write_text("from tasks import charge\n\ncharge.delay(1)\n")
    (root / "tasks.py").write_text(f"{TASK}\n\ncharge.delay(2)\n")
    disk.hold("views.py")
    editor = await edit("visual_studio_code", root, server=disk.server)
    uri = editor.open(root / "tasks.py")
    await until(lambda: disk.is_waited_for)
    params = types.ReferenceParams(
        types.ReferenceContext(include_declaration=False),
        types.TextDocumentIdentifier(uri),
        position_at(editor.text(uri), editor.text(uri).index("delay"), editor.buffers.encoding),
    )
    asked = asyncio.ensure_future(editor.client.text_document_references_async(params))
    await asyncio.wait([asked], timeout=0.5)
    disk.release()
    assert [Path(place.uri).name for place in await asked or ()] == ["tasks.py", "views.py"]


async def test_a_folder_is_read_once_at_the_start(edit: Start, root: Path, disk: SlowDisk) -> None:
    """Also where the client has settings, which come in between."""
    (root / "more.py").write_text(TASK)
    settings = {"ignore": ["CEL102"]}
    editor = await edit("visual_studio_code", root, server=disk.server, settings=settings)
    uri = editor.open(root / "tasks.py", TASK)
    await editor.becomes(uri, "CEL101")
    assert sorted(disk.reads()) == ["app.py", "more.py"]


async def test_one_changed_file_is_the_only_one_that_is_read(
    edit: Start, root: Path, disk: SlowDisk
) -> None:
    for at in range(10):
        (root / f"m{at}.py").write_text(TASK)
    editor = await edit("visual_studio_code", root, server=disk.server)
    uri = editor.open(root / "tasks.py", TASK)
    await editor.becomes(uri, "CEL101", "CEL102")
    disk.reads()
    for path in (root / "app.py", root / "deep" / "new.py"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(SETTING)
        _tell(editor, path)
        await editor.becomes(uri, "CEL102")
        assert disk.reads() == [path.name]
        path.unlink()
        _tell(editor, path, kind=KINDS.Deleted)
        await editor.becomes(uri, "CEL101", "CEL102")
        assert set(disk.reads()) <= {path.name}


def test_the_server_ends_while_it_reads(tmp_path: Path, disk: SlowDisk) -> None:
    """Nobody waits for what nobody will read: this folder takes minutes."""
    folder = tmp_path / "large"
    folder.mkdir()
    for at in range(3000):
        (folder / f"m{at}.py").write_text("x = 1\n")
    disk.pause(0.1)
    process = subprocess.Popen(
        [sys.executable, *disk.server], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    assert process.stdin is not None
    params: dict[str, Any] = {
        "capabilities": {},
        "processId": None,
        "workspaceFolders": [{"uri": folder.as_uri(), "name": "large"}],
    }
    process.stdin.write(message("initialize", params, id=1) + message("initialized", {}))
    process.stdin.flush()
    try:
        while not disk.reads():
            assert process.poll() is None
        process.stdin.write(message("shutdown", {}, id=2) + message("exit", {}))
        process.stdin.flush()
        assert process.wait(30) == 0
    finally:
        process.kill()
