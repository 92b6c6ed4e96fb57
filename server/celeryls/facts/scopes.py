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
from celeryls.syntax.expr import (
    UNKNOWN,
    Attribute,
    Call,
    Dict,
    Expr,
    Name,
    Operation,
    Seq,
    Starred,
    to_expr,
)

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)
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
        if isinstance(node, _COMPREHENSIONS):
            stack += [
                ast.NamedExpr(target=inner.target, value=_ANYTHING)
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
    match expr:
        case Name():
            yield expr.head
        case Seq(items=inner) | Operation(operands=inner):
            for item in inner:
                yield from heads(item)
        case Starred(value=value) | Attribute(value=value):
            yield from heads(value)
        case Dict(items=entries):
            for key, value in entries:
                yield from heads(value)
                if key is not None:
                    yield from heads(key)
        case Call(func=func, args=args, keywords=keywords):
            for item in (func, *args, *(value for _, value in keywords)):
                yield from heads(item)


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


class Scope:
    """The inside of a function, lambda, class or comprehension, for looking up names."""

    def __init__(self, node: ast.AST, outer: "Scope | None") -> None:
        self._node = node
        self._outer = outer
        self._known: dict[str, bool | None] = {}

    def hides(self, name: str, lines: Sequence[int]) -> bool:
        """Whether code right in this scope sees another `name` than the module's.

        `lines` are all those of the file that have the name.
        """
        scope: Scope | None = self
        while scope is not None:
            # The names of a class are seen by its own statements only.
            if scope is self or not isinstance(scope._node, ast.ClassDef):
                if name not in scope._known:
                    scope._known[name] = scope._binds(name, lines)
                binds = scope._known[name]
                if binds is not None:
                    return binds
            scope = scope._outer
        return False

    def _binds(self, name: str, lines: Sequence[int]) -> bool | None:
        """Whether it binds `name`; `None` if the scopes around it decide."""
        node = self._node
        if isinstance(node, _COMPREHENSIONS):
            bound = bound_by((generator.target for generator in node.generators), lines)
        else:
            bound = bound_by(scope_parts(node)[1], lines)
        if name in bound.elsewhere:
            return False if bound.elsewhere[name] else None
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and any(
            argument.arg == name for argument in parameters(node.args)
        ):
            return True
        return True if name in bound.counts else None
