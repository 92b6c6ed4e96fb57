"""Every place in a file that uses a function by its name, read when somebody asks.

Facts do not hold these: most names of a file are no tasks, and only the whole project knows
which are.
"""

import ast
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from celeryls.facts.calls import METHODS, SENDS, SIGNS
from celeryls.facts.functions import function_site
from celeryls.facts.lookup import Scope, meaning, nodes_in_scopes, within
from celeryls.facts.sites import FunctionSite
from celeryls.facts.walk import lines_with, statements
from celeryls.syntax import Parsed, parse
from celeryls.syntax.expr import Expr
from celeryls.text import Span

_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t][^;\n]*?[ \t])?import\b(?:[ \t]*\([^)]*\)|[^;\n(]*)", re.MULTILINE
)
_FEW = 20
"""So many names are looked for one by one in less time than a pattern takes."""
_USED = re.compile(r"(?<!def )\b(\w+)\b(?!\.(?:delay|apply_async|si?)\b)")


@dataclass(frozen=True, slots=True)
class Reference:
    """A use of a name.

    `role` is `call` for `f(...)`, `argument` for `g(f)`, and `value` for all else; what sends or
    signs (`f.delay`) is not among them, that is a `CallSite`.  For an argument, `callee` is
    what it is given to, and `at` its position or its keyword.
    """

    target: Expr
    role: Literal["call", "argument", "value"]
    span: Span
    within: str
    callee: Expr | None = None
    at: int | str | None = None


def find_references(parsed: Parsed, names: Collection[str]) -> tuple[Reference, ...]:
    """The uses of `names`, plain or as the last part of a dotted name, in the order of source.

    What scopes around them bind is replaced, as in a `CallSite`.
    """
    finder = _Finder(parsed, frozenset(names))
    finder.read()
    return tuple(sorted(finder.found, key=lambda reference: reference.span))


def may_use(text: str, names: Collection[str]) -> bool:
    """Whether `text` may have references: false where names are only defined, imported and sent.

    Much faster than to parse it.
    """
    if len(names) < _FEW and not any(name in text for name in names):
        return False
    return not frozenset(names).isdisjoint(_USED.findall(_IMPORT.sub("", text)))


def site_of(text: str, name: str) -> FunctionSite:
    """Where a function at the top of a file stands; at its beginning if it isn't there."""
    parsed = parse(text)
    for node, _ in statements(parsed.tree.body):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
            return function_site(parsed, node, lines_with(parsed, "retry"))
    nowhere = Span(0, 0)
    return FunctionSite(1, 1, nowhere, nowhere, nowhere, (), (), False, frozenset(), False)


class _Finder:
    def __init__(self, parsed: Parsed, names: frozenset[str]) -> None:
        self.found: list[Reference] = []
        self._parsed = parsed
        self._names = names
        self._seen: set[ast.AST] = set()
        """What is a part of something that was met already."""

    def read(self) -> None:
        present = [name for name in self._names if name in self._parsed.text]
        for node, scope in nodes_in_scopes(self._parsed, lines_with(self._parsed, *present)):
            match node:
                case ast.Call(func=func):
                    self._call(node, scope)
                    self._seen.add(func)
                    if isinstance(func, ast.Attribute) and func.attr in METHODS:
                        self._see(func)  # a CallSite
                case ast.Attribute(attr=attr, value=value) if attr in SENDS | SIGNS:
                    if node not in self._seen:
                        self._see(value)  # a CallSite
                case ast.Name(ctx=ast.Load()) | ast.Attribute(ctx=ast.Load()):
                    if node not in self._seen and self._is_named(node):
                        self._add(node, scope, "value")

    def _see(self, node: ast.expr) -> None:
        """Take a name for met, and what it is an attribute of."""
        self._seen.add(node)
        while isinstance(node, ast.Attribute):
            node = node.value
            self._seen.add(node)

    def _call(self, node: ast.Call, scope: Scope | None) -> None:
        if self._is_named(node.func):
            self._add(node.func, scope, "call")
        for at, argument in enumerate(node.args):
            if self._is_named(argument):
                self._add(argument, scope, "argument", node.func, at)
        for keyword in node.keywords:
            if keyword.arg is not None and self._is_named(keyword.value):
                self._add(keyword.value, scope, "argument", node.func, keyword.arg)

    def _is_named(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Name):
            return node.id in self._names
        return isinstance(node, ast.Attribute) and node.attr in self._names

    def _add(
        self,
        node: ast.expr,
        scope: Scope | None,
        role: Literal["call", "argument", "value"],
        callee: ast.expr | None = None,
        at: int | str | None = None,
    ) -> None:
        self._see(node)
        self.found.append(
            Reference(
                target=meaning(node, scope),
                role=role,
                span=self._parsed.span(node),
                within=within(scope),
                callee=None if callee is None else meaning(callee, scope),
                at=at,
            )
        )
