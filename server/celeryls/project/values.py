"""Values: names replaced by what they stand for, arithmetic done, calls made comparable.

What the environment says, and what only a running program could tell, stays unknown.
"""

import builtins
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from celeryls.facts import ClassDecl, FunctionDecl
from celeryls.project.symbols import Defined, External, Symbol
from celeryls.syntax.expr import (
    UNKNOWN,
    VALUE_TYPES,
    Attribute,
    Call,
    Choice,
    Const,
    Dict,
    Environ,
    Expr,
    Imported,
    Name,
    Operation,
    Seq,
    Starred,
    Subscript,
    Unknown,
)

if TYPE_CHECKING:
    from celeryls.project.names import Names

_DEEPEST = 20

_ENVIRONMENT = frozenset({"os.environ.get", "os.getenv"})
_CONVERTS = frozenset({"int", "float", "bool", "str"})
_CANONICAL = {
    "kombu.entity.Queue": "kombu.Queue",
    "kombu.entity.Exchange": "kombu.Exchange",
}
_CALLS = (
    _CONVERTS | {"getattr"} | {name.rpartition(".")[2] for name in (*VALUE_TYPES, *_ENVIRONMENT)}
)


class Values:
    """Evaluates expressions; `names` says what names stand for."""

    def __init__(self, names: "Names") -> None:
        self._names = names

    def evaluate(
        self, expr: Expr, path: str, scope: Mapping[str, Expr] | None = None, depth: int = 0
    ) -> Expr:
        """`expr` with names replaced by their values, as far as that is certain.

        A name with one value everywhere becomes that value; others stay names, since a class
        or function is a value too.
        """
        if depth > _DEEPEST:
            return UNKNOWN
        match expr:
            case Name(dotted=dotted):
                return self._value_of(expr, path, dotted, scope, depth)
            case Imported():
                return self._only_value(expr, self._names.meaning(path, expr), depth)
            case Choice(options=options):
                values = {self.evaluate(o, path, scope, depth + 1) for o in options}
                return values.pop() if len(values) == 1 else UNKNOWN
            case Subscript(value=value, index=index):
                return _item(
                    self.evaluate(value, path, scope, depth + 1),
                    self.evaluate(index, path, scope, depth + 1),
                )
            case Call(func=Attribute(value=value, name="format"), args=args, keywords=()):
                parts = (value, *args)
                return _format(tuple(self.evaluate(p, path, scope, depth + 1) for p in parts))
            case Seq(kind=kind, items=items):
                return Seq(kind, tuple(self.evaluate(i, path, scope, depth + 1) for i in items))
            case Dict():
                return self._dict(expr, path, scope, depth)
            case Starred(value=value):
                return Starred(self.evaluate(value, path, scope, depth + 1))
            case Operation(op=op, operands=operands):
                return _fold(op, tuple(self.evaluate(o, path, scope, depth + 1) for o in operands))
            case Call(func=Name(dotted="dict"), args=args, keywords=keywords) if len(args) < 2:
                spread: tuple[tuple[Expr | None, Expr], ...] = tuple((None, a) for a in args)
                named = tuple(
                    (None if key is None else Const(key), value) for key, value in keywords
                )
                return self._dict(Dict((*spread, *named)), path, scope, depth)
            case Call(func=Name(last=last)) if last in _CALLS:
                return self._call(expr, path, scope, depth)
        return expr

    def _call(self, expr: Call, path: str, scope: Mapping[str, Expr] | None, depth: int) -> Expr:
        """Calls that are as good as a literal, and those that ask the environment."""
        assert isinstance(expr.func, Name)
        symbols = self._names.resolve(path, expr.func.dotted, scope)
        if not symbols and expr.func.dotted in _CONVERTS and len(expr.args) == 1:
            inner = self.evaluate(expr.args[0], path, scope, depth + 1)
            return inner if isinstance(inner, Environ) else UNKNOWN
        if not symbols and expr.func.dotted == "getattr" and len(expr.args) == 3:
            # getattr(settings, "RETRY_OPTIONS", {...}): what nobody need set.
            return Environ(self.evaluate(expr.args[2], path, scope, depth + 1))
        if len(symbols) != 1 or not isinstance(symbols[0], External):
            return expr
        qualname = _CANONICAL.get(symbols[0].qualname, symbols[0].qualname)
        if qualname in _ENVIRONMENT:
            default = expr.args[1] if len(expr.args) > 1 else Const(None)
            return Environ(self.evaluate(default, path, scope, depth + 1))
        if qualname not in VALUE_TYPES:
            return expr
        return Call(
            Name(qualname),
            tuple(self.evaluate(argument, path, scope, depth + 1) for argument in expr.args),
            tuple(
                (name, self.evaluate(value, path, scope, depth + 1))
                for name, value in expr.keywords
            ),
        )

    def _value_of(
        self, expr: Name, path: str, dotted: str, scope: Mapping[str, Expr] | None, depth: int
    ) -> Expr:
        if scope is not None and dotted.partition(".")[0] in scope:
            return UNKNOWN
        if self._may_change(path, dotted):
            return UNKNOWN
        if not (symbols := self._names.resolve(path, dotted, scope)):
            # A builtin is itself; any other name without a meaning may be anything.
            return expr if hasattr(builtins, dotted) else UNKNOWN
        return self._only_value(expr, symbols, depth)

    def _only_value(self, expr: Expr, symbols: tuple[Symbol, ...], depth: int) -> Expr:
        """The value that all of `symbols` have; a class or function is what names it."""
        values = []
        for symbol in symbols:
            if not isinstance(symbol, Defined):
                return expr
            if isinstance(symbol.what, ClassDecl | FunctionDecl):
                return expr
            values.append(self.evaluate(symbol.what, symbol.path, None, depth + 1))
        return values[0] if values and all(value == values[0] for value in values) else UNKNOWN

    def _may_change(self, path: str, dotted: str) -> bool:
        """Whether one of the bindings of a plain name can't be known."""
        return any(isinstance(bound, Unknown) for bound in self._names.consult(path, dotted))

    def _dict(self, expr: Dict, path: str, scope: Mapping[str, Expr] | None, depth: int) -> Expr:
        items: dict[Expr, Expr] = {}
        for key, value in expr.items:
            inner = self.evaluate(value, path, scope, depth + 1)
            if key is not None:
                items[self.evaluate(key, path, scope, depth + 1)] = inner
            elif isinstance(inner, Dict):
                items.update({k: v for k, v in inner.items if k is not None})
                if any(k is None for k, _ in inner.items):
                    return UNKNOWN
            else:
                return UNKNOWN
        return Dict(tuple(items.items()))


