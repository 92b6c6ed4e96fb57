"""What a function, class, lambda or comprehension binds, and so hides from what is in it."""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from celeryls.facts.walk import Function, parameters, scope_parts
from celeryls.syntax.expr import UNKNOWN, Expr, to_expr

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)


@dataclass(frozen=True, slots=True)
class Bound:
    """The names that some statements bind in their own scope.

    `counts` says how often each is bound, `values` what simple assignments give it, and
    `elsewhere` which names are declared `global` (`True`) or `nonlocal`.
    """

    counts: Counter[str] = field(default_factory=Counter)
    values: dict[str, ast.expr] = field(default_factory=dict)
    elsewhere: dict[str, bool] = field(default_factory=dict)


def own_nodes(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """All nodes at and below `body` that belong to its scope; no order.

    An inner function or class is among them, with its decorators, defaults and bases, which
    run outside it.  So is the inside of a comprehension, but for its targets: what `:=` binds
    there belongs to the scope around it.
    """
    stack = list(body)
    while stack:
        node = stack.pop()
        yield node
        outside, inside = scope_parts(node)
        stack += outside
        if isinstance(node, _COMPREHENSIONS):
            stack += inside


def bound_by(body: Iterable[ast.AST]) -> Bound:
    """What `body` binds in its own scope."""
    bound = Bound()
    for node in own_nodes(body):
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


def local_values(function: Function) -> dict[str, Expr]:
    """What a function assigns to its own names: the value, or unknown if bound twice.

    Parameters and imports are unknown too, so that they hide a module's name.
    """
    bound = bound_by(function.body)
    names = Counter(argument.arg for argument in parameters(function.args))
    names.update(bound.counts)
    return {
        name: to_expr(bound.values.get(name)) if count == 1 else UNKNOWN
        for name, count in names.items()
        if name not in bound.elsewhere
    }


def assigned_globals(function: Function) -> list[str]:
    """The names of the module that a function declares `global` and binds."""
    bound = bound_by(function.body)
    return [
        name for name, is_global in bound.elsewhere.items() if is_global and name in bound.counts
    ]


class Scope:
    """The inside of a function, lambda, class or comprehension, for looking up names."""

    def __init__(self, node: ast.AST, outer: "Scope | None") -> None:
        self._node = node
        self._outer = outer

    def hides(self, name: str) -> bool:
        """Whether code right in this scope sees another `name` than the module's."""
        scope: Scope | None = self
        while scope is not None:
            # The names of a class are seen by its own statements only.
            if scope is self or not isinstance(scope._node, ast.ClassDef):
                elsewhere = scope._bound.elsewhere.get(name)
                if elsewhere:
                    return False
                if elsewhere is None and name in scope._bound.counts:
                    return True
            scope = scope._outer
        return False

    @cached_property
    def _bound(self) -> Bound:
        node = self._node
        if isinstance(node, _COMPREHENSIONS):
            return bound_by(generator.target for generator in node.generators)
        _, inside = scope_parts(node)
        bound = bound_by(inside)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            bound.counts.update(argument.arg for argument in parameters(node.args))
        return bound
