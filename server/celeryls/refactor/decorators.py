"""Whether what decorates a function may stay below a bound task.

It may if it leaves a plain function behind that hands on all it is given, `self` in front of
the rest, and if nothing else keeps the function to call it without `self`, as what registers
functions does (`@receiver`, `@app.route`).
"""

import ast
from collections.abc import Collection, Iterator

from celeryls.facts.scopes import own_nodes
from celeryls.facts.walk import Function
from celeryls.refactor.names import ImportedNames
from celeryls.syntax import Parsed
from celeryls.syntax.expr import dotted_name

RETRYING = frozenset(
    {"backoff.on_exception", "backoff.on_predicate", "retry.retry", "tenacity.retry"}
)
"""Those that call the function again on their own account."""

# Each was applied to a function and called, in the newest version of November 2026.
_TRANSPARENT = RETRYING | {
    "django.db.transaction.atomic",
    "django.db.transaction.non_atomic_requests",
    "django.utils.timezone.override",
    "django.utils.translation.override",
    "sentry_sdk.trace",
    "sentry_sdk.tracing.trace",
    "typing.no_type_check",
    "typing_extensions.deprecated",
    "warnings.deprecated",
}


def unknown_decorator(parsed: Parsed, node: Function, known: Collection[str] = ()) -> str | None:
    """Why the decorators of a function stand in the way; `None` if they don't.

    `known` are dotted names of more that don't.
    """
    imported = ImportedNames(parsed)
    functions = {
        statement.name: statement
        for statement in parsed.tree.body
        if isinstance(statement, ast.FunctionDef)
    }
    for decorator in node.decorator_list:
        is_called = isinstance(decorator, ast.Call)
        name = dotted_name(decorator.func if isinstance(decorator, ast.Call) else decorator)
        if name is not None:
            if imported.full(name) in _TRANSPARENT or {name, imported.full(name)} & set(known):
                continue
            own = functions.get(name)
            if own is not None and (_makes_transparent if is_called else _is_transparent)(own):
                continue
        shown = f"@{name}" if name is not None else "A computed decorator"
        return (
            f"{shown} isn't known to leave a plain function behind that takes a task's self. "
            "Take it off first, or convert a function that this one calls."
        )
    return None


def retrying_decorator(parsed: Parsed, node: Function) -> str | None:
    """The decorator, as written, that retries already; `None` without one."""
    imported = ImportedNames(parsed)
    for decorator in node.decorator_list:
        name = dotted_name(decorator.func if isinstance(decorator, ast.Call) else decorator)
        if name is not None and imported.full(name) in RETRYING:
            return name
    return None


def _makes_transparent(factory: ast.FunctionDef) -> bool:
    """Whether a function, called, gives a decorator that `_is_transparent`."""
    return all(inner is not None and _is_transparent(inner) for inner in _returned(factory))


def _is_transparent(decorator: ast.FunctionDef) -> bool:
    """Whether a decorator of this file wraps a function and passes everything on.

    That is `@functools.wraps(function)` over `def wrapper(*args, **kwargs)`, the function
    called with `*args` first and used for nothing else, and `wrapper` returned.
    """
    arguments = decorator.args
    positional = [*arguments.posonlyargs, *arguments.args]
    if len(positional) != 1 or arguments.vararg or arguments.kwonlyargs or arguments.kwarg:
        return False
    wrapped = positional[0].arg
    wrappers = _returned(decorator)
    if not all(wrapper is not None and _passes_on(wrapper, wrapped) for wrapper in wrappers):
        return False
    harmless = {id(use) for use in _harmless_uses(decorator, wrapped)}
    return all(
        id(use) in harmless
        for use in ast.walk(decorator)
        if isinstance(use, ast.Name) and use.id == wrapped
    )


def _returned(function: ast.FunctionDef) -> list[ast.FunctionDef | None]:
    """The inner functions that a function returns, `None` for anything else."""
    own = list(own_nodes(function.body))
    inner = {item.name: item for item in own if isinstance(item, ast.FunctionDef)}
    returns = [item for item in own if isinstance(item, ast.Return)]
    found = [
        inner.get(item.value.id) if isinstance(item.value, ast.Name) else None for item in returns
    ]
    return found or [None]


def _passes_on(wrapper: ast.FunctionDef, wrapped: str) -> bool:
    """Whether a wrapper takes anything, and touches what comes by position only to hand it on."""
    arguments = wrapper.args
    if arguments.vararg is None or arguments.kwarg is None or len(wrapper.decorator_list) != 1:
        return False
    if arguments.posonlyargs or arguments.args or not _is_wraps(wrapper.decorator_list[0], wrapped):
        return False
    handed_on = {id(call.args[0]) for call in _calls(wrapper, wrapped) if call.args}
    starred = {
        id(item.value)
        for item in ast.walk(wrapper)
        if isinstance(item, ast.Starred) and id(item) in handed_on
    }
    return all(
        id(use) in starred
        for use in ast.walk(wrapper)
        if isinstance(use, ast.Name) and use.id == arguments.vararg.arg
    )


def _calls(root: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(root):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node


def _is_wraps(node: ast.AST, wrapped: str) -> bool:
    return (
        isinstance(node, ast.Call)
        and (dotted_name(node.func) or "").split(".")[-1] == "wraps"
        and any(isinstance(item, ast.Name) and item.id == wrapped for item in node.args)
    )


def _harmless_uses(decorator: ast.FunctionDef, wrapped: str) -> Iterator[ast.AST]:
    """Where the function is called with all arguments, described, or copied from."""
    for node in ast.walk(decorator):
        if _is_wraps(node, wrapped):
            assert isinstance(node, ast.Call)
            yield from node.args
        elif isinstance(node, ast.Attribute):
            yield node.value
    for call in _calls(decorator, wrapped):
        if call.args and isinstance(call.args[0], ast.Starred):
            yield call.func
