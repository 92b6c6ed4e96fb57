"""Convert a plain function to a bound Celery task."""

from collections.abc import Iterator, Mapping
from typing import Any

from celeryls.facts import has_traces
from celeryls.ide.vocabulary import CONVERT, Action, CannotDo, Edits, wanted
from celeryls.project import Project
from celeryls.refactor.convert_function import (
    CannotConvert,
    Conversion,
    convert,
    find_function,
    refusal,
)
from celeryls.syntax import Parsed, parse
from celeryls.text import Span

TITLE = "Convert to bound Celery task"


def offers(
    project: Project, path: str, text: str, span: Span, only: tuple[str, ...]
) -> Iterator[Action]:
    """The action for the function whose head the cursor is on, disabled where it can't be.

    Offered in files that have to do with Celery, elsewhere only when asked for by kind.
    """
    if not wanted(CONVERT, only) or not (only or has_traces(text) or "tasks" in path):
        return
    parsed = parse(text)
    target = find_function(parsed, span.start)
    if target is None:
        return
    reason = refusal(parsed, target, is_task=_is_task(project, path, target.name))
    yield Action(
        TITLE,
        CONVERT,
        data={"action": "convertFunction", "path": path, "offset": span.start},
        disabled=reason,
    )


def resolve(project: Project, data: Mapping[str, Any]) -> Edits:
    """The edits of the action.  Raises `CannotDo`."""
    path = str(data["path"])
    parsed = parse(project.text(path) or "")
    return {path: conversion(project, path, parsed, int(data["offset"])).edits}


def conversion(project: Project, path: str, parsed: Parsed, offset: int) -> Conversion:
    """What converting the function at `offset` comes to.  Raises `CannotDo` with the reason."""
    target = find_function(parsed, offset)
    if target is None:
        raise CannotDo("There is no function here: put the cursor on its first line.")
    reason = refusal(parsed, target, is_task=_is_task(project, path, target.name))
    if reason is not None:
        raise CannotDo(reason)
    try:
        return convert(parsed, target, project.conventions(path))
    except CannotConvert as error:
        raise CannotDo(str(error)) from error


def _is_task(project: Project, path: str, name: str) -> bool:
    return any(task.decl.qualname == name for task in project.tasks_in(path))
