"""What a variable of a function holds, where nothing but workflows makes use of it."""

import ast
from collections.abc import Iterator

from celeryls.facts.lookup import Scope
from celeryls.facts.scopes import bound_by
from celeryls.facts.walk import parameters, scope_parts, stands_on

_TAKES = frozenset({"chain", "group", "chord"})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def held(node: ast.expr, scope: Scope | None) -> ast.expr:
    """What stands for a member of a workflow: `f.s(1)` for `step`, after `step = f.s(1)`.

    Only where the variable is bound once and all that uses it are workflows, which change
    nothing of it.  Anything else stands for itself.
    """
    if not isinstance(node, ast.Name) or scope is None:
        return node
    value = _only_value(node.id, scope)
    if value is None:
        return node
    uses = list(_uses(node.id, scope))
    harmless = {part for use in uses for part in _members(use)}
    names = {use for use in uses if isinstance(use, ast.Name) and use.id == node.id}
    loads = {name for name in names if isinstance(name.ctx, ast.Load)}
    return value if loads <= harmless else node


def is_never_read(name: str, scope: Scope | None) -> bool:
    """Whether a function binds a variable once, and neither it nor what is in it reads that."""
    return (
        scope is not None
        and not name.startswith("_")
        and _only_value(name, scope) is not None
        and not any(
            isinstance(use, ast.Name) and use.id == name and isinstance(use.ctx, ast.Load)
            for use in _uses(name, scope)
        )
    )


def _only_value(name: str, scope: Scope) -> ast.expr | None:
    function = scope.node
    if not isinstance(function, _FUNCTIONS):
        return None
    bound = bound_by(function.body, scope.lines_of(name))
    if bound.counts[name] != 1 or name in bound.elsewhere:
        return None
    if any(argument.arg == name for argument in parameters(function.args)):
        return None
    return bound.values.get(name)


def _uses(name: str, scope: Scope) -> Iterator[ast.AST]:
    """The nodes of a function that may have a name in them, those of inner functions too."""
    lines = scope.lines_of(name)
    stack: list[ast.AST] = list(scope_parts(scope.node)[1])
    while stack:
        node = stack.pop()
        if stands_on(node, lines):
            yield node
            stack += ast.iter_child_nodes(node)


def _members(node: ast.AST) -> Iterator[ast.expr]:
    """What a workflow is given, in a list or not."""
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in _TAKES:
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
        case ast.Call(func=ast.Call(func=ast.Name(id="chord") | ast.Attribute(attr="chord"))):
            given = [*node.args]
        case ast.BinOp(op=ast.BitOr()):
            given = [node.left, node.right]
        case _:
            return
    for one in given:
        yield one
        match one:
            case ast.Starred(value=value):
                yield value
            case ast.List(elts=elts) | ast.Tuple(elts=elts):
                yield from elts
