"""Folders that are left out, closed, or a whole machine."""

from pathlib import Path

from lsprotocol import types

from tests.lsp.conftest import Start

TASK = "from celery import shared_task\n\n\n@shared_task(max_retries=0)\ndef charge(): ...\n"
SETTING = 'from celery import Celery\n\napp = Celery("shop")\napp.conf.task_acks_late = True\n'


async def test_a_project_in_another(edit: Start, tmp_path: Path) -> None:
    """The inner one has settings and options of its own, and the outer one none of them."""
    outer, inner = tmp_path / "outer", tmp_path / "outer" / "services" / "inner"
    inner.mkdir(parents=True)
    (outer / "celeryls.toml").write_text('exclude = ["services/"]\n')
    (inner / "celeryls.toml").write_text('ignore = ["CEL101"]\n')
    (inner / "deep").mkdir()
    editor = await edit("visual_studio_code", outer, inner)
    above = editor.open(outer / "tasks.py", TASK)
    below = editor.open(inner / "deep" / "tasks.py", TASK)
    await editor.becomes(above, "CEL101")
    await editor.becomes(below)
    # The outer project has left the file out; for the inner one it is there.
    (inner / "celeryls.toml").write_text("")
    app = inner / "app.py"
    app.write_text(SETTING.replace("task_acks_late = True", 'timezone = "UTC"'))
    events = [
        types.FileEvent(path.as_uri(), types.FileChangeType.Changed)
        for path in (app, inner / "celeryls.toml")
    ]
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(events))
    await editor.becomes(below, "CEL101")
    app.write_text(SETTING)
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(events))
    await editor.becomes(below)
    await editor.becomes(above, "CEL101")


async def test_the_whole_machine_is_not_read(edit: Start, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(SETTING)
    editor = await edit("visual_studio_code", Path(tmp_path.anchor))
    uri = editor.open(tmp_path / "tasks.py", TASK)
    await editor.becomes(uri, "CEL101")
    assert not editor.client.progress_reports
    assert await editor.actions(uri, "charge")


async def test_a_folder_that_is_closed_counts_no_more(edit: Start, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        folder.mkdir()
        (folder / "app.py").write_text(SETTING)
    editor = await edit("visual_studio_code", one, two)
    uris = [editor.open(folder / "tasks.py", TASK) for folder in (one, two)]
    for uri in uris:
        await editor.becomes(uri)
    change = types.WorkspaceFoldersChangeEvent(
        added=[], removed=[types.WorkspaceFolder(two.as_uri(), "")]
    )
    editor.client.workspace_did_change_workspace_folders(
        types.DidChangeWorkspaceFoldersParams(change)
    )
    await editor.becomes(uris[1], "CEL101")
    assert await editor.codes(uris[0]) == []
