"""What a task is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from celeryls.facts import FunctionDecl, Param
from celeryls.project.apps import App
from celeryls.project.classes import Chain
from celeryls.syntax.expr import Const, Expr, is_known

Kind = Literal["shared_task", "app.task", "class", "wrapper", "register"]
"""How a task is declared.

With Celery's own decorator; as a class that is registered; with a decorator of the project's
own (`wrapper`); by a call, `task = app.task(function)` (`register`).
"""
Origin = Literal["decorator", "base", "annotations", "settings", "default", "unknown"]


@dataclass(frozen=True, slots=True)
class Effective:
    """An option in force and where it comes from.  An `Unknown` value is unknown."""

    value: Expr
    origin: Origin

    @property
    def known(self) -> bool:
        return is_known(self.value)


@dataclass(frozen=True, slots=True)
class Task:
    """A declared task.

    `index` is the place of its function in the interface and the body of `path`, -1 where a call
    in another file makes a task of a function that shows no sign of it; `decorator` is the index
    of the decorator that makes it a task, `None` if none does.  `name` is the registered name,
    `None` if unknown.  `options` are those written where it is declared, constants, spreads and
    what a wrapper adds resolved; unless `complete`, there are others that can't be known.  `app`
    is `None` for shared tasks.  A task that does not `run_itself` is another function around this
    one, so what it takes is not known.  `symbol` is where the name stands that others know it by:
    a file, and a qualified name in it.
    """

    path: str
    index: int
    decorator: int | None
    decl: FunctionDecl
    kind: Kind
    app: App | None
    module: str | None
    name: str | None
    options: Mapping[str, Expr]
    complete: bool
    base: Chain
    symbol: tuple[str, str]
    runs_itself: bool = True

    @property
    def label(self) -> str:
        """What to call it when talking to a person."""
        return self.name or (self.symbol[1] if self.kind == "class" else self.decl.name)

    @property
    def is_plain(self) -> bool:
        """Whether one of Celery's own decorators stands right above its function."""
        return self.kind in ("shared_task", "app.task")

    @property
    def bind(self) -> bool | None:
        """Whether the task passes itself first; `None` if unknown."""
        if self.kind == "class":
            return True
        value = self.options.get("bind")
        if value is None:
            return False if self.complete else None
        return bool(value.value) if isinstance(value, Const) else None

    @property
    def takes(self) -> tuple[Param, ...]:
        """The parameters without the task itself, where it passes that first."""
        return self.decl.params[1:] if self.bind else self.decl.params
