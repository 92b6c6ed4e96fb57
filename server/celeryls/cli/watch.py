"""`celeryls check --watch`: check again whenever something changes."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import NoReturn

import click

from celeryls.cli.checking import Chosen, Run
from celeryls.cli.failure import Failure
from celeryls.cli.formats import Report
from celeryls.cli.workspaces import Opened, open_workspaces
from celeryls.project.disk import Disk
from celeryls.project.walk import is_home_or_root, python_folders

PAUSE = 0.3
"""Seconds between two looks at the disk."""
SHARE = 20
"""Of the time between two looks, a look may take one in so many parts."""
_CONFIGURATION = ("pyproject.toml", "celeryls.toml")


def keep_checking(
    paths: tuple[str, ...], chosen: Chosen, printed: Callable[[Report], str], *, cached: bool
) -> NoReturn:
    """Check, print, wait for a change, and so on, until somebody presses Ctrl-C."""
    again = False
    try:
        while True:
            began = time.time()
            watched = [_Watched(one, began) for one in _opened(paths, cached=cached, again=again)]
            again = True
            while True:
                _show(watched, chosen, printed)
                if _wait(watched):
                    break
    except KeyboardInterrupt:
        click.echo()
        sys.exit(0)


def _opened(paths: tuple[str, ...], *, cached: bool, again: bool) -> list[Opened]:
    """The workspaces, once they can be opened: a configuration may be half typed.

    Raises `Failure` if they can't, unless they were opened before (`again`).
    """
    said = None
    while True:
        try:
            return list(open_workspaces(paths, cached=cached))
        except Failure as failure:
            if not again:
                raise
            if str(failure) != said:
                said = str(failure)
                click.echo(f"{click.style('error', fg='red', bold=True)}: {failure}", err=True)
            time.sleep(PAUSE)


def _show(watched: "list[_Watched]", chosen: Chosen, printed: Callable[[Report], str]) -> None:
    click.clear()
    run = Run(chosen)
    for one in watched:
        run.workspace(one.opened)
    click.echo(printed(run.report))
    click.echo(click.style("Watching for changes; Ctrl-C ends it.", dim=True), err=True)


def _wait(watched: "list[_Watched]") -> bool:
    """Wait for changes and take them in; true if everything has to be opened again."""
    while True:
        began = time.monotonic()
        anew = [one.take_changes() for one in watched]
        if any(answer is not None for answer in anew):
            return any(anew)
        time.sleep(max(PAUSE, SHARE * (time.monotonic() - began)))


class _Watched:
    """An open workspace, and what its folder looked like when it was read, after `began`."""

    def __init__(self, opened: Opened, began: float) -> None:
        self.opened = opened
        self._aside: list[str] | None = None
        self._disk = Disk(self._folders)
        self._disk.remember()
        self._disk.configuration_changes(self._configuration())
        for path in opened.everything:
            # Perhaps it was changed after it was read.
            with suppress(OSError):
                if os.stat(path).st_mtime > began:
                    opened.workspace.refresh(path)

    def take_changes(self) -> bool | None:
        """Read changed files again.

        `None` if nothing changed; true if files came or went, or settings changed, so that the
        workspace has to be opened again.
        """
        if self._disk.configuration_changes(self._configuration()):
            return True
        changed = self._disk.changes()
        if not changed:
            return None
        workspace = self.opened.workspace
        if any(not os.path.exists(path) or not workspace.knows(path) for path in changed):
            return True
        for path in changed:
            workspace.refresh(path)
        return False

    def _folders(self) -> Iterator[tuple[str, list[str]]]:
        workspace = self.opened.workspace
        walked: set[str] = set()
        if workspace.folder is not None and not is_home_or_root(workspace.folder):
            loaded = workspace.loaded
            for folder, files in python_folders(
                workspace.folder, loaded.config.exclude, loaded.root
            ):
                walked.update(files)
                yield folder, files
        if self._aside is None:
            # Files that were named though the project leaves them out, or that are in a home.
            self._aside = [path for path in self.opened.everything if path not in walked]
        for path in self._aside:
            yield os.path.dirname(path), [path]

    def _configuration(self) -> list[str]:
        workspace = self.opened.workspace
        roots = {workspace.loaded.root, workspace.folder or workspace.loaded.root}
        names = (*_CONFIGURATION, workspace.loaded.config.baseline)
        return [os.path.join(root, name) for root in roots for name in names]
