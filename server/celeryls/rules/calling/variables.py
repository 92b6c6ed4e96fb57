"""Which variables of a function have a value for certain where something stands in it."""

import ast
from collections.abc import Iterator, Sequence

from celeryls.facts.lookup import Scope
from celeryls.facts.scopes import COMPREHENSIONS, bound_by, own_nodes
from celeryls.syntax import Parsed

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def has_value(parsed: Parsed, scope: Scope | None, name: str, at: int) -> bool:
    """Whether a name is a parameter or a variable around `at`, with a value once that is reached.

    `scope` is the innermost one there.  Names of modules and classes are none.
    """
    while scope is not None and not isinstance(scope.node, ast.ClassDef):
        node = scope.node
        if isinstance(node, COMPREHENSIONS):
            if any(_stores(generator.target, name) for generator in node.generators):
                return at < parsed.start(node.generators[0].target)
        elif isinstance(node, ast.Lambda):
            if name in _all_parameters(node.args):
                return name in _parameters(node.args)
        elif isinstance(node, _FUNCTIONS):
            bound = bound_by(node.body)
            if name in bound.elsewhere:
                return False
            if name in bound.counts or name in _all_parameters(node.args):
                if _is_taken_away(node.body, name):
                    return False
                return name in _parameters(node.args) or _is_set(parsed, node.body, name, at)
        assert isinstance(node, ast.expr | ast.stmt), "what has a scope"
        at = parsed.start(node)
        scope = scope.outer
    return False


def _parameters(arguments: ast.arguments) -> list[str]:
    """The parameters that are what a caller gives; not `*args` and `**kwargs`."""
    given = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    return [argument.arg for argument in given]


def _all_parameters(arguments: ast.arguments) -> list[str]:
    rest = (arguments.vararg, arguments.kwarg)
    return [*_parameters(arguments), *(argument.arg for argument in rest if argument)]


def _is_taken_away(body: Sequence[ast.stmt], name: str) -> bool:
    """Whether a name may lose its value: by `del`, or at the end of an `except ... as name`."""
    return any(
        (isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Del))
        or (isinstance(node, ast.ExceptHandler) and node.name == name)
        for node in own_nodes(body)
    )


def _is_set(parsed: Parsed, body: Sequence[ast.stmt], name: str, at: int) -> bool:
    """Whether a statement that runs before `at` in any case gives a name its value."""
    for statement in body:
        span = parsed.span(statement)
        if span.end <= at:
            if _sets(statement, name):
                return True
        elif span.start <= at:
            return any(
                (begins and _enters_with(statement, name)) or _is_set(parsed, block, name, at)
                for block, begins in _blocks(statement)
                if parsed.start(block[0]) <= at < parsed.span(block[-1]).end
            )
    return False


def _sets(statement: ast.stmt, name: str) -> bool:
    match statement:
        case ast.Assign(targets=targets):
            return any(_stores(target, name) for target in targets)
        case ast.AnnAssign(target=target, value=ast.expr()):
            return _stores(target, name)
    return False


def _enters_with(statement: ast.stmt, name: str) -> bool:
    """Whether the body of a loop or a `with` begins with a value for a name."""
    match statement:
        case ast.For(target=target) | ast.AsyncFor(target=target):
            return _stores(target, name)
        case ast.With(items=items) | ast.AsyncWith(items=items):
            given = (item.optional_vars for item in items)
            return any(target is not None and _stores(target, name) for target in given)
    return False


def _blocks(statement: ast.stmt) -> Iterator[tuple[list[ast.stmt], bool]]:
    """The blocks of a statement, each with whether it is the body."""
    parts = [statement, *getattr(statement, "handlers", ()), *getattr(statement, "cases", ())]
    for part in parts:
        for field in ("body", "orelse", "finalbody"):
            if block := getattr(part, field, None):
                yield block, field == "body"


def _stores(target: ast.expr, name: str) -> bool:
    """Whether an assignment to `target` gives `name` a value."""
    return any(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
        for node in ast.walk(target)
    )
