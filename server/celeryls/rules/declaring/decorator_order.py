"""CEL111."""

import re
from collections.abc import Iterator

from celeryls.facts import FunctionDecl
from celeryls.project.symbols import Defined, External, Symbol
from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.declaring.surroundings import callee_of, definition_in
from celeryls.rules.edits import move_decorator_up
from celeryls.syntax.expr import Call, Expr, Name
from celeryls.text import Applicability, Fix

_WRAPPERS = frozenset(
    {
        "django.db.transaction.atomic",
        "tenacity.retry",
        "backoff.on_exception",
        "backoff.on_predicate",
    }
)
"""Decorators of well-known packages that return a plain function of the same name."""
_CACHES = frozenset({"functools.lru_cache", "functools.cache"})
"""These return an object that is no task, and that no task can be made of."""
_SENDS = "delay|apply_async|delay_on_commit|apply_async_on_commit|s|si|signature|subtask"
"""What a wrapper reads of a task that it sends rather than calls."""
_FUNCTOOLS_WRAPS = "functools.wraps"
_CONTEXT_MANAGER = "contextlib.contextmanager"


class DecoratorOrder(TaskRule):
    """## What it does

    Finds task decorators that do not stand at the top, under a decorator that makes a plain
    function of the task.

    ## Why it matters

    Decorators apply from the bottom up. The task is made of the function as it is below, so the
    worker runs it without what stands above: no transaction, no lock. And the name is then
    bound to a function, not to the task:
    `AttributeError: 'function' object has no attribute 'delay'`.

    Celery's documentation:
    [How do I use the task decorator with other decorators?](https://docs.celeryq.dev/en/stable/userguide/tasks.html#basics)

    ## Example

    ```python
    def logged(function):
        def inner(*args):
            print(args)
            return function(*args)

        return inner


    @logged
    @shared_task
    def charge(order_id): ...
    ```

    Use instead:

    ```python
    @shared_task
    @logged
    def charge(order_id): ...
    ```

    ## Known limits

    A decorator that returns what it was given (`@receiver`), that can't be read, or whose function
    sends the task in place of calling it (`task.delay(*args)`), is silent. So
    only decorators of the project are reported that return an inner function, a few that are
    well known (`transaction.atomic`, `functools.lru_cache`), and context managers of the project.

    ## Fix safety

    Safe where the decorator keeps the function's name, so that the task keeps its own. Unsafe
    where it has no `functools.wraps`: the task would get the name of the inner function. There is
    none for caches.
    """

    code = "CEL111"
    name = "decorator-order"
    summary = "A task decorator stands below one that makes a plain function of the task."
    severity = "error"
    since = "0.1.0"
    fix = "sometimes"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        task, file = context.task, context.file
        at = context.site.decorators.index(context.decorator)
        for above, site in zip(task.decl.decorators[:at], context.site.decorators, strict=False):
            kept = _kept_name(context, above)
            if kept is None:
                continue
            other, own = (f"@{d.callee.of(file.text)}" for d in (site, context.decorator))
            title = f'Move "{own}" to the top'
            how = Applicability.SAFE if kept else Applicability.UNSAFE
            edits = move_decorator_up(file.text, context.site, at)
            movable = not _is_cache(context, above)
            yield context.finding(
                self,
                f'task "{task.label}": "{other}" above "{own}" makes a plain function of the task, '
                "which has no delay, and the worker runs the task without it",
                span=context.decorator.span,
                fixes=(Fix.in_file(file.path, title, how, *edits),) if movable else (),
            )
            return


def _meant(context: TaskContext, expr: Expr) -> Symbol | None:
    found = context.file.project.meaning(context.file.path, expr)
    return found[0] if len(found) == 1 else None


def _dotted(context: TaskContext, symbol: Symbol | None) -> str:
    match symbol:
        case External(qualname=qualname):
            return qualname
        case Defined(path=path, name=name):
            return f"{context.file.project.module_of(path)}.{name}"
    return ""


def _is_cache(context: TaskContext, decorator: Expr) -> bool:
    return _dotted(context, _meant(context, callee_of(decorator))) in _CACHES


def _kept_name(context: TaskContext, decorator: Expr) -> bool | None:
    """Whether the plain function that a decorator makes has the name of what it was given.

    `None` if it may make anything else.
    """
    callee = callee_of(decorator)
    if isinstance(callee, Name) and callee.head in dict(context.task.decl.scope):
        return None
    symbol = _meant(context, callee)
    if _dotted(context, symbol) in _WRAPPERS | _CACHES:
        return True
    if not isinstance(symbol, Defined) or not isinstance(symbol.what, FunctionDecl):
        return None
    made: FunctionDecl | None = symbol.what
    called = isinstance(decorator, Call)
    if symbol.what.decorators:
        managed = [_named(context, symbol, d) for d in symbol.what.decorators]
        return True if called and managed == [_CONTEXT_MANAGER] else None
    outer = made
    for _ in range(2 if called else 1):
        outer, made = made, _returned(made) if made is not None and not made.decorators else None
    if made is None or outer is None or _gets_attributes(context, symbol.path, made.name):
        return None
    if _sends(context, symbol, outer):
        return None
    wraps = [_named(context, symbol, decorator) for decorator in made.decorators]
    return bool(wraps) if set(wraps) <= {_FUNCTOOLS_WRAPS} else None


def _named(context: TaskContext, where: Defined, decorator: Expr) -> str:
    """The dotted name of a decorator in the file of `where`."""
    found = context.file.project.meaning(where.path, callee_of(decorator))
    return found[0].qualname if len(found) == 1 and isinstance(found[0], External) else ""


def _returned(function: FunctionDecl) -> FunctionDecl | None:
    """The inner function that a function returns, if it returns nothing else."""
    if len(function.returns) != 1 or not isinstance(function.returns[0], Name):
        return None
    name = function.returns[0].dotted
    found = [inner for inner in function.inner if inner.name == name]
    return found[0] if len(found) == 1 else None


def _sends(context: TaskContext, decorator: Defined, wrapping: FunctionDecl) -> bool:
    """Whether what a decorator makes does something else with the task than to call it."""
    text = definition_in(context.file.project.text(decorator.path) or "", decorator.name)
    if text is None or not wrapping.params:
        return True
    task = re.escape(wrapping.params[0].name)
    calls = re.search(rf"(?<![\w.]){task}(?:\.run|\.__call__)?\(", text) is not None
    return not calls or re.search(rf"(?<![\w.]){task}\.(?:{_SENDS})\b", text) is not None


def _gets_attributes(context: TaskContext, path: str, name: str) -> bool:
    """Whether an inner function may be given the task's methods: `wrapper.delay = task.delay`."""
    text = context.file.project.text(path) or ""
    return re.search(rf"\b{name}\.\w+\s*=|setattr\(|__dict__", text) is not None
