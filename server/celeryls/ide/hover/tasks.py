"""Hovers on tasks: their definitions, their decorators, their names wherever they stand."""

import ast

from celeryls.facts.calls import METHODS
from celeryls.facts.references import find_references
from celeryls.ide.hover.card import Card
from celeryls.ide.hover.cursor import Cursor
from celeryls.ide.hover.task_card import task_card, tasks_card
from celeryls.project import Task
from celeryls.syntax.expr import Imported, Name
from celeryls.text import Span

_Found = tuple[tuple[Task, ...], Span]


def on_task(cursor: Cursor) -> tuple[Card, Span] | None:
    """The card of the task that the cursor is on."""
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
        return tasks_card(tasks), span
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
    return any(site.value_span.start <= span.start < site.value_span.end for site in routes)


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
    word = cursor.word
    if word is None:
        return None
    name = word.of(cursor.text)
    for node, scope in cursor.nodes:
        match node:
            case ast.ClassDef(name=bound) if bound == name and scope is None:
                start = cursor.text.find(name, cursor.parsed.start(node) + len("class"))
                if start == word.start:
                    return cursor.project.tasks_of(cursor.path, Name(name)), word
            case ast.Assign(targets=[ast.Name(id=bound) as target]) if scope is None:
                if bound == name and cursor.parsed.span(target) == word:
                    return cursor.project.tasks_of(cursor.path, Name(name)), word
    for reference in find_references(cursor.parsed, {name}):
        if reference.span.end == word.end and cursor.on(reference.span):
            return cursor.project.tasks_of(cursor.path, reference.target), word
    return None
