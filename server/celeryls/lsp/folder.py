"""A workspace folder: its files, its settings, and what of them was read."""

import asyncio
import gc
import os
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from celeryls.project.disk import Disk

if TYPE_CHECKING:
    from celeryls.config import Loaded
    from celeryls.engine import Selection
    from celeryls.project.workspace import Progress

_CONFIGURATION = ("pyproject.toml", "celeryls.toml")
_BATCH = 20
"""More changed files than this are read in one go, and resolved once instead of one by one."""


class Stopped(Exception):
    """A folder was closed, or the server ends: its files need not be read any further."""


class Folder:
    """A workspace folder, or what stands in for one around a single file."""

    def __init__(
        self, path: Path | None, near: Path, settings: Mapping[str, Any], *, trusted: bool
    ) -> None:
        # Imported only once `initialize` is answered, which must be quick.
        from celeryls.config import load
        from celeryls.project import Workspace
        from celeryls.project.cache import cache_for

        self.path = path
        self.near = near
        cache = cache_for(path) if path is not None else None
        self.workspace = Workspace(path, load(near, settings), cache, trusted=trusted)
        self.selection: Selection | None = None
        self.scanned = asyncio.Event()
        self.reading: asyncio.Future[None] | None = None
        """Set while the folder is being read."""
        self.look_took = 0.0
        """Seconds of the processor that the last `look` took: waiting is not counted."""
        self._disk = Disk(self._folders)
        self._disk.configuration_changes(self._configuration_files())
        self._stopped = threading.Event()
        self._lock = threading.Lock()

    # --- settings ---------------------------------------------------------------------

    def configure(self, settings: Mapping[str, Any]) -> "Loaded":
        """Read the configuration again.  Clears `scanned` if the files must be, too."""
        from celeryls.config import load

        loaded = load(self.near, settings)
        before = self.workspace.loaded
        if loaded != before:
            self.workspace.configure(loaded)
            self.selection = None
            if self.path is not None and loaded.config.exclude != before.config.exclude:
                self.scanned.clear()
        return loaded

    def rules(self) -> "Selection":
        """The rules that run here."""
        from celeryls.engine import Selection

        if self.selection is None:
            self.selection = Selection(self.workspace.loaded.config, self.workspace.loaded.baseline)
        return self.selection

    # --- files ------------------------------------------------------------------------

    def scan(self, on_progress: "Progress") -> None:
        """Read the folder's files; blocks, so it runs in a thread.  Raises `Stopped`.

        It goes on even if nobody waits for it any more: the next question needs it too.
        """

        def go_on(done: int, total: int) -> None:
            if self._stopped.is_set():
                raise Stopped
            on_progress(done, total)

        with self._lock:
            # First, so that what changes while we read counts as changed.
            self._disk.remember()
            self.workspace.scan(on_progress=go_on)
        # What was read stays: looking through it for garbage would stop somebody's typing.
        gc.collect()
        gc.freeze()

    def stop(self) -> None:
        """Nobody needs this folder any more."""
        self._stopped.set()

    def look(self, token: object = None) -> list[str]:
        """The files that differ from when they were last read; blocks."""
        began = time.thread_time()
        changed = self._disk.configuration_changes(self._configuration_files())
        if self.path is not None and self.scanned.is_set():
            changed += self._disk.changes()
        self.look_took = time.thread_time() - began
        return changed

    def refresh(self, paths: Iterable[str], token: object = None) -> None:
        """Read files again that were changed, made or removed; blocks."""
        if self.path is None:
            return
        with self._lock:
            inside = {path for path in paths if Path(path).is_relative_to(self.path)}
            self._disk.seen(inside)
            ours = self._ours(inside)
            known = {path for path in inside if self.workspace.knows(path)}
            missing = known - ours
            if any(os.path.exists(path) for path in missing):
                # They are ignored now, and who knows what else is, or isn't any more.
                self.workspace.scan()
                return
            changed = known & ours
            moved = (ours - known) | missing
            if len(changed) > _BATCH:
                moved, changed = moved | changed, set()
            for path in sorted(changed):
                self.workspace.refresh(path)
            if moved:
                self.workspace.scan(sorted(moved))

    def _ours(self, paths: set[str]) -> set[str]:
        """Those of `paths` that are there, and that the folder's rules admit."""
        within: set[str] = set()
        for path in paths:
            above = os.path.dirname(path)
            while above not in within and len(above) > len(str(self.path)):
                within.add(above)
                above = os.path.dirname(above)
        return {path for _, files in self._folders(within) for path in files if path in paths}

    def _folders(self, within: set[str] | None = None) -> Iterator[tuple[str, list[str]]]:
        from celeryls.project.walk import is_home_or_root, python_folders

        if self.path is not None and not is_home_or_root(self.path):
            loaded = self.workspace.loaded
            yield from python_folders(self.path, loaded.config.exclude, loaded.root, within=within)

    def _configuration_files(self) -> list[str]:
        roots = {self.workspace.loaded.root, self.path or self.near}
        names = (*_CONFIGURATION, self.workspace.loaded.config.baseline)
        return [os.path.join(root, name) for root in roots for name in names]
