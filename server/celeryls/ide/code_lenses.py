"""Code lenses: what is known of a task beyond its own code, in a line above it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from celeryls.ide.callers import Caller, callers_in
from celeryls.project import Project, Task
from celeryls.project.schedules import Schedule
from celeryls.project.timetables import timetable_of
from celeryls.syntax.expr import Const
from celeryls.text import Span

_MOST_SCHEDULES = 2
_DEFAULT_QUEUE = "celery"
"""The queue of tasks that name none (`task_default_queue`), which goes without saying."""


@dataclass(frozen=True, slots=True)
class Lens:
    """A line above a task.  `span` is what it stands above; it is within one line.

    The title of one about `callers` takes a look at all files: `callers_of` makes it later, and
    it is empty here.  What is `known` needs no command, `run` is for one that asks for arguments.
    """

    kind: Literal["callers", "known", "run"]
    task: Task
    span: Span
    title: str = ""


@dataclass(frozen=True, slots=True)
class CallersLens:
    """The title of a lens about callers, and the places to show."""

    title: str
    callers: tuple[Caller, ...]


def code_lenses(project: Project, path: str) -> list[Lens]:
    """The lenses of a file in the order of source; those of one task from left to right."""
    tasks = project.tasks_in(path)
    if not tasks:
        return []
    text = project.text(path) or ""
    schedules: defaultdict[tuple[str, str], list[Schedule]] = defaultdict(list)
    for schedule in project.schedules():
        for task in schedule.tasks:
            schedules[task.symbol].append(schedule)
    found: list[Lens] = []
    for task in tasks:
        site = project.site(task)
        if not site.name.length:
            continue
        start = site.name.start
        if site.decorators:
            start = text.rfind("@", 0, site.decorators[0].span.start)
        end = min((at for end in "\r\n" if (at := text.find(end, start)) >= 0), default=len(text))
        span = Span(start, end)
        found.append(Lens("callers", task, span))
        known = " · ".join(_parts(project, task, schedules[task.symbol]))
        if known:
            found.append(Lens("known", task, span, known))
        if task.name is not None and task.runs_itself:
            found.append(Lens("run", task, span, "Run task…"))
    return sorted(found, key=lambda lens: lens.span)


def callers_lens(project: Project, path: str, symbol: tuple[str, str]) -> CallersLens | None:
    """What to say about the callers of the task in a file that `symbol` stands for.

    `None` if there is no such task.
    """
    for task in project.tasks_in(path):
        if task.symbol == symbol:
            known = callers_in(project)
            # The lens beside it tells what runs by the clock.
            callers = tuple(caller for caller in known.of(task) if not caller.by_clock)
            if callers:
                return CallersLens(f"{len(callers)} caller{'s' * (len(callers) > 1)}", callers)
            passed_on = known.is_passed_on(task)
            return CallersLens("passed on as a value" if passed_on else "no callers found", ())
    return None


def _parts(project: Project, task: Task, schedules: list[Schedule]) -> Iterator[str]:
    if len(schedules) > _MOST_SCHEDULES:
        yield f"{len(schedules)} schedules"
    elif schedules:
        yield ", ".join(dict.fromkeys(_when(project, schedule) for schedule in schedules))
    match project.effective(task, "queue").value:
        case Const(value=str() as queue) if queue != _DEFAULT_QUEUE:
            yield f"queue {queue}"


def _when(project: Project, schedule: Schedule) -> str:
    timetable = timetable_of(schedule.when, project.celery_version)
    return "scheduled" if timetable is None else str(timetable)
