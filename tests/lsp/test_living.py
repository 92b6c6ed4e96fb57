"""Code that changes behind the editor, and folders that take a while to read."""

import asyncio
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pytest_lsp import client_capabilities

from tests.lsp.conftest import Start
from tests.lsp.driver import until

TASK = "from celery import shared_task\n\n\n@shared_task(max_retries=0)\ndef charge(): ...\n"
APP = 'from celery import Celery\n\napp = Celery("shop")\n'
SETTINGS = f"{APP}app.conf.task_acks_late = True\n"
MANY = 5000


def _large(root: Path) -> None:
    """A folder that takes a moment: many files, a good part of them with tasks."""
    traced = f"{TASK}charge.delay()\n" + "".join(
        f"\n\ndef f{at}(x, y={at}):\n    z = g(x, [y])\n    return z\n" for at in range(80)
    )
    for at in range(MANY):
        folder = root / f"p{at % 50}"
        folder.mkdir(exist_ok=True)
        (folder / f"m{at}.py").write_text(traced if at % 10 == 0 else "x = 1\n")


def _capabilities(*, progress: bool) -> types.ClientCapabilities:
    capabilities = client_capabilities("visual_studio_code")
    assert capabilities.window is not None
    capabilities.window.work_done_progress = progress
    return capabilities


async def _kinds(client: Any) -> list[str]:
    reports = [item for items in client.progress_reports.values() for item in items]
    return [item.kind for item in reports]


async def test_a_large_folder_shows_progress_and_answers_meanwhile(
    edit: Start, tmp_path: Path
) -> None:
    _large(tmp_path)
    editor = await edit(_capabilities(progress=True), tmp_path)
    uri = editor.open(tmp_path / "new.py", TASK)
    # From what is known of this file alone, while the others are being read.
    await editor.actions(uri, "charge")
    assert not editor.client.published
    await until(lambda: editor.client.progress_reports)
    await editor.becomes(uri, "CEL101")
    await asyncio.sleep(0.6)
    kinds = await _kinds(editor.client)
    assert kinds[0] == "begin"
    assert kinds[-1] == "end"
    assert set(kinds[1:-1]) <= {"report"}


@pytest.mark.parametrize(("large", "progress"), [(False, True), (True, False)])
async def test_no_progress_for_small_folders_or_clients_that_do_not_show_it(
    edit: Start, tmp_path: Path, large: bool, progress: bool
) -> None:
    if large:
        _large(tmp_path)
    editor = await edit(_capabilities(progress=progress), tmp_path)
    uri = editor.open(tmp_path / "new.py", TASK)
    await editor.becomes(uri, "CEL101")
    assert not editor.client.progress_reports


def _git(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


@pytest.mark.parametrize("client", ["visual_studio_code", "neovim@v0.11.0"])
async def test_another_branch_with_a_thousand_files(
    edit: Start, tmp_path: Path, client: str
) -> None:
    (tmp_path / "app.py").write_text(APP)
    paths = [tmp_path / f"p{at % 20}" / f"m{at}.py" for at in range(1000)]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
        path.write_text(TASK)
    _git(tmp_path, "init", "-b", "main")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "-m", "one")
    _git(tmp_path, "checkout", "-b", "other")
    for at, path in enumerate(paths):
        if at % 10 == 0:
            path.unlink()
        else:
            path.write_text(TASK.replace("charge()", "charge(order_id)"))
    (tmp_path / "app.py").write_text(SETTINGS)
    new = tmp_path / "deep" / "er" / "more.py"
    new.parent.mkdir(parents=True)
    new.write_text(TASK)
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "-m", "two")
    _git(tmp_path, "checkout", "main")

    # One open file is about settings, the others call tasks that differ, are new, or are gone.
    texts = {"open.py": TASK}
    for at, module in enumerate(("p1.m1", "deep.er.more", "p10.m10")):
        texts[f"calls{at}.py"] = f"from {module} import charge\n\ncharge.delay(1, 2)\n"
    editor = await edit(client, tmp_path)
    uris = [editor.open(tmp_path / name, text) for name, text in texts.items()]
    await editor.becomes(uris[0], "CEL101")
    before = [await editor.codes(uri) for uri in uris]
    seen = len(editor.client.published)
    _git(tmp_path, "checkout", "other")
    if client == "visual_studio_code":
        changed = [*paths, tmp_path / "app.py", new]
        kind = types.FileChangeType.Changed
        events = [types.FileEvent(path.as_uri(), kind) for path in changed]
        editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(events))
    # Requests are answered while the files are read.
    while len(editor.client.published) == seen:
        await editor.actions(uris[0], "charge")
    await until(lambda: len(editor.client.published) >= seen + len(uris))
    # One batch, so each is checked once more; twice if git was met in the middle of its work.
    await asyncio.sleep(1)
    assert len(editor.client.published) <= seen + 2 * len(uris)
    after = [await editor.codes(uri) for uri in uris]
    fresh = await edit("visual_studio_code", tmp_path)
    again = [fresh.open(tmp_path / name, text) for name, text in texts.items()]
    assert [await fresh.codes(uri) for uri in again] == after
    assert after != before


