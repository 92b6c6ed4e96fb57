"""What changes behind the editor's back: files, configuration, the client itself."""

import asyncio
import logging
import os
import time
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from lsprotocol import types

from celeryls.lsp.folder import Stopped
from celeryls.lsp.parent import is_alive
from celeryls.lsp.progress import read_folder

if TYPE_CHECKING:
    from celeryls.lsp.folder import Folder
    from celeryls.lsp.server import CelerylsServer

logger = logging.getLogger(__name__)
POLL = 2.0
"""Seconds between looks at the disk where the client does not watch it for us."""
POLL_BESIDE = 5.0
"""The same where it does: a folder that is moved or removed may be one event, or none."""
SHARE = 50
"""Of the time between two looks, a look may take one in so many parts of a processor's."""
QUIET = 0.1
"""Seconds without further changes before changed files are read."""
RESTLESS = 2.0
"""Seconds after which they are read although it is not quiet."""
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
        patterns = ("**/*.py", "**/pyproject.toml", "**/celeryls.toml", "**/celeryls-baseline.json")
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
    """Ask the client for its settings; false if it can't be asked.

    Who can be asked and does not answer keeps those that it has: what such a client sends with a
    notification has its defaults in it, which would win over the project's files.
    """
    workspace = server.session.capabilities.workspace
    if workspace is None or not workspace.configuration:
        return False
    asked = asyncio.ensure_future(_take_settings(server))
    try:
        # A client that never answers must not keep its user from seeing anything.
        await asyncio.wait_for(asyncio.shield(asked), PATIENCE)
    except asyncio.TimeoutError:
        logger.warning("the client does not give its settings within %g s", PATIENCE)
        server.in_background(_log_failure(asked))
    except Exception as error:
        logger.warning("the client did not give its settings: %s", error)
    return True


async def _take_settings(server: "CelerylsServer") -> None:
    """Ask for the settings of each folder, and take the answer unless they were asked for again."""
    session = server.session
    session.settings_asked += 1
    turn, folders = session.settings_asked, list(session.folders)
    scopes = [None, *(session.uri_of(path) for path in folders)]
    items = [types.ConfigurationItem(scope_uri=scope, section="celeryls") for scope in scopes]
    answers = await server.workspace_configuration_async(types.ConfigurationParams(items=items))
    if turn == session.settings_asked and answers and isinstance(answers[0], dict):
        session.settings = answers[0]
        session.settings_of = {
            path: answer
            for path, answer in zip(folders, answers[1:], strict=False)
            if isinstance(answer, dict)
        }
        configuration_may_have_changed(server)


async def _log_failure(asked: "asyncio.Future[None]") -> None:
    try:
        await asked
    except Exception as error:
        logger.warning("the client did not give its settings: %s", error)


def configuration_may_have_changed(server: "CelerylsServer") -> None:
    """Read the configuration of every folder again, and check again if it differs."""
    session = server.session
    for folder in session.all_folders():
        before = folder.workspace.loaded
        after = folder.configure(session.settings_of.get(str(folder.path), session.settings))
        if after != before:
            server.tell(folder)
            server.in_background(scan(server))


async def scan(server: "CelerylsServer") -> None:
    """Read the folders that were not read yet, and check what is open."""
    for folder in server.session.all_folders():
        server.tell(folder)
        await _read(server, folder)
    server.publisher.schedule_others(None, 0)
    server.changed.look()
    server.refresher.schedule()


async def _read(server: "CelerylsServer", folder: "Folder") -> None:
    """Read a folder, unless it was; if it is being read already, wait for that."""
    while not folder.scanned.is_set():
        if folder.reading is None:
            folder.reading = asyncio.ensure_future(_read_once(server, folder))
        await asyncio.shield(folder.reading)


async def _read_once(server: "CelerylsServer", folder: "Folder") -> None:
    exclude = folder.workspace.loaded.config.exclude
    try:
        await read_folder(server, folder)
    except Stopped:
        pass
    except Exception:
        logger.exception("reading %s failed", folder.path)
    finally:
        folder.reading = None
    if exclude == folder.workspace.loaded.config.exclude:
        folder.scanned.set()


class Changes:
    """Collects changed files: a switch of branches changes a thousand of them at a time.

    One batch is read at a time, so that the threads stay free for requests.
    """

    def __init__(self, server: "CelerylsServer") -> None:
        self._server = server
        self._paths: set[str] = set()
        self._busy = False

    def add(self, paths: Iterable[str]) -> None:
        """Read files again, once it is quiet."""
        self._paths.update(paths)
        if self._paths and not self._busy:
            self._busy = True
            self._server.in_background(self._read())

    async def _read(self) -> None:
        while self._paths:
            await self._quiet()
            paths, self._paths = self._paths, set()
            try:
                await files_changed(self._server, sorted(paths))
            except Exception:
                logger.exception("reading changed files failed")
        self._busy = False

    async def _quiet(self) -> None:
        """Wait until no more files change; but not forever."""
        began, count = time.monotonic(), -1
        while count != len(self._paths) and time.monotonic() - began < RESTLESS:
            count = len(self._paths)
            await asyncio.sleep(QUIET)
            if not client_watches(self._server):
                self._paths.update(await look(self._server))


async def files_changed(server: "CelerylsServer", paths: list[str]) -> None:
    """Read changed files again, and check what is open if that changed any meaning."""
    session = server.session
    sources = [path for path in paths if path.endswith(".py") and path not in session.documents]
    if any(not path.endswith(".py") for path in paths):
        configuration_may_have_changed(server)
    if sources:
        folders = list(session.folders.values())
        for folder in folders:
            # What is being read may have been read before it changed.
            await folder.scanned.wait()
        before = [folder.workspace.generation for folder in folders]
        for folder in folders:
            await server.off_loop(partial(folder.refresh, sources))
        if before != [folder.workspace.generation for folder in folders]:
            server.publisher.schedule_others(None)
            server.refresher.schedule()
        server.changed.look(read=sources)


async def look(server: "CelerylsServer") -> list[str]:
    """The files that changed since they were last looked at."""
    changed: list[str] = []
    for folder in server.session.all_folders():
        try:
            changed += await server.off_loop(folder.look)
        except Exception:
            logger.exception("looking for changed files failed")
    return changed


async def watch_disk(server: "CelerylsServer") -> None:
    """Look for changed files: all the time where the client does not, else now and then."""
    pause = POLL_BESIDE if client_watches(server) else POLL
    while True:
        server.changes.add(await look(server))
        took = sum(folder.look_took for folder in server.session.all_folders())
        await asyncio.sleep(max(pause, SHARE * took))


async def watch_parent(server: "CelerylsServer") -> None:
    """End when the editor that started us has."""
    while True:
        await asyncio.sleep(POLL)
        if server.process_id is not None and not is_alive(server.process_id):
            logger.info("the editor (process %s) is gone", server.process_id)
            # Threads may be busy, and standard input may never end: leave for good.
            os._exit(1)
