"""What decorators are given: the arguments of the functions that make tasks for others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from celeryls.facts import FunctionDecl, Param, ParamKind
from celeryls.project.apps import App
from celeryls.project.task import Kind
from celeryls.syntax.expr import UNKNOWN, Const, Dict, Expr, Local, Name, Seq, Subscript, rebuilt

FUNCTION = Local("", "the decorated function")
"""Stands for the function that a decorator is given."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A decorator that makes a task, or, once `done`, the task that it made.

    `options` are in the order they were given.  Unless `complete` there may be others,
    a `name` among them if it `may_name`.
    `runs_itself` says that the task is the decorated function, not one around it; `named` is
    the name of that other one, where it does not take the function's (`functools.wraps`).
    """

    kind: Kind
    app: App | None
    options: tuple[tuple[str, Expr], ...] = ()
    complete: bool = True
    may_name: bool = False
    done: bool = False
    runs_itself: bool = True
    named: str | None = None


@dataclass(frozen=True, slots=True)
class MakerFunction:
    """A function of the project, with what the functions around it were given.

    `given` and `named` are the arguments that a `partial` has given it already.
    """

    decl: FunctionDecl
    path: str
    around: "Mapping[str, Value]" = field(default_factory=dict)
    given: tuple[Expr, ...] = ()
    named: tuple[tuple[str | None, Expr], ...] = ()


Value: TypeAlias = Expr | Declared | MakerFunction


@dataclass(frozen=True, slots=True)
class Env:
    """What names stand for in a function, before the module's.

    Inside of a function that makes tasks for others, `makes` holds: values there come from
    other files, and go to others.
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    makes: bool = False


def replaced(expr: Expr, env: Mapping[str, Value]) -> Expr:
    """`expr` with the parameters of the functions around it replaced by what they were given."""
    if not isinstance(expr, Name):
        found = rebuilt(expr, lambda inner: replaced(inner, env))
        if isinstance(found, Subscript) and isinstance(found.value, Seq):
            at = found.index.value if isinstance(found.index, Const) else None
            items = found.value.items
            return items[at] if isinstance(at, int) and 0 <= at < len(items) else UNKNOWN
        return found
    head, _, rest = expr.dotted.partition(".")
    if head not in env:
        return expr
    value = env[head]
    return UNKNOWN if rest or isinstance(value, Declared | MakerFunction) else value


def bind_arguments(
    decl: FunctionDecl,
    given: tuple[Expr, ...],
    named: tuple[tuple[str | None, Expr], ...],
) -> dict[str, Expr]:
    """The parameters of a function with what they are given."""
    keywords = {name: value for name, value in named if name is not None}
    unknown = any(name is None for name, _ in named)
    positional = list(given)
    bound: dict[str, Expr] = {}
    for param in decl.params:
        match param.kind:
            case ParamKind.VAR_POSITIONAL:
                bound[param.name] = Seq("tuple", tuple(positional))
                positional = []
            case ParamKind.VAR_KEYWORD:
                entries = tuple((Const(name), value) for name, value in keywords.items())
                spread = ((None, UNKNOWN),) if unknown else ()
                bound[param.name] = Dict((*entries, *spread))
            case ParamKind.KEYWORD_ONLY:
                bound[param.name] = _given(param, keywords, unknown=unknown)
            case _ if positional:
                bound[param.name] = positional.pop(0)
            case _:
                bound[param.name] = _given(param, keywords, unknown=unknown)
    return bound


def _given(param: Param, keywords: dict[str, Expr], *, unknown: bool) -> Expr:
    if param.name in keywords:
        return keywords.pop(param.name)
    if unknown or param.default is None:
        return UNKNOWN
    return param.default