async def test_a_file_without_celery_that_is_saved_checks_nothing_again(
    edit: Start, tmp_path: Path
) -> None:
    plain, tasks = tmp_path / "plain.py", tmp_path / "tasks.py"
    plain.write_text("x = 1\n")
    tasks.write_text(TASK)
    editor = await edit("visual_studio_code", tmp_path)
    uri = editor.open(tasks)
    await editor.becomes(uri, "CEL101")
    seen = len(editor.client.published)
    for text in ("x = 2\n", "x = 3\n"):
        plain.write_text(text)
        event = types.FileEvent(plain.as_uri(), types.FileChangeType.Changed)
        editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
        await asyncio.sleep(0.7)
    assert len(editor.client.published) == seen
    # The look for new traces is still there.
    plain.write_text(SETTINGS)
    event = types.FileEvent(plain.as_uri(), types.FileChangeType.Changed)
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
    await editor.becomes(uri)


async def test_what_means_the_same_checks_nothing_again(edit: Start, tmp_path: Path) -> None:
    tasks, other = tmp_path / "tasks.py", tmp_path / "other.py"
    tasks.write_text(TASK)
    other.write_text(TASK)
    editor = await edit("visual_studio_code", tmp_path)
    uri, unchanged = editor.open(tasks), editor.open(tmp_path / "more.py", TASK)
    await editor.becomes(uri, "CEL101")
    await editor.becomes(unchanged, "CEL101")
    seen = len(editor.client.published)

    def save(text: str) -> None:
        other.write_text(text)
        event = types.FileEvent(other.as_uri(), types.FileChangeType.Changed)
        editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))

    save(TASK.replace("...", "return 1"))
    editor.client.text_document_did_save(
        types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri))
    )
    looked_at = editor.open(other)
    await editor.becomes(looked_at, "CEL101")
    editor.close(looked_at)
    await asyncio.sleep(1)
    said = [item.uri for item in editor.client.published[seen:]]
    assert set(said) == {looked_at}
    # Another option is another matter: each open file once.
    seen = len(editor.client.published)
    save(TASK.replace("max_retries=0", "max_retries=1"))
    await until(lambda: len(editor.client.published) > seen)
    await asyncio.sleep(1)
    assert sorted(item.uri for item in editor.client.published[seen:]) == sorted((uri, unchanged))


async def test_a_client_may_tell_of_a_folder_that_is_gone_or_not_at_all(
    edit: Start, tmp_path: Path
) -> None:
    """VS Code tells of the folder alone, which no pattern for Python files matches."""
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "app.py").write_text(SETTINGS)
    editor = await edit("visual_studio_code", tmp_path)
    uri = editor.open(tmp_path / "open.py", TASK)
    await editor.becomes(uri)
    shutil.rmtree(inner)
    await editor.becomes(uri, "CEL101")


async def test_what_nobody_tells_of_anywhere(edit: Start, tmp_path: Path) -> None:
    """New, moved, ignored and removed files, also where there was no Python before."""
    (tmp_path / "docs").mkdir()
    editor = await edit("neovim@v0.11.0", tmp_path)
    uri = editor.open(tmp_path / "open.py", TASK)
    await editor.becomes(uri, "CEL101")
    inner = tmp_path / "docs" / "deep"
    inner.mkdir()
    (inner / "app.py").write_text(SETTINGS)
    await editor.becomes(uri)
    (tmp_path / "ignored").write_text("deep/\n")
    (tmp_path / "ignored").rename(tmp_path / ".gitignore")
    await editor.becomes(uri, "CEL101")
    inner.rename(tmp_path / "docs" / "moved")
    await editor.becomes(uri)
    shutil.rmtree(tmp_path / "docs")
    await editor.becomes(uri, "CEL101")
