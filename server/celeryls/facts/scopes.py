"""What a function, class, lambda or comprehension binds, and so hides from what is in it."""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from celeryls.facts.walk import (
    Function,
    body_span,
    lines_with,
    parameters,
    scope_parts,
    stands_on,
)
from celeryls.syntax import Parsed
from celeryls.syntax.expr import UNKNOWN, Expr, Name, children, to_expr

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)
_ANYTHING = ast.Constant(value=...)


@dataclass(frozen=True, slots=True)
class Bound:
    """The names that some statements bind in their own scope.

    `counts` says how often each is bound, `values` what simple assignments give it, and
    `elsewhere` which names are declared `global` (`True`) or `nonlocal`.
    """

    counts: Counter[str] = field(default_factory=Counter)
    values: dict[str, ast.expr] = field(default_factory=dict)
    elsewhere: dict[str, bool] = field(default_factory=dict)


def own_nodes(body: Iterable[ast.AST], lines: Sequence[int] | None = None) -> Iterator[ast.AST]:
    """All nodes at and below `body` that belong to its scope; no order.

    With `lines`, only those that may have something on one of them.

    An inner function or class is among them, with its decorators, defaults and bases, which
    run outside it.  Of the inside of a comprehension only what `:=` binds is, without value.
    """
    stack = list(body)
    while stack:
        node = stack.pop()
        if lines is not None and not stands_on(node, lines):
            continue
        yield node
        outside, inside = scope_parts(node)
        stack += outside
        if isinstance(node, COMPREHENSIONS):
            stack += [
                ast.copy_location(ast.NamedExpr(target=inner.target, value=_ANYTHING), inner)
                for inner in own_nodes(inside, lines)
                if isinstance(inner, ast.NamedExpr)
            ]


def bound_by(body: Iterable[ast.AST], lines: Sequence[int] | None = None) -> Bound:
    """What `body` binds in its own scope, or at least what it binds on `lines`."""
    bound = Bound()
    for node in own_nodes(body, lines):
        match node:
            case ast.Name(ctx=ast.Store() | ast.Del()):
                bound.counts[node.id] += 1
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                bound.values[name] = value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                bound.values[name] = value
            case ast.NamedExpr(target=ast.Name(id=name), value=value):
                bound.values[name] = value
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                bound.counts[node.name] += 1
            case ast.Import() | ast.ImportFrom():
                for alias in node.names:
                    bound.counts[alias.asname or alias.name.partition(".")[0]] += 1
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                bound.counts[name] += 1
            case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                bound.counts[name] += 1
            case ast.Global() | ast.Nonlocal():
                bound.elsewhere.update(dict.fromkeys(node.names, isinstance(node, ast.Global)))
    return bound


def local_values(function: Function, lines: Sequence[int] | None = None) -> dict[str, Expr]:
    """What a function assigns to its own names: the value, or unknown if bound twice.

    Parameters and imports are unknown too, so that they hide a module's name.  With `lines`,
    only what is bound on those is sure to be there.
    """
    bound = bound_by(function.body, lines)
    names = Counter(argument.arg for argument in parameters(function.args))
    names.update(bound.counts)
    return {
        name: to_expr(bound.values.get(name)) if count == 1 else UNKNOWN
        for name, count in names.items()
        if name not in bound.elsewhere
    }


def heads(expr: Expr) -> Iterator[str]:
    """The names that an expression begins with: those to look up to know what it means."""
    if isinstance(expr, Name):
        yield expr.head
    for inner in children(expr):
        yield from heads(inner)


def needed(values: Mapping[str, Expr], exprs: Iterable[Expr]) -> dict[str, Expr]:
    """Those of `values` that `exprs` refer to, themselves or through one another; sorted."""
    found: dict[str, Expr] = {}
    wanted = [*exprs]
    while wanted:
        for name in heads(wanted.pop()):
            if name in values and name not in found:
                found[name] = values[name]
                wanted.append(values[name])
    return dict(sorted(found.items()))


def assigned_globals(parsed: Parsed, function: Function, lines: Sequence[int]) -> list[str]:
    """The names of the module that a function declares `global` and binds.

    `lines` are those of the file with the word.
    """
    names = [
        name
        for node in own_nodes(function.body, lines)
        if isinstance(node, ast.Global)
        for name in node.names
    ]
    if not names:
        return []
    bound = bound_by(function.body, lines_with(parsed, *names, within=body_span(parsed, function)))
    return [name for name in names if name in bound.counts]
