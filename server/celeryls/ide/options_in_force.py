"""The options of tasks that are not at Celery's defaults, with where each is written."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from celeryls import catalog
from celeryls.ide.shown_values import shown_value
from celeryls.ide.spots import Spot
from celeryls.ide.written_settings import WrittenSetting
from celeryls.project import Project, Task
from celeryls.project.apps import App
from celeryls.syntax.expr import Const


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a task that is not at Celery's default.

    `value` is the one in force, as source; `None` where it is written and can't be known.
    `origin` is as in `Effective`; `spot` is where it is written, if that is one place.
    """

    name: str
    value: str | None
    origin: str
    spot: Spot | None


class OptionsInForce:
    """Asks for those options alone that something says anything about.

    There are some forty, and a project may have hundreds of tasks: to ask for all of them after
    each key takes a quarter of a second.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._names = _with_settings(project.celery_version)
        self._order = {name: at for at, name in enumerate(self._names)}
        self._by_app: dict[App | None, frozenset[str]] = {}

    def of(self, task: Task, settings: tuple[WrittenSetting, ...]) -> Iterator[Option]:
        """The options of a task, in the catalog's order; `settings` are those of its app."""
        written = self._written(task)
        said = {*task.options, *self._from_app(task.app)}
        said.update(name for _, base in task.base.classes for name in base.attributes)
        said.update(name for name, other in _FALLS_BACK.items() if other in said)
        for name in sorted(said & self._names.keys(), key=self._order.__getitem__):
            key = self._names[name]
            effective = self._project.effective(task, name)
            if effective.known and effective.origin != "default":
                spot = written.get(name) if effective.origin == "decorator" else None
                if effective.origin == "settings":
                    spots = next((s.spots for s in settings if s.key == key), ())
                    spot = spots[0] if len(spots) == 1 else None
                yield Option(name, shown_value(effective.value, name), effective.origin, spot)
            elif not effective.known and name in task.options:
                yield Option(name, None, "unknown", written.get(name))

    def _written(self, task: Task) -> dict[str, Spot]:
        """Where the decorator of a task writes its options."""
        decorators = self._project.site(task).decorators
        if task.decorator is None or task.decorator >= len(decorators):
            return {}
        return {
            keyword.name: Spot(task.path, keyword.name_span)
            for keyword in decorators[task.decorator].keywords
            if keyword.name is not None
        }

    def _from_app(self, app: App | None) -> frozenset[str]:
        """The options that an app's settings say something about."""
        if app not in self._by_app:
            self._by_app[app] = frozenset(self._said_by(app))
        return self._by_app[app]

    def _said_by(self, app: App | None) -> Iterator[str]:
        if self._project.setting(app, "task_annotations").value != Const(None):
            yield from self._names
            return
        for name, key in self._names.items():
            if key is not None and self._project.setting(app, key).origin == "settings":
                yield name
        if self._project.setting(app, "task_routes").origin == "settings":
            yield "queue"


_FALLS_BACK = {
    "acks_on_failure": "acks_on_failure_or_timeout",
    "acks_on_timeout": "acks_on_failure_or_timeout",
}
"""Options that stand for another while they are None (celery/app/task.py, `Task.bind`)."""


@cache
def _with_settings(version: catalog.Version | None) -> dict[str, str | None]:
    """The options that have a value, each with the setting that it may come from."""
    return {
        name: known.setting
        for name, known in catalog.task_options(version).items()
        if known.kind not in ("handler", "decorator")
    }
