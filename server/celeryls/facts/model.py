"""The facts of one file, as frozen values.  Spans are code-point offsets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal, TypeAlias

from celeryls.facts.sites import Body
from celeryls.syntax.expr import Const, Expr


@dataclass(frozen=True, slots=True)
class Import:
    """What an import binds a name to.

    `import a.b as x` has module `a.b` and name `None`; `from ..a import b` has module `a`,
    name `b` and level 2.  `import a.b` binds `a`, so its module is `a`.
    """

    module: str
    name: str | None
    level: int = 0


class ParamKind(str, Enum):
    """How an argument may reach a parameter."""

    POSITIONAL_ONLY = "positional-only"
    NORMAL = "normal"
    VAR_POSITIONAL = "*args"
    KEYWORD_ONLY = "keyword-only"
    VAR_KEYWORD = "**kwargs"


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter of a function.  `default` is its value where that is a constant."""

    name: str
    kind: ParamKind
    has_default: bool
    annotation: str | None = None
    default: Const | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What a function does to its own `**kwargs` before it passes them on.

    `set` gives `key` a value, `default` does if it has none, `touch` may do anything to it.
    A `key` that isn't a constant after evaluation may be any.
    """

    how: Literal["set", "default", "touch"]
    key: Expr
    value: Expr


@dataclass(frozen=True, slots=True)
class FunctionDecl:
    """A function as others see it.

    `decorators` go from the outermost to the innermost.  `scope` holds what the functions
    around it assign to the names that the decorators need, so that an app made inside a factory
    is found.

    `returns`, `inner` and `changes` are there for functions that may make an app or a task for
    others, see `facts/makers.py`: the values of its `return` statements, with local names that
    are assigned once replaced by their value; the inner functions that these refer to; what
    happens to its `**kwargs`.  All leave out what would change while somebody types in a body
    and matters to nobody.
    """

    name: str
    qualname: str
    params: tuple[Param, ...]
    decorators: tuple[Expr, ...]
    is_async: bool
    is_generator: bool
    in_class: bool
    in_function: bool
    returns: tuple[Expr, ...] = ()
    inner: tuple["FunctionDecl", ...] = ()
    changes: tuple[Change, ...] = ()
    scope: tuple[tuple[str, Expr], ...] = ()


@dataclass(frozen=True, slots=True)
class ClassDecl:
    """A class as others see it: its bases, the attributes it assigns, its methods.

    `methods` are by name, with their parameters; a `__call__` that only does something around the
    task is not among them.  `retries` says that some method of it calls `.retry(...)`.
    """

    name: str
    bases: tuple[Expr, ...]
    attributes: Mapping[str, Expr]
    methods: Mapping[str, tuple[Param, ...]]
    retries: bool


Binding: TypeAlias = Import | FunctionDecl | ClassDecl | Expr
"""What a module-level name may stand for."""


@dataclass(frozen=True, slots=True)
class ConfWrite:
    """A setting written on an app: `app.conf.key = value`, `app.conf.update(key=value)`.

    `key` is `None` where it is computed or spread from something unknown.  `conditional`
    writes may not happen.
    """

    app: str
    key: str | None
    value: Expr
    conditional: bool


@dataclass(frozen=True, slots=True)
class AppCall:
    """A method of an app called as a statement: `app.config_from_object("celeryconfig")`.

    `app.Task = Base` is one as well, with the method `Task` and the class.
    """

    app: str
    method: str
    args: tuple[Expr, ...]
    keywords: tuple[tuple[str | None, Expr], ...]


@dataclass(frozen=True, slots=True)
class Interface:
    """What other files can know of this one.  Comparable; no offsets.

    `names` maps a module-level name to everything it is bound to, in order.  `functions` are
    those that may be tasks: the decorated ones, however nested; those that are an argument at
    module level, as in `task = app.task(f)`; and methods called `run`.  A `Body` has their sites
    at the same indexes.  `annotated_apps` are module-level names with an annotation that ends in
    `Celery`, and that annotation: `app: Celery = Proxy(make)`.
    """

    names: Mapping[str, tuple[Binding, ...]] = field(default_factory=dict)
    star_imports: tuple[Import, ...] = ()
    functions: tuple[FunctionDecl, ...] = ()
    conf_writes: tuple[ConfWrite, ...] = ()
    app_calls: tuple[AppCall, ...] = ()
    annotated_apps: Mapping[str, Expr] = field(default_factory=dict)
    django_settings: str | None = None


@dataclass(frozen=True, slots=True)
class FileFacts:
    """All that one file says.  `hopeless` marks a text that could not be read at all."""

    interface: Interface = Interface()
    body: Body = field(default_factory=Body)
    hopeless: bool = False
