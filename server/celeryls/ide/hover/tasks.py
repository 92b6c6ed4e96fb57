"""Hovers on tasks: their definitions, their decorators, their names wherever they stand."""

import ast
from fnmatch import fnmatchcase

from celeryls.facts.calls import METHODS
from celeryls.facts.lookup import meaning
from celeryls.ide.hover.card import Card
from celeryls.ide.hover.cursor import Cursor, has
from celeryls.ide.hover.task_card import task_card, tasks_card
from celeryls.project import Task
from celeryls.syntax.expr import Imported, Name
from celeryls.text import Span

_Found = tuple[tuple[Task, ...], Span]


def on_task(cursor: Cursor) -> tuple[Card, Span] | None:
    """The card of the task that the cursor is on."""
    pattern = _pattern(cursor)
    if pattern is not None:
        return pattern
    found = (
        _definition(cursor)
        or _dispatch(cursor)
        or _text(cursor)
        or _import(cursor)
        or _reference(cursor)
    )
    if found is None or not found[0]:
        return None
    tasks, span = found
    if len(tasks) > 1:
        named = len({task.name for task in tasks}) == 1
        what = "Several tasks of this name:" if named else "One of several tasks:"
        return tasks_card(cursor.project, tasks, what, cursor.uri_of), span
    return task_card(cursor.project, tasks[0], now=cursor.now, uri_of=cursor.uri_of), span


def _definition(cursor: Cursor) -> _Found | None:
    for task in cursor.project.tasks_in(cursor.path):
        if task.path != cursor.path:
            continue
        site = cursor.project.site(task)
        if cursor.on(site.name):
            return (task,), site.name
        if task.decorator is not None and task.decorator < len(site.decorators):
            callee = site.decorators[task.decorator].callee
            name = cursor.last_name(callee)
            if name is not None and cursor.on(callee):
                return (task,), callee
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
        if site.method in ("send_task", "add_periodic_task"):
            continue  # the name of the task is in an argument
        name = cursor.last_name(site.target_span)
        if name is not None and cursor.on(name):
            return dispatch.tasks, name
        between = cursor.text[site.target_span.end : word.start]
        if word.of(cursor.text) == site.method and between.strip() == ".":
            return dispatch.tasks, word
    return None


def _text(cursor: Cursor) -> _Found | None:
    """The name of a task as a text: as an argument, in a schedule, in routes."""
    project = cursor.project
    for node, inner in cursor.texts():
        named = project.tasks_named(str(node.value))
        if not named:
            return None
        # A name without a dot may be any word.
        if "." in str(node.value) or _names_a_task(cursor, cursor.parsed.span(node)):
            return named, inner
    return None


def _pattern(cursor: Cursor) -> tuple[Card, Span] | None:
    """A pattern in `task_routes`, and the tasks that it matches (celery/app/routes.py)."""
    for node, inner in cursor.texts():
        pattern = str(node.value)
        span = cursor.parsed.span(node)
        routes = (s for s in cursor.body.settings if s.name.lower().endswith("routes"))
        if not set("*?[") & set(pattern) or not any(has(s.value_span, span) for s in routes):
            return None
        tasks = tuple(
            task
            for task in cursor.project.tasks()
            if task.name is not None and fnmatchcase(task.name, pattern)
        )
        if not tasks:
            return None
        number = f"{len(tasks)} task{'s' * (len(tasks) > 1)}"
        return tasks_card(cursor.project, tasks, f"Matches {number}:", cursor.uri_of), inner
    return None


def _names_a_task(cursor: Cursor, span: Span) -> bool:
    """Whether a text stands where the name of a task is expected."""
    body = cursor.body
    if any(entry.task_span == span for entry in body.schedules):
        return True
    if any(
        call.args[:1] == (span,) and call.method in ("send_task", "signature", "subtask", "")
        for call in body.calls
    ):
        return True
    for task in cursor.project.tasks_in(cursor.path):
        site = cursor.project.site(task)
        if task.decorator is not None and task.decorator < len(site.decorators):
            for keyword in site.decorators[task.decorator].keywords:
                if keyword.name == "name" and keyword.value_span == span:
                    return True
    routes = [s for s in body.settings if s.name.lower().endswith(("routes", "annotations"))]
    return any(has(site.value_span, span) for site in routes)


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
                return cursor.project.tasks_of(cursor.path, value), cursor.word
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
                    return project.tasks_of(path, Name(name)), word
            case ast.Name(id=bound, ctx=ast.Store()) if bound == name and scope is None:
                if parsed.span(node) == word:
                    return project.tasks_of(path, Name(name)), word
            case ast.Name(id=last, ctx=ast.Load()) | ast.Attribute(attr=last, ctx=ast.Load()):
                if last == name and parsed.span(node).end == word.end:
                    return project.tasks_of(path, meaning(node, scope)), word
    return None
