"""The settings in force on apps."""

from collections.abc import Mapping
from copy import copy
from functools import cached_property

from celeryls import catalog
from celeryls.facts import AppCall, ClassDecl, ConfWrite, Interface
from celeryls.facts.configuration import LOCAL
from celeryls.project.apps import CURRENT_APP, DJANGO_SETTINGS, App, Apps
from celeryls.project.classes import chain_of
from celeryls.project.names import Key, Names
from celeryls.project.settings import (
    UNKNOWN_SETTING,
    Setting,
    agreed,
    default_value,
    from_display,
    in_update,
    is_same,
    settled,
    spellings_of,
)
from celeryls.project.symbols import Defined, External, Module, Symbol
from celeryls.syntax.expr import UNKNOWN, Call, Const, Dict, Expr, Name

_APP_PARAMETERS = ("main", "loader", "backend", "amqp", "events", "log", "control")


class AppSettings:
    """Answers what a setting of an app is.  Built from interfaces."""

    def __init__(self, names: Names, apps: Apps, interfaces: Mapping[str, Interface]) -> None:
        self._names = names
        self._apps = apps
        self._interfaces = interfaces
        self._of_apps: dict[tuple[App, str], Setting] = {}
        self._shared: dict[tuple[str, bool], Setting] = {}
        self.consulted: set[Key] = set()
        """The names that anything found so far depends on."""

    def moved(self, names: Names, apps: Apps, interfaces: Mapping[str, Interface]) -> "AppSettings":
        """The same settings after a change of names that they did not consult."""
        settings = copy(self)
        settings._names, settings._apps, settings._interfaces = names, apps, interfaces
        settings._of_apps, settings._shared = {**self._of_apps}, {**self._shared}
        settings.consulted = {*self.consulted}
        return settings

    def shared(self, key: str, *, tests: bool = False) -> Setting:
        """A setting as a `shared_task` meets it: Celery's default without an app in sight.

        An app that a function makes for others, as Flask's are made, may have any.
        Where several apps disagree it is unknown.  Apps made in tests count for tests only.
        """
        cached = self._shared.get((key, tests))
        if cached is None:
            apps = [
                app
                for app in self._apps.all
                if tests or not self._names.modules.is_test(app.path or "")
            ]
            values = {self.of(app, key) for app in apps}
            if self._unowned(key, local=True):
                cached = UNKNOWN_SETTING  # by an app that a function may make the current one
            elif not values:
                cached = self._unowned(key) or self._without_apps(key, tests=tests)
            else:
                cached = values.pop() if len(values) == 1 else UNKNOWN_SETTING
            self._shared[key, tests] = cached
        return cached

    def _without_apps(self, key: str, *, tests: bool) -> Setting:
        is_test = self._names.modules.is_test
        factories = [path for path in self._apps.factories if tests or not is_test(path)]
        # Somebody calls it in a place that isn't seen, with a configuration that isn't either.
        return UNKNOWN_SETTING if factories else self._default(key)

    @cached_property
    def may_annotate(self) -> bool:
        """Whether any source that can be read names `task_annotations`, in any spelling.

        `app.conf.update(config)` of what can't be followed may set anything.  Annotations are
        rare, and win over what is written on a task: where nobody names them there are none.
        """
        spellings = {*spellings_of("task_annotations", "CELERY"), "TASK_ANNOTATIONS"}
        for interface in self._interfaces.values():
            if spellings & interface.names.keys():
                return True
            if any(write.key in spellings for write in interface.conf_writes):
                return True
            for bindings in interface.names.values():
                for bound in bindings:
                    if isinstance(bound, ClassDecl) and spellings & bound.attributes.keys():
                        return True
                    if isinstance(bound, Dict) and any(
                        isinstance(key, Const) and key.value in spellings for key, _ in bound.items
                    ):
                        return True
        return any(
            name in spellings
            for app in self._apps.all
            if app.made_by is not None
            for name, _ in app.made_by.keywords
        )

    def of(self, app: App, key: str) -> Setting:
        """A setting (new lower-case name) of one app."""
        if (app, key) not in self._of_apps:
            with self._names.recording() as reads:
                found = self._of_app(app, key)
            self.consulted |= reads
            self._of_apps[app, key] = found
        return self._of_apps[app, key]

    def _of_app(self, app: App, key: str) -> Setting:
        if app.path is None:
            if app.name in CURRENT_APP:
                return self.shared(key)
            return UNKNOWN_SETTING
        unowned = self._unowned(key)
        if unowned is not None:
            return unowned
        written = self._written(app, key)
        if written is not None:
            return written
        if app.made_by is not None:
            given = self._constructor_argument(app, app.made_by, key)
            if given is not None:
                return given
        configured = self._from_objects(app, key)
        return configured or self._default(key)

    def _default(self, key: str) -> Setting:
        option = catalog.settings().get(key)
        if option is None:
            return UNKNOWN_SETTING
        default = default_value(option.default)
        return UNKNOWN_SETTING if default == UNKNOWN else Setting(default, "default")

    @cached_property
    def _writes(self) -> tuple[tuple[str, tuple[App, ...], ConfWrite], ...]:
        """Every `conf` write, with its file and the apps that it is on."""
        with self._names.recording() as reads:
            found = tuple(
                (path, self._apps.named_in(path, write.app), write)
                for path, interface in self._interfaces.items()
                for write in interface.conf_writes
            )
        self.consulted |= reads
        return found

    def _unowned(self, key: str, *, local: bool = False) -> Setting | None:
        """Unknown if `key` is written on something that may be any app (a parameter).

        With `local`, if it is on an app that a function makes for itself, which is no other.
        """
        for path, apps, write in self._writes:
            owned = any(app.path is not None for app in apps)
            if owned or write.app.startswith(LOCAL) is not local:
                continue
            if write.key in (key, None) and not self._names.modules.is_test(path):
                return UNKNOWN_SETTING
        for path, call in self._unowned_objects:
            if call.app.startswith(LOCAL) is not local:
                continue
            if self._from_object(call, path, key) is not None:
                return UNKNOWN_SETTING
        return None

    @cached_property
    def _unowned_objects(self) -> tuple[tuple[str, AppCall], ...]:
        """Every `config_from_object` on what may be any app: `def configure(app): ...`."""
        with self._names.recording() as reads:
            found = tuple(
                (path, call)
                for path, interface in self._interfaces.items()
                if not self._names.modules.is_test(path)
                for call in interface.app_calls
                if call.method.startswith("config_from_")
                if not any(app.path is not None for app in self._apps.named_in(path, call.app))
            )
        self.consulted |= reads
        return found

    def _written(self, app: App, key: str) -> Setting | None:
        """What is written on `app.conf`; in a file the last one counts.

        Of several files nobody knows which is imported last: they must agree.
        """
        by_file: dict[str, Setting] = {}
        for path, apps, write in self._writes:
            if app not in apps or not self._counts(path, app):
                continue
            found: Expr | None = write.value
            if write.key is None:
                found = in_update(self._names.evaluate(write.value, path), key)
            elif not is_same(write.key, key):
                continue
            if found is not None:
                settled_value = settled(self._names.evaluate(found, path))
                by_file[path] = UNKNOWN_SETTING if write.conditional else settled_value
        return agreed(by_file.values())

    def _counts(self, path: str, app: App) -> bool:
        """Whether what a file says is meant for an app: tests configure apps of their own."""
        return not self._names.modules.is_test(path) or self._names.modules.is_test(app.path or "")

    def _constructor_argument(self, app: App, call: Call, key: str) -> Setting | None:
        assert app.path is not None
        for name, value in call.keywords:
            if name is None or name in ("changes", "config_source"):
                return UNKNOWN_SETTING
            if name == key or (name, key) in (
                ("broker", "broker_url"),
                ("backend", "result_backend"),
            ):
                return settled(self._names.evaluate(value, app.path))
        if key == "result_backend" and len(call.args) > _APP_PARAMETERS.index("backend"):
            return UNKNOWN_SETTING
        return None

    def _from_objects(self, app: App, key: str) -> Setting | None:
        found: list[Setting | None] = []
        for path, interface in self._interfaces.items():
            for call in interface.app_calls:
                if not call.method.startswith("config_from_") or not self._counts(path, app):
                    continue
                if app in self._apps.named_in(path, call.app):
                    found.append(self._from_object(call, path, key))
        return agreed(found)

    def _from_object(self, call: AppCall, path: str, key: str) -> Setting | None:
        source, namespace = self._apps.configured_from(path, call)
        if namespace is None:
            return UNKNOWN_SETTING
        spellings = spellings_of(key, namespace)
        value = self._names.evaluate(source, path)
        if isinstance(value, Dict):
            return from_display(value, spellings)
        if isinstance(value, Const) and isinstance(value.value, str):
            symbols = self._apps.named(value.value, path)
        elif isinstance(source, Name):
            symbols = self._names.resolve(path, source.dotted)
        elif isinstance(source, Call):
            symbols = (Defined(path, "<expression>", source),)
        else:
            return UNKNOWN_SETTING
        if not symbols:
            return UNKNOWN_SETTING  # a parameter, or what a function assigns
        return agreed([self._from_symbol(symbol, path, spellings) for symbol in symbols])

    def _from_symbol(self, symbol: Symbol, path: str, spellings: tuple[str, ...]) -> Setting | None:
        match symbol:
            case External(qualname=qualname) if qualname == DJANGO_SETTINGS:
                return self._django(path, spellings)
            case Module(path=at):
                return self._from_module(at, spellings)
            case Defined(path=at, name=name, what=ClassDecl()):
                return self._from_class(at, name, spellings)
            case Defined(path=at, what=Dict() as display):
                return from_display(self._names.evaluate(display, at), spellings)
            case Defined(path=at, what=Call(func=Name(dotted=made), args=())):
                for of in self._names.resolve(at, made):
                    if isinstance(of, Defined) and isinstance(of.what, ClassDecl):
                        return self._from_class(of.path, of.name, spellings, instance=True)
        return UNKNOWN_SETTING

    def _from_class(
        self, path: str, name: str, spellings: tuple[str, ...], *, instance: bool = False
    ) -> Setting | None:
        chain = chain_of(self._names, path, Name(name))
        if instance and chain.has_method("__init__"):
            return UNKNOWN_SETTING
        for spelling in spellings:
            found = chain.attribute(spelling)
            if found is not None:
                return settled(self._names.evaluate(found[1], found[0]))
        return None

    def _django(self, path: str, spellings: tuple[str, ...]) -> Setting | None:
        """Django's settings: the module that is named in source, else all that might be it."""
        # Django's settings objects only have upper-case names.
        upper = tuple(spelling for spelling in spellings if spelling.isupper())
        own = self._interfaces.get(path)
        modules = {own.django_settings} if own is not None and own.django_settings else set()
        if not modules:
            modules = {i.django_settings for i in self._interfaces.values() if i.django_settings}
        if len(modules) == 1:
            found = self._names.modules.find(modules.pop() or "", path)
            if found is not None:
                return self._from_module(found, upper)
        candidates = [
            candidate
            for candidate, interface in self._interfaces.items()
            if any(spelling in interface.names for spelling in upper)
            and not self._names.modules.is_test(candidate)
        ]
        values = {self._from_module(candidate, upper) for candidate in candidates}
        if not values:
            return None
        return values.pop() if len(values) == 1 else UNKNOWN_SETTING

    def _from_module(self, path: str, spellings: tuple[str, ...]) -> Setting | None:
        for spelling in spellings:
            symbols = self._names.resolve(path, spelling)
            if symbols:
                return settled(self._names.evaluate(Name(spelling), path))
            interface = self._names.interface(path)
            if interface is None:
                return UNKNOWN_SETTING
            if spelling in interface.names:
                return UNKNOWN_SETTING
            if any(
                isinstance(bound, ClassDecl) and spelling in bound.attributes
                for bindings in interface.names.values()
                for bound in bindings
            ):
                return UNKNOWN_SETTING  # settings in classes, of which one is chosen elsewhere
        return None
