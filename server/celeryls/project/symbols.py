"""What names stand for, across files."""

from dataclasses import dataclass
from typing import TypeAlias

from celeryls.facts import ClassDecl, FunctionDecl
from celeryls.syntax.expr import Expr


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
