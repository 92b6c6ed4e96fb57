"""What a name means inside a function, lambda, class or comprehension."""

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from typing import TypeAlias

from celeryls.facts.scopes import COMPREHENSIONS, Bound, bound_by, own_nodes
from celeryls.facts.walk import lines_with, parameters, scope_parts, stands_on
from celeryls.syntax import Parsed
from celeryls.syntax.expr import (
    Attribute,
    Call,
    Choice,
    Const,
    Dict,
    Expr,
    Imported,
    Local,
    Name,
    Seq,
    attribute,
    rebuilt,
    to_expr,
)

LinesOf: TypeAlias = Callable[[str], Sequence[int]]
"""The lines of the file, counted from 1, that have a word; a set may be too large."""

_FEW = 2
"""So many names are looked for where they stand; for more, a scope is read once and whole."""
_MOST = 8
"""A name with more values than this is as good as unknown."""
_BINDING = (
    ast.Assign,
    ast.AnnAssign,
    ast.NamedExpr,
    ast.For,
    ast.AsyncFor,
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
)
_READS = frozenset({"get", "items", "keys", "values", "copy", "index", "count"})
"""Methods of a list, tuple or dict that leave it as it is."""
_LETS_BE = frozenset(
    {"delay", "apply_async", "delay_on_commit", "apply_async_on_commit", "apply", "send_task"}
    | {"s", "si", "signature", "subtask", "set", "retry"}
    | {"debug", "info", "warning", "error", "exception"}
    | {"print", "len", "repr", "str", "dumps", "sorted", "isinstance", "bool"}
)
"""Functions that leave what they are given as it is."""
_MODULE = Local("", "global")


def nodes_in_scopes(
    parsed: Parsed, lines: Sequence[int]
) -> Iterator[tuple[ast.AST, "Scope | None"]]:
    """The nodes of a file that may have something on one of `lines`, each with its scope.

    A node comes before those in it; else there is no order.  At module level there is no scope.
    """
    lines_of = cache(partial(lines_with, parsed))
    stack: list[tuple[ast.AST, Scope | None]] = [(node, None) for node in parsed.tree.body]
    while stack and lines:
        node, scope = stack.pop()
        if not stands_on(node, lines):
            continue
        yield node, scope
        outside, inside = scope_parts(node)
        stack += [(child, scope) for child in outside]
        if inside:
            inner = Scope(node, scope, lines_of)
            stack += [(child, inner) for child in inside]


def meaning(node: ast.expr, scope: "Scope | None") -> Expr:
    """The value of a node, with the names that scopes bind replaced by what they stand for."""
    expr = to_expr(node)
    return expr if scope is None else scope.meaning(expr)


def within(scope: "Scope | None") -> str:
    """The qualified name of the function or class around a node; empty at module level."""
    return "" if scope is None else scope.qualname


