"""Who sends, signs or calls a task: call sites resolved to tasks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from celeryls.facts import CallSite, CanvasSite, ClassDecl, FunctionDecl
from celeryls.project.apps import Apps
from celeryls.project.classes import Subclasses
from celeryls.project.names import Names
from celeryls.project.symbols import Defined, External, Member, Module, Symbol
from celeryls.project.task import Task
from celeryls.project.tasks import Tasks
from celeryls.syntax.expr import (
    UNKNOWN,
    Attribute,
    Call,
    Choice,
    Const,
    Dict,
    Expr,
    Imported,
    Local,
    Name,
    Seq,
    Subscript,
    attribute,
)

_SIGNATURE = frozenset(
    {"celery.signature", "celery.canvas.signature", "celery.subtask", "celery.canvas.subtask"}
    | {"celery.canvas.maybe_signature", "celery.maybe_signature"}
)
_SIGNS = frozenset({"s", "si", "signature", "subtask", "map", "starmap", "chunks"})
_KEEPS = frozenset({"set", "clone", "on_error", "freeze", "replace", "group", "skew"})
"""Methods of a signature that give a signature of the same task."""
_WORKFLOWS = frozenset({"chain", "group", "chord"})
_DEEPEST = 12
WORKFLOW = "a workflow; its members are listed by themselves"
"""The reason why a chain, a group or a chord is no task."""


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A call site, and the tasks that it may be about.

    There is more than one where a variable has one of several.  Without any, `reason` says why
    in words that complete "not resolved: ".  `is_direct` says that the call is one of the task
    itself, not of a signature of it, which has arguments already; `by_name` that its first argument
    is the task's name: `app.send_task("shop.add", (1, 2))`.
    """

    path: str
    site: CallSite
    tasks: tuple[Task, ...]
    reason: str = ""
    is_direct: bool = False
    by_name: bool = False


@dataclass(frozen=True, slots=True)
class _Nothing:
    """Not a task, and why."""

    reason: str


