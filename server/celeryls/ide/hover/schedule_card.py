"""When something runs: in words, with its next runs."""

from collections.abc import Iterable
from datetime import datetime, timezone

from celeryls.ide.hover.card import Card, Code, Line, Strong, joined
from celeryls.ide.hover.written import in_zone, moments
from celeryls.project import Project, Task
from celeryls.project.apps import App
from celeryls.project.timetables import ByTheClock, Every, Timetable, next_runs


def schedule_card(
    project: Project, timetable: Timetable, tasks: Iterable[Task], now: datetime | None
) -> Card:
    """A card about a schedule by itself; `tasks` are what it runs."""
    tasks = tuple(tasks)
    head: list[Line] = [(Strong(f"Runs {timetable}"), *_zone(project, timetable, app_of(tasks)))]
    items: list[Line] = []
    runs = _next(project, timetable, app_of(tasks), now)
    if runs:
        items.append(("next: ", runs))
    elif isinstance(timetable, Every):
        items.append(("counted by beat from the run before",))
    if tasks:
        items.append(("runs ", *joined(Code(task.label) for task in tasks)))
    return Card(head=tuple(head), items=tuple(items))


def schedule_line(
    project: Project, timetable: Timetable, app: App | None, now: datetime | None
) -> Line:
    """The same in one line of a task's card."""
    runs = _next(project, timetable, app, now)
    zone = _zone(project, timetable, app)
    return (Strong("Runs"), f" {timetable}", *zone, *((f"; next: {runs}",) if runs else ()))


def app_of(tasks: tuple[Task, ...]) -> App | None:
    """The app that all tasks are of, if they are of one."""
    apps = {task.app for task in tasks}
    return apps.pop() if len(apps) == 1 else None


def _zone(project: Project, timetable: Timetable, app: App | None) -> Line:
    if not isinstance(timetable, ByTheClock):
        return ()
    return (f" {in_zone(project.zone(app))}",)


def _next(
    project: Project, timetable: Timetable, app: App | None, now: datetime | None
) -> str | None:
    zone = project.zone(app)
    if zone is None or zone.clock is None:
        return None
    here = (now or datetime.now(timezone.utc)).astimezone(zone.clock)
    runs = next_runs(timetable, here)
    return moments(runs, here) if runs else None
