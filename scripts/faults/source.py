"""The tasks of a project, as `ast` sees them, and the calls that send them."""

import ast
import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from faults.names import Function, Module, Names, Scope, Span, bound_by

METHODS = {"delay", "apply_async", "delay_on_commit", "apply_async_on_commit", "s", "si"}
_SHARED = {"celery.shared_task", "celery.app.shared_task"}
_APPS = {"celery.Celery", "celery.app.Celery", "celery.app.base.Celery"}
_TASKS = {"celery.Task", "celery.app.task.Task"}


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

    @property
    def has_known_name(self) -> bool:
        name = {"name": None} if self.options is None else self.options
        return isinstance(name.get("name", ast.Constant("")), ast.Constant)

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


class Code(Names):
    """A project: its modules, its apps, tasks and calls."""

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
                        own = isinstance(app, str) or not (app.args[1:] or app.keywords)
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
