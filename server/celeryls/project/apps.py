"""Apps and the settings in force on them."""

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property

from celeryls import catalog
from celeryls.facts import AppCall, ClassDecl, FunctionDecl, Interface
from celeryls.project.classes import chain_of, is_celery_app_class
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
from celeryls.project.symbols import Defined, External, Member, Module, Symbol
from celeryls.project.walk import is_test_path
from celeryls.syntax.expr import UNKNOWN, Call, Const, Dict, Expr, Name

_CURRENT_APP = frozenset(
    {"celery.current_app", "celery._state.current_app", "celery.app.current_app"}
)
_APP_PARAMETERS = ("main", "loader", "backend", "amqp", "events", "log", "control")
_DJANGO_SETTINGS = "django.conf.settings"


@dataclass(frozen=True, slots=True)
class App:
    """A Celery application: where the name stands that it is bound to.

    `made_by` is its constructor call where that is in sight, and `made_in` the file it stands
    in.  An app of another package that can't be read has a dotted `name` and no `path`.
    """

    path: str | None
    name: str
    made_by: Call | None = None
    made_in: str = ""

    def __hash__(self) -> int:
        return hash((self.path, self.name))


class Apps:
    """The apps of a workspace.  Built from interfaces; immutable once built."""

    def __init__(self, names: Names, interfaces: Mapping[str, Interface]) -> None:
        self._names = names
        self._interfaces = interfaces
        self._configured_names = {
            (path, call.app)
            for path, interface in interfaces.items()
            for call in interface.app_calls
            if "." not in call.app and call.method not in ("task", "register_task")
        }
        self._settings: dict[tuple[App, str], Setting] = {}
        self._default_settings: dict[tuple[str, bool], Setting] = {}
        self.consulted: set[Key] = set()
        """The names that anything found so far depends on."""
        with names.recording() as reads:
            self.all: tuple[App, ...] = tuple(self._find_all())
        self.consulted |= reads

    def moved(self, names: Names, interfaces: Mapping[str, Interface]) -> "Apps":
        """The same apps after a change of names that they did not consult."""
        apps = copy(self)
        apps._names, apps._interfaces = names, interfaces
        apps._settings, apps._default_settings = {**self._settings}, {**self._default_settings}
        apps.consulted = {*self.consulted}
        return apps

    # --- what is an app ---------------------------------------------------------------

    def _find_all(self) -> Iterator[App]:
        for path, interface in self._interfaces.items():
            for name, bindings in interface.names.items():
                if any(isinstance(b, Call) for b in bindings) or (
                    (path, name) in self._configured_names
                ):
                    for symbol in self._names.resolve(path, name):
                        app = self.app_of(symbol)
                        if app is not None and app.path == path:
                            yield app

    def app_of(self, symbol: Symbol) -> App | None:
        """The app that a symbol stands for, if it is one; Celery's current app counts."""
        match symbol:
            case External(qualname=qualname):
                if qualname in _CURRENT_APP or _looks_like_app(qualname):
                    return App(None, qualname)
            case Defined(path=path, name=name, what=what):
                if (path, name) in self._configured_names and not isinstance(what, ClassDecl):
                    return App(path, name, *(self._constructor(what, path) or ()))
                made = self._constructor(what, path)
                if made is not None:
                    return App(path, name, *made)
            case Member(owner=owner, name="app" | "celery" | "celery_app"):
                # An app kept on something else: `ext.celery`, `container.app`.
                if isinstance(owner, External) and _looks_like_app(owner.qualname):
                    return App(None, f"{owner.qualname}.{symbol.name}")
        return None

    def _constructor(self, what: object, path: str, depth: int = 0) -> tuple[Call, str] | None:
        """The `Celery(...)` call that makes a value, through factories, and its file."""
        if not isinstance(what, Call) or not isinstance(what.func, Name) or depth > 4:
            return None
        for symbol in self._names.resolve(path, what.func.dotted):
            match symbol:
                case External(qualname=qualname) if is_celery_app_class(qualname):
                    return what, path
                case Defined(path=at, name=name, what=ClassDecl()):
                    if chain_of(self._names, at, Name(name)).is_app:
                        return what, path
                case Defined(path=at, what=FunctionDecl(returns=returns)):
                    for value in returns:
                        made = self._constructor(value, at, depth + 1)
                        if made is not None:
                            # A factory may configure what it makes: only its class is known,
                            # so the arguments are not passed on.
                            kept = (k for k in made[0].keywords if k[0] == "strict_typing")
                            return Call(made[0].func, (), ((None, UNKNOWN), *kept)), made[1]
        return None

    # --- settings ---------------------------------------------------------------------

    def shared_setting(self, key: str, *, tests: bool = False) -> Setting:
        """A setting as a `shared_task` meets it: Celery's default without an app in sight.

        Where several apps disagree it is unknown.  Apps made in tests count for tests only.
        """
        cached = self._default_settings.get((key, tests))
        if cached is None:
            apps = [app for app in self.all if tests or not is_test_path(app.path or "")]
            values = {self.setting(app, key) for app in apps}
            if not values:
                cached = self._unowned(key) or self._default(key)
            else:
                cached = values.pop() if len(values) == 1 else UNKNOWN_SETTING
            self._default_settings[key, tests] = cached
        return cached

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
            for app in self.all
            if app.made_by is not None
            for name, _ in app.made_by.keywords
        )

    def setting(self, app: App, key: str) -> Setting:
        """A setting (new lower-case name) of one app."""
        if (app, key) not in self._settings:
            with self._names.recording() as reads:
                found = self._of_app(app, key)
            self.consulted |= reads
            self._settings[app, key] = found
        return self._settings[app, key]

    def _of_app(self, app: App, key: str) -> Setting:
        if app.path is None:
            if app.name in _CURRENT_APP:
                return self.shared_setting(key)
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

    def _writes(self) -> Iterator[tuple[str, tuple[App, ...], str | None, Expr, bool]]:
        """Every `conf` write: its file, the apps it is on, key, value, conditional."""
        for path, interface in self._interfaces.items():
            for write in interface.conf_writes:
                apps = tuple(
                    app
                    for symbol in self._names.resolve(path, write.app)
                    if (app := self.app_of(symbol)) is not None
                )
                yield path, apps, write.key, write.value, write.conditional

    def _unowned(self, key: str) -> Setting | None:
        """Unknown if `key` is written on something that may be any app (a parameter)."""
        for path, apps, written, _, _ in self._writes():
            owned = any(app.path is not None for app in apps)
            if not owned and written in (key, None) and not is_test_path(path):
                return UNKNOWN_SETTING
        return None

    def _written(self, app: App, key: str) -> Setting | None:
        """What is written on `app.conf`; in a file the last one counts.

        Of several files nobody knows which is imported last: they must agree.
        """
        by_file: dict[str, Setting] = {}
        for path, apps, written, value, conditional in self._writes():
            if app not in apps or not self._counts(path, app):
                continue
            found: Expr | None = value
            if written is None:
                found = in_update(self._names.evaluate(value, path), key)
            elif not is_same(written, key):
                continue
            if found is not None:
                by_file[path] = (
                    UNKNOWN_SETTING if conditional else settled(self._names.evaluate(found, path))
                )
        return agreed(by_file.values())

    def _counts(self, path: str, app: App) -> bool:
        """Whether what a file says is meant for an app: tests configure apps of their own."""
        return not is_test_path(path) or is_test_path(app.path or "")

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
                symbols = self._names.resolve(path, call.app)
                if app in {self.app_of(symbol) for symbol in symbols}:
                    found.append(self._from_object(call, path, key))
        return agreed(found)

    def _from_object(self, call: AppCall, path: str, key: str) -> Setting | None:
        if call.method != "config_from_object":
            return UNKNOWN_SETTING  # an environment variable says where
        arguments = dict(zip(("obj", "silent", "force", "namespace"), call.args, strict=False))
        arguments.update({name: value for name, value in call.keywords if name is not None})
        namespace = self._names.evaluate(arguments.get("namespace", Const(None)), path)
        source = arguments.get("obj", UNKNOWN)
        if not isinstance(namespace, Const):
            return UNKNOWN_SETTING
        spellings = spellings_of(key, str(namespace.value) if namespace.value else "")
        value = self._names.evaluate(source, path)
        if isinstance(value, Dict):
            return from_display(value, spellings)
        if isinstance(value, Const) and isinstance(value.value, str):
            symbols = self.named(value.value, path)
        elif isinstance(source, Name):
            symbols = self._names.resolve(path, source.dotted)
        elif isinstance(source, Call):
            symbols = (Defined(path, "<expression>", source),)
        else:
            return UNKNOWN_SETTING
        return agreed([self._from_symbol(symbol, path, spellings) for symbol in symbols])

    def named(self, name: str, path: str) -> tuple[Symbol, ...]:
        """What a text names, as Celery's loader takes it: `module`, `module:x`, `module.x`."""
        module, colon, attribute = name.partition(":")
        if colon:
            return self._names.member(module, attribute, path)
        found = self._names.module(module, path)
        head, dot, last = module.rpartition(".")
        if isinstance(found, External) and dot:
            return self._names.member(head, last, path)
        return (found,)

    def _from_symbol(self, symbol: Symbol, path: str, spellings: tuple[str, ...]) -> Setting | None:
        match symbol:
            case External(qualname=qualname):
                # What can't be read writes nothing that counts.
                return self._django(path, spellings) if qualname == _DJANGO_SETTINGS else None
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
            and not is_test_path(candidate)
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


def _looks_like_app(qualname: str) -> bool:
    """Whether a name of an unreadable module is an app by all convention.

    `proj.celery.app` and `proj.celery_app.app`: the name and its module both say so.
    """
    module, _, name = qualname.rpartition(".")
    last = module.rpartition(".")[2]
    if module.partition(".")[0] in ("celery", "kombu"):
        return False
    return name in ("app", "celery", "celery_app") and (
        last in ("celery", "celeryapp", "celery_app", "_celery", "celeryconf")
        or name in ("celery", "celery_app")
    )
