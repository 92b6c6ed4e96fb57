"""Which apps have a task beside the one that it is declared with."""

from collections.abc import Iterator, Mapping

from celeryls.facts import AppCall, Interface
from celeryls.project.app_settings import AppSettings
from celeryls.project.apps import App, Apps
from celeryls.project.names import Names
from celeryls.project.task import Task
from celeryls.syntax.expr import UNKNOWN, Const, Expr, Seq

_ANY = None
"""For the packages that an app loads: any at all."""


class Sharing:
    """Answers which other apps may load a task.  Built from interfaces."""

    def __init__(
        self, names: Names, apps: Apps, settings: AppSettings, interfaces: Mapping[str, Interface]
    ) -> None:
        self._names = names
        self._apps = apps
        self._settings = settings
        self._interfaces = interfaces
        self._loaded: dict[App, frozenset[str] | None] = {}
        self._others: dict[tuple[App, str], tuple[App, ...]] = {}

    def others(self, task: Task) -> tuple[App, ...]:
        """The apps that may have an `@app.task` of another one, as their workers load its package.

        Celery makes such a task for every app, with that app's settings, unless it says
        `shared=False` (celery/app/base.py, `Celery.task`).
        """
        if task.app is None or task.kind == "class" or task.options.get("shared") == Const(False):
            return ()
        of = task.app, (task.module or "").partition(".")[0]
        if of not in self._others:
            self._others[of] = tuple(self._loading(*of))
        return self._others[of]

    def _loading(self, own: App, top: str) -> Iterator[App]:
        """The other apps whose workers load a package."""
        for app in self._apps.all:
            if app == own or app.path is None or self._names.modules.is_test(app.path):
                continue
            if app not in self._loaded:
                self._loaded[app] = self._loads(app)
            loaded = self._loaded[app]
            if loaded is _ANY or top in loaded:
                yield app

    def _loads(self, app: App) -> frozenset[str] | None:
        """The first parts of the names of what a worker of an app is told to load."""
        tops: set[str] = set()
        for value in self._listed(app):
            items = value.items if isinstance(value, Seq) else (value,)
            for item in items:
                if isinstance(item, Const) and isinstance(item.value, str):
                    tops.add(item.value.partition(".")[0])
                elif item != Const(None):
                    return _ANY
        return frozenset(tops)

    def _listed(self, app: App) -> Iterator[Expr]:
        assert app.path is not None
        if app.made_by is not None:
            given = dict(app.made_by.keywords)
            if "include" in given:
                yield self._names.evaluate(given["include"], app.path)
        for key in ("include", "imports"):
            setting = self._settings.of(app, key)
            if setting.origin != "default":
                yield setting.value
        for path, interface in self._interfaces.items():
            for call in interface.app_calls:
                if call.method == "autodiscover_tasks" and app in self._apps.named_in(
                    path, call.app
                ):
                    yield self._discovered(path, call)

    def _discovered(self, path: str, call: AppCall) -> Expr:
        """The packages that `autodiscover_tasks` looks through; unknown without any: Django's."""
        given = dict(zip(("packages",), call.args, strict=False)) | dict(call.keywords)
        packages = given.get("packages")
        return UNKNOWN if packages is None else self._names.evaluate(packages, path)
