"""Hovers on crontabs, and on what else an entry of a schedule runs by."""

from celeryls.facts import CrontabSite
from celeryls.ide.hover.card import Card
from celeryls.ide.hover.cursor import Cursor
from celeryls.ide.hover.schedule_card import schedule_card
from celeryls.project import Task
from celeryls.project.cronspec import FIELDS
from celeryls.project.timetables import timetable_of
from celeryls.syntax.expr import Call, Expr, is_known
from celeryls.text import Span


def on_schedule(cursor: Cursor) -> tuple[Card, Span] | None:
    """The card of the schedule that the cursor is on."""
    inside = None
    for site in cursor.body.crontabs:
        if cursor.on(site.span):
            inside = site
    if inside is not None:
        token = _token(cursor, inside)
        return _card(cursor, _call(inside), token) if token is not None else None
    for entry in cursor.body.schedules:
        for item in entry.items:
            if item.key == "schedule" and (cursor.on(item.span) or cursor.on(item.value_span)):
                span = item.span if cursor.on(item.span) else item.value_span
                return _card(cursor, item.value, span)
    for call in cursor.body.calls:
        if call.method == "add_periodic_task" and call.args and cursor.on(call.args[0]):
            return _card(cursor, call.values[0], call.args[0])
    return None


def _token(cursor: Cursor, site: CrontabSite) -> Span | None:
    """The name of the crontab, of a field, or a literal for a field, if the cursor is on one."""
    name = cursor.last_name(site.target_span)
    if name is not None and cursor.on(name):
        return name
    for keyword in site.keywords:
        if keyword.name in FIELDS and cursor.on(keyword.name_span):
            return keyword.name_span
    spans = (*site.args, *(keyword.value_span for keyword in site.keywords))
    for span, value in zip(spans, (*site.values, *site.keyword_values), strict=True):
        if cursor.on(span) and is_known(value) and cursor.last_name(span) is None:
            return span
        if cursor.on(span) and span.of(cursor.text).isdecimal():
            return span
    return None


def _call(site: CrontabSite) -> Call:
    pairs = zip(site.keywords, site.keyword_values, strict=True)
    return Call(site.target, site.values, tuple((keyword.name, value) for keyword, value in pairs))


def _card(cursor: Cursor, when: Expr, span: Span) -> tuple[Card, Span] | None:
    project = cursor.project
    evaluated = project.evaluate(cursor.path, when)
    timetable = timetable_of(evaluated, project.celery_version)
    if timetable is None:
        return None
    return schedule_card(project, timetable, _tasks(cursor), cursor.now), span


def _tasks(cursor: Cursor) -> tuple[Task, ...]:
    """What the entry around the cursor runs."""
    around = [s for s in cursor.project.schedules_in(cursor.path) if cursor.on(s.span)]
    return min(around, key=lambda schedule: schedule.span.length).tasks if around else ()
