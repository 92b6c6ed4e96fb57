"""What runs by the clock: entries of beat schedules and periodic tasks."""

from collections.abc import Iterator
from dataclasses import dataclass

from celeryls.facts import Body, CallSite, ScheduleSite
from celeryls.project.dispatch import Dispatches
from celeryls.project.names import Names
from celeryls.project.task import Task
from celeryls.syntax.expr import UNKNOWN, Call, Const, Environ, Expr, Imported, Name, last_name
from celeryls.text import Span


@dataclass(frozen=True, slots=True)
class Schedule:
    """One entry: `task_name` is what is written, `tasks` those that it means.

    `name` is the name of the entry, `when` its evaluated schedule: a number of seconds, a
    `timedelta` or a `crontab`; either may be unknown.
    """

    path: str
    span: Span
    name: str | None
    when: Expr
    task_name: str | None
    tasks: tuple[Task, ...]


def schedules_in(path: str, body: Body, names: Names, dispatches: Dispatches) -> Iterator[Schedule]:
    """The schedule entries of one file."""
    for entry in body.schedules:
        yield _from_entry(path, entry, names, dispatches)
    for site in body.calls:
        if site.method == "add_periodic_task" and len(site.values) > 1:
            yield _from_call(path, site, names, dispatches)


def _from_entry(path: str, entry: ScheduleSite, names: Names, dispatches: Dispatches) -> Schedule:
    written = names.evaluate(entry.task, path)
    return Schedule(
        path=path,
        span=entry.span,
        name=_text(names.evaluate(entry.key, path)),
        when=names.evaluate(entry.schedule, path),
        task_name=_text(written),
        tasks=dispatches.of_value(path, entry.task),
    )


def _from_call(path: str, site: CallSite, names: Names, dispatches: Dispatches) -> Schedule:
    when, task = site.values[:2]
    return Schedule(
        path=path,
        span=site.span,
        name=_text(names.evaluate(site.values[-1], path)) if len(site.values) > 2 else None,
        when=names.evaluate(when, path),
        task_name=None,
        tasks=dispatches.of_value(path, task),
    )


def _text(value: Expr) -> str | None:
    return value.value if isinstance(value, Const) and isinstance(value.value, str) else None


def shown(when: Expr) -> str:
    """A schedule in the words of its source, `crontab(hour=7)`; seconds are `every 30 s`."""
    match when:
        case Const(value=int() | float() as seconds):
            return f"every {seconds:g} s"
        case Call(func=Name() | Imported() as func, args=args, keywords=keywords):
            parts = [_argument(value) for value in args]
            parts += [f"{name}={_argument(value)}" for name, value in keywords if name]
            return f"{last_name(func)}({', '.join(parts)})"
        case Environ(default=default):
            return f"unknown, by default {shown(default)}"
    return "unknown" if when == UNKNOWN else _argument(when)


def _argument(value: Expr) -> str:
    match value:
        case Const(value=constant):
            return repr(constant)
        case Name() | Imported():
            return last_name(value)
    return "…"
