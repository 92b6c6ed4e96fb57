"""Where things stand in a file.  Only rules and editors look here; offsets are code points.

They change with every key typed: what other files depend on is in `model`.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from celeryls.syntax.expr import UNKNOWN, Expr
from celeryls.text import Span


@dataclass(frozen=True, slots=True)
class KeywordSite:
    """A keyword argument in source; `name` is `None` for `**spread`."""

    name: str | None
    span: Span
    name_span: Span
    value_span: Span


@dataclass(frozen=True, slots=True)
class DecoratorSite:
    """A decorator in source: `span` without the `@`; `callee` is what stands before `(`."""

    span: Span
    callee: Span
    called: bool
    args: tuple[Span, ...]
    keywords: tuple[KeywordSite, ...]


@dataclass(frozen=True, slots=True)
class HandlerSite:
    """One `except` of a `try`; `span` is from the keyword to what stands before the colon.

    `types` are the classes that it names, none for a bare one; `name` is what follows `as`.
    What it catches is `lost` if it catches nearly all and nothing in it can raise that, or another
    exception, again.  One like that `leaves` if it may end the loop or the function around it.
    """

    span: Span
    types: tuple[Expr, ...]
    name: str | None
    lost: bool
    leaves: bool


@dataclass(frozen=True, slots=True)
class RetrySite:
    """`x.retry(...)`, or a `raise` of something called `Retry`, `Ignore` or `Reject`.

    `target` is `x`, or what is raised; in the latter the names of the function are replaced by
    what they stand for, and those of functions around it are not.  `own` says that `x` is the
    function's first parameter.  `span` is that of the call or of what is raised; what is called
    `alone` is a statement of its own, what is `raised` stands after `raise`.

    `given` are the values of `args` and then of `keywords`, with the names of the function
    replaced by what they stand for.

    `tries` are the handlers of each `try` that it stands in the body of, from the innermost;
    `handlers` those that it stands in, from the innermost.
    """

    target: Expr
    method: Literal["retry", ""]
    own: bool
    span: Span
    args: tuple[Span, ...]
    keywords: tuple[KeywordSite, ...]
    alone: bool
    raised: bool
    tries: tuple[tuple[HandlerSite, ...], ...] = ()
    handlers: tuple[HandlerSite, ...] = ()
    given: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True)
class FunctionSite:
    """A function in source, and what its body does that rules ask about.

    `line` and `def_line` count from 1; `line` is the first decorator's, as Python's
    `co_firstlineno` has it.  `params` are the spans of the parameters, in order; `parens` is
    from `(` to `)` inclusive.  `first_param_attributes` are the attributes read from the
    first parameter, `passes_first_param` says that it is used in any other way.

    What inner functions do is left out of `retries`; of `loops`, the handlers of each `try` in a
    loop; of `last`, those of a `try` at the end that do no more than log; and of `returns_value`.
    """

    line: int
    def_line: int
    span: Span
    name: Span
    parens: Span
    params: tuple[Span, ...]
    decorators: tuple[DecoratorSite, ...]
    calls_retry: bool
    first_param_attributes: frozenset[str]
    passes_first_param: bool
    retries: tuple[RetrySite, ...] = ()
    loops: tuple[tuple[HandlerSite, ...], ...] = ()
    last: tuple[HandlerSite, ...] = ()
    returns_value: bool = False


@dataclass(frozen=True, slots=True)
class CallSite:
    """A place where a task may be sent, signed or called.

    `target.method(...)`, such as `add.delay(1)`; without a `method` it is `target(...)` itself,
    such as `signature("shop.add")`.  A method that is not `called` is passed on as a value:
    `on_commit(add.delay)`.

    `target` has the names of the functions around it replaced by what they stand for, so that
    a `Name` in it is the module's.  `values` are there, in the same way, for calls that say
    in an argument which task they mean: the name that `send_task` is given; the schedule, the
    signature and perhaps the name that `add_periodic_task` is.  `given` are the values of `args`
    and then of `keywords`, in the same way, for what sends a task.  `within` is the qualified name
    of the function or class around the call, empty at module level.  What stands `alone` is a
    statement of its own: nothing is done with its value.  What is `unused` is given to a variable
    of a function, which is bound once and which nothing reads.
    """

    target: Expr
    method: str
    called: bool
    span: Span
    target_span: Span
    args: tuple[Span, ...]
    keywords: tuple[KeywordSite, ...]
    values: tuple[Expr, ...]
    within: str
    alone: bool = False
    given: tuple[Expr, ...] = ()
    unused: bool = False


@dataclass(frozen=True, slots=True)
class CanvasSite:
    """A workflow: `chain(a, b)`, `group(a, b)`, `chord(header, body)` or `a | b | c`.

    `callee` is what is called, with local names replaced as in a `CallSite`; `None` for `|`.
    `parts` are the spans of its members, and `None` where those can't be told apart (`*parts`,
    a generator).  Those of a chord are its header's; `body` is what it ends with, also in
    `chord(header)(body)`.  A member is found by its span among calls and canvases; the span of a
    variable that only workflows use is that of what it holds.  `values` are those of `parts`, with
    local names replaced, and `body_value` that of `body`.  `each` is the member that a
    comprehension makes: `group(add.s(i) for i in numbers)`.  `alone` and `unused` are as in a
    `CallSite`.
    """

    callee: Expr | None
    span: Span
    parts: tuple[Span, ...] | None
    within: str
    alone: bool = False
    body: Span | None = None
    values: tuple[Expr, ...] = ()
    body_value: Expr = UNKNOWN
    each: Span | None = None
    unused: bool = False


@dataclass(frozen=True, slots=True)
class EntryItem:
    """One key of a schedule entry, without quotes, and its value."""

    key: str
    span: Span
    value: Expr
    value_span: Span


@dataclass(frozen=True, slots=True)
class ScheduleSite:
    """An entry of a beat schedule: a dict display that has a `"task"` and a `"schedule"`.

    Beside such an entry one of the two is enough: the other may be misspelled, and is unknown.
    `key` is the name of the entry where it is written beside it.  Values are those at module
    level, or with local names replaced.  `items` are the keys that are plain texts, in order.
    """

    key: Expr
    task: Expr
    schedule: Expr
    span: Span
    task_span: Span
    within: str
    items: tuple[EntryItem, ...] = ()


@dataclass(frozen=True, slots=True)
class CrontabSite:
    """A call of something named `crontab`, or of `crontab.from_string`.

    `target` is what is called; it and the values of positional and keyword arguments have local
    names replaced, as in a `CallSite`.
    """

    target: Expr
    span: Span
    target_span: Span
    args: tuple[Span, ...]
    values: tuple[Expr, ...]
    keywords: tuple[KeywordSite, ...]
    keyword_values: tuple[Expr, ...]


SettingPlace: TypeAlias = Literal[
    "attribute", "item", "update", "object", "dict", "module", "class"
]
"""Where a setting is written.

