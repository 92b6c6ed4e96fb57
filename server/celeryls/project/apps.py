"""What is an app."""

import re
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass

from celeryls.facts import AppCall, ClassDecl, FunctionDecl, Interface
from celeryls.project.classes import chain_of, is_celery_app_class, is_named_as_app
from celeryls.project.names import Names
from celeryls.project.symbols import Defined, External, Member, Symbol
from celeryls.syntax.expr import UNKNOWN, Call, Const, Expr, Local, Name

CURRENT_APP = frozenset(
    {"celery.current_app", "celery._state.current_app", "celery.app.current_app"}
)
_SPEAKS_OF_CELERY = re.compile("celery", re.IGNORECASE)
_MAKES_AN_APP = re.compile("celery(_?app(lication)?)?$", re.IGNORECASE)
_APP_NAMES = ("celery", "celery_app")
FACTORY = Local("", "factory")
"""Stands for settings that a function may give to the app that it returns."""
_OF_TASKS = ("strict_typing", "task_cls")
DJANGO_SETTINGS = "django.conf.settings"


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
            if "." not in call.app and call.method not in ("task", "register_task", "Task")
        }
        with names.recording() as reads:
            self.all: tuple[App, ...] = tuple(self._find_all())
            self.factories = tuple(self._find_factories())
            """The files with a function that returns an app."""
        self.consulted = frozenset(reads)
        """The names that they depend on."""

    def moved(self, names: Names, interfaces: Mapping[str, Interface]) -> "Apps":
        """The same apps after a change of names that they did not consult."""
        apps = copy(self)
        apps._names, apps._interfaces = names, interfaces
        return apps

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

    def _find_factories(self) -> Iterator[str]:
        for path, interface in self._interfaces.items():
            for bindings in interface.names.values():
                for bound in bindings:
                    returns = bound.returns if isinstance(bound, FunctionDecl) else ()
                    if any(self._constructor(value, path) for value in returns):
                        yield path

    def app_of(self, symbol: Symbol) -> App | None:
        """The app that a symbol stands for, if it is one; Celery's current app counts."""
        match symbol:
            case External(qualname=qualname):
                if qualname in CURRENT_APP or _looks_like_app(qualname):
                    return App(None, qualname)
            case Defined(path=path, name=name, what=what):
                if (path, name) in self._configured_names and not isinstance(what, ClassDecl):
                    return App(path, name, *(self._constructor(what, path) or ()))
                made = self._constructor(what, path) or self._by_convention(what, path, name)
                if made is not None:
                    return App(path, name, *made)
            case Member(owner=owner, name="app" | "celery" | "celery_app"):
                # An app kept on something else: `ext.celery`, `container.app`.
                if isinstance(owner, External) and _looks_like_app(owner.qualname):
                    return App(None, f"{owner.qualname}.{symbol.name}")
        return None

    def named_in(self, path: str, dotted: str) -> tuple[App, ...]:
        """The apps that a name in a file may stand for."""
        found = (self.app_of(symbol) for symbol in self._names.resolve(path, dotted))
        return tuple(app for app in found if app is not None)

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
                            kept = (k for k in made[0].keywords if k[0] in _OF_TASKS)
                            return Call(made[0].func, (), ((None, FACTORY), *kept)), made[1]
        return None

    def _by_convention(self, what: object, path: str, name: str) -> tuple[Call, str] | None:
        """What stands for the call that makes an app, where what it is called says that it is one.

        `NotifyCelery()`, of a package that can't be read; `app: Celery = Proxy(make)`;
        `celery = make_celery()`.  Whatever makes it may configure it too.
        """
        if not isinstance(what, Call):
            return None
        annotated = self._interfaces[path].annotated_apps if path in self._interfaces else {}
        kind = annotated.get(name)
        if isinstance(kind, Name) and chain_of(self._names, path, kind).is_app:
            return Call(kind, (), ((None, UNKNOWN),)), path
        named = isinstance(what.func, Name) and any(
            isinstance(symbol, External) and is_named_as_app(symbol.qualname)
            for symbol in self._names.resolve(path, what.func.dotted)
        )
        if named or self._called_an_app(name, what, path):
            return Call(what.func, (), ((None, UNKNOWN),)), path
        return None

    def _called_an_app(self, name: str, what: Call, path: str) -> bool:
        """Whether a value that nobody can follow is an app by all that it is called.

        `celery = make_celery()`, `celery_app = Proxy(get_celery_app)`: the name and what makes
        it both say so.  An object of a class that can be read and is no app is none.
        """
        if name not in ("app", *_APP_NAMES):
            return False
        wanted = _MAKES_AN_APP if name == "app" else _SPEAKS_OF_CELERY
        made_of = (what.func, *what.args)
        if not any(isinstance(made, Name) and wanted.search(made.last) for made in made_of):
            return False
        for symbol in self._names.meaning(path, what.func):
            match symbol:
                case Defined(path=at, name=called, what=ClassDecl()):
                    if chain_of(self._names, at, Name(called)).complete:
                        return False
                case External(qualname=qualname) if qualname.startswith(("celery.", "kombu.")):
                    return False  # what makes an app there is known
        return True

    def configured_from(self, path: str, call: AppCall) -> tuple[Expr, str | None]:
        """The object that `config_from_object` is given, and the namespace, empty without one.

        `None` for a namespace that isn't known, and where an environment variable says it all.
        """
        if call.method != "config_from_object":
            return UNKNOWN, None
        given = dict(zip(("obj", "silent", "force", "namespace"), call.args, strict=False))
        given.update({name: value for name, value in call.keywords if name is not None})
        source = given.get("obj", UNKNOWN)
        match self._names.evaluate(given.get("namespace", Const(None)), path):
            case Const(value=None | ""):
                return source, ""
            case Const(value=str() as namespace):
                return source, namespace
        return source, None

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


def _looks_like_app(qualname: str) -> bool:
    """Whether a name of an unreadable module is an app by all convention.

    `proj.celery.app` and `proj.celery_app.app`: the name and its module both say so.
    """
    module, _, name = qualname.rpartition(".")
    last = module.rpartition(".")[2]
    if module.partition(".")[0] in ("celery", "kombu"):
        return False
    return name in ("app", "celery", "celery_app") and (
        last in ("celery", "celeryapp", "celery_app", "_celery", "celeryconf") or name in _APP_NAMES
    )
