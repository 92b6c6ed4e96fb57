"""Settings from the client, and folders that come and go."""

import asyncio
from pathlib import Path

import pytest
from lsprotocol import types

from tests.lsp.conftest import Start
from tests.lsp.driver import Editor, start, stop, until

TASK = "from celery import shared_task\n\n\n@shared_task\ndef charge(order_id):\n    return 1\n"
CALLER = "from app import app\n\n\n@app.task\ndef g(): ...\n"


@pytest.fixture
def tasks(root: Path) -> Path:
    path = root / "tasks.py"
    path.write_text(TASK)
    return path


@pytest.mark.parametrize(
    "options",
    [
        {"settings": {"ignore": ["CEL102"]}},
        {"celeryls": {"ignore": ["missing-retry"], "celeryVersion": "5.4"}},
    ],
)
async def test_options_of_initialize(
    edit: Start, root: Path, tasks: Path, options: dict[str, object]
) -> None:
    editor: Editor = await edit(types.ClientCapabilities(), root, options=options)
    assert await editor.codes(editor.open(tasks)) == ["CEL101"]
    assert editor.client.messages == []


async def test_settings_that_the_server_asks_for(edit: Start, root: Path, tasks: Path) -> None:
    editor: Editor = await edit("visual_studio_code", root, settings={"ignore": ["CEL101"]})
    uri = editor.open(tasks)
    await editor.becomes(uri, "CEL102")
    methods = {item.method for item in editor.client.registered}
    assert types.WORKSPACE_DID_CHANGE_CONFIGURATION in methods
    editor.client.set_configuration({"ignore": ["CEL102"]}, section="celeryls")
    editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
    await editor.becomes(uri, "CEL101")


IMPATIENT = """
from celeryls.lsp import watching
from celeryls.lsp.server import serve_stdio
watching.PATIENCE = 0.2
serve_stdio()
"""


async def test_settings_that_come_late_count(root: Path, tasks: Path) -> None:
    """The user is not kept waiting for them; an editor that starts is busy."""
    settings = {"ignore": ["CEL101"]}
    editor = await start(
        *("visual_studio_code", root),
        settings=settings,
        settings_take=1.5,
        server=("-c", IMPATIENT),
    )
    uri = editor.open(tasks)
    await editor.becomes(uri, "CEL101", "CEL102")
    await editor.becomes(uri, "CEL102")
    # Of two answers the one to the later question counts; what is sent unasked has defaults in it.
    editor.client.workspace_did_change_configuration(
        types.DidChangeConfigurationParams({"celeryls": {"select": [], "ignore": []}})
    )
    await asyncio.sleep(1)
    await editor.becomes(uri, "CEL102")
    editor.client.settings_take = 0
    editor.client.set_configuration({"ignore": ["CEL102"]}, section="celeryls")
    editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
    await editor.becomes(uri, "CEL101")
    await asyncio.sleep(2)
    await editor.becomes(uri, "CEL101")
    assert "does not give its settings within 0.2 s" in await stop(editor)