class Scope:
    """The inside of a function, lambda, class or comprehension; `outer` is what it stands in.

    `qualname` is its dotted name as Python has it (`__qualname__`).
    """

    def __init__(self, node: ast.AST, outer: "Scope | None", lines_of: LinesOf) -> None:
        self.node = node
        self.outer = outer
        self.qualname: str = outer.qualname if outer is not None else ""
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            self.qualname = outer.inner_name(node.name) if outer is not None else node.name
        self.lines_of = lines_of
        self._known: dict[str, Expr | None] = {}
        self._asked = 0
        self._all: Bound | None = None

    def inner_name(self, name: str) -> str:
        """The qualified name of something that is defined in this scope."""
        if not self.qualname:
            return name
        between = "." if isinstance(self.node, ast.ClassDef) else ".<locals>."
        return f"{self.qualname}{between}{name}"

    def meaning(self, expr: Expr) -> Expr:
        """`expr` with the names that scopes bind replaced by what they stand for.

        A `Name` that is left is the module's.
        """
        return self._meaning(expr, frozenset())

    def hides(self, name: str) -> bool:
        """Whether code right in this scope sees another `name` than the module's."""
        return self.meaning(Name(name)) != Name(name)

    def may_change(self, name: str) -> bool:
        """Whether what a variable of a function holds may not be what it was given any more.

        It may, where anything else is done with it than to read from it, or to hand it to a task:
        `payload["x"] = 1`, `fill(payload)`, `other = payload`.
        """
        scope: Scope | None = self
        while scope is not None and scope._find(name, frozenset()) is None:
            scope = scope.outer
        if scope is None:
            return False
        lines = scope.lines_of(name)
        harmless: set[ast.AST] = set()
        used: set[ast.AST] = set()
        stack: list[ast.AST] = list(scope_parts(scope.node)[1])
        while stack:
            node = stack.pop()
            if not stands_on(node, lines):
                continue
            harmless.update(_only_read(node))
            if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load):
                used.add(node)
            stack += ast.iter_child_nodes(node)
        return not used <= harmless

    def _meaning(self, expr: Expr, busy: frozenset[tuple[int, str]]) -> Expr:
        if not isinstance(expr, Name):
            return rebuilt(expr, lambda inner: self._meaning(inner, busy))
        head, _, rest = expr.dotted.partition(".")
        scope: Scope | None = self
        while scope is not None:
            # The names of a class are seen by its own statements only.
            if scope is self or not isinstance(scope.node, ast.ClassDef):
                if (id(scope), head) in busy:
                    return Local(head, "rebound")
                found = scope._find(head, busy)
                if found is _MODULE:
                    return expr
                if found is not None:
                    return attribute(found, rest)
            scope = scope.outer
        return expr

    def _find(self, name: str, busy: frozenset[tuple[int, str]]) -> Expr | None:
        """What this scope binds `name` to: `_MODULE` if it says `global`, `None` if nothing."""
        if name not in self._known:
            found = self._bound(name, busy | {(id(self), name)})
            if busy:
                return found  # in the middle of another name: may be cut short
            self._known[name] = found
        return self._known[name]

    def _bound(self, name: str, busy: frozenset[tuple[int, str]]) -> Expr | None:
        node = self.node
        lines = self.lines_of(name)
        if isinstance(node, COMPREHENSIONS):
            return self._loop_values(node.generators, name, busy)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            arguments = parameters(node.args)
            if any(argument.arg == name for argument in arguments):
                return self._parameter(name, lines, first=arguments[0].arg == name)
        inside = scope_parts(node)[1]
        bound = self._binds(lines)
        if name in bound.elsewhere:
            return _MODULE if bound.elsewhere[name] else None
        if name not in bound.counts:
            return None
        values: list[Expr] = []
        for value in self._values(inside, name, lines, busy):
            values += value.options if isinstance(value, Choice) else (value,)
        if len(values) < bound.counts[name]:
            return Local(name, "rebound")
        options = tuple(dict.fromkeys(self._meaning(value, busy) for value in values))
        if len(options) > 1:
            # A variable begins as nothing, and is something where it is used.
            options = tuple(option for option in options if option != Const(None))
        if len(options) > _MOST:
            return Local(name, "rebound")
        return options[0] if len(options) == 1 else Choice(options)

    def _binds(self, lines: Sequence[int]) -> Bound:
        """What the scope binds, or at least what it binds on `lines`."""
        self._asked += 1
        if self._all is None and self._asked <= _FEW:
            return bound_by(scope_parts(self.node)[1], lines)
        if self._all is None:
            self._all = bound_by(scope_parts(self.node)[1])
        return self._all

    def _parameter(self, name: str, lines: Sequence[int], *, first: bool) -> Expr:
        """`self` and `cls` stand for the class, so far as names are concerned."""
        around = self.outer
        if first and around is not None and isinstance(around.node, ast.ClassDef):
            decorators = getattr(self.node, "decorator_list", [])
            static = any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in decorators)
            if not static and around.outer is None:
                return Name(around.qualname)
        rebound = name in self._binds(lines).counts
        return Local(name, "rebound parameter" if rebound else "parameter")

    def _values(
        self,
        inside: Iterable[ast.AST],
        name: str,
        lines: Sequence[int],
        busy: frozenset[tuple[int, str]],
    ) -> Iterator[Expr]:
        """The values that the statements of the scope give to `name`, one for each binding."""
        found = (node for node in own_nodes(inside, lines) if isinstance(node, _BINDING))
        for node in sorted(found, key=lambda node: (node.lineno, node.col_offset)):
            match node:
                case ast.Assign(targets=targets, value=value):
                    for target in targets:
                        yield from _assigned(target, value, name)
                case ast.AnnAssign(target=ast.Name(id=bound), value=value) if bound == name:
                    yield Local(name, "declared") if value is None else to_expr(value)
                case ast.NamedExpr(target=ast.Name(id=bound), value=value) if bound == name:
                    yield to_expr(value)
                case ast.For(target=target, iter=over) | ast.AsyncFor(target=target, iter=over):
                    yield from _looped(target, self._meaning(to_expr(over), busy), name)
                case ast.Import(names=aliases):
                    for alias in aliases:
                        if (alias.asname or alias.name.partition(".")[0]) == name:
                            module = alias.name if alias.asname else name
                            yield Imported(module, None, 0)
                case ast.ImportFrom(module=module, names=aliases, level=level):
                    for alias in aliases:
                        if (alias.asname or alias.name) == name:
                            yield Imported(module or "", alias.name, level)
                case ast.FunctionDef(name=bound) | ast.AsyncFunctionDef(name=bound):
                    if bound == name:
                        yield Local(self.inner_name(name), "function")
                case ast.ClassDef(name=bound) if bound == name:
                    yield Local(self.inner_name(name), "class")

    def _loop_values(
        self,
        generators: list[ast.comprehension],
        name: str,
        busy: frozenset[tuple[int, str]],
    ) -> Expr | None:
        for generator in generators:
            for value in _looped(generator.target, to_expr(generator.iter), name):
                return self._meaning(value, busy)
        return None