`conf.x = 1`, `conf["x"] = 1`, `conf.update(x=1)`, `config_from_object({"x": 1})`; in a dict that
has a name, at module level, in a class.
"""


@dataclass(frozen=True, slots=True)
class SettingSite:
    """What may be a setting: its name as written, without quotes, and its value.

    `owner` is the app's name, or that of the dict or class.  `uses` are the other places in the
    file that a name at module level stands in.  What is `conditional` may not be reached; in a
    function everything is.
    """

    name: str
    span: Span
    value: Expr
    value_span: Span
    where: SettingPlace
    owner: str = ""
    conditional: bool = False
    uses: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class TransactionSite:
    """A block that may be a database transaction: `with x.atomic():`, or `@x.atomic` on a function.

    `target` is what is entered or decorates, with local names replaced as in a `CallSite`.
    `span` is the block; what is in `inner`, functions and lambdas, may run later.  `writes` are
    the names of objects that are saved or made in it, each with the span in which it stands for
    what is written: from there to where the name is bound again, or to the end of the block.
    """

    target: Expr
    span: Span
    inner: tuple[Span, ...]
    writes: tuple[tuple[str, Span], ...]


@dataclass(frozen=True, slots=True)
class Body:
    """Where things stand in the file."""

    functions: tuple[FunctionSite, ...] = ()
    calls: tuple[CallSite, ...] = ()
    canvases: tuple[CanvasSite, ...] = ()
    schedules: tuple[ScheduleSite, ...] = ()
    crontabs: tuple[CrontabSite, ...] = ()
    settings: tuple[SettingSite, ...] = ()
    transactions: tuple[TransactionSite, ...] = ()
    holes: tuple[Span, ...] = ()
