"""Which modules a worker imports, so that the tasks in them are registered.

From the module of the app on: what it includes, what it discovers, and whatever these import.
What is imported inside functions, or by name while the program runs, leaves the answer open.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from celeryls.facts import AppCall, FunctionDecl, Import, Interface
from celeryls.project.app_settings import AppSettings
from celeryls.project.apps import App, Apps
from celeryls.project.modules import absolute_module
from celeryls.project.names import Names
from celeryls.project.task import Task
from celeryls.syntax.expr import UNKNOWN, Call, Const, Expr, Name, Seq

ReadText = Callable[[str], str | None]
Stamp = tuple[object, object]
"""What a file's text came from: the same object and an equal value mean the same text."""

_IMPORT = re.compile(
    r"^(?P<indent>[ \t]*)(?:from[ \t]+(?P<module>[.\w]+)[ \t]+import[ \t]+"
    r"(?P<names>\([^)]*\)|[^\n#;]+)|import[ \t]+(?P<modules>[\w., \t]+))",
    re.M,
)
_DYNAMIC = re.compile(
    r"\b(?:import_module|import_string|__import__|walk_packages|iter_modules|entry_points"
    r"|autodiscover_modules|module_has_submodule|symbol_by_name|load_object)\b"
)
_BY_TEXT = re.compile(
    r"\b(?:import_module|import_string|__import__)\(\s*"
    r"(?P<quote>[\"'])(?P<module>\w+(?:\.\w+)*)(?::\w+)?(?P=quote)\s*\)"
)
"""An import by name that says which: `werkzeug` and others separate the object by a colon."""
_NAME = re.compile(r"\w+|\*")


@dataclass(slots=True)
class _Reached:
    """The files that are certainly imported, those that may be, and whether that is all."""

    surely: set[str] = field(default_factory=set)
    perhaps: set[str] = field(default_factory=set)
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Imports:
    """The files that one imports at once, those it imports later, and whether some by name.

    The packages that a module is in are imported before it.
    """

    at_once: tuple[str, ...]
    later: tuple[str, ...]
    dynamic: bool


