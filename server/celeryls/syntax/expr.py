"""Expressions as values: what facts keep of source once its tree is gone.

An `Expr` has no position, is hashable and comparable, and says `Unknown` for all that can't
be understood without running it.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
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
class Subscript:
    """`value[index]`; slices are `Unknown` indexes."""

    value: "Expr"
    index: "Expr"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several values: `a if x else b`, `a or b`, a name that is bound more than once."""

    options: tuple["Expr", ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """What a function imports for itself: `from ..module import name`, then `rest` of it.

    A `name` of `None` stands for the module; `level` counts the dots.
    """

    module: str
    name: str | None
    level: int
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Local:
    """A name of a function that stands for no one value; `reason` says what binds it."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Environ:
    """What may be set from outside, by an environment variable say, and is `default` without.

    Unknown by itself.
    """

    default: "Expr"


@dataclass(frozen=True, slots=True)
class Unknown:
    """What can't be known without running the code."""


Expr: TypeAlias = (
    Const
    | Name
    | Seq
    | Dict
    | Call
    | Starred
    | Attribute
    | Operation
    | Subscript
    | Choice
    | Imported
    | Local
    | Environ
    | Unknown
)

VALUE_TYPES = frozenset(
    {"datetime.timedelta", "datetime.datetime", "kombu.Queue", "kombu.Exchange"}
    | {
        f"celery.schedules.{name}"
        for name in ("crontab", "crontab.from_string", "schedule", "solar")
    }
)
"""Calls that are values as good as literals, once their arguments are known."""

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
        case ast.Subscript(value=inner, slice=index):
            return Subscript(to_expr(inner, deeper), to_expr(index, deeper))
        case ast.IfExp(body=first, orelse=second):
            return Choice((to_expr(first, deeper), to_expr(second, deeper)))
        case ast.BoolOp(op=ast.Or(), values=parts):
            return Choice(tuple(to_expr(part, deeper) for part in parts))
        case ast.NamedExpr(value=inner) | ast.Await(value=inner):
            return to_expr(inner, deeper)
        case ast.JoinedStr(values=parts):
            return Operation("join", tuple(to_expr(part, deeper) for part in parts))
        case ast.FormattedValue(value=inner, conversion=-1, format_spec=None):
            return to_expr(inner, deeper)
    return UNKNOWN


@lru_cache(maxsize=4096)  # rules read the same arguments again after every keystroke
def parse_expr(source: str) -> Expr:
    """The value of a piece of source that is one expression; unknown if it is none."""
    try:
        return to_expr(ast.parse(f"({source}\n)", mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return UNKNOWN


def children(expr: Expr) -> tuple[Expr, ...]:
    """The expressions right inside another."""
    match expr:
        case Seq(items=inner) | Operation(operands=inner) | Choice(options=inner):
            return inner
        case Starred(value=value) | Attribute(value=value):
            return (value,)
        case Subscript(value=value, index=index):
            return (value, index)
        case Dict(items=entries):
            return tuple(part for entry in entries for part in entry if part is not None)
        case Call(func=func, args=args, keywords=keywords):
            return (func, *args, *(value for _, value in keywords))
    return ()


def rebuilt(expr: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """`expr` with `change` made to each of its children."""
    match expr:
        case Seq(kind=kind, items=items):
            return Seq(kind, tuple(map(change, items)))
        case Operation(op=op, operands=operands):
            return Operation(op, tuple(map(change, operands)))
        case Choice(options=options):
            return Choice(tuple(map(change, options)))
        case Starred(value=value):
            return Starred(change(value))
        case Attribute(value=value, name=name):
            return Attribute(change(value), name)
        case Subscript(value=value, index=index):
            return Subscript(change(value), change(index))
        case Dict(items=entries):
            return Dict(tuple((k if k is None else change(k), change(v)) for k, v in entries))
        case Call(func=func, args=args, keywords=keywords):
            return Call(
                change(func),
                tuple(map(change, args)),
                tuple((name, change(value)) for name, value in keywords),
            )
    return expr


def attribute(owner: Expr, rest: str) -> Expr:
    """`owner.rest`, where `rest` is a dotted name or nothing."""
    if not rest:
        return owner
    match owner:
        case Name(dotted=dotted):
            return Name(f"{dotted}.{rest}")
        case Imported(module=module, name=name, level=level, rest=before):
            return Imported(module, name, level, f"{before}.{rest}" if before else rest)
        case Local() | Unknown():
            return owner
        case Choice(options=options):
            return Choice(tuple(attribute(option, rest) for option in options))
    first, _, others = rest.partition(".")
    return attribute(Attribute(owner, first), others)


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


def is_known(value: Expr) -> bool:
    """Whether an evaluated expression is known through and through; names are of classes."""
    match value:
        case Const() | Name() | Imported():
            return True
        case Seq(items=items):
            return all(is_known(item) for item in items)
        case Dict(items=entries):
            return all(k is not None and is_known(k) and is_known(v) for k, v in entries)
        case Call(func=Name(dotted=dotted), args=args, keywords=keywords):
            given = (*args, *(value for name, value in keywords if name is not None))
            spread = len(given) < len(args) + len(keywords)
            return dotted in VALUE_TYPES and not spread and all(map(is_known, given))
    return False


def last_name(value: Name | Imported) -> str:
    """The last part of the name of a class."""
    if isinstance(value, Name):
        return value.last
    return (value.rest or value.name or value.module).rpartition(".")[2]
