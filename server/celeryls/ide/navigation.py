"""From a task's name to the task, and from a task to who names or sends it.

A server for Python answers for names of functions already.  What is left is what it can't see:
names as texts, and the methods that Celery gives to tasks.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from celeryls.facts import CallSite
from celeryls.facts.lookup import nodes_in_scopes
from celeryls.ide.callers import callers_in
from celeryls.project import Project, Task
from celeryls.syntax import parse
from celeryls.syntax.expr import Const
from celeryls.text import Span

_BY_ARGUMENT = frozenset({"send_task", "signature", "subtask", ""})
"""Methods that may be given a task's name; without one it is a function, `signature("x")`."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a path, and a span in code points."""

    path: str
    span: Span


@dataclass(frozen=True, slots=True)
class _Under:
    """The tasks that a cursor is on: on the `name` of one, its name as a `text`, a `method`."""

    how: Literal["name", "text", "method"]
    tasks: tuple[Task, ...]


def definition(project: Project, path: str, offset: int) -> list[Place]:
    """The functions of the tasks that a text, or the method of a call, is about."""
    under = _under(project, path, offset)
    if under is None or under.how == "name":
        return []
    return [place for task in under.tasks if (place := _place(project, task)) is not None]


def references(
    project: Project, path: str, offset: int, *, declaration: bool = False
) -> list[Place]:
    """Who sends, calls and schedules the tasks at a place, by path and place.

    On the name of a function only what has its name as a text.  With `declaration` the task itself
    is among them, unless the cursor is on its name.
    """
    under = _under(project, path, offset)
    if under is None:
        return []
    symbols = {task.symbol for task in under.tasks}
    found = {place for place, tasks in _texts(project) if symbols & {task.symbol for task in tasks}}
    if under.how != "name":
        for task in under.tasks:
            for caller in callers_in(project).of(task):
                around = Place(caller.path, caller.span)
                # A call that has the name as a text is there already.
                if not any(_within(place, around) for place in found):
                    found.add(around)
            own = _place(project, task) if declaration else None
            found |= {own} if own is not None else set()
    return sorted(found, key=lambda place: (place.path, place.span))


def _within(place: Place, around: Place) -> bool:
    inside = around.span.start <= place.span.start and place.span.end <= around.span.end
    return place.path == around.path and inside


def _place(project: Project, task: Task) -> Place | None:
    name = project.site(task).name
    return Place(task.path, name) if name.length else None


def _under(project: Project, path: str, offset: int) -> _Under | None:
    if path not in project.files:
        return None
    for task in project.tasks_in(path):
        if task.path == path and project.site(task).name.contains(offset):
            return _Under("name", (task,))
    text = project.text(path) or ""
    for dispatch in project.dispatches(path):
        if dispatch.tasks and _method(dispatch.site, text).contains(offset):
            return _Under("method", dispatch.tasks)
    for place, tasks in _texts_in(project, path):
        if place.span.contains(offset) and tasks:
            return _Under("text", tasks)
    named = tuple(_named_at(project, text, offset))
    return _Under("text", named) if named else None


def _method(site: CallSite, text: str) -> Span:
    """The name of a method; nothing for those that say in an argument which task they mean."""
    if not site.method or site.method == "add_periodic_task" or _has_name(site):
        return Span(-1, -1)
    start = text.find(site.method, site.target_span.end, site.span.end)
    return Span(start, start + len(site.method)) if start >= 0 else Span(-1, -1)


def _named_at(project: Project, text: str, offset: int) -> Iterator[Task]:
    """The tasks that a text under the cursor names, wherever it stands, as in `task_routes`.

    Without a dot it may be any word.
    """
    parsed = parse(text)
    line = parsed.lines.line_at(offset) + 1
    for node, _ in nodes_in_scopes(parsed, [line]):
        match node:
            case ast.Constant(value=str() as name) if "." in name:
                if parsed.span(node).contains(offset):
                    yield from project.tasks_named(name)


def _texts(project: Project) -> Iterator[tuple[Place, tuple[Task, ...]]]:
    for path in project.files:
        yield from _texts_in(project, path)


def _texts_in(project: Project, path: str) -> Iterator[tuple[Place, tuple[Task, ...]]]:
    """Where names of tasks stand as texts, in calls and schedules, with the tasks they mean."""
    for dispatch in project.dispatches(path):
        if _has_name(dispatch.site):
            yield Place(path, dispatch.site.args[0]), dispatch.tasks
    for entry in project.body(path).schedules:
        if isinstance(entry.task, Const):
            yield Place(path, entry.task_span), project.tasks_of(path, entry.task)


def _has_name(site: CallSite) -> bool:
    written = bool(site.args and site.values and isinstance(site.values[0], Const))
    return site.method in _BY_ARGUMENT and written
