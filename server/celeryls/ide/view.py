"""A project as a tree to look at: apps, their tasks, schedules, and settings in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from celeryls.ide.callers import Caller
from celeryls.ide.options_in_force import Option, OptionsInForce
from celeryls.ide.overview import TaskView, overview
from celeryls.ide.spots import Spot, spot_of_app, spot_of_task
from celeryls.ide.written_settings import WrittenSetting, written_settings
from celeryls.project import Project, Task
from celeryls.project.apps import App
from celeryls.project.schedules import Schedule, shown
from celeryls.project.timetables import next_runs, timetable_of
from celeryls.project.zones import Zone
from celeryls.text import Span


@dataclass(frozen=True, slots=True)
class Entry:
    """What runs by the clock.

    `name` is the entry's, `tasks` the names of what it runs: the registered ones, where they are
    known, else what is written.  `words` says when; it is what is written where that can't be
    understood, and `unknown` where not even that is known.  `runs` are the next times in the time
    zone of the app, `zone`: none for an interval, which begins when beat does, and none where the
    zone is not known.
    """

    name: str | None
    tasks: tuple[str, ...]
    words: str
    runs: tuple[datetime, ...]
    zone: str | None
    spot: Spot


@dataclass(frozen=True, slots=True)
class TaskNode:
    """A task.  `registered` says whether a worker imports it; `None` where that can't be told."""

    task: Task
    spot: Spot
    options: tuple[Option, ...]
    callers: tuple[Caller, ...]
    entries: tuple[Entry, ...]
    registered: bool | None


@dataclass(frozen=True, slots=True)
class AppNode:
    """An app; `module` is its dotted one, `spot` is `None` for an app of another package."""

    app: App
    module: str | None
    spot: Spot | None
    tasks: tuple[TaskNode, ...]
    settings: tuple[WrittenSetting, ...]


@dataclass(frozen=True, slots=True)
class View:
    """What runs in production: tests have no part in it.

    `shared` are the tasks that belong to no app that can be told: shared ones, where there is not
    just one app.
    """

    apps: tuple[AppNode, ...]
    shared: tuple[TaskNode, ...]
    entries: tuple[Entry, ...]

    @property
    def empty(self) -> bool:
        """Whether there is nothing of Celery."""
        return not (self.apps or self.shared or self.entries)


def view_of(project: Project, now: datetime) -> View:
    """The tree of a project; runs by the clock are those after `now`, which has a time zone."""
    entry_of = _Clock(project, now).entry
    entries = {
        (schedule.path, schedule.span): entry_of(schedule)
        for schedule in project.schedules()
        if not project.is_test(schedule.path)
    }
    apps = {
        (app.path, app.name): app for app in project.apps if not project.is_test(app.path or "")
    }
    settings = {key: written_settings(project, app) for key, app in apps.items()}
    in_force = OptionsInForce(project)
    only = next(iter(apps)) if len(apps) == 1 else None
    tasks: dict[tuple[str | None, str] | None, list[TaskNode]] = {key: [] for key in apps}
    for view in overview(project):
        if project.is_test(view.task.path):
            continue
        app = view.task.app
        home = (app.path, app.name) if app is not None else only
        if app is not None and home not in apps:
            apps[app.path, app.name] = app
        options = tuple(in_force.of(view.task, settings.get(home or (None, ""), ())))
        tasks.setdefault(home, []).append(_task(project, view, options, entries))
    return View(
        apps=tuple(
            AppNode(
                app,
                project.module_of(app.path) if app.path is not None else None,
                spot_of_app(project, app),
                tuple(tasks.get(key, ())),
                settings.get(key, ()),
            )
            for key, app in apps.items()
        ),
        shared=tuple(tasks.get(None, ())),
        entries=tuple(entries.values()),
    )


def _task(
    project: Project,
    view: TaskView,
    options: tuple[Option, ...],
    entries: Mapping[tuple[str, Span], Entry],
) -> TaskNode:
    callers = tuple(caller for caller in view.callers if not project.is_test(caller.path))
    places = ((schedule.path, schedule.span) for schedule in view.schedules)
    own = tuple(entries[place] for place in places if place in entries)
    spot = spot_of_task(project, view.task)
    return TaskNode(view.task, spot, options, callers, own, view.registered)


class _Clock:
    """Says when schedules run, by the clocks of their apps."""

    def __init__(self, project: Project, now: datetime) -> None:
        self._project = project
        self._now = now
        self._zones: dict[App | None, Zone | None] = {}

    def entry(self, schedule: Schedule) -> Entry:
        labels = tuple(task.label for task in schedule.tasks)
        written = (schedule.task_name,) if schedule.task_name is not None else ()
        timetable = timetable_of(schedule.when, self._project.celery_version)
        zone = self._zone(schedule)
        runs: tuple[datetime, ...] = ()
        if timetable is not None and zone is not None and zone.clock is not None:
            runs = next_runs(timetable, self._now.astimezone(zone.clock))
        words = str(timetable) if timetable is not None else shown(schedule.when)
        name = zone.name if zone is not None and runs else None
        spot = Spot(schedule.path, schedule.span)
        return Entry(schedule.name, labels or written, words, runs, name, spot)

    def _zone(self, schedule: Schedule) -> Zone | None:
        """The zone of the app that the task belongs to, else that of all apps."""
        apps = {task.app for task in schedule.tasks}
        app = apps.pop() if len(apps) == 1 else None
        if app not in self._zones:
            self._zones[app] = self._project.zone(app)
        return self._zones[app]
