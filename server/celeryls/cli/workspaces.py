"""From paths on the command line to workspaces."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from celeryls.cli.failure import Failure
from celeryls.cli.progress import progress
from celeryls.cli.terminal import visible
from celeryls.config import Loaded, load
from celeryls.project import Project, Workspace
from celeryls.project.cache import Cache, cache_for
from celeryls.project.walk import is_home_or_root, python_files
from celeryls.text import lines_of

_ROOT_MARKS = (".git", "pyproject.toml", "celeryls.toml", "setup.py", "setup.cfg", "manage.py")


@dataclass(frozen=True, slots=True)
class Opened:
    """A workspace that was read, the files in it that were asked for, and all there are."""

    workspace: Workspace
    files: tuple[str, ...]
    everything: tuple[str, ...]


def open_workspaces(
    paths: tuple[str, ...],
    *,
    may_be_empty: bool = False,
    cached: bool = True,
    force_exclude: bool = False,
) -> Iterator[Opened]:
    """Read the projects around `paths` (by default the working directory).

    A project is read whole, since an option may be set anywhere in it.  Raises `Failure` for
    a path that does not exist and for a configuration that can't be read.  A folder without
    Python is worth a warning unless it `may_be_empty`.  Unless `cached`, every file is read
    anew; what was found is kept for the next command when the caller asks for the next project.
    With `force_exclude` a file that is named counts only where its project does not leave it out.
    """
    by_root: dict[Path, list[Path]] = {}
    for name in paths or (".",):
        path = existing(name)
        by_root.setdefault(_root_of(path), []).append(path)
    for root, wanted in by_root.items():
        cache = cache_for(root) if cached else None
        opened = _open(root, wanted, cache, may_be_empty=may_be_empty, force_exclude=force_exclude)
        yield opened
        opened.workspace.keep_cache()


def existing(name: str) -> Path:
    """The file or folder of this name, links followed.  Raises `Failure`."""
    path = Path(name).absolute()
    try:
        there = path.exists()
        path = path.resolve()
    except (OSError, RuntimeError) as error:  # too long, or a link to itself
        raise Failure(f"{_shortened(name)} can't be read: {_reason(error)}") from error
    if not there:
        raise Failure(f"{_shortened(name)} does not exist")
    if not (path.is_file() or path.is_dir()):
        raise Failure(f"{_shortened(name)} is neither a file nor a folder")
    return path


def configuration(root: Path | None = None) -> Loaded:
    """The settings of the project in a folder, by default of the one around here.

    What is wrong with them is a warning.  Raises `Failure` if they can't be read at all.
    """
    loaded = load(root or _root_of(Path.cwd()))
    if loaded.broken:
        raise Failure("; ".join(problem.message for problem in loaded.problems))
    for problem in loaded.problems:
        warn(problem.message)
    return loaded


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _shortened(name: str) -> str:
    return name if len(name) < 200 else f"{name[:100]}…"


def _open(
    root: Path,
    wanted: list[Path],
    cache: Cache | None,
    *,
    may_be_empty: bool,
    force_exclude: bool,
) -> Opened:
    loaded = configuration(root)
    # Who calls a command in a folder trusts what is in it.
    workspace = Workspace(root, loaded, cache, trusted=True)
    config = loaded.config
    # A file that just lies in a home folder must not make us read all of that.
    everything = not is_home_or_root(root)
    found_inside = python_files(root, config.exclude, loaded.root) if everything else ()
    inside = dict.fromkeys(found_inside)
    chosen: dict[str, None] = {}
    for path in wanted:
        if path.is_file():
            if str(path) in inside or not (everything and force_exclude):
                chosen[str(path)] = None
            continue
        prefix = str(path).rstrip(os.sep) + os.sep
        found = [name for name in inside if name.startswith(prefix)]
        if not found and not may_be_empty:
            # The folder itself may be ignored by the project around it; it was asked for.
            found = list(python_files(path, rules_above=False))
            if not found:
                warn(f"no Python files in {display(path)}")
        chosen.update(dict.fromkeys(found))
    with progress() as on_progress:
        workspace.scan(dict.fromkeys((*inside, *chosen)), on_progress)
    for unread in workspace.unread:
        warn(f"{display(unread.path)}: {unread.reason}; left out")
    return Opened(workspace, tuple(chosen), tuple(dict.fromkeys((*inside, *chosen))))


def _root_of(path: Path) -> Path:
    """The project that a path belongs to: the nearest folder that looks like one."""
    start = path if path.is_dir() else path.parent
    for folder in (start, *start.parents):
        if is_home_or_root(folder):
            break
        if any((folder / mark).exists() for mark in _ROOT_MARKS):
            return folder
        if folder.name.startswith("."):
            break  # the project around it leaves hidden folders out
    return start


def display(path: str | Path) -> str:
    """A path as it is shown and as JSON has it: relative to here, with `/`."""
    try:
        shown = os.path.relpath(path)
    except ValueError:  # another drive
        shown = str(path)
    return (str(path) if shown.startswith(os.pardir) else shown).replace(os.sep, "/")


def line_number(project: Project, path: str, offset: int) -> int:
    """The line of a place in a file, counted from 1."""
    return lines_of(project.text(path) or "").line_at(offset) + 1


def warn(message: str) -> None:
    """One line to standard error."""
    click.echo(f"{click.style('warning', fg='yellow', bold=True)}: {visible(message)}", err=True)
