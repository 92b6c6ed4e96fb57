"""What a name means, across files.

Resolution reads interfaces only.  A name may stand for several things (`try: import`,
branches); all of them are returned, and whoever asks decides whether one will do or whether
they must agree.
"""

import builtins
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from celeryls.facts import Binding, ClassDecl, FunctionDecl, Import, Interface
from celeryls.project.modules import Modules, absolute_module
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
    Local,
    Name,
    Operation,
    Seq,
    Starred,
    Subscript,
    Unknown,
    rebuilt,
)

MAX_HOPS = 20
"""Longer chains of re-exports are cycles, or not meant for people."""

Scope: TypeAlias = Mapping[str, Expr]


@dataclass(frozen=True, slots=True)
class External:
    """Something in a module that can't be read, or in Celery itself: its dotted name."""

    qualname: str


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the workspace."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Defined:
    """A function, class or value at the top of a file.

    Two are the same thing if path and name are equal.
    """

    path: str
    name: str
    what: FunctionDecl | ClassDecl | Expr

    def __hash__(self) -> int:
        return hash((self.path, self.name))


@dataclass(frozen=True, slots=True)
class Member:
    """An attribute of a value: `app.task`, where `owner` is what `app` stands for."""

    owner: "Symbol"
    name: str


_ENVIRONMENT = frozenset({"os.environ.get", "os.getenv"})
_CONVERTS = frozenset({"int", "float", "bool", "str"})
_CANONICAL = {
    "kombu.entity.Queue": "kombu.Queue",
    "kombu.entity.Exchange": "kombu.Exchange",
}
_CALLS = _CONVERTS | {name.rpartition(".")[2] for name in (*VALUE_TYPES, *_ENVIRONMENT)}

Symbol: TypeAlias = External | Module | Defined | Member
Loader: TypeAlias = Callable[[str], Interface | None]

_OPAQUE = ("celery", "kombu", "billiard", "vine", "amqp")
"""Never read, even where installed: what they mean is in the catalog."""


