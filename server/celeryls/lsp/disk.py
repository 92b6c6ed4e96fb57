"""The time stamps of files, where the client does not watch them for us."""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from celeryls.lsp.session import Folder

_CONFIGURATION = ("pyproject.toml", "celeryls.toml")
FULL_EVERY = 15
"""Of so many looks one walks through the whole folder."""


class Disk:
    """Files and folders as they were when last looked at.

    A look asks for the time stamp of each Python file, which takes microseconds, and of each
    folder that has some: a folder's changes when something is put there or taken away.  Only
    then, and once in a while, is the folder walked through again.
    """

    def __init__(self) -> None:
        self._known: dict[Folder, _Seen] = {}

    def changes(self, folders: "list[Folder]") -> list[str]:
        """The files that were changed, made or removed since the last time."""
        self._known = {folder: seen for folder, seen in self._known.items() if folder in folders}
        changed: list[str] = []
        for folder in folders:
            if folder not in self._known:
                self._known[folder] = _Seen(folder)
            changed += self._known[folder].changes()
        return changed


class _Seen:
    """One folder."""

    def __init__(self, folder: "Folder") -> None:
        self._folder = folder
        self._files: dict[str, float] = {}
        self._folders: dict[str, float] = {}
        self._configuration: dict[str, float] = {}
        self._looks = 0

    def changes(self) -> list[str]:
        changed = self._configuration_changes()
        if not self._folder.scanned.is_set() or self._folder.path is None:
            return changed
        first = not self._looks
        if self._looks % FULL_EVERY == 0 or self._folders != _stamps(self._folders):
            files = set(self._folder.python_files())
            gone = self._files.keys() - files
            new = files - self._files.keys()
            stamps = _stamps([path for path in files if path not in new])
            changed += [*gone, *new] if not first else []
            changed += [path for path, stamp in stamps.items() if stamp != self._files[path]]
            self._files = {**stamps, **_stamps(new)}
            self._folders = _stamps(_around(files, os.fspath(self._folder.path)))
        else:
            stamps = _stamps(self._files)
            changed += [path for path, stamp in stamps.items() if stamp != self._files[path]]
            self._files = stamps
        self._looks += 1
        return changed

    def _configuration_changes(self) -> list[str]:
        roots = {self._folder.workspace.loaded.root, self._folder.path or self._folder.near}
        stamps = _stamps([os.path.join(root, name) for root in roots for name in _CONFIGURATION])
        before, self._configuration = self._configuration, stamps
        return [path for path, stamp in stamps.items() if before.get(path, stamp) != stamp]


def _stamps(paths: "dict[str, float] | list[str] | set[str]") -> dict[str, float]:
    """When each was last changed; 0 for what isn't there."""
    found = {}
    for path in paths:
        try:
            found[path] = os.stat(path).st_mtime
        except OSError:
            found[path] = 0.0
    return found


def _around(files: set[str], root: str) -> set[str]:
    """The folders from `root` down to each of the files."""
    found = {root}
    for path in files:
        folder = os.path.dirname(path)
        while folder not in found and folder.startswith(root):
            found.add(folder)
            folder = os.path.dirname(folder)
    return found