async def test_a_folder_whose_uri_ends_with_a_slash(
    edit: Start, root: Path, tasks: Path, tmp_path: Path
) -> None:
    """As Emacs writes them."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "tasks.py").write_text(TASK)
    editor: Editor = await edit(
        "visual_studio_code", options={"notifyChanges": True}, settings={"ignore": ["CEL101"]}
    )
    uris = [f"{folder.as_uri()}/" for folder in (root, other)]
    editor.client.set_configuration(
        {"ignore": ["CEL102"]}, section="celeryls", scope_uri=other.as_uri()
    )
    added = [types.WorkspaceFolder(uri, "") for uri in uris]
    change = types.WorkspaceFoldersChangeEvent(added=added, removed=[])
    editor.client.workspace_did_change_workspace_folders(
        types.DidChangeWorkspaceFoldersParams(change)
    )
    one, two = editor.open(tasks), editor.open(other / "tasks.py")
    await editor.becomes(one, "CEL102")
    await editor.becomes(two, "CEL101")
    change = types.WorkspaceFoldersChangeEvent(added=[], removed=added[1:])
    editor.client.workspace_did_change_workspace_folders(
        types.DidChangeWorkspaceFoldersParams(change)
    )
    await editor.becomes(two, "CEL102")


async def test_settings_that_the_client_sends(edit: Start, root: Path, tasks: Path) -> None:
    editor: Editor = await edit(types.ClientCapabilities(), root)
    uri = editor.open(tasks)
    await editor.becomes(uri, "CEL101", "CEL102")
    for settings, codes in (
        ({"celeryls": {"ignore": ["CEL101"]}}, ["CEL102"]),
        ({"ignore": ["CEL102"]}, ["CEL101"]),
        ({"celeryls": None}, ["CEL101", "CEL102"]),
    ):
        editor.client.workspace_did_change_configuration(
            types.DidChangeConfigurationParams(settings)
        )
        await editor.becomes(uri, *codes)
    assert editor.client.messages == []


@pytest.mark.parametrize("folders", [0, 2])
async def test_an_unknown_setting_of_the_client_is_one_message(
    edit: Start, root: Path, tasks: Path, tmp_path: Path, folders: int
) -> None:
    settings = {"ignroe": ["CEL101"], "select": ["CEL999"]}
    editor: Editor = await edit(
        types.ClientCapabilities(), *[root, tmp_path / "other"][:folders], options=settings
    )
    uri = editor.open(tasks)
    await editor.becomes(uri, "CEL101", "CEL102")
    editor.client.workspace_did_change_configuration(
        types.DidChangeConfigurationParams({**settings, "ignore": ["CEL102"]})
    )
    await editor.becomes(uri, "CEL101")
    messages = [message.message for message in editor.client.messages]
    assert len(messages) == 2
    assert len([text for text in messages if 'did you mean "ignore"?' in text]) == 1
    assert len([text for text in messages if "CEL999" in text]) == 1


async def test_folders_come_and_go(edit: Start, root: Path, tmp_path: Path) -> None:
    (root / "app.py").write_text(
        'from celery import Celery\n\napp = Celery("shop")\napp.conf.task_acks_late = True\n'
    )
    (root / "more.py").write_text(CALLER)
    folder = types.WorkspaceFolder(root.as_uri(), "shop")
    editor: Editor = await edit("visual_studio_code")
    uri = editor.open(root / "more.py")
    await editor.diagnostics(uri)
    for added, removed in (([folder], []), ([], [folder]), ([folder], [])):
        seen = len(editor.client.published)
        editor.client.workspace_did_change_workspace_folders(
            types.DidChangeWorkspaceFoldersParams(
                types.WorkspaceFoldersChangeEvent(added=added, removed=removed)
            )
        )
        await until(lambda: len(editor.client.published) > seen)  # noqa: B023
        if added:
            await editor.becomes(uri, "CEL102")
    assert await editor.actions(uri, "g()")


async def test_what_no_project_wants_does_not_count(edit: Start, root: Path, tasks: Path) -> None:
    """Neither installed packages that change, nor an old version of the settings."""
    setting = 'from celery import Celery\napp = Celery("shop")\napp.conf.task_acks_late = True\n'
    editor: Editor = await edit("visual_studio_code", root)
    uri = editor.open(tasks)
    await editor.becomes(uri, "CEL101", "CEL102")
    installed = root / ".venv" / "celery_app.py"
    installed.parent.mkdir()
    installed.write_text(setting)
    made = root / "made.py"
    made.write_text("from celery import shared_task\n")
    events = [
        types.FileEvent(path.as_uri(), types.FileChangeType.Created) for path in (installed, made)
    ]
    view = editor.open(f"git:{root}/app.py?ref", setting)
    seen = len(editor.client.published)
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(events))
    await until(lambda: len(editor.client.published) > seen)
    editor.insert(uri, 0, "\n")
    assert await editor.codes(uri) == ["CEL101", "CEL102"]
    editor.close(view)

    made.write_text(setting)
    (root / "app.py").unlink()
    events = [types.FileEvent(made.as_uri(), types.FileChangeType.Changed)]
    events += [types.FileEvent((root / "app.py").as_uri(), types.FileChangeType.Deleted)]
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(events))
    await editor.becomes(uri, "CEL102")


async def test_files_that_nobody_tells_of(edit: Start, root: Path, tasks: Path) -> None:
    editor: Editor = await edit("neovim@v0.11.0", root)
    uri = editor.open(tasks)
    await editor.becomes(uri, "CEL101", "CEL102")
    (root / "app.py").write_text("")
    (root / "made.py").write_text(
        'from celery import Celery\napp = Celery("shop")\napp.conf.task_acks_late = True\n'
    )
    await editor.becomes(uri, "CEL102")


async def test_many_files_at_the_start(edit: Start, root: Path) -> None:
    """An editor opens its tabs before the folder is read."""
    for number in range(12):
        (root / f"tasks{number}.py").write_text(TASK)
    editor: Editor = await edit("visual_studio_code", root)
    opened = [editor.open(root / f"tasks{number}.py") for number in range(12)]
    for uri in opened:
        assert await editor.codes(uri) == ["CEL101", "CEL102"]


@pytest.mark.parametrize("client", ["visual_studio_code", "emacs"])
async def test_what_is_in_the_baseline_is_not_shown(
    edit: Start, root: Path, tasks: Path, client: str
) -> None:
    """Written while the editor runs, whether or not the client watches files."""
    editor: Editor = await edit(client, root)
    uri = editor.open(tasks)
    await editor.becomes(uri, "CEL101", "CEL102")
    path = root / "celeryls-baseline.json"
    path.write_text('{"tasks.py": ["CEL101 def charge(order_id):"]}')
    if client == "visual_studio_code":
        event = types.FileEvent(uri=path.as_uri(), type=types.FileChangeType.Created)
        editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
    await editor.becomes(uri, "CEL102")
    editor.replace(uri, "order_id", "order")
    await editor.becomes(uri, "CEL101", "CEL102")


async def test_each_folder_may_have_settings_of_its_own(
    edit: Start, root: Path, tasks: Path, tmp_path: Path
) -> None:
    others = [tmp_path / "other", tmp_path / "third"]
    for other in others:
        other.mkdir()
        (other / "tasks.py").write_text(tasks.read_text("utf-8"), "utf-8")
    editor: Editor = await edit(
        "visual_studio_code", root, others[0], settings={"ignore": ["CEL101"]}
    )
    for other in others:
        editor.client.set_configuration(
            {"ignore": ["CEL102"]}, section="celeryls", scope_uri=other.as_uri()
        )
    editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
    await editor.becomes(editor.open(tasks), "CEL102")
    await editor.becomes(editor.open(others[0] / "tasks.py"), "CEL101")
    # A folder that is added later is asked for as well.
    added = types.WorkspaceFoldersChangeEvent(
        added=[types.WorkspaceFolder(others[1].as_uri(), "third")], removed=[]
    )
    editor.client.workspace_did_change_workspace_folders(
        types.DidChangeWorkspaceFoldersParams(added)
    )
    await editor.becomes(editor.open(others[1] / "tasks.py"), "CEL101")