class Registration:
    """Answers whether a worker imports a task's module.  Reads files when it is asked.

    What files import is remembered in `imports`, by path, as long as their stamp is the same.
    """

    def __init__(
        self,
        names: Names,
        apps: Apps,
        settings: AppSettings,
        interfaces: Mapping[str, Interface],
        text: ReadText,
        stamp: Callable[[str], Stamp],
        imports: dict[str, tuple[Stamp, Imports]],
    ) -> None:
        self._names = names
        self._apps = apps
        self._settings = settings
        self._interfaces = interfaces
        self._text = text
        self._reached: dict[App, _Reached] = {}
        self._entries: dict[tuple[App, ...], set[str]] = {}
        self._stamp = stamp
        self._imports = imports

    def is_registered(self, task: Task) -> bool | None:
        """Whether a worker knows a task; `None` where that can't be told.

        An `@app.task` is made for every app, unless it says `shared=False` (celery/app/base.py,
        `Celery.task`); what is handed to `register_task` is for its own app.
        """
        if task.kind in ("class", "register") and task.symbol[0] != task.path:
            return None
        apps = [app for app in self._apps.all if not self._names.modules.is_test(app.path or "")]
        own = task.kind == "class" or task.options.get("shared") == Const(False)
        if own and task.app is not None and task.app in apps:
            apps = [task.app]
        if not apps or self._names.modules.is_test(task.path):
            return None
        reached = [self._of(app) for app in apps]
        if any(task.path in one.surely for one in reached):
            return True
        if any(task.path in one.perhaps or not one.complete for one in reached):
            return None
        # A worker may be started with another module than the app's, which imports that.
        return None if task.path in self._from_entries(apps) else False

    def _from_entries(self, apps: list[App]) -> set[str]:
        """The files that others than the apps' modules import, which know the apps themselves."""
        key = tuple(apps)
        if key not in self._entries:
            entries = [
                path
                for path, interface in self._interfaces.items()
                if not self._names.modules.is_test(path)
                and not any(map(_may_be_task, interface.functions))
                and any(self._binds_app(path, name, apps) for name in interface.names)
            ]
            found: set[str] = set()
            self._follow(entries, found, _Reached(), surely=False)
            self._entries[key] = found
        return self._entries[key]

    def _binds_app(self, path: str, name: str, apps: list[App]) -> bool:
        bound = self._interfaces[path].names[name]
        if not any(isinstance(binding, Import) for binding in bound):
            return False
        return any(app in apps for app in self._apps.named_in(path, name))

    def _of(self, app: App) -> _Reached:
        if app not in self._reached:
            self._reached[app] = self._reach(app)
        return self._reached[app]

    def _reach(self, app: App) -> _Reached:
        reached = _Reached()
        surely = [app.path] if app.path is not None else []
        for module in self._listed(app, reached):
            surely += self._files_of(module, app.path or "")
        surely += self._discovered(app, reached)
        self._follow(surely, reached.surely, reached, surely=True)
        self._follow(list(reached.surely), reached.perhaps, reached, surely=False)
        return reached

    def _follow(
        self, paths: list[str], found: set[str], reached: _Reached, *, surely: bool
    ) -> None:
        todo = list(paths)
        seen: set[str] = set()
        while todo:
            path = todo.pop()
            if path in seen or self._names.modules.in_site_packages(path):
                continue
            seen.add(path)
            found.add(path)
            imports = self._imports_of(path)
            if imports.dynamic:
                reached.complete = False
            todo += imports.at_once
            if not surely or os.path.basename(path) == "apps.py":
                todo += imports.later  # AppConfig.ready runs when Django starts

    # --- what is listed ---------------------------------------------------------------

    def _listed(self, app: App, reached: _Reached) -> Iterator[str]:
        """The modules in `include=`, `include` and `imports`."""
        values: list[Expr] = []
        if app.made_by is not None:
            given = dict(app.made_by.keywords)
            values += [given["include"]] if "include" in given else []
            if None in given:
                reached.complete = False
        evaluated = [self._names.evaluate(value, app.path or "") for value in values]
        for key in ("include", "imports"):
            setting = self._settings.of(app, key)
            if setting.origin == "unknown":
                reached.complete = False
            elif setting.origin == "settings":
                evaluated.append(setting.value)
        for value in evaluated:
            yield from self._texts(value, reached)

    def _texts(self, value: Expr, reached: _Reached) -> Iterator[str]:
        items = value.items if isinstance(value, Seq) else (value,)
        for item in items:
            if isinstance(item, Const) and isinstance(item.value, str):
                yield item.value
            elif item != Const(None):
                reached.complete = False

    def _discovered(self, app: App, reached: _Reached) -> Iterator[str]:
        """The files that `autodiscover_tasks` imports, and Django with its apps."""
        for path, interface in self._interfaces.items():
            for call in interface.app_calls:
                if call.method != "autodiscover_tasks":
                    continue
                named = self._apps.named_in(path, call.app)
                if app in named:
                    yield from self._autodiscover(path, call, reached)
                elif not named and not self._names.modules.is_test(path):
                    reached.complete = False  # def configure(app): it may be any app

    def _autodiscover(self, path: str, call: AppCall, reached: _Reached) -> Iterator[str]:
        arguments = dict(zip(("packages", "related_name"), call.args, strict=False))
        arguments.update({name: value for name, value in call.keywords if name is not None})
        related = self._names.evaluate(arguments.get("related_name", Const("tasks")), path)
        suffix = related.value if isinstance(related, Const) else UNKNOWN
        if not (suffix is None or isinstance(suffix, str)):
            reached.complete = False
            return
        packages = arguments.get("packages", Const(None))
        value = self._names.evaluate(packages, path)
        is_django = value == Const(None) or (
            isinstance(packages, Name) and packages.last == "INSTALLED_APPS"
        )
        if is_django:
            value = self._installed_apps(path)
        if not isinstance(value, Seq):
            reached.complete = False
            yield from self._all_packages(path, suffix or "") if is_django else ()
            return
        for package in self._texts(value, reached):
            package = _package_of(package)
            for name in (package, f"{package}.{suffix}" if suffix else package):
                yield from self._files_of(name, path)
            if is_django:
                yield from self._files_of(f"{package}.apps", path)
                yield from self._files_of(f"{package}.models", path)

    def _installed_apps(self, path: str) -> Expr:
        interface = self._interfaces.get(path)
        module = interface.django_settings if interface is not None else None
        settings = self._names.modules.find(module, path) if module else None
        if settings is None:
            return UNKNOWN
        return self._names.evaluate(Name("INSTALLED_APPS"), settings)

    def _all_packages(self, path: str, related: str) -> Iterator[str]:
        """With apps that are not known: every package that looks like one, as Django has them."""
        for other in self._interfaces:
            folder, name = os.path.split(other)
            is_module = name == f"{related}.py"
            is_package = os.path.basename(folder) == related and name == "__init__.py"
            if is_package or (is_module and os.path.exists(os.path.join(folder, "apps.py"))):
                yield other

    # --- imports ----------------------------------------------------------------------

    def _files_of(self, module: str, near: str) -> list[str]:
        found = self._names.modules.find(module, near)
        return [] if found is None else [found]

    def _packages_around(self, path: str) -> Iterator[str]:
        folder = os.path.dirname(path)
        while self._names.modules.is_file(init := os.path.join(folder, "__init__.py")):
            yield init
            folder = os.path.dirname(folder)

    def _imports_of(self, path: str) -> Imports:
        stamp = self._stamp(path)
        known = self._imports.get(path)
        if known is not None and known[0][0] is stamp[0] and known[0][1] == stamp[1]:
            return known[1]
        text = self._text(path) or ""
        at_once: list[str] = []
        later: list[str] = []
        for found in _IMPORT.finditer(text):
            files = self._imported(path, found)
            (later if found["indent"] else at_once).extend(files)
        at_once += self._packages_around(path)
        for found in _BY_TEXT.finditer(text):
            # Django's also take the path of an object, whose module is what is before it.
            for module in (found["module"], found["module"].rpartition(".")[0]):
                later.extend(self._files_of(module, path) if module else ())
        imports = Imports(tuple(at_once), tuple(later), _is_dynamic(text))
        self._imports[path] = stamp, imports
        return imports

    def _imported(self, path: str, found: re.Match[str]) -> Iterable[str]:
        own = self._names.modules.name_of(path)
        if found["modules"] is not None:
            modules = [part.split()[0] for part in found["modules"].split(",") if part.split()]
            for module in modules:
                yield from self._files_of(module, path)
            return
        written = found["module"]
        level = len(written) - len(written.lstrip("."))
        base = absolute_module(own, path, written.lstrip("."), level)
        if base is None:
            return
        yield from self._files_of(base, path)
        for name in _NAME.findall(found["names"]):
            yield from self._files_of(f"{base}.{name}", path)


def _may_be_task(decl: FunctionDecl) -> bool:
    """Whether a function has a decorator, other than that of a signal's handler."""
    called = (d.func if isinstance(d, Call) else d for d in decl.decorators)
    return any(not (isinstance(c, Name) and c.last == "connect") for c in called)


def _is_dynamic(text: str) -> bool:
    """Whether something is imported by a name that can't be read.

    Importing such a function is no use of it, unless it is called something else.
    """
    if _DYNAMIC.search(text) is None:
        return False
    rest = _BY_TEXT.sub("", text)
    rest = _IMPORT.sub(lambda found: found[0] if " as " in found[0] else "", rest)
    return _DYNAMIC.search(rest) is not None


def _package_of(installed: str) -> str:
    """The package of an entry of INSTALLED_APPS, which may name an `AppConfig` in it."""
    head, _, last = installed.rpartition(".")
    if last[:1].isupper() and head:
        return head.rpartition(".")[0] if head.endswith(".apps") else head
    return installed
