"""Where apps read their settings from: modules, classes, dicts, Django's settings."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from celeryls.facts import ClassDecl, Interface
from celeryls.project.apps import DJANGO_SETTINGS, App, Apps
from celeryls.project.names import Names
from celeryls.project.symbols import Defined, External, Module, Symbol
from celeryls.syntax.expr import Call, Const, Dict, Expr, Name


@dataclass(frozen=True, slots=True)
class ConfigSource:
    """What one app reads its settings from.

    `name` is the class or the dict in the file `path`, empty where the module itself is read.
    Of Django's settings only upper-case names count.  `namespace` is empty without one.
    """

    app: App
    path: str
    name: str
    namespace: str
    django: bool = False


class Configs:
    """The configurations of a workspace.  Built from interfaces; immutable."""

    def __init__(self, names: Names, apps: Apps, interfaces: Mapping[str, Interface]) -> None:
        self._names = names
        self._apps = apps
        self._interfaces = interfaces

    @cached_property
    def _found(self) -> tuple[tuple[ConfigSource, ...], frozenset[App], Mapping[App, set[str]]]:
        sources: dict[ConfigSource, None] = {}
        others: dict[ConfigSource, None] = {}
        configured: set[App] = set()
        namespaces: dict[App, set[str]] = {}
        for path, interface in self._interfaces.items():
            for call in interface.app_calls:
                if not call.method.startswith("config_from_"):
                    continue
                source, namespace = self._apps.configured_from(path, call)
                apps = [a for a in self._apps.named_in(path, call.app) if a.path is not None]
                if not apps and namespace is not None and not self._names.modules.is_test(path):
                    # Whatever app that is, what it reads is a configuration.
                    for at, name, django in self._places(path, source):
                        if not django:
                            app = App(None, call.app)
                            others[ConfigSource(app, at, name, namespace)] = None
                for app in apps:
                    configured.add(app)
                    namespaces.setdefault(app, set()).add(namespace or "")
                    if namespace is None or (
                        self._names.modules.is_test(path)
                        and not self._names.modules.is_test(app.path or "")
                    ):
                        continue
                    for at, name, django in self._places(path, source):
                        sources[ConfigSource(app, at, name, namespace, django)] = None
        return (*sources, *others), frozenset(configured), namespaces

    def in_file(self, path: str) -> tuple[ConfigSource, ...]:
        """What apps read from a file."""
        return self._by_path.get(path, ())

    def updates_in(self, path: str) -> Mapping[str, App]:
        """The dicts of a file that are put on the `conf` of an app: `app.conf.update(MORE)`."""
        return self._updates.get(path, {})

    @cached_property
    def _updates(self) -> Mapping[str, Mapping[str, App]]:
        found: dict[str, dict[str, App]] = {}
        for path, interface in self._interfaces.items():
            for write in interface.conf_writes:
                if write.key is not None or not isinstance(write.value, Name):
                    continue
                apps = self._apps.named_in(path, write.app)
                if self._names.modules.is_test(path) or len(apps) != 1 or apps[0].path is None:
                    continue
                for symbol in self._names.resolve(path, write.value.dotted):
                    if isinstance(symbol, Defined) and isinstance(symbol.what, Dict | Call):
                        found.setdefault(symbol.path, {})[symbol.name] = apps[0]
        return found

    def is_configured(self, app: App) -> bool:
        """Whether an app is told somewhere what to read its settings from."""
        return app in self._found[1]

    def reads_django(self, app: App) -> bool:
        """Whether an app reads Django's settings, in whatever file these are."""
        return any(
            isinstance(symbol, External) and symbol.qualname == DJANGO_SETTINGS
            for path, interface in self._interfaces.items()
            for call in interface.app_calls
            if call.method.startswith("config_from_")
            if app in self._apps.named_in(path, call.app)
            for symbol in self._symbols(path, self._apps.configured_from(path, call)[0])
        )

    def namespace_of(self, app: App) -> str:
        """The namespace of an app's settings, empty if there is none, or not one."""
        namespaces = self._found[2].get(app, set())
        return next(iter(namespaces)) if len(namespaces) == 1 else ""

    @cached_property
    def _by_path(self) -> Mapping[str, tuple[ConfigSource, ...]]:
        grouped: dict[str, tuple[ConfigSource, ...]] = {}
        for source in self._found[0]:
            grouped[source.path] = (*grouped.get(source.path, ()), source)
        return grouped

    def _places(self, path: str, source: Expr) -> Iterator[tuple[str, str, bool]]:
        """The file and the name of what an object is, and whether it is Django's settings."""
        for symbol in self._symbols(path, source):
            match symbol:
                case External(qualname=qualname) if qualname == DJANGO_SETTINGS:
                    for at in self._django(path):
                        yield at, "", True
                case Module(path=at):
                    yield at, "", False
                case Defined(path=at, name=name, what=ClassDecl() | Dict() | Call()):
                    yield at, name, False

    def _symbols(self, path: str, source: Expr) -> tuple[Symbol, ...]:
        value = self._names.evaluate(source, path)
        if isinstance(value, Const) and isinstance(value.value, str):
            return self._apps.named(value.value, path)
        if isinstance(source, Name):
            return self._names.resolve(path, source.dotted)
        if isinstance(source, Call) and isinstance(source.func, Name):
            made = self._names.resolve(path, source.func.dotted)
            return tuple(s for s in made if isinstance(getattr(s, "what", None), ClassDecl))
        return ()

    def _django(self, path: str) -> Iterable[str]:
        """The files of Django's settings: the module that is named, and all that share with it.

        Where none is named, every module that is called `settings`, or is in such a package.
        """
        own = self._interfaces.get(path)
        named = {own.django_settings if own is not None else None} - {None}
        named = named or {i.django_settings for i in self._interfaces.values()}
        files = {self._names.modules.find(name, path) for name in named if name}
        roots = {file for file in files if file is not None}
        if not roots:
            return [
                p
                for p in self._interfaces
                if _is_called_settings(p) and not self._names.modules.is_test(p)
            ]
        taken, taking = self._stars
        return _closure(_closure(roots, taking), taken) & self._interfaces.keys()

    @cached_property
    def _stars(self) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
        """Which files each takes all names from (`from .base import *`), and the reverse."""
        taken: dict[str, set[str]] = {}
        taking: dict[str, set[str]] = {}
        for path, interface in self._interfaces.items():
            for star in interface.star_imports:
                module = self._names.absolute(path, star)
                found = self._names.modules.find(module, path) if module else None
                if found is not None:
                    taken.setdefault(path, set()).add(found)
                    if not self._names.modules.is_test(path):
                        taking.setdefault(found, set()).add(path)
        return taken, taking


def _closure(roots: set[str], links: Mapping[str, set[str]]) -> set[str]:
    reached, todo = set(roots), [*roots]
    while todo:
        new = links.get(todo.pop(), set()) - reached
        reached |= new
        todo += new
    return reached


def _is_called_settings(path: str) -> bool:
    parts = path.replace("\\", "/").removesuffix(".py").split("/")
    return "settings" in parts[-2:]
