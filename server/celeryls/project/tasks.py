"""Tasks: which functions are one, under which name, with which options in force."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from celeryls import catalog
from celeryls.facts import FunctionDecl, Interface
from celeryls.project.apps import App, Apps, is_test_path
from celeryls.project.classes import EMPTY, Chain, chain_of
from celeryls.project.names import Defined, External, Member, Names, Scope
from celeryls.project.settings import Setting
from celeryls.syntax.expr import UNKNOWN, Attribute, Call, Const, Dict, Expr, Name, Seq

_SHARED_TASK = frozenset(
    {"celery.shared_task", "celery.app.shared_task", "celery._state.shared_task"}
)
Kind = Literal["shared_task", "app.task"]
Origin = Literal["decorator", "base", "annotations", "settings", "default", "unknown"]


_FALLS_BACK = {
    "acks_on_failure": "acks_on_failure_or_timeout",
    "acks_on_timeout": "acks_on_failure_or_timeout",
}
"""Options that stand for another while they are None (celery/app/task.py, `Task.bind`)."""
_NAMES_CLASSES = frozenset({"autoretry_for", "dont_autoretry_for", "throws", "base", "backend"})
"""Options whose value is a class, or several, so that a mere name says what it is."""


@dataclass(frozen=True, slots=True)
class Effective:
    """An option in force and where it comes from.  An `Unknown` value is unknown."""

    value: Expr
    origin: Origin

    @property
    def known(self) -> bool:
        return is_known(self.value)


@dataclass(frozen=True, slots=True)
class Task:
    """A declared task.

    `index` is the place of its function in the interface and the body of `path`; `decorator`
    the index of the decorator that makes it a task.  `name` is the registered name, `None` if
    unknown.  `options` are those written in the decorator, constants and spreads resolved;
    unless `complete`, there are others that can't be known.  `app` is `None` for shared tasks.
    """

    path: str
    index: int
    decorator: int
    decl: FunctionDecl
    kind: Kind
    app: App | None
    module: str | None
    name: str | None
    options: Mapping[str, Expr]
    complete: bool
    base: Chain

    @property
    def label(self) -> str:
        """What to call it when talking to a person."""
        return self.name or self.decl.name

    @property
    def bind(self) -> bool | None:
        """Whether the task passes itself first; `None` if unknown."""
        value = self.options.get("bind")
        if value is None:
            return False if self.complete else None
        return bool(value.value) if isinstance(value, Const) else None


class Tasks:
    """The tasks of a workspace.  Built from interfaces; immutable once built."""

    def __init__(self, names: Names, apps: Apps, interfaces: Mapping[str, Interface]) -> None:
        self._names = names
        self._apps = apps
        self._bases: dict[tuple[App | None, bool], Chain] = {}
        self.by_path: dict[str, tuple[Task, ...]] = {}
        for path, interface in interfaces.items():
            tasks = tuple(self._in_file(path, interface))
            if tasks:
                self.by_path[path] = tasks

    def _in_file(self, path: str, interface: Interface) -> Iterator[Task]:
        for index, decl in enumerate(interface.functions):
            for at, decorator in enumerate(decl.decorators):
                task = self._task(path, index, at, decl, decorator)
                if task is not None:
                    yield task
                    break

    def _task(
        self, path: str, index: int, at: int, decl: FunctionDecl, decorator: Expr
    ) -> Task | None:
        callee = decorator.func if isinstance(decorator, Call) else decorator
        scope = dict(decl.scope)
        found = self._declares(path, callee, scope)
        if found is None:
            return None
        kind, app = found
        keywords = decorator.keywords if isinstance(decorator, Call) else ()
        options, complete = self._options(path, keywords, scope)
        if isinstance(decorator, Call) and decorator.args:
            complete = False
        module = self._names.modules.name_of(path)
        base = options.get("base")
        if base is not None:
            chain = chain_of(self._names, path, base)
        elif complete:
            chain = self._default_base(app, is_test_path(path))
        else:
            chain = Chain((), (), complete=False)
        return Task(
            path=path,
            index=index,
            decorator=at,
            decl=decl,
            kind=kind,
            app=app,
            module=module,
            name=self._registered(decl, module, options, complete, app),
            options=options,
            complete=complete,
            base=chain,
        )

    def _declares(self, path: str, callee: Expr, scope: Scope) -> tuple[Kind, App | None] | None:
        """Which kind of declaration a decorator is, if it is one."""
        if isinstance(callee, Attribute) and callee.name == "task":
            # get_app().task: the factory's value is an app.
            app = self._apps.app_of(Defined(path, "<expression>", callee.value))
            return None if app is None else ("app.task", app)
        if not isinstance(callee, Name):
            return None
        for symbol in self._names.resolve(path, callee.dotted, scope):
            match symbol:
                case External(qualname=qualname):
                    if qualname in _SHARED_TASK:
                        return "shared_task", None
                    owner, _, last = qualname.rpartition(".")
                    if last == "task":
                        app = self._apps.app_of(External(owner))
                        if app is not None:
                            return "app.task", app
                case Member(owner=owner, name="task"):
                    app = self._apps.app_of(owner)
                    if app is not None:
                        return "app.task", app
        return None

    def _options(
        self, path: str, keywords: tuple[tuple[str | None, Expr], ...], scope: Scope
    ) -> tuple[dict[str, Expr], bool]:
        options: dict[str, Expr] = {}
        complete = True
        for name, value in keywords:
            inner = self._names.evaluate(value, path, scope)
            if name is not None:
                options[name] = inner
            elif isinstance(inner, Dict):
                for key, item in inner.items:
                    if isinstance(key, Const) and isinstance(key.value, str):
                        options.setdefault(key.value, item)
                    else:
                        complete = False
            else:
                complete = False
        return options, complete

    def _default_base(self, app: App | None, tests: bool) -> Chain:
        """The base of tasks that name none: the app's `task_cls`."""
        key = (app, tests)
        if key not in self._bases:
            apps = [app] if app is not None else self._apps.all
            chains = [self._task_class(a) for a in apps if tests or not is_test_path(a.path or "")]
            if not chains or all(chain == EMPTY for chain in chains):
                self._bases[key] = EMPTY
            else:
                same = all(chain == chains[0] for chain in chains)
                self._bases[key] = chains[0] if same else Chain((), (), complete=False)
        return self._bases[key]

    def _task_class(self, app: App) -> Chain:
        if app.path is None or app.made_by is None:
            # Celery's own current app, or one that can't be read.
            known = app.name.startswith("celery.")
            return EMPTY if known else Chain((), (), complete=False)
        for name, value in app.made_by.keywords:
            if name == "task_cls":
                return self._class_value(value, app.path)
        if isinstance(app.made_by.func, Name):
            chain = chain_of(self._names, app.path, app.made_by.func)
            found = chain.attribute("task_cls")
            if found is not None:
                return self._class_value(found[1], found[0])
        if any(name is None for name, _ in app.made_by.keywords):
            return Chain((), (), complete=False)
        return EMPTY

    def _class_value(self, value: Expr, path: str) -> Chain:
        if isinstance(value, Const) and isinstance(value.value, str):
            module, _, name = value.value.replace(":", ".").rpartition(".")
            for symbol in self._names.member(module, name, path):
                if isinstance(symbol, Defined):
                    return chain_of(self._names, symbol.path, Name(symbol.name))
        return chain_of(self._names, path, value)

    def _registered(
        self,
        decl: FunctionDecl,
        module: str | None,
        options: Mapping[str, Expr],
        complete: bool,
        app: App | None,
    ) -> str | None:
        """The name in Celery's registry (celery/app/base.py, `gen_task_name`)."""
        written = options.get("name")
        if written is not None and written != Const(None):
            return str(written.value) if isinstance(written, Const) else None
        if not complete or module is None:
            return None
        apps = [app] if app is not None else self._apps.all
        if any(self._renames(candidate) for candidate in apps):
            return None
        return f"{module}.{decl.name}"

    def _renames(self, app: App) -> bool:
        """Whether an app's class has its own way of naming tasks."""
        if app.path is None or app.made_by is None or not isinstance(app.made_by.func, Name):
            return False
        return chain_of(self._names, app.path, app.made_by.func).has_method("gen_task_name")

    # --- options in force -------------------------------------------------------------

    def effective(self, task: Task, option: str) -> Effective:
        """An option in force: decorator, annotations, base, setting, default.

        `task_annotations` win over everything (celery/app/task.py, `Task.annotate`).
        """
        annotated = self._annotated(task, option)
        if annotated is not None:
            return annotated
        found = self._before_annotations(task, option)
        if found.value == Const(None):
            if option in _FALLS_BACK:
                return self._before_annotations(task, _FALLS_BACK[option])
            if option == "typing":  # the app's `strict_typing` says
                return Effective(UNKNOWN, "unknown")
        return found

    def _before_annotations(self, task: Task, option: str) -> Effective:
        known = catalog.task_options().get(option)
        # A task of which it is None takes it from the settings (Task.bind).
        nothing = Const(None) if known is not None and known.setting is not None else None
        if option in task.options:
            value = settled(option, task.options[option])
            if value != nothing:
                return Effective(value, "decorator")
        elif not task.complete:
            return Effective(UNKNOWN, "unknown")
        else:
            inherited = task.base.attribute(option)
            if inherited is not None:
                path, value = inherited
                value = settled(option, self._names.evaluate(value, path))
                if value != nothing:
                    return Effective(value, "base")
            elif not task.base.complete:
                return Effective(UNKNOWN, "unknown")
        if known is None:
            return Effective(UNKNOWN, "unknown")
        if known.setting is not None:
            setting = self._setting(task, known.setting)
            return Effective(setting.value, setting.origin)
        return Effective(_default(known.default), "default")

    def _setting(self, task: Task, key: str) -> Setting:
        tests = is_test_path(task.path)
        if task.app is None:
            return self._apps.shared_setting(key, tests=tests)
        return self._apps.setting(task.app, key)

    def _annotated(self, task: Task, option: str) -> Effective | None:
        value = self._setting(task, "task_annotations").value
        if value == Const(None):
            return None
        if not isinstance(value, Dict):
            # A list may hold objects that decide while the program runs.
            return Effective(UNKNOWN, "unknown")
        result: Effective | None = None
        for key, entry in value.items:
            if not isinstance(key, Const) or not isinstance(entry, Dict):
                return Effective(UNKNOWN, "unknown")
            if key.value in ("*", task.name):
                for name, item in entry.items:
                    if name == Const(option):
                        result = Effective(settled(option, item), "annotations")
            elif task.name is None:
                return Effective(UNKNOWN, "unknown")
        return result


def is_known(value: Expr) -> bool:
    """Whether an evaluated expression is known through and through."""
    match value:
        case Const() | Name():
            return True
        case Seq(items=items):
            return all(is_known(item) for item in items)
        case Dict(items=entries):
            return all(k is not None and is_known(k) and is_known(v) for k, v in entries)
    return False


def settled(option: str, value: Expr) -> Expr:
    """An evaluated value of an option, or unknown where only a running program could tell.

    A name that is left after evaluation is a class, or the constant of a module that can't be
    read; only where an option takes classes is the first of any use.
    """
    match value:
        case Name(last=last):
            is_class = last[:1].isupper() and not last.isupper()
            takes = option in _NAMES_CLASSES or option not in catalog.task_options()
            return value if is_class and takes else UNKNOWN
        case Const() | Seq() | Dict():
            return value
    return UNKNOWN


def _default(value: object) -> Expr:
    """A default of the catalog as an expression."""
    if value is None or isinstance(value, str | int | float):
        return Const(value)
    if value == []:
        return Seq("tuple", ())
    return Dict(()) if value == {} else UNKNOWN
