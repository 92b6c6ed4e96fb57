"""Which of several folders a document is in, and a home folder beside one that is read."""

from pathlib import Path

import pytest
from lsprotocol import types

from celeryls.lsp.session import Session
from tests.lsp.conftest import Start
from tests.lsp.driver import Editor

TASK = "from celery import shared_task\n\n\n@shared_task\ndef charge(order_id):\n    return 1\n"
APP = 'from celery import Celery\n\napp = Celery("shop")\n'
SETTINGS = f"{APP}app.conf.task_acks_late = True\n"
"""With these CEL101 is not said."""


def _write(folder: Path, **files: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)


def _tell(editor: Editor, *paths: Path) -> None:
    events = [types.FileEvent(path.as_uri(), types.FileChangeType.Changed) for path in paths]
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(events))


def _move(editor: Editor, *, added: list[Path], removed: list[Path]) -> None:
    def named(folders: list[Path]) -> list[types.WorkspaceFolder]:
        return [types.WorkspaceFolder(folder.as_uri(), folder.name) for folder in folders]

    event = types.WorkspaceFoldersChangeEvent(added=named(added), removed=named(removed))
    editor.client.workspace_did_change_workspace_folders(
        types.DidChangeWorkspaceFoldersParams(event)
    )


async def test_apps_of_both_projects_count_for_the_outer_one_only(
    edit: Start, tmp_path: Path
) -> None:
    inner = tmp_path / "services" / "pay"
    _write(tmp_path, app=SETTINGS, tasks=TASK)
    _write(inner, app=APP, tasks=TASK)
    (inner / "celeryls.toml").write_text('ignore = ["CEL102"]\n')
    editor = await edit("visual_studio_code", tmp_path, inner)
    around, within = editor.open(tmp_path / "tasks.py"), editor.open(inner / "tasks.py")
    # The outer folder has two apps that do not agree, so there it can't be told.
    await editor.becomes(around, "CEL102")
    await editor.becomes(within, "CEL101")
    # Only the inner folder's own app counts for it.
    (inner / "app.py").write_text(SETTINGS)
    _tell(editor, inner / "app.py")
    await editor.becomes(within)
    assert await editor.codes(around) == ["CEL102"]


async def test_what_is_unsaved_goes_with_the_inner_folder(edit: Start, tmp_path: Path) -> None:
    inner = tmp_path / "services" / "pay"
    _write(tmp_path, app=SETTINGS)
    _write(inner, tasks=TASK)
    editor = await edit("visual_studio_code", tmp_path)
    uri = editor.open(inner / "tasks.py")
    await editor.becomes(uri, "CEL102")
    # A second task that no file has: whoever asks the disk does not find it.
    editor.insert(uri, len(TASK), TASK.replace("charge", "refund"))
    await editor.becomes(uri, "CEL102", "CEL102")
    _move(editor, added=[inner], removed=[])
    await editor.becomes(uri, "CEL101", "CEL102", "CEL101", "CEL102")
    _move(editor, added=[], removed=[inner])
    await editor.becomes(uri, "CEL102", "CEL102")


async def test_a_folder_with_another_ones_name_in_front_is_not_in_it(
    edit: Start, tmp_path: Path
) -> None:
    _write(tmp_path / "shop", app=SETTINGS, tasks=TASK)
    _write(tmp_path / "shopping", app=APP, tasks=TASK)
    editor = await edit("visual_studio_code", tmp_path / "shop", tmp_path / "shopping")
    await editor.becomes(editor.open(tmp_path / "shop" / "tasks.py"), "CEL102")
    await editor.becomes(editor.open(tmp_path / "shopping" / "tasks.py"), "CEL101", "CEL102")


@pytest.mark.parametrize("client", ["visual_studio_code", "neovim@v0.11.0"])
@pytest.mark.parametrize(
    ("home", "is_read"), [("work", False), ("work/me", False), ("elsewhere", True)]
)
async def test_only_a_home_folder_is_not_read(
    edit: Start,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    client: str,
    home: str,
    is_read: bool,
) -> None:
    """Nor is what holds all homes; the same folder is read if home is elsewhere.

    A file that is open there is checked all the same, and the configuration counts.
    """
    folder = tmp_path / "work"
    _write(folder / "me")
    _write(tmp_path / "elsewhere")
    _write(folder, app=SETTINGS, tasks=TASK)
    monkeypatch.setenv("HOME", str(tmp_path / home))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / home))
    editor = await edit(client, folder)
    uri = editor.open(folder / "tasks.py")
    expected = ["CEL102"] if is_read else ["CEL101", "CEL102"]
    await editor.becomes(uri, *expected)
    assert await editor.actions(uri, "charge")
    # A client may tell of each file that changes there.
    _write(folder, app=f"{SETTINGS}\n", more=SETTINGS)
    if client == "visual_studio_code":
        _tell(editor, folder / "app.py", folder / "more.py")
    (folder / "celeryls.toml").write_text('ignore = ["CEL102"]\n')
    if client == "visual_studio_code":
        _tell(editor, folder / "celeryls.toml")
    await editor.becomes(uri, *[code for code in expected if code != "CEL102"])


def test_what_is_only_asked_about_is_not_kept(tmp_path: Path) -> None:
    """Nobody would ever close it."""
    session = Session()
    path = tmp_path / "tasks.py"
    for _ in range(3):
        session.folder_of(str(path))
    assert session.all_folders() == []
    session.open(types.TextDocumentItem(path.as_uri(), "python", 1, ""))
    assert session.folder_of(str(path)) is session.folder_of(str(path))
    session.close(str(path))
    assert session.all_folders() == []
