"""Hovers on tasks: their definitions, their decorators, their names wherever they stand."""

from fnmatch import fnmatchcase

from celeryls.ide.cursor import has
from celeryls.ide.hover.card import Card
from celeryls.ide.hover.cursor import Cursor
from celeryls.ide.hover.task_card import task_card, tasks_card
from celeryls.ide.task_under import task_under
from celeryls.text import Span


def on_task(cursor: Cursor) -> tuple[Card, Span] | None:
    """The card of the task that the cursor is on."""
    pattern = _pattern(cursor)
    if pattern is not None:
        return pattern
    under = task_under(cursor)
    if under is None:
        return None
    tasks, span = under.tasks, under.span
    if len(tasks) > 1:
        named = len({task.name for task in tasks}) == 1
        what = "Several tasks of this name:" if named else "One of several tasks:"
        return tasks_card(cursor.project, tasks, what, cursor.uri_of), span
    return task_card(cursor.project, tasks[0], now=cursor.now, uri_of=cursor.uri_of), span


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
