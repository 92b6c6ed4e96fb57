"""What changes behind the editor's back: files, configuration, the client itself."""

import asyncio
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from celeryls.lsp.parent import is_alive
from celeryls.lsp.uris import is_file

if TYPE_CHECKING:
    from celeryls.lsp.server import CelerylsServer
    from celeryls.lsp.session import Folder

logger = logging.getLogger(__name__)
POLL = 2.0
"""Seconds between looks at the disk where the client does not watch it for us."""
PATIENCE = 5.0
"""Seconds to wait for the client's settings."""


def client_watches(server: "CelerylsServer") -> bool:
    """Whether the client tells us of changed files."""
    workspace = server.session.capabilities.workspace
    watched = workspace.did_change_watched_files if workspace is not None else None
    return bool(watched is not None and watched.dynamic_registration)


async def register(server: "CelerylsServer") -> None:
    """Ask the client to watch files and settings, if it can."""
    registrations = []
    if client_watches(server):
        patterns = ("**/*.py", "**/pyproject.toml", "**/celeryls.toml")
        registrations.append(
            types.Registration(
                id="celeryls-files",
                method=types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
                register_options=types.DidChangeWatchedFilesRegistrationOptions(
                    watchers=[types.FileSystemWatcher(glob_pattern=p) for p in patterns]
                ),
            )
        )
    workspace = server.session.capabilities.workspace
    changed = workspace.did_change_configuration if workspace is not None else None
    if changed is not None and changed.dynamic_registration:
        registrations.append(
            types.Registration(
                id="celeryls-settings",
                method=types.WORKSPACE_DID_CHANGE_CONFIGURATION,
                register_options={"section": "celeryls"},
            )
        )
    if registrations:
        try:
            await server.client_register_capability_async(
                types.RegistrationParams(registrations=registrations)
            )
        except Exception as error:
            logger.warning("the client refused to watch files: %s", error)


async def pull_settings(server: "CelerylsServer") -> bool:
    """Ask the client for its settings; false if it can't be asked."""
    workspace = server.session.capabilities.workspace
    if workspace is None or not workspace.configuration:
        return False
    asked = server.workspace_configuration_async(
        types.ConfigurationParams(items=[types.ConfigurationItem(section="celeryls")])
    )
    try:
        # A client that never answers must not keep its user from seeing anything.
        answers = await asyncio.wait_for(asyncio.shield(asked), PATIENCE)
    except Exception as error:
        logger.warning("the client did not give its settings: %s", error)
        return False
    settings = answers[0] if answers else None
    if isinstance(settings, dict):
        server.session.settings = settings
        configuration_may_have_changed(server)
    return True


def configuration_may_have_changed(server: "CelerylsServer") -> None:
    """Read the configuration of every folder again, and check again if it differs."""
    for folder in server.session.all_folders():
        before = folder.workspace.loaded
        after = folder.configure(server.session.settings)
        if after != before:
            server.tell(folder)
            server.in_background(scan(server))


async def scan(server: "CelerylsServer") -> None:
    """Read the folders that were not read yet, and check what is open."""
    for folder in server.session.all_folders():
        server.tell(folder)
        if not folder.scanned.is_set():
            try:
                await server.off_loop(folder.scan)
            except Exception:
                logger.exception("reading %s failed", folder.path)
            folder.scanned.set()
    server.publisher.schedule_others(None, 0)


async def files_changed(server: "CelerylsServer", paths: list[str]) -> None:
    """Read changed files again."""
    session = server.session
    sources = [path for path in paths if path.endswith(".py") and path not in session.documents]
    if len(sources) < len(paths):
        configuration_may_have_changed(server)
    if sources:
        folders = [folder for folder in session.folders.values() if folder.scanned.is_set()]
        await server.off_loop(lambda _: _refresh(folders, sources))
        server.publisher.schedule_others(None)


def _refresh(folders: "list[Folder]", paths: list[str]) -> None:
    """Read files again.  Which of the new ones belong to a folder, only a look at it tells."""
    for folder in folders:
        known = folder.workspace.snapshot().files
        inside = [path for path in paths if Path(path).is_relative_to(folder.path or "")]
        if any(path not in known for path in inside):
            folder.scan()
        else:
            for path in inside:
                folder.workspace.refresh(path)


async def watch_disk(server: "CelerylsServer") -> None:
    """Look for changed files, where the client does not."""
    if client_watches(server):
        return
    disk = Disk()
    session = server.session
    # The configuration was read already, and may change while the files are read.
    await server.off_loop(lambda _: disk.changes(session.all_folders()))
    for folder in session.all_folders():
        await folder.scanned.wait()
    while True:
        try:
            changed = await server.off_loop(lambda _: disk.changes(session.all_folders()))
            if changed:
                await files_changed(server, changed)
        except Exception:
            logger.exception("looking for changed files failed")
        await asyncio.sleep(POLL)


async def watch_parent(server: "CelerylsServer") -> None:
    """End when the editor that started us has."""
    while True:
        await asyncio.sleep(POLL)
        if server.process_id is not None and not is_alive(server.process_id):
            logger.info("the editor (process %s) is gone", server.process_id)
            # Threads may be busy, and standard input may never end: leave for good.
            os._exit(1)


class Disk:
    """The time stamps of files, as they were when last looked at."""

    def __init__(self) -> None:
        self._stamps: dict[str, float] = {}
        self._looked_at: set[Folder] = set()

    def changes(self, folders: "list[Folder]") -> list[str]:
        """The files that were changed, made or removed since the last time."""
        changed = []
        for folder in folders:
            scanned = folder.scanned.is_set()
            for path in _watched(folder):
                try:
                    stamp = os.stat(path).st_mtime
                except OSError:
                    stamp = 0.0
                before = self._stamps.get(path)
                if stamp != before:
                    self._stamps[path] = stamp
                    # What is seen for the first time is new, or the folder is.
                    if before is not None or folder in self._looked_at:
                        changed.append(path)
            if scanned:
                self._looked_at.add(folder)
        return changed


def _watched(folder: "Folder") -> set[str]:
    """The files that count: the configuration, Celery's, and new ones beside those."""
    names = ("pyproject.toml", "celeryls.toml")
    near = {folder.workspace.loaded.root, *([folder.path] if folder.path else [])}
    paths = {os.path.join(root, name) for root in near for name in names}
    if not folder.scanned.is_set():
        return paths
    files = {path for path in folder.workspace.snapshot().files if is_file(path)}
    paths |= files
    if folder.path is not None:
        for parent in {os.path.dirname(path) for path in files} | {str(folder.path)}:
            try:
                beside = os.listdir(parent)
            except OSError:
                continue
            paths.update(os.path.join(parent, name) for name in beside if name.endswith(".py"))
    return paths
