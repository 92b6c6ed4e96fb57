"""A project as `ast` sees it: its modules, what names mean in them, its tasks and their calls."""

import ast
import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

Span = tuple[int, int]
"""Code points of a text, the second exclusive."""
Function = ast.FunctionDef | ast.AsyncFunctionDef
Scope = Function | ast.Lambda
Bindings = dict[str, list[ast.AST]]
METHODS = {"delay", "apply_async", "delay_on_commit", "apply_async_on_commit", "s", "si"}
_SHARED = {"celery.shared_task", "celery.app.shared_task"}
_APPS = {"celery.Celery", "celery.app.Celery", "celery.app.base.Celery"}
_TASKS = {"celery.Task", "celery.app.task.Task"}
_DEPTH = 8


@dataclass(eq=False)
class Module:
    """One file."""

    path: str
    name: str
    text: str
    tree: ast.Module
    scopes: dict[ast.AST, Bindings] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._starts = [0]
        self._lines = [f"{line}\n" for line in self.text.split("\n")]  # no other ends, as `ast`
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))

    def offset(self, line: int, column: int) -> int:
        """A place as `ast` counts it: lines from 1, columns in UTF-8 bytes."""
        text = self._lines[line - 1] if line <= len(self._lines) else ""
        return self._starts[line - 1] + len(text.encode()[:column].decode())

    def span(self, node: ast.expr | ast.stmt | ast.keyword) -> Span:
        assert node.end_lineno is not None and node.end_col_offset is not None
        return (
            self.offset(node.lineno, node.col_offset),
            self.offset(node.end_lineno, node.end_col_offset),
        )

    def of(self, node: ast.expr | ast.stmt | ast.keyword) -> str:
        start, end = self.span(node)
        return self.text[start:end]

    def line_start(self, offset: int) -> int:
        return self.text.rfind("\n", 0, offset) + 1

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """What a node stands in, from the inside out."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        return {child: node for node in self.nodes for child in ast.iter_child_nodes(node)}

    @cached_property
    def bindings(self) -> "Bindings":
        """What binds each name at the top of the module."""
        return bound_by(self.tree.body)

    def bound_in(self, scope: ast.AST, body: Iterable[ast.AST]) -> "Bindings":
        """What binds each name in an inner scope."""
        if scope not in self.scopes:
            self.scopes[scope] = bound_by(body)
        return self.scopes[scope]


def is_test(path: Path) -> bool:
    return any(re.search(r"(^|_)(tests?|conftest)(_|\d*\.|$)", part) for part in path.parts)


def bound_by(body: Iterable[ast.AST]) -> "Bindings":
    """Each name that statements bind, and what binds it; inner scopes are left out."""
    found: Bindings = defaultdict(list)
    stack = list(body)
    while stack:
        node = stack.pop()
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                found[node.name].append(node)
                continue
            case ast.Lambda():
                continue
            case ast.Import() | ast.ImportFrom():
                for alias in node.names:
                    found[(alias.asname or alias.name).partition(".")[0]].append(node)
            case ast.Assign(targets=[ast.Name(id=name)]):
                found[name].append(node)
                stack.append(node.value)
                continue
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                found[name].append(node)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                found[name].append(node)
            case ast.Global() | ast.Nonlocal():
                for name in node.names:
                    found[name].append(node)
        stack += ast.iter_child_nodes(node)
    return found


def parameters(node: Scope) -> list[ast.arg]:
    args = node.args
    every = [*args.posonlyargs, *args.args, args.vararg, *args.kwonlyargs, args.kwarg]
    return [arg for arg in every if arg is not None]


@dataclass(frozen=True)
class Base:
    """The class of a task: everything that the project's classes add to Celery's."""

    members: frozenset[str] = frozenset()


@dataclass(eq=False)
class Task:
    """A function under a decorator of Celery's; `options` is `None` where they can't be read."""

    module: Module
    node: Function
    decorator: ast.expr
    shared: bool
    options: dict[str, ast.expr] | None
    base: Base | None
    app_is_celerys: bool

    @property
    def top(self) -> bool:
        return self.module.bindings.get(self.node.name) == [self.node]

    @property
    def bound(self) -> bool:
        value = (self.options or {}).get("bind")
        return isinstance(value, ast.Constant) and value.value is True

    @property
    def is_plain(self) -> bool:
        """Whether the worker calls the function, with what it was sent."""
        if not self.top or self.options is None or self.base is None or not self.app_is_celerys:
            return False
        methods = {"__call__", "run", "apply_async", "delay", "s", "si", "signature", "typing"}
        own = {"filter", "typing", "pydantic"} & self.options.keys()
        return len(self.node.decorator_list) == 1 and not own and not methods & self.base.members

    @property
    def name(self) -> str:
        given = (self.options or {}).get("name")
        if isinstance(given, ast.Constant):
            return str(given.value)
        return f"{self.module.name}.{self.node.name}"

    def has(self, *options: str) -> bool:
        """Whether it or its base says anything about one of these; unknown counts as yes."""
        if self.options is None or self.base is None:
            return True
        return any(name in self.options or name in self.base.members for name in options)

    @property
    def positional(self) -> list[ast.arg]:
        """What callers may hand over by place."""
        every = [*self.node.args.posonlyargs, *self.node.args.args]
        return every[1:] if self.bound else every

    @property
    def required(self) -> int:
        """How many of `positional` have no default."""
        return max(0, len(self.positional) - len(self.node.args.defaults))

    @property
    def head(self) -> Span:
        """From the first decorator to the first statement."""
        start = min(self.module.span(item)[0] for item in self.node.decorator_list)
        return start - 1, self.module.span(self.node.body[0])[0]

    @property
    def own(self) -> list[ast.AST]:
        """The nodes of the body, without those of inner functions and classes."""
        found: list[ast.AST] = []
        stack: list[ast.AST] = list(self.node.body)
        while stack:
            node = stack.pop()
            found.append(node)
            if not isinstance(node, Scope | ast.ClassDef):
                stack += ast.iter_child_nodes(node)
        return found


@dataclass(eq=False)
class Call:
    """A method of a task that is called, such as `task.delay(1)`."""

    module: Module
    node: ast.Call
    method: str
    task: Task

    @property
    def callee(self) -> str:
        """The task as it is written here."""
        assert isinstance(self.node.func, ast.Attribute)
        return self.module.of(self.node.func.value)

    @property
    def is_statement(self) -> bool:
        return isinstance(self.module.parents[self.node], ast.Expr)

    @property
    def is_spread(self) -> bool:
        starred = any(isinstance(arg, ast.Starred) for arg in self.node.args)
        return starred or any(keyword.arg is None for keyword in self.node.keywords)

    @property
    def keywords(self) -> dict[str, ast.keyword]:
        return {str(item.arg): item for item in self.node.keywords}

    @property
    def arguments(self) -> str:
        """What stands between the brackets."""
        start = self.module.span(self.node.func)[1]
        return self.module.text[start + 1 : self.module.span(self.node)[1] - 1]


class Code:
    """All modules of a project folder but its tests, of which only the text counts."""

    def __init__(self, folder: Path, paths: Iterable[str]) -> None:
        self.folder = folder
        self.modules: dict[str, Module] = {}
        texts = []
        for path in sorted(paths):
            try:
                text = Path(path).read_text("utf-8")
                texts.append(text)
                if "\f" in text or is_test(Path(path).relative_to(folder)):
                    continue  # `ast` counts the columns behind a form feed in a way of its own
                tree = ast.parse(text)
            except (OSError, ValueError, SyntaxError):
                continue
            name = _module_name(folder, Path(path))
            self.modules[name] = Module(path, name, text, tree)
        self.packages = {name.partition(".")[0] for name in self.modules}
        self.text = "\n".join(texts)
        self._said: dict[str, bool] = {}

    @cached_property
    def words(self) -> Counter[str]:
        """How often each word occurs in the project."""
        return Counter(re.findall(r"\w+", self.text))

    def says(self, pattern: str) -> bool:
        """Whether a regular expression occurs anywhere in the project."""
        if pattern not in self._said:
            self._said[pattern] = re.search(pattern, self.text) is not None
        return self._said[pattern]

    @cached_property
    def nodes(self) -> list[tuple[Module, ast.Call | ast.Dict]]:
        """Every call and every dict."""
        return [
            (module, node)
            for module in self.modules.values()
            for node in module.nodes
            if isinstance(node, ast.Call | ast.Dict)
        ]

    # --- names --------------------------------------------------------------------------

    def meaning(self, module: Module, node: ast.expr) -> tuple[Module, ast.AST] | str | None:
        """Where a name is bound in the project, or its full name outside; `None` if unknown."""
        dotted = ast.unparse(node)
        if not re.fullmatch(r"\w+(\.\w+)*", dotted):
            return None
        head = dotted.partition(".")[0]
        for above in module.above(node):
            match above:
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                    if any(head == arg.arg for arg in parameters(above)):
                        return None
                    body = above.body if isinstance(above.body, list) else [above.body]
                    bound = module.bound_in(above, body)
                case ast.ClassDef() if isinstance(module.parents[node], ast.ClassDef):
                    bound = module.bound_in(above, above.body)
                case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                    bound = module.bound_in(above, above.generators)
                case _:
                    continue
            if head in bound:
                return self._bound(module, bound[head], dotted, 0)
        return self._top(module, dotted, 0)

    def _top(self, module: Module, dotted: str, depth: int) -> tuple[Module, ast.AST] | str | None:
        bound = module.bindings.get(dotted.partition(".")[0], [])
        return self._bound(module, bound, dotted, depth)

    def _bound(
        self, module: Module, bound: list[ast.AST], dotted: str, depth: int
    ) -> tuple[Module, ast.AST] | str | None:
        if len(bound) != 1 or depth > _DEPTH:
            return None
        head, _, rest = dotted.partition(".")
        match bound[0]:
            case ast.ImportFrom() as node:
                original = next(a.name for a in node.names if (a.asname or a.name) == head)
                whole = f"{original}.{rest}" if rest else original
                return self._member(_absolute(module, node), whole, depth + 1)
            case ast.Import(names=names):
                alias = next(a for a in names if (a.asname or a.name).partition(".")[0] == head)
                whole = f"{alias.name}.{rest}" if alias.asname else dotted
                package, _, inside = whole.partition(".")
                return self._member(package, inside, depth + 1) if inside else whole
            case node:
                return (module, node) if not rest else None

    def _member(
        self, module: str, dotted: str, depth: int
    ) -> tuple[Module, ast.AST] | str | None:
        head, _, rest = dotted.partition(".")
        known = self.modules.get(module)
        if known is not None and head in known.bindings:
            return self._top(known, dotted, depth)
        if f"{module}.{head}" in self.modules:
            return self._member(f"{module}.{head}", rest, depth) if rest else None
        if module.partition(".")[0] in self.packages:
            return None
        return f"{module}.{dotted}"

    # --- Celery -------------------------------------------------------------------------

    @cached_property
    def apps(self) -> list[tuple[Module, str, ast.Call]]:
        """Each `name = Celery(...)` at the top of a module."""
        found = []
        for module in self.modules.values():
            for name, bound in module.bindings.items():
                match bound:
                    case [ast.Assign(value=ast.Call() as call)]:
                        if self.meaning(module, call.func) in _APPS:
                            found.append((module, name, call))
        return found

    @cached_property
    def tasks(self) -> list[Task]:
        return [task for module in self.modules.values() for task in self._tasks_in(module)]

    def _tasks_in(self, module: Module) -> Iterator[Task]:
        for node in module.nodes:
            if isinstance(node, Function):
                for decorator in node.decorator_list:
                    app = self._decorated_by(module, decorator)
                    if app is not None:
                        options = self._options(module, decorator)
                        base = self._base(module, (options or {}).get("base"))
                        own = isinstance(app, str) or not app.args[1:] and not app.keywords
                        shared = isinstance(app, str)
                        yield Task(module, node, decorator, shared, options, base, own)
                        break

    def _decorated_by(self, module: Module, decorator: ast.expr) -> ast.Call | str | None:
        """The call that made the app of a task's decorator, or the name of a shared one."""
        callee = decorator.func if isinstance(decorator, ast.Call) else decorator
        meant = self.meaning(module, callee)
        if isinstance(meant, str):
            return meant if meant in _SHARED else None
        if isinstance(callee, ast.Attribute) and callee.attr == "task":
            owner = self.meaning(module, callee.value)
            for where, _, call in self.apps:
                if isinstance(owner, tuple) and owner == (where, where.parents[call]):
                    return call
        return None

    def _options(self, module: Module, decorator: ast.expr) -> dict[str, ast.expr] | None:
        if not isinstance(decorator, ast.Call):
            return {}
        if decorator.args:
            return None
        found: dict[str, ast.expr] = {}
        for keyword in decorator.keywords:
            more = self._spread(module, keyword.value) if keyword.arg is None else None
            if keyword.arg is not None:
                found[keyword.arg] = keyword.value
            elif more is None:
                return None
            else:
                found |= more
        return found

    def _spread(self, module: Module, node: ast.expr) -> dict[str, ast.expr] | None:
        """What a dict that is written out, or a constant for one, holds."""
        if not isinstance(node, ast.Dict):
            meant = self.meaning(module, node)
            if not isinstance(meant, tuple) or not isinstance(meant[1], ast.Assign):
                return None
            return self._spread(meant[0], meant[1].value)
        found: dict[str, ast.expr] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            more = self._spread(module, value) if key is None else None
            if isinstance(key, ast.Constant):
                found[str(key.value)] = value
            elif more is None:
                return None
            else:
                found |= more
        return found

    def _base(self, module: Module, node: ast.expr | None) -> Base | None:
        """The class of a task; `None` if some of it is outside the project."""
        if node is None:
            return Base()
        meant = self.meaning(module, node)
        if isinstance(meant, str):
            return Base() if meant in _TASKS else None
        if isinstance(node, ast.Attribute) and node.attr == "Task":
            owner = self.meaning(module, node.value)
            if any(owner == (where, where.parents[call]) for where, _, call in self.apps):
                return Base()
        if meant is None or not isinstance(meant[1], ast.ClassDef):
            return None
        where, made = meant
        bases = [self._base(where, item) for item in made.bases]
        if not bases or None in bases or made.keywords:
            return None
        inherited = frozenset().union(*(base.members for base in bases if base))
        return Base(inherited | bound_by(made.body).keys())

    @cached_property
    def calls(self) -> list[Call]:
        """The calls of the methods of tasks."""
        found = []
        by_node = {task.node: task for task in self.tasks if task.top}
        for module, node in self.nodes:
            match node:
                case ast.Call(func=ast.Attribute(value=owner, attr=method)) if method in METHODS:
                    meant = self.meaning(module, owner)
                    task = by_node.get(meant[1]) if isinstance(meant, tuple) else None
                    if task is not None:
                        found.append(Call(module, node, method, task))
        return found

    def is_clear(self, name: str, task: Task) -> bool:
        """Whether a misspelt name can only mean one task."""
        near = difflib.get_close_matches(name, [other.name for other in self.tasks], 2, 0.85)
        return near in ([task.name], [task.name, task.name])

    def task_around(self, module: Module, node: ast.AST) -> Task | None:
        """The task whose own code a node is, not that of a function inside it."""
        inside = next((item for item in module.above(node) if isinstance(item, Scope)), None)
        return next((task for task in self.tasks if task.node is inside), None)


def _module_name(folder: Path, path: Path) -> str:
    parts = list(path.relative_to(folder).with_suffix("").parts)
    if parts[0] == "src" and not (folder / "src/__init__.py").exists():
        del parts[0]
    if parts[-1] == "__init__":
        del parts[-1]
    return ".".join(parts)


def _absolute(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    away = node.level - Path(module.path).match("__init__.py")
    start = parts[: len(parts) - away]
    return ".".join([*start, *([node.module] if node.module else [])])
