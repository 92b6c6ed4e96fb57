"""The tasks that a cursor is on, and where names of tasks stand as texts.

Hovers, definitions and references ask the same question, so that they agree.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from celeryls.facts import CallSite
from celeryls.facts.calls import METHODS
from celeryls.facts.lookup import meaning, nodes_in_scopes
from celeryls.ide.cursor import Cursor
from celeryls.project import Project, Task
from celeryls.syntax import Parsed, parse
from celeryls.syntax.expr import Const, Imported, Name
from celeryls.text import Span

How = Literal["name", "method", "text", "code"]
_BY_ARGUMENT = frozenset({"send_task", "signature", "subtask", ""})
"""Methods that may be given a task's name; without one it is a function, `signature("x")`."""
_BY_NAME = ("routes", "annotations")
"""How the names of settings end whose keys are names of tasks."""
_ONLY_A_DOT = re.compile(r"#.*|[\s\\)]")
_Found = tuple[How, tuple[Task, ...], Span]


@dataclass(frozen=True, slots=True)
class Under:
    """The tasks that a cursor is on, one at least, and the name or text that says so.

    On the `name` of a task's own function, a `method` of one, its name as a `text`, or anything
    else in `code` that stands for it: a decorator, an import, a reference.
    """

    how: How
    tasks: tuple[Task, ...]
    span: Span


def task_under(cursor: Cursor) -> Under | None:
    """What the cursor is on, if that is a task."""
    found = (
        _definition(cursor)
        or _dispatch(cursor)
        or _text(cursor)
        or _import(cursor)
        or _reference(cursor)
    )
    return Under(*found) if found is not None and found[1] else None


def names_as_texts(project: Project, path: str) -> Iterator[tuple[Span, tuple[Task, ...]]]:
    """Where a name of a task is expected as a text, with the tasks it means, perhaps none.

    In calls, in schedules, and as keys of `task_routes` and `task_annotations`.
    """
    for dispatch in project.dispatches(path):
        if _has_name(dispatch.site):
            yield dispatch.site.args[0], dispatch.tasks
    body = project.body(path)
    for entry in body.schedules:
        if isinstance(entry.task, Const):
            yield entry.task_span, project.tasks_of(path, entry.task)
    values = [s.value_span for s in body.settings if s.name.lower().endswith(_BY_NAME)]
    if values:
        parsed = parse(project.text(path) or "")
        for key in _keys_in(parsed, values):
            yield parsed.span(key), project.tasks_named(str(key.value))


def _keys_in(parsed: Parsed, values: list[Span]) -> Iterator[ast.Constant]:
    """The texts that are keys of dicts that stand at these places."""
    lines = {parsed.lines.line_at(value.start) + 1 for value in values}
    for node, _ in nodes_in_scopes(parsed, sorted(lines)):
        if isinstance(node, ast.Dict | ast.List | ast.Tuple) and parsed.span(node) in values:
            yield from _keys(node)


def _keys(node: ast.expr) -> Iterator[ast.Constant]:
    """The keys of a dict, of each in a list, and of pairs (celery/app/routes.py, `MapRoute`)."""
    match node:
        case ast.Dict(keys=keys):
            for key in keys:
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key
        case (
            ast.List(elts=[ast.Constant(value=str()) as key, _])
            | ast.Tuple(elts=[ast.Constant(value=str()) as key, _])
        ):
            yield key
        case ast.List(elts=items) | ast.Tuple(elts=items):
            for item in items:
                yield from _keys(item)


def _has_name(site: CallSite) -> bool:
    written = bool(site.args and site.values and isinstance(site.values[0], Const))
    return site.method in _BY_ARGUMENT and written


# --- under the cursor ------------------------------------------------------------------


def _definition(cursor: Cursor) -> _Found | None:
    for task in cursor.project.tasks_in(cursor.path):
        if task.path != cursor.path:
            continue
        site = cursor.project.site(task)
        if cursor.on(site.name):
            return "name", (task,), site.name
        if task.decorator is not None and task.decorator < len(site.decorators):
            callee = site.decorators[task.decorator].callee
            name = cursor.last_name(callee)
            if name is not None and cursor.on(callee):
                return "code", (task,), callee
    return None


def _dispatch(cursor: Cursor) -> _Found | None:
    """`charge.delay(...)`: on the task and on the method."""
    word = cursor.word
    if word is None:
        return None
    for dispatch in cursor.project.dispatches(cursor.path):
        site = dispatch.site
        if not dispatch.tasks or not cursor.on(site.span) or site.method not in METHODS:
            continue
        if site.method == "add_periodic_task" or _has_name(site):
            continue  # the name of the task is in an argument
        name = cursor.last_name(site.target_span)
        if name is not None and cursor.on(name):
            return "code", dispatch.tasks, name
        between = cursor.text[site.target_span.end : word.start]
        if word.of(cursor.text) == site.method and _ONLY_A_DOT.sub("", between) == ".":
            return "method", dispatch.tasks, word
    return None


def _text(cursor: Cursor) -> _Found | None:
    """The name of a task as a text, wherever it stands."""
    project = cursor.project
    for node, inner in cursor.texts():
        named = project.tasks_named(str(node.value))
        if not named:
            return None
        # A name without a dot may be any word.
        if "." in str(node.value) or _names_a_task(cursor, cursor.parsed.span(node)):
            return "text", named, inner
    return None


def _names_a_task(cursor: Cursor, span: Span) -> bool:
    """Whether a text stands where the name of a task is expected."""
    if any(place == span for place, _ in names_as_texts(cursor.project, cursor.path)):
        return True
    for task in cursor.project.tasks_in(cursor.path):
        site = cursor.project.site(task)
        if task.decorator is not None and task.decorator < len(site.decorators):
            for keyword in site.decorators[task.decorator].keywords:
                if keyword.name == "name" and keyword.value_span == span:
                    return True
    return False


def _import(cursor: Cursor) -> _Found | None:
    """`from shop.tasks import charge as pay`, on either name."""
    for node, _ in cursor.nodes:
        if not isinstance(node, ast.ImportFrom):
            continue
        for alias in node.names:
            span = cursor.parsed.span(alias)
            if cursor.on(span) and cursor.word is not None:
                if cursor.word.of(cursor.text) not in (alias.name, alias.asname):
                    return None
                value = Imported(node.module or "", alias.name, node.level)
                return "code", cursor.project.tasks_of(cursor.path, value), cursor.word
    return None


def _reference(cursor: Cursor) -> _Found | None:
    """A task by its name, or by any name that stands for it there."""
    word = cursor.word
    if word is None:
        return None
    name = word.of(cursor.text)
    project, path, parsed = cursor.project, cursor.path, cursor.parsed
    for node, scope in cursor.nodes:
        match node:
            case ast.ClassDef(name=bound) if bound == name and scope is None:
                start = cursor.text.find(name, parsed.start(node) + len("class"))
                if start == word.start:
                    return "code", project.tasks_of(path, Name(name)), word
            case ast.Name(id=bound, ctx=ast.Store()) if bound == name and scope is None:
                if parsed.span(node) == word:
                    return "code", project.tasks_of(path, Name(name)), word
            case ast.Name(id=last, ctx=ast.Load()) | ast.Attribute(attr=last, ctx=ast.Load()):
                if last == name and parsed.span(node).end == word.end:
                    return "code", project.tasks_of(path, meaning(node, scope)), word
    return None
