"""What the disk looked like when we last looked, for changes that nobody tells us of."""

import os
import threading
import time
from collections.abc import Callable, Iterable
from typing import TypeAlias

Stamp: TypeAlias = "tuple[int, int] | None"
"""When something was last changed, and its size; `None` for what isn't there."""

FULL_EVERY = 15
"""Of so many looks one walks through the whole folder."""
RECENT = 2.0
"""Seconds within which some file systems give two changes the same time."""


class Disk:
    """The Python files of a workspace folder, and the folders that they are in.

    A look asks for the stamp of each, which takes microseconds.  A folder's changes when
    something is put there or taken away.  Only then, and once in a while, is everything walked
    through again with `walk`, which gives each folder and its files.  Safe in any thread.
    """

    def __init__(self, walk: Callable[[], Iterable[tuple[str, list[str]]]]) -> None:
        self._walk = walk
        self._lock = threading.Lock()
        self._files: dict[str, Stamp] = {}
        self._folders: dict[str, Stamp] = {}
        self._configuration: dict[str, Stamp] = {}
        self._looks = 0

    def remember(self) -> None:
        """Take everything as it is now for known."""
        with self._lock:
            self._look_everywhere()

    def seen(self, paths: Iterable[str]) -> None:
        """Others have told us of these files: what they are now is known."""
        with self._lock:
            self._files.update({path: _stamp(path) for path in paths if path in self._files})

    def changes(self) -> list[str]:
        """The files that were changed, made, removed, or ignored since the last time."""
        with self._lock:
            before = self._files
            self._looks += 1
            if self._looks % FULL_EVERY == 0 or self._folders_differ():
                self._look_everywhere()
            else:
                self._files = {path: _stamp(path) for path in before}
            after = self._files
            return [path for path in {**before, **after} if before.get(path) != after.get(path)]

    def configuration_changes(self, paths: Iterable[str]) -> list[str]:
        """Of files with settings, those that were changed since this was last asked."""
        before = self._configuration
        self._configuration = {path: _stamp(path) for path in paths}
        return [p for p, stamp in self._configuration.items() if before.get(p, stamp) != stamp]

    def _folders_differ(self) -> bool:
        # Without any, the folder itself was gone or is not to be read: that is soon seen.
        return not self._folders or any(
            stamp is None or stamp != _stamp(path) for path, stamp in self._folders.items()
        )

    def _look_everywhere(self) -> None:
        files: dict[str, Stamp] = {}
        folders: dict[str, Stamp] = {}
        recently = (time.time() - RECENT) * 1e9
        for folder, paths in self._walk():
            stamp = _stamp(folder)
            # What was put there while we looked would be taken for known: look again then.
            folders[folder] = None if stamp is None or stamp[0] > recently else stamp
            files.update({path: _stamp(path) for path in paths})
        self._files, self._folders = files, folders


def _stamp(path: str) -> Stamp:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