class Names:
    """Resolves names; `interface` gives a file's interface, reading it if need be."""

    def __init__(self, modules: Modules, interface: Loader) -> None:
        self.modules = modules
        self.interface = interface
        self._cache: dict[tuple[str, str], tuple[Symbol, ...]] = {}
        self._busy: set[tuple[str, str]] = set()

    def resolve(self, path: str, dotted: str, scope: Scope | None = None) -> tuple[Symbol, ...]:
        """Everything that `dotted` may stand for in the file `path`; empty if unknown.

        `scope` holds the names of the functions around it, which hide the module's.
        """
        head, *rest = dotted.split(".")
        if scope is not None and head in scope:
            value = scope[head]
            if isinstance(value, Name) and value.head != head:
                symbols = self.resolve(path, value.dotted, scope)
            else:
                symbols = (Defined(path, f"<local>.{head}", value),)
        else:
            symbols = self._top(path, head)
        return self._steps(symbols, rest)

    def _steps(self, symbols: tuple[Symbol, ...], parts: Iterable[str]) -> tuple[Symbol, ...]:
        for part in parts:
            symbols = tuple(
                dict.fromkeys(after for symbol in symbols for after in self._step(symbol, part))
            )
        return symbols

    def _top(self, path: str, name: str) -> tuple[Symbol, ...]:
        key = (path, name)
        if key in self._cache:
            return self._cache[key]
        if key in self._busy or len(self._busy) > MAX_HOPS:
            return ()
        self._busy.add(key)
        try:
            found = tuple(dict.fromkeys(self._look_up(path, name)))
        finally:
            self._busy.discard(key)
        # Inside a cycle the answer may be cut short: only a settled one is kept.
        if not self._busy:
            self._cache[key] = found
        return found

    def _look_up(self, path: str, name: str) -> list[Symbol]:
        interface = self.interface(path)
        if interface is None:
            return []
        bound = interface.names.get(name)
        if bound is None:
            return [
                symbol
                for star in interface.star_imports
                if (module := self.absolute(path, star)) is not None
                for symbol in self.member(module, name, path)
                if not isinstance(symbol, External) or symbol.qualname.startswith(_OPAQUE)
            ]
        symbols: list[Symbol] = []
        for binding in bound:
            symbols += self._symbols(path, name, binding)
        return symbols

    def _symbols(self, path: str, name: str, binding: Binding) -> tuple[Symbol, ...]:
        if isinstance(binding, Import):
            module = self.absolute(path, binding)
            if module is None:
                return ()
            if binding.name is None:
                return (self.module(module, path),)
            return self.member(module, binding.name, path)
        if isinstance(binding, Unknown):
            return ()
        if isinstance(binding, Name | Imported | Choice):
            return self.meaning(path, binding)
        return (Defined(path, name, binding),)

    def meaning(self, path: str, expr: Expr) -> tuple[Symbol, ...]:
        """Everything that an expression in the file `path` may stand for; empty if unknown."""
        match expr:
            case Name(dotted=dotted):
                return self.resolve(path, dotted)
            case Imported(module=module, name=name, level=level, rest=rest):
                symbols = self._symbols(path, "", Import(module, name, level))
                return self._steps(symbols, rest.split(".") if rest else ())
            case Attribute(value=value, name=name):
                return self._steps(self.meaning(path, value), (name,))
            case Choice(options=options):
                found = (symbol for option in options for symbol in self.meaning(path, option))
                return tuple(dict.fromkeys(found))
            case Local() | Unknown():
                return ()
        return (Defined(path, "<expression>", expr),)

    def absolute(self, path: str, binding: Import) -> str | None:
        """The absolute name of the module that an import in `path` refers to."""
        own = self.modules.name_of(path)
        return absolute_module(own, path, binding.module, binding.level)

    def module(self, module: str, near: str) -> Symbol:
        """A module by its absolute name, as seen from the file `near`."""
        found = None if _opaque(module) else self.modules.find(module, near)
        return External(module) if found is None else Module(module, found)

    def member(self, module: str, name: str, near: str) -> tuple[Symbol, ...]:
        """What `from module import name` in the file `near` gives."""
        found = None if _opaque(module) else self.modules.find(module, near)
        if found is None:
            submodule = None if _opaque(module) else self.modules.find(f"{module}.{name}", near)
            if submodule is not None:  # a namespace package
                return (Module(f"{module}.{name}", submodule),)
            return (External(f"{module}.{name}"),)
        symbols = self._top(found, name)
        if symbols:
            return symbols
        submodule = self.modules.find(f"{module}.{name}", near)
        return () if submodule is None else (Module(f"{module}.{name}", submodule),)

    def _step(self, symbol: Symbol, part: str) -> tuple[Symbol, ...]:
        match symbol:
            case External(qualname=qualname):
                module = (
                    self.modules.find(f"{qualname}.{part}", "") if "." not in qualname else None
                )
                if module is not None and not _opaque(qualname):
                    return (Module(f"{qualname}.{part}", module),)
                return (External(f"{qualname}.{part}"),)
            case Module(name=name, path=path):
                return self.member(name, part, path)
            case Defined(path=path, what=ClassDecl(attributes=attributes, methods=methods)) if (
                part in attributes and part not in methods
            ):
                value = attributes[part]
                if isinstance(value, Name):
                    return self.resolve(path, value.dotted)
                return (Defined(path, f"{symbol.name}.{part}", value),)
        return (Member(symbol, part),)

    # --- values -----------------------------------------------------------------------

    def evaluate(self, expr: Expr, path: str, scope: Scope | None = None, depth: int = 0) -> Expr:
        """`expr` with names replaced by their values, as far as that is certain.

        A name with one value everywhere becomes that value; others stay names, since a class
        or function is a value too.
        """
        if depth > MAX_HOPS:
            return UNKNOWN
        match expr:
            case Name(dotted=dotted):
                return self._value_of(expr, path, dotted, scope, depth)
            case Imported():
                return self._only_value(expr, self.meaning(path, expr), depth)
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

    def _call(self, expr: Call, path: str, scope: Scope | None, depth: int) -> Expr:
        """Calls that are as good as a literal, and those that ask the environment."""
        assert isinstance(expr.func, Name)
        symbols = self.resolve(path, expr.func.dotted, scope)
        if not symbols and expr.func.dotted in _CONVERTS and len(expr.args) == 1:
            inner = self.evaluate(expr.args[0], path, scope, depth + 1)
            return inner if isinstance(inner, Environ) else UNKNOWN
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
        self, expr: Name, path: str, dotted: str, scope: Scope | None, depth: int
    ) -> Expr:
        if scope is not None and dotted.partition(".")[0] in scope:
            return UNKNOWN
        if self._may_change(path, dotted):
            return UNKNOWN
        if not (symbols := self.resolve(path, dotted, scope)):
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

    def portable(self, expr: Expr, path: str) -> Expr:
        """`expr`, evaluated in the file `path`, so that it means the same in any other."""
        if isinstance(expr, Name):
            head, _, rest = expr.dotted.partition(".")
            module = self.modules.name_of(path)
            interface = self.interface(path)
            if interface is None or head not in interface.names:
                return expr if hasattr(builtins, head) else UNKNOWN
            return UNKNOWN if module is None else Imported(module, head, 0, rest)
        if isinstance(expr, Imported) and expr.level:
            module = self.absolute(path, Import(expr.module, expr.name, expr.level))
            return UNKNOWN if module is None else replace(expr, module=module, level=0)
        return rebuilt(expr, lambda inner: self.portable(inner, path))

    def _may_change(self, path: str, dotted: str) -> bool:
        """Whether one of the bindings of a plain name can't be known."""
        interface = self.interface(path)
        bound = interface.names.get(dotted, ()) if interface is not None else ()
        return any(isinstance(binding, Unknown) for binding in bound)

    def _dict(self, expr: Dict, path: str, scope: Scope | None, depth: int) -> Expr:
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


def _opaque(module: str) -> bool:
    return module.partition(".")[0] in _OPAQUE


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
