"""What a name means, across files.

Resolution reads interfaces only.  A name may stand for several things (`try: import`,
branches); all of them are returned, and whoever asks decides whether one will do or whether
they must agree.
"""

import builtins
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from celeryls.facts import Binding, ClassDecl, FunctionDecl, Import, Interface
from celeryls.project.modules import Modules, absolute_module
from celeryls.syntax.expr import (
    UNKNOWN,
    Call,
    Const,
    Dict,
    Expr,
    Name,
    Operation,
    Seq,
    Starred,
    Unknown,
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
        for part in rest:
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
        if isinstance(binding, Name):
            return self.resolve(path, binding.dotted)
        if isinstance(binding, Unknown):
            return ()
        return (Defined(path, name, binding),)

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
            case Defined(path=path, what=ClassDecl(attributes=attributes)) if part in attributes:
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
        return expr

    def _value_of(
        self, expr: Name, path: str, dotted: str, scope: Scope | None, depth: int
    ) -> Expr:
        if scope is not None and dotted.partition(".")[0] in scope:
            return UNKNOWN
        if self._may_change(path, dotted):
            return UNKNOWN
        values = []
        for symbol in self.resolve(path, dotted, scope):
            if not isinstance(symbol, Defined):
                return expr
            if isinstance(symbol.what, ClassDecl | FunctionDecl):
                return expr
            values.append(self.evaluate(symbol.what, symbol.path, None, depth + 1))
        if not values:
            # A builtin is itself; any other name without a meaning may be anything.
            return expr if hasattr(builtins, dotted) else UNKNOWN
        return values[0] if all(value == values[0] for value in values) else UNKNOWN

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
