"""Whether what decorates a function leaves a function behind, which a task needs."""

import ast

from celeryls.syntax import Parsed
from celeryls.syntax.bindings import bindings
from celeryls.syntax.expr import dotted_name

_KEEPS_A_FUNCTION = frozenset(
    {
        "django.db.transaction.atomic",
        "django.db.transaction.non_atomic_requests",
        "functools.wraps",
        "override",
        "typing.no_type_check",
        "typing.override",
        "typing_extensions.deprecated",
        "typing_extensions.override",
        "warnings.deprecated",
        "newrelic.agent.background_task",
        "sentry_sdk.trace",
        "sentry_sdk.tracing.trace",
        "backoff.on_exception",
        "backoff.on_predicate",
        "retry.retry",
    }
)
"""Decorators of other packages that are known to return a plain function."""


def unknown_decorator(parsed: Parsed, node: ast.FunctionDef | ast.AsyncFunctionDef) -> str | None:
    """Why the decorators of a function stand in the way; `None` if they don't."""
    imported = {
        bound.name: ".".join(part for part in bound.imported if part)
        for bound in bindings(parsed.tree)
        if bound.imported is not None
    }
    functions = {
        statement.name: statement
        for statement in parsed.tree.body
        if isinstance(statement, ast.FunctionDef)
    }
    for decorator in node.decorator_list:
        callee = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = dotted_name(callee)
        if name is not None:
            head, _, rest = name.partition(".")
            full = imported.get(head, head) + (f".{rest}" if rest else "")
            if full in _KEEPS_A_FUNCTION:
                continue
            own = functions.get(name)
            if own is not None and _wraps(own):
                continue
        shown = name or "a computed expression"
        return (
            f"@{shown} isn't known to leave a plain function behind, which a task needs. "
            "Take it off first, or convert a function that this one calls."
        )
    return None


def _wraps(function: ast.FunctionDef) -> bool:
    """Whether a decorator of this file returns a function made with `functools.wraps`."""
    wrapped = {
        inner.name
        for inner in ast.walk(function)
        if isinstance(inner, ast.FunctionDef)
        and any(
            isinstance(item, ast.Call) and (dotted_name(item.func) or "").split(".")[-1] == "wraps"
            for item in inner.decorator_list
        )
    }
    return any(
        isinstance(inner, ast.Return)
        and isinstance(inner.value, ast.Name)
        and inner.value.id in wrapped
        for inner in ast.walk(function)
    )
