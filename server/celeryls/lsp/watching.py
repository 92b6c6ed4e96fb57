"""What changes behind the editor's back: files, configuration, the client itself."""

import asyncio
import logging
import os
from functools import partial
from typing import TYPE_CHECKING

from lsprotocol import types

from celeryls.lsp.disk import Disk
from celeryls.lsp.parent import is_alive
from celeryls.lsp.progress import read_folder

if TYPE_CHECKING:
    from celeryls.lsp.server import CelerylsServer

logger = logging.getLogger(__name__)
POLL = 2.0
"""Seconds between looks at the disk where the client does not watch it for us."""
QUIET = 0.1
"""Seconds without further changes before changed files are read."""
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
                await read_folder(server, folder)
            except Exception:
                logger.exception("reading %s failed", folder.path)
            folder.scanned.set()
    server.publisher.schedule_others(None, 0)


class Changes:
    """Collects changed files: a switch of branches changes a thousand of them at a time."""

    def __init__(self, server: "CelerylsServer") -> None:
        self._server = server
        self._paths: set[str] = set()
        self._waiting = False

    def add(self, paths: list[str]) -> None:
        """Read files again, once it is quiet."""
        self._paths.update(paths)
        if not self._waiting:
            self._waiting = True
            self._server.in_background(self._read())

    async def _read(self) -> None:
        count = -1
        while count != len(self._paths):  # more may come
            count = len(self._paths)
            await asyncio.sleep(QUIET)
        self._waiting = False
        paths, self._paths = self._paths, set()
        try:
            await files_changed(self._server, sorted(paths))
        except Exception:
            logger.exception("reading changed files failed")


async def files_changed(server: "CelerylsServer", paths: list[str]) -> None:
    """Read changed files again."""
    session = server.session
    sources = [path for path in paths if path.endswith(".py") and path not in session.documents]
    if any(not path.endswith(".py") for path in paths):
        configuration_may_have_changed(server)
    if sources:
        folders = [folder for folder in session.folders.values() if folder.scanned.is_set()]
        before = [folder.workspace.generation for folder in folders]
        for folder in folders:
            await server.off_loop(partial(folder.refresh, sources))
        if before != [folder.workspace.generation for folder in folders]:
            server.publisher.schedule_others(None)


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
                server.changes.add(changed)
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