class Dispatches:
    """Resolves call sites.  Built from what follows from interfaces; immutable once built."""

    def __init__(self, names: Names, apps: Apps, tasks: Tasks, classes: Subclasses) -> None:
        self._names = names
        self._classes = classes
        self._apps = apps
        self._tasks = tasks
        by_name: dict[str, list[Task]] = {}
        for found in tasks.by_path.values():
            for task in found:
                if task.name is not None:
                    by_name.setdefault(task.name, []).append(task)
        self._by_name: Mapping[str, list[Task]] = by_name

    def named(self, name: str) -> tuple[Task, ...]:
        """The tasks that are registered under a name."""
        return tuple(self._by_name.get(name, ()))

    def of(self, path: str, site: CallSite) -> Dispatch:
        """The tasks that a call site of the file `path` is about."""
        found = list(self._of(path, site))
        tasks = {item.symbol: item for item in found if isinstance(item, Task)}
        if tasks:
            return Dispatch(
                path,
                site,
                tuple(tasks.values()),
                is_direct=self._is_direct(path, site),
                by_name=self._is_by_name(path, site),
            )
        reasons = [item.reason for item in found if isinstance(item, _Nothing)]
        return Dispatch(path, site, (), reasons[0] if reasons else "the name is not known here")

    def _is_direct(self, path: str, site: CallSite) -> bool:
        match site.target:
            case Local(reason="function"):
                return True
            case Name() | Imported() | Attribute():
                symbols = self._names.meaning(path, site.target)
                return all(self._tasks.of_symbol(symbol) is not None for symbol in symbols)
            case Subscript(value=value):
                return self._is_registry(path, value)
        return False

    def itself(self, path: str, value: Expr) -> Task | None:
        """The task that a value in the file `path` is, not a signature of it."""
        match value:
            case Local(name=name, reason="function"):
                return self._tasks.of_symbol(Defined(path, name, UNKNOWN))
            case Name() | Imported() | Attribute():
                symbols = self._names.meaning(path, value)
                return self._tasks.of_symbol(symbols[0]) if len(symbols) == 1 else None
        return None

    def of_value(self, path: str, value: Expr) -> tuple[Task, ...]:
        """The tasks that a value in the file `path` is, signs, or names as a text."""
        evaluated = self._names.evaluate(value, path)
        if isinstance(evaluated, Const) and isinstance(evaluated.value, str):
            return self.named(evaluated.value)
        if isinstance(value, Name) and value.last == "name":
            value = Name(value.dotted.rpartition(".")[0])  # "task": add.name
        found = self._task(path, value, 0)
        return tuple({item.symbol: item for item in found if isinstance(item, Task)}.values())

    def _of(self, path: str, site: CallSite) -> Iterator[Task | _Nothing]:
        if self._is_by_name(path, site):
            yield from self._by_argument(path, site)
            return
        if not site.method:
            yield _Nothing("not a function of Celery")
            return
        if site.method == "add_periodic_task":
            if len(site.values) > 1:
                yield from self._task(path, site.values[1], 0)
            return
        yield from self._task(path, site.target, 0)

    def _is_by_name(self, path: str, site: CallSite) -> bool:
        """Whether a call says in its first argument which task it means."""
        if not site.method:  # signature("shop.add"), subtask("shop.add")
            symbols = self._names.meaning(path, site.target)
            return any(isinstance(s, External) and s.qualname in _SIGNATURE for s in symbols)
        return site.method == "send_task" or (
            site.method in ("signature", "subtask") and self._is_app(path, site.target)
        )

    def _by_argument(self, path: str, site: CallSite) -> Iterator[Task | _Nothing]:
        value = self._names.evaluate(site.values[0], path) if site.values else UNKNOWN
        yield from self._by_text(value)

    def _by_text(self, value: Expr) -> Iterator[Task | _Nothing]:
        if not isinstance(value, Const) or not isinstance(value.value, str):
            yield _Nothing("the task's name is computed")
            return
        found = self.named(value.value)
        yield from found or (_Nothing(f'no task of this project is named "{value.value}"'),)

    def _is_app(self, path: str, target: Expr) -> bool:
        return any(self._apps.app_of(s) is not None for s in self._names.meaning(path, target))

    def _task(self, path: str, expr: Expr, depth: int) -> Iterator[Task | _Nothing]:
        """The tasks that an expression is, or is a signature of."""
        if depth > _DEEPEST:
            return
        match expr:
            case Choice(options=options):
                for option in options:
                    yield from self._task(path, option, depth + 1)
            case Local(name=name, reason="function"):
                task = self._tasks.of_symbol(Defined(path, name, UNKNOWN))
                yield task or _Nothing(f"{name} is an inner function, and no task")
            case Local(name=name, reason=reason):
                yield _Nothing(f"{name} is a local variable ({reason})")
            case Call(func=func, args=args):
                yield from self._of_call(path, func, args, depth)
            case Subscript(value=value, index=index):
                if self._is_registry(path, value):
                    yield from self._by_text(self._names.evaluate(index, path))
                else:
                    yield from self._items(path, value, depth)
            case Name() | Imported() | Attribute():
                yield from self._of_subclasses(path, expr, depth)
                symbols = self._names.meaning(path, expr)
                if not symbols:
                    yield _Nothing(f"{_shown(expr)} can't be resolved")
                for symbol in symbols:
                    yield from self._of_symbol(symbol, depth)
            case _:
                yield _Nothing("computed while the program runs")

    def _of_subclasses(self, path: str, expr: Expr, depth: int) -> Iterator[Task | _Nothing]:
        """`self.task`, where the classes below say which task that is."""
        owner, name = _split(expr)
        if not isinstance(owner, Name):
            return
        for symbol in self._names.meaning(path, owner):
            if isinstance(symbol, Defined) and isinstance(symbol.what, ClassDecl):
                for at, value in self._classes.attributes(symbol, name):
                    yield from (t for t in self._task(at, value, depth + 1) if isinstance(t, Task))

    def _of_symbol(self, symbol: Symbol, depth: int) -> Iterator[Task | _Nothing]:
        task = self._tasks.of_symbol(symbol)
        if task is not None:
            yield task
            return
        match symbol:
            case External(qualname=qualname):
                yield _Nothing(f"{qualname} is not in source that can be read")
            case Module(name=name):
                yield _Nothing(f"{name} is a module")
            case Defined(path=path, what=FunctionDecl() | ClassDecl(), name=name):
                yield _Nothing(f"{name} is not a task")
            case Defined(path=path, what=what):
                assert not isinstance(what, FunctionDecl | ClassDecl)
                yield from self._task(path, what, depth + 1)
            case Member(owner=owner, name=name):
                yield _Nothing(f"{name} is an attribute of {_of(owner)}")

    def _of_call(
        self, path: str, func: Expr, args: tuple[Expr, ...], depth: int
    ) -> Iterator[Task | _Nothing]:
        """`add.s(1)`, `add.s().set(...)`, `signature("add")`, `partial(add, 1)`."""
        owner, method = _split(func)
        if owner is not None and method in _SIGNS:
            if method in ("signature", "subtask") and self._is_app(path, owner) and args:
                yield from self._by_text(self._names.evaluate(args[0], path))
            else:
                yield from self._task(path, owner, depth + 1)
            return
        if owner is not None and method in _KEEPS:
            yield from self._task(path, owner, depth + 1)
            return
        symbols = self._names.meaning(path, func)
        qualnames = {symbol.qualname for symbol in symbols if isinstance(symbol, External)}
        if qualnames & _SIGNATURE and args:
            yield from self._by_text(self._names.evaluate(args[0], path))
        elif "functools.partial" in qualnames and args:
            yield from self._task(path, args[0], depth + 1)
        elif any(name.startswith("celery.") for name in qualnames):
            yield _Nothing(WORKFLOW)
        else:
            yield _Nothing(f"what {_shown(func)}() returns")

    def _items(self, path: str, value: Expr, depth: int) -> Iterator[Task | _Nothing]:
        """The values of a dict or list that is written out, of which one is meant."""
        evaluated = self._names.evaluate(value, path)
        items: tuple[Expr, ...] = ()
        if isinstance(evaluated, Dict):
            items = tuple(item for _, item in evaluated.items)
        elif isinstance(evaluated, Seq):
            items = evaluated.items
        found = False
        for item in items:
            for task in self._task(path, item, depth + 1):
                if isinstance(task, Task):
                    found = True
                    yield task
        if not found:
            yield _Nothing("an item of a collection")

    def _is_registry(self, path: str, value: Expr) -> bool:
        """Whether an expression is `app.tasks`."""
        owner, name = _split(value)
        return owner is not None and name == "tasks" and self._is_app(path, owner)


