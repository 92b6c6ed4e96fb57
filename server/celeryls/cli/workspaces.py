"""From paths on the command line to workspaces."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from celeryls.cli.failure import Failure
from celeryls.config import Config, load
from celeryls.project import Workspace
from celeryls.project.walk import is_home_or_root, python_files

_ROOT_MARKS = (".git", "pyproject.toml", "celeryls.toml", "setup.py", "setup.cfg", "manage.py")


@dataclass(frozen=True, slots=True)
class Opened:
    """A workspace that was read, and the files in it that were asked for."""

    workspace: Workspace
    files: tuple[str, ...]


def open_workspaces(paths: tuple[str, ...], override: Config | None = None) -> Iterator[Opened]:
    """Read the projects around `paths` (by default the working directory).

    A project is read whole, since an option may be set anywhere in it.  Raises `Failure` for
    a path that does not exist and for a configuration that can't be read.
    """
    by_root: dict[Path, list[Path]] = {}
    for name in paths or (".",):
        path = Path(name).absolute()
        if not path.exists():
            raise Failure(f"{name} does not exist")
        path = path.resolve()
        by_root.setdefault(_root_of(path), []).append(path)
    for root, wanted in by_root.items():
        yield _open(root, wanted, override)


def _open(root: Path, wanted: list[Path], override: Config | None) -> Opened:
    loaded = load(root)
    if loaded.broken:
        raise Failure("; ".join(problem.message for problem in loaded.problems))
    for problem in loaded.problems:
        warn(problem.message)
    workspace = Workspace(root, loaded)
    config = override or loaded.config
    inside = list(python_files(root, config.exclude, loaded.root))
    chosen: dict[str, None] = {}
    for path in wanted:
        if path.is_file():
            chosen[str(path)] = None
            continue
        prefix = str(path).rstrip(os.sep) + os.sep
        found = [name for name in inside if name.startswith(prefix)]
        if not found:
            # The folder itself may be ignored by the project around it; it was asked for.
            found = list(python_files(path, config.exclude, loaded.root))
        if not found:
            warn(f"no Python files in {display(path)}")
        chosen.update(dict.fromkeys(found))
    workspace.scan(dict.fromkeys((*inside, *chosen)))
    for unread in workspace.unread:
        warn(f"{display(unread.path)}: {unread.reason}; left out")
    return Opened(workspace, tuple(chosen))


def _root_of(path: Path) -> Path:
    """The project that a path belongs to: the nearest folder that looks like one."""
    start = path if path.is_dir() else path.parent
    for folder in (start, *start.parents):
        if is_home_or_root(folder):
            break
        if any((folder / mark).exists() for mark in _ROOT_MARKS):
            return folder
    return start


def display(path: str | Path) -> str:
    """A path as it is shown and as JSON has it: relative to here, with `/`."""
    try:
        shown = os.path.relpath(path)
    except ValueError:  # another drive
        shown = str(path)
    return (str(path) if shown.startswith(os.pardir) else shown).replace(os.sep, "/")


def warn(message: str) -> None:
    """One line to standard error."""
    click.echo(f"{click.style('warning', fg='yellow', bold=True)}: {message}", err=True)
