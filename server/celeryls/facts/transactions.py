"""Blocks that may be database transactions, and what is written in them."""

import ast
from collections.abc import Iterator, Sequence

from celeryls.facts.lookup import meaning, nodes_in_scopes
from celeryls.facts.scopes import own_nodes
from celeryls.facts.sites import TransactionSite
from celeryls.facts.walk import lines_with
from celeryls.syntax import Parsed
from celeryls.syntax.expr import Expr, dotted_name
from celeryls.text import Span

_WORD = "atomic"
_SAVES = frozenset({"save", "asave"})
"""Methods after which the object they are called on, or what they return, is in the database."""
_MAKES = _SAVES | {
    *("create", "acreate", "get_or_create", "aget_or_create"),
    *("update_or_create", "aupdate_or_create"),
}
"""Methods that return an object which they have written; in a pair it is the first."""


def transaction_sites(parsed: Parsed) -> tuple[TransactionSite, ...]:
    """Every block of a file that something called `atomic` is around, in the order of source."""
    lines = lines_with(parsed, _WORD)
    if not lines:
        return ()
    found = []
    for node, scope in nodes_in_scopes(parsed, lines):
        targets: list[ast.expr] = []
        if isinstance(node, ast.With | ast.AsyncWith):
            targets = [item.context_expr for item in node.items]
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            targets = node.decorator_list
        for target in targets:
            callee = target.func if isinstance(target, ast.Call) else target
            if (dotted_name(callee) or "").rpartition(".")[2] == _WORD:
                assert isinstance(
                    node, ast.With | ast.AsyncWith | ast.FunctionDef | ast.AsyncFunctionDef
                )
                found.append(_site(parsed, meaning(callee, scope), node.body))
    return tuple(sorted(found, key=lambda site: site.span))


def _site(parsed: Parsed, target: Expr, body: Sequence[ast.stmt]) -> TransactionSite:
    nodes = list(own_nodes(body))
    later = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    inner = [parsed.span(node) for node in nodes if isinstance(node, later)]
    span = Span(parsed.start(body[0]), parsed.span(body[-1]).end)
    bound = sorted(
        (parsed.start(node), node.id)
        for node in nodes
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    )
    writes = set()
    for name, at in (write for node in nodes for write in _writes(parsed, node)):
        head = name.partition(".")[0]
        again = (start for start, other in bound if start > at and other == head)
        writes.add((name, Span(at, next(again, span.end))))
    return TransactionSite(target, span, tuple(sorted(inner)), tuple(sorted(writes)))


def _writes(parsed: Parsed, node: ast.AST) -> Iterator[tuple[str, int]]:
    match node:
        case ast.Call(func=ast.Attribute(value=owner, attr=method)) if method in _SAVES:
            name = dotted_name(owner)
            if name is not None:
                yield name, parsed.span(node).end
        case ast.Assign(targets=[target], value=value) | ast.NamedExpr(target=target, value=value):
            made = value.value if isinstance(value, ast.Await) else value
            if not isinstance(made, ast.Call) or not isinstance(made.func, ast.Attribute):
                return
            if isinstance(target, ast.Tuple) and target.elts:
                target = target.elts[0]
            name = dotted_name(target)
            if made.func.attr in _MAKES and name is not None:
                yield name, parsed.span(node).end
