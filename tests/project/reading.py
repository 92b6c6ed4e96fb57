"""Folders of files as projects, and what is read from them in plain values."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from celeryls.config import Config, Loaded
from celeryls.project import Project, Task, Workspace
from celeryls.syntax.expr import Const, Dict, Expr, Name, Seq, Unknown
from tests.rules.harness import write

UNKNOWN = "<unknown>"


def workspace(root: Path, files: Mapping[str, str], **settings: Any) -> Workspace:
    """A workspace folder with these files in it, read."""
    write(root, files)
    opened = Workspace(root, Loaded(replace(Config(), **settings), root))
    opened.scan()
    return opened


def project(root: Path, files: Mapping[str, str], **settings: Any) -> Project:
    return workspace(root, files, **settings).snapshot()


def one_task(read: Project) -> Task:
    (task,) = read.tasks()
    return task


def names(read: Project) -> list[str | None]:
    """The registered names of all tasks."""
    return [task.name for task in read.tasks()]


def functions(read: Project) -> list[str]:
    """The qualified names of the functions that are tasks."""
    return [task.decl.qualname for task in read.tasks()]


def in_force(read: Project, option: str) -> tuple[object, str]:
    """An option of the only task there is, and where it comes from."""
    found = read.effective(one_task(read), option)
    return plain(found.value) if found.known else UNKNOWN, found.origin


def plain(value: Expr) -> object:
    match value:
        case Const(value=constant):
            return constant
        case Name(dotted=dotted):
            return dotted
        case Seq(items=items):
            return [plain(item) for item in items]
        case Dict(items=items):
            return {UNKNOWN if k is None else plain(k): plain(v) for k, v in items}
        case Unknown():
            return UNKNOWN
    return value