def _only_read(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a node that it does no more with than to read from them."""
    match node:
        case ast.Subscript(value=value, ctx=ast.Load()):
            yield value
        case ast.Call(func=ast.Attribute(value=value, attr=method)):
            if method in _READS:
                yield value
            if method in _LETS_BE:
                yield from node.args
                yield from (inner.value for inner in node.args if isinstance(inner, ast.Starred))
                yield from (keyword.value for keyword in node.keywords)
        case ast.Call(func=ast.Name(id=function)) if function in _LETS_BE:
            yield from node.args
            yield from (keyword.value for keyword in node.keywords)
        case ast.Compare(left=left, comparators=others):
            yield left
            yield from others
        case ast.FormattedValue(value=value) | ast.Return(value=ast.expr() as value):
            yield value


def _assigned(target: ast.expr, value: ast.expr, name: str) -> Iterator[Expr]:
    match target, value:
        case ast.Name(id=bound), _:
            if bound == name:
                yield to_expr(value)
        case (
            ast.Tuple(elts=targets) | ast.List(elts=targets),
            ast.Tuple(elts=values) | ast.List(elts=values),
        ) if len(targets) == len(values):
            for inner, part in zip(targets, values, strict=True):
                yield from _assigned(inner, part, name)
        case ast.Tuple() | ast.List() | ast.Starred(), _:
            if name in _stored(target):
                yield Local(name, "unpacked")


def _looped(target: ast.expr, over: Expr, name: str) -> Iterator[Expr]:
    """What a loop gives to `name`: the items, where they are written out."""
    items: tuple[Expr, ...] = ()
    match target, over:
        case ast.Name(), Seq(items=found):
            items = found
        case ast.Name(), Call(func=Attribute(value=Dict(items=entries), name="values")):
            items = tuple(value for _, value in entries)
        case (
            ast.Tuple(elts=[_, ast.Name(id=second)]),
            Call(func=Attribute(value=Dict(items=entries), name="items")),
        ) if second == name:
            items = tuple(value for _, value in entries)
    if items:
        if name in _stored(target):
            yield Choice(items)
    elif name in _stored(target):
        yield Local(name, "loop")


def _stored(target: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(target) if isinstance(node, ast.Name)}