def _item(value: Expr, index: Expr) -> Expr:
    """`value[index]` of displays and constants."""
    match value, index:
        case Dict(items=entries), Const():
            known = [item for key, item in entries if key == index]
            sure = all(isinstance(key, Const) for key, _ in entries)
            return known[-1] if known and sure else UNKNOWN
        case Seq(kind="list" | "tuple", items=items), Const(value=int(at)):
            if -len(items) <= at < len(items) and not any(isinstance(i, Starred) for i in items):
                return items[at]
    return UNKNOWN


def _format(parts: tuple[Expr, ...]) -> Expr:
    """`"...".format(...)` of constants."""
    values = [part.value for part in parts if isinstance(part, Const)]
    if len(values) < len(parts) or not isinstance(values[0], str) or len(values[0]) > 1000:
        return UNKNOWN
    if not all(isinstance(value, str | int) for value in values):
        return UNKNOWN
    if set("{}") & set(re.sub(r"\{\d*\}", "", values[0])):
        return UNKNOWN  # other fields than {} and {0}
    try:
        return Const(values[0].format(*values[1:]))
    except (IndexError, ValueError, KeyError):
        return UNKNOWN


def _fold(op: str, operands: tuple[Expr, ...]) -> Expr:
    """Arithmetic on constants; anything else is unknown."""
    values = [operand.value for operand in operands if isinstance(operand, Const)]
    if len(values) != len(operands):
        return UNKNOWN
    if op == "join":
        return Const("".join(str(value) for value in values))
    if op == "not":
        return Const(not values[0])
    if op == "+" and all(isinstance(value, str) for value in values):
        return Const("".join(str(value) for value in values))
    numbers = [value for value in values if isinstance(value, int | float)]
    if len(numbers) != len(values):
        return UNKNOWN
    left, right = numbers[0], numbers[-1]
    try:
        match op:
            case "+":
                return Const(left + right)
            case "-":
                return Const(left - right)
            case "*":
                return Const(left * right)
            case "/":
                return Const(left / right)
            case "//":
                return Const(left // right)
            case "neg":
                return Const(-left)
    except (ArithmeticError, ValueError):
        pass
    return UNKNOWN