def workflow_kind(names: Names, path: str, site: CanvasSite) -> str | None:
    """`chain` (also for `|`), `group` or `chord`; `None` for what is none, or not certainly."""
    if site.callee is None:
        return "chain"
    symbols = names.meaning(path, site.callee)
    qualnames = {symbol.qualname if isinstance(symbol, External) else "" for symbol in symbols}
    if len(qualnames) != 1:
        return None
    module, _, name = qualnames.pop().rpartition(".")
    return name if module.partition(".")[0] == "celery" and name in _WORKFLOWS else None


def _split(expr: Expr) -> tuple[Expr | None, str]:
    """An expression as its owner and the last attribute; without one the owner is `None`."""
    match expr:
        case Name(dotted=dotted):
            head, _, last = dotted.rpartition(".")
            return (Name(head) if head else None), last
        case Attribute(value=value, name=name):
            return value, name
        case Imported(rest=rest) if rest:
            head, _, last = rest.rpartition(".")
            return attribute(Imported(expr.module, expr.name, expr.level), head), last
        case Imported(module=module, name=str(name), level=level):
            return Imported(module, None, level), name
    return None, ""


def _shown(expr: Expr) -> str:
    match expr:
        case Name(dotted=dotted):
            return dotted
        case Imported(name=name, rest=rest):
            return ".".join(part for part in (name, rest) if part)
        case Attribute(value=value, name=name):
            return f"{_shown(value)}.{name}"
        case Local(name=name):
            return name
    return "an expression"


def _of(symbol: Symbol) -> str:
    match symbol:
        case External(qualname=name) | Module(name=name) | Defined(name=name):
            return "an expression" if name == "<expression>" else name
        case Member(owner=owner, name=name):
            return f"{_of(owner)}.{name}"
