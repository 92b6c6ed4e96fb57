"""Expressions as values: what facts keep of source once its tree is gone.

An `Expr` has no position, is hashable and comparable, and says `Unknown` for all that can't
be understood without running it.
"""

import ast
from dataclasses import dataclass
from typing import Literal, TypeAlias

MAX_DEPTH = 24
"""Deeper expressions are `Unknown`: nobody writes settings like that by hand."""


@dataclass(frozen=True, slots=True)
class Const:
    """A literal: text, bytes, number, bool or `None`."""

    value: str | bytes | int | float | complex | bool | None

    def __eq__(self, other: object) -> bool:
        # 1, 1.0 and True are equal in Python, and are three different things in source.
        return (
            isinstance(other, Const)
            and type(self.value) is type(other.value)
            and self.value == other.value
        )

    def __hash__(self) -> int:
        return hash((type(self.value), self.value))


@dataclass(frozen=True, slots=True)
class Name:
    """A dotted name, `settings.TIMEOUT`; its first part is looked up in the scope."""

    dotted: str

    @property
    def head(self) -> str:
        return self.dotted.partition(".")[0]

    @property
    def last(self) -> str:
        return self.dotted.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Seq:
    """A list, tuple or set display."""

    kind: Literal["list", "tuple", "set"]
    items: tuple["Expr", ...]


@dataclass(frozen=True, slots=True)
class Dict:
    """A dict display.  A key of `None` is a `**spread`."""

    items: tuple[tuple["Expr | None", "Expr"], ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A call.  A keyword of `None` is `**kwargs`; a `Starred` argument is `*args`."""

    func: "Expr"
    args: tuple["Expr", ...]
    keywords: tuple[tuple[str | None, "Expr"], ...]


@dataclass(frozen=True, slots=True)
class Starred:
    """`*args` in a call or display."""

    value: "Expr"


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of something that isn't a plain name: `make_celery().task`."""

    value: "Expr"
    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """An arithmetic operation or an f-string (`op` is then `join`)."""

    op: str
    operands: tuple["Expr", ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """What can't be known without running the code."""


Expr: TypeAlias = Const | Name | Seq | Dict | Call | Starred | Attribute | Operation | Unknown

UNKNOWN = Unknown()

_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.USub: "neg",
    ast.Not: "not",
    ast.BitOr: "|",
}


def dotted_name(node: ast.AST) -> str | None:
    """`a.b.c` for a chain of attributes over a name, else `None`."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    parts.append(node.id)
    return ".".join(reversed(parts))


def to_expr(node: ast.AST | None, depth: int = 0) -> Expr:
    """The value of an expression node."""
    if node is None or depth > MAX_DEPTH:
        return UNKNOWN
    deeper = depth + 1
    match node:
        case ast.Constant(value=value) if value is not ...:
            return Const(value)
        case ast.Name() | ast.Attribute():
            name = dotted_name(node)
            if name is not None:
                return Name(name)
            assert isinstance(node, ast.Attribute)
            return Attribute(to_expr(node.value, deeper), node.attr)
        case ast.List(elts=items):
            return Seq("list", tuple(to_expr(item, deeper) for item in items))
        case ast.Tuple(elts=items):
            return Seq("tuple", tuple(to_expr(item, deeper) for item in items))
        case ast.Set(elts=items):
            return Seq("set", tuple(to_expr(item, deeper) for item in items))
        case ast.Dict(keys=keys, values=values):
            return Dict(
                tuple(
                    (None if key is None else to_expr(key, deeper), to_expr(value, deeper))
                    for key, value in zip(keys, values, strict=True)
                )
            )
        case ast.Call(func=func, args=args, keywords=keywords):
            return Call(
                to_expr(func, deeper),
                tuple(to_expr(argument, deeper) for argument in args),
                tuple((keyword.arg, to_expr(keyword.value, deeper)) for keyword in keywords),
            )
        case ast.Starred(value=inner):
            return Starred(to_expr(inner, deeper))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return Operation(_OPERATORS[type(op)], (to_expr(left, deeper), to_expr(right, deeper)))
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _OPERATORS:
            return Operation(_OPERATORS[type(op)], (to_expr(operand, deeper),))
        case ast.JoinedStr(values=parts):
            return Operation("join", tuple(to_expr(part, deeper) for part in parts))
        case ast.FormattedValue(value=inner, conversion=-1, format_spec=None):
            return to_expr(inner, deeper)
    return UNKNOWN


def truth(expr: Expr) -> bool | None:
    """Whether `expr` is true, where that can be told from its form; else `None`."""
    match expr:
        case Const(value=value):
            return bool(value)
        case Seq(items=items):
            if any(not isinstance(item, Starred) for item in items):
                return True
            return None if items else False
        case Dict(items=entries):
            if any(key is not None for key, _ in entries):
                return True
            return None if entries else False
    return None
