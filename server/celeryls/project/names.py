"""What a name means, across files.

Resolution reads interfaces only.  A name may stand for several things (`try: import`,
branches); all of them are returned, and whoever asks decides whether one will do or whether
they must agree.
"""

import builtins
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeAlias

from celeryls.facts import Binding, ClassDecl, Import, Interface
from celeryls.project.modules import Modules, absolute_module
from celeryls.project.symbols import Defined, External, Member, Module, Symbol
from celeryls.project.values import Values
from celeryls.syntax.expr import (
    UNKNOWN,
    Attribute,
    Choice,
    Expr,
    Imported,
    Local,
    Name,
    Unknown,
    rebuilt,
)

MAX_HOPS = 20
"""Longer chains of re-exports are cycles, or not meant for people."""

Scope: TypeAlias = Mapping[str, Expr]


Loader: TypeAlias = Callable[[str], Interface | None]
Key: TypeAlias = tuple[str, str]
"""A file, and a name in it."""

_CELERYS = ("celery", "kombu", "billiard", "vine", "amqp")
_OPAQUE = frozenset((*_CELERYS, "django"))
"""Never read, even where installed: what they mean goes by their dotted names."""


class _Now(threading.local):
    """What one thread is in the middle of: names that are being resolved, and those consulted."""

    def __init__(self) -> None:
        self.busy: set[Key] = set()
        self.reads: set[Key] | None = None


class Names:
    """Resolves names; `interface` gives a file's interface, reading it if need be."""

    def __init__(self, modules: Modules, interface: Loader) -> None:
        self.modules = modules
        self.interface = interface
        self._cache: dict[Key, tuple[Symbol, ...]] = {}
        self._consulted: dict[Key, frozenset[Key]] = {}
        """What an answer in the cache depends on, itself included."""
        self._now = _Now()
        self._values = Values(self)

    def without(self, changed: Collection[Key], interface: Loader) -> "Names":
        """These names, with what depends on the `changed` ones forgotten."""
        names = Names(self.modules, interface)
        for key, consulted in list(self._consulted.items()):
            if consulted.isdisjoint(changed):
                names._cache[key] = self._cache[key]
                names._consulted[key] = consulted
        return names

    @contextmanager
    def recording(self) -> Iterator[set[Key]]:
        """Collects the names that are consulted meanwhile, in this thread."""
        outer, self._now.reads = self._now.reads, set()
        try:
            yield self._now.reads
        finally:
            reads, self._now.reads = self._now.reads, outer
            if outer is not None:
                outer |= reads

    def consult(self, path: str, name: str) -> tuple[Binding, ...]:
        """What a name of the file `path` is bound to, in order."""
        if self._now.reads is not None:
            self._now.reads.add((path, name))
        interface = self.interface(path)
        return () if interface is None else interface.names.get(name, ())

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
        now = self._now
        known = self._cache.get(key)
        if known is not None:
            if now.reads is not None:
                now.reads |= self._consulted[key]
            return known
        if key in now.busy or len(now.busy) > MAX_HOPS:
            if now.reads is not None:
                now.reads.add(key)
            return ()
        now.busy.add(key)
        try:
            with self.recording() as reads:
                reads.add(key)
                found = tuple(dict.fromkeys(self._look_up(path, name)))
        finally:
            now.busy.discard(key)
        # Inside a cycle the answer may be cut short: only a settled one is kept.
        if not now.busy:
            self._consulted[key] = frozenset(reads)
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
                if not isinstance(symbol, External) or symbol.qualname.startswith(_CELERYS)
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

    def evaluate(self, expr: Expr, path: str, scope: Scope | None = None) -> Expr:
        """`expr` with names replaced by their values, as far as that is certain.

        See `celeryls.project.values`.
        """
        return self._values.evaluate(expr, path, scope)

    def portable(self, expr: Expr, path: str) -> Expr:
        """`expr`, evaluated in the file `path`, so that it means the same in any other."""
        if isinstance(expr, Name):
            head, _, rest = expr.dotted.partition(".")
            module = self.modules.name_of(path)
            if not self.consult(path, head):
                return expr if hasattr(builtins, head) else UNKNOWN
            return UNKNOWN if module is None else Imported(module, head, 0, rest)
        if isinstance(expr, Imported) and expr.level:
            module = self.absolute(path, Import(expr.module, expr.name, expr.level))
            return UNKNOWN if module is None else replace(expr, module=module, level=0)
        return rebuilt(expr, lambda inner: self.portable(inner, path))


def _opaque(module: str) -> bool:
    return module.partition(".")[0] in _OPAQUE
