"""Class chains: what a task base passes on."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from celeryls.facts import ClassDecl, Interface
from celeryls.project.names import Key, Names
from celeryls.project.symbols import Defined, External, Member
from celeryls.syntax.expr import Call, Expr, Imported, Name

CELERY_APPS = frozenset({"celery.Celery", "celery.app.Celery", "celery.app.base.Celery"})
_ADD_A_CONTEXT = frozenset(
    f"flask_celeryext{module}.{name}"
    for module in ("", ".app")
    for name in ("AppContextTask", "RequestContextTask")
)
"""Bases of packages that run a task as it is, in a context of Flask's."""
_PLAIN = frozenset({"object", "ABC", "Generic", "Protocol"})


@dataclass(frozen=True, slots=True)
class Chain:
    """A class and its bases, nearest first.

    `complete` is false where a base can't be read, or has an `__init_subclass__`: then an
    attribute that none of `classes` has may still be there.  `externals` are the bases outside
    of readable source.
    """

    classes: tuple[tuple[str, ClassDecl], ...]
    externals: tuple[str, ...]
    complete: bool

    def attribute(self, name: str) -> tuple[str, Expr] | None:
        """The nearest assignment of an attribute, with the path of its class."""
        for path, decl in self.classes:
            if name in decl.attributes:
                return path, decl.attributes[name]
        return None

    def has_method(self, *names: str) -> bool:
        """Whether some class of the chain has one of these methods."""
        return any(name in decl.methods for _, decl in self.classes for name in names)

    @property
    def retries(self) -> bool:
        """Whether some method of the chain calls `.retry(...)`."""
        return any(decl.retries for _, decl in self.classes)

    @property
    def is_app(self) -> bool:
        return any(external in CELERY_APPS for external in self.externals)


EMPTY = Chain((), (), True)


def chain_of(names: Names, path: str, base: Expr) -> Chain:
    """The chain of the class that `base` names in the file `path`."""
    classes: list[tuple[str, ClassDecl]] = []
    externals: list[str] = []
    complete = True
    todo: list[tuple[str, Expr]] = [(path, base)]
    seen: set[tuple[str, str]] = set()
    while todo and len(seen) < 50:
        where, expr = todo.pop(0)
        if not isinstance(expr, Name | Imported):
            complete = False
            continue
        symbols = names.meaning(where, expr)
        if not symbols and isinstance(expr, Name) and expr.dotted.endswith(".Task"):
            # celery.Task, where a function has made `celery` itself.
            externals.append("celery.Task")
            continue
        if not symbols and not (isinstance(expr, Name) and expr.dotted in _PLAIN):
            complete = False
        for symbol in symbols:
            match symbol:
                case External(qualname=qualname):
                    externals.append(qualname)
                    if not _adds_nothing(qualname):
                        complete = False
                case Defined(path=at, name=name, what=ClassDecl() as decl):
                    if (at, name) not in seen:
                        seen.add((at, name))
                        if classes and "__init_subclass__" in decl.methods:
                            complete = False  # it may set any attribute of what is below it
                        classes.append((at, decl))
                        todo.extend((at, inner) for inner in decl.bases)
                case Defined(what=Call(func=Name(last="register_task"))):
                    pass  # T = app.register_task(T()): still the class, as far as classes go
                case Member(name="Task"):
                    # app.Task: Celery's own, or what the app's task_cls says, which holds
                    # for every task of that app anyway.
                    externals.append("celery.Task")
                case _:
                    complete = False
    return Chain(tuple(classes), tuple(externals), complete)


class Subclasses:
    """The classes below a class, across files.  Looks at all classes when first asked."""

    def __init__(self, names: Names, interfaces: Mapping[str, Interface]) -> None:
        self._names = names
        self._interfaces = interfaces
        self._consulted: set[Key] = set()

    def holds_after(self, changed: Collection[Key]) -> bool:
        """Whether what is known does not depend on names that were changed."""
        return "_below" in self.__dict__ and self._consulted.isdisjoint(changed)

    def attributes(self, above: Defined, name: str) -> Iterator[tuple[str, Expr]]:
        """The values that classes below `above` give to an attribute, with their files."""
        for path, decl in self._below.get((above.path, above.name), ()):
            if name in decl.attributes:
                yield path, decl.attributes[name]

    @cached_property
    def _below(self) -> Mapping[tuple[str, str], list[tuple[str, ClassDecl]]]:
        with self._names.recording() as reads:
            below = self._look_through()
        self._consulted |= reads
        return below

    def _look_through(self) -> dict[tuple[str, str], list[tuple[str, ClassDecl]]]:
        below: dict[tuple[str, str], list[tuple[str, ClassDecl]]] = {}
        for path, interface in self._interfaces.items():
            for name, bindings in interface.names.items():
                if not any(isinstance(b, ClassDecl) and b.bases for b in bindings):
                    continue
                chain = chain_of(self._names, path, Name(name)).classes
                for at, base in chain[1:]:
                    below.setdefault((at, base.name), []).append((path, chain[0][1]))
        return below


def is_celery_app_class(qualname: str) -> bool:
    """Whether a dotted name is Celery's own application class."""
    return qualname in CELERY_APPS


def is_named_as_app(qualname: str) -> bool:
    """Whether a class that can't be read is an application by its name: `NotifyCelery`."""
    package, _, name = qualname.rpartition(".")
    theirs = package.partition(".")[0] in ("celery", "kombu")
    return bool(package) and not theirs and name.endswith("Celery") and name[0].isupper()


def _adds_nothing(qualname: str) -> bool:
    """Bases whose options are Celery's defaults: its own, and the abstract helpers."""
    head, _, rest = qualname.partition(".")
    if qualname in _ADD_A_CONTEXT:
        return True
    # celery.contrib and friends subclass Task without changing an option's default.
    return head == "celery" or (head in ("abc", "typing") and rest in _PLAIN)
