"""What rules about calls are given: one call, the task that it is about, what it hands over."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from celeryls.facts import CallSite, DecoratorSite, KeywordSite
from celeryls.facts.calls import SENDS
from celeryls.project import Project, Task
from celeryls.project.dispatch import Dispatch
from celeryls.rules.base import FileContext, Finding, Related, Rule
from celeryls.rules.passing_on import passes_on
from celeryls.syntax.expr import Call, Const, Dict, Expr, Name, Seq, Starred, parse_expr
from celeryls.text import Fix, Span

_TO_METHOD = re.compile(r"(?:[\s\\)]|#[^\r\n]*)*\.(?:[\s\\]|#[^\r\n]*)*")
"""What may stand between what a method is called on and its name."""
_AS_ONE = SENDS | {"apply", "signature", "subtask"}
"""Methods that take the arguments of a task as one list and one dict."""
_CHANGES_SENDING = ("apply_async", "delay", "apply", "s", "si", "signature")
CHANGES_CALLS = (*_CHANGES_SENDING, "__call__", "run")


@dataclass(frozen=True, slots=True)
class Handed:
    """The arguments that a call hands to a task.

    `positional` may be followed by others if `more_positional` (`*args`), and `named` be joined
    by others if `more_named` (`**kwargs`).
    """

    positional: tuple[Expr, ...] = ()
    named: tuple[str, ...] = ()
    more_positional: bool = False
    more_named: bool = False


@dataclass
class CallContext:
    """One call site in a file, with what rules ask about it."""

    file: FileContext
    dispatch: Dispatch
    site: CallSite = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.site = self.dispatch.site

    @property
    def task(self) -> Task | None:
        """The task that it is about, if that is only one."""
        return self.dispatch.tasks[0] if len(self.dispatch.tasks) == 1 else None

    @cached_property
    def values(self) -> tuple[Expr, ...]:
        """The positional arguments; a `Starred` stands for `*args`."""
        return tuple(self.value(span) for span in self.site.args)

    @cached_property
    def keywords(self) -> dict[str, KeywordSite]:
        """The keyword arguments by name, spreads left out."""
        return {keyword.name: keyword for keyword in self.site.keywords if keyword.name}

    @cached_property
    def method_span(self) -> Span:
        """Where the name of the method stands, past brackets and comments before it."""
        site = self.site
        found = _TO_METHOD.match(self.file.text, site.target_span.end)
        start = found.end() if found is not None else site.target_span.end
        assert self.file.text.startswith(site.method, start), "a call of a method"
        return Span(start, start + len(site.method))

    @property
    def layout(self) -> DecoratorSite:
        """Where its parts stand, in the form that the edits of arguments take."""
        site = self.site
        callee = Span(site.span.start, self.method_span.end)
        return DecoratorSite(site.span, callee, True, site.args, site.keywords)

    def given(self, name: str) -> Expr | None:
        """The value of a keyword argument, evaluated as it stands in its function."""
        site = self.site
        for keyword, value in zip(site.keywords, site.given[len(site.args) :], strict=True):
            if keyword.name == name:
                return self.file.project.evaluate(self.file.path, value)
        return None

    def arguments(self) -> Iterator[tuple[Span, Expr, Expr]]:
        """What the task gets: where it stands, as it is written, and with local names replaced.

        What is in a written `args` or `kwargs` stands where that does.
        """
        site = self.site
        spans = [*site.args, *(keyword.value_span for keyword in site.keywords)]
        names = [*(None for _ in site.args), *(keyword.name for keyword in site.keywords)]
        whole = [(s, self.value(s), v) for s, v in zip(spans, site.given, strict=True)]
        if site.method.startswith("delay"):
            yield from whole
            return
        for at, (name, (span, written, value)) in enumerate(zip(names, whole, strict=True)):
            if name in ("args", "kwargs") or (name is None and at < min(2, len(site.args))):
                for part, meant in zip(_items(written), _items(value), strict=False):
                    yield span, part, meant

    @property
    def spreads(self) -> bool:
        """Whether there may be more arguments than are written, by `*` or `**`."""
        return any(isinstance(value, Starred) for value in self.values) or any(
            keyword.name is None for keyword in self.site.keywords
        )

    def value(self, span: Span) -> Expr:
        """The value of an argument: what is written out counts, names may be anything."""
        text = span.of(self.file.text)
        star = text.startswith("*")
        expr = parse_expr(text[star:])
        return Starred(expr) if star else expr

    @cached_property
    def handed(self) -> Handed | None:
        """What the task gets; `None` if that can't be told."""
        method = self.site.method
        if method in ("delay", "delay_on_commit", "s", "si"):
            return _direct(self._meant, self.site.keywords, self._named_meant)
        if method in _AS_ONE or self.dispatch.by_name:
            return self._as_one()
        return None

    @property
    def is_written_out(self) -> bool:
        """Whether what the task gets stands in the call itself, not in variables."""
        site = self.site
        written = [*self.values, *(self.value(keyword.value_span) for keyword in site.keywords)]
        return not any(
            value != meant and isinstance(meant, Seq | Dict | Starred)
            for value, meant in zip(written, (*self._meant, *self._named_meant), strict=True)
            if not isinstance(value, Seq | Dict)
        )

    @cached_property
    def _meant(self) -> tuple[Expr, ...]:
        """The positional arguments, variables replaced by the list or dict that they hold."""
        return tuple(map(self._held, self.values, self.site.given))

    @property
    def given_keywords(self) -> tuple[Expr, ...]:
        """The values of the keyword arguments, variables replaced by the list or dict they hold."""
        return self._named_meant

    @cached_property
    def _named_meant(self) -> tuple[Expr, ...]:
        site = self.site
        written = [self.value(keyword.value_span) for keyword in site.keywords]
        return tuple(map(self._held, written, site.given[len(site.args) :]))

    def _held(self, written: Expr, value: Expr) -> Expr:
        """A list, tuple or dict that a variable or `dict(...)` stands for; else what is written."""
        if isinstance(written, Starred):
            inner = value.value if isinstance(value, Starred) else value
            return Starred(self._held(written.value, inner))
        if not isinstance(written, Name | Call):
            return written
        found = self.file.project.evaluate(self.file.path, value)
        return found if isinstance(found, Seq | Dict) else written

    def _as_one(self) -> Handed | None:
        """`args` and `kwargs`, each as a whole."""
        first = 1 if self.dispatch.by_name else 0
        values = self._meant[first:]
        if self.spreads or len(values) > 2:
            return None
        given = dict(zip(("args", "kwargs"), values, strict=False))
        for keyword, value in zip(self.site.keywords, self._named_meant, strict=True):
            given[keyword.name or ""] = value
        args, kwargs = given.get("args", Const(None)), given.get("kwargs", Const(None))
        handed = Handed()
        if isinstance(args, Seq) and args.kind != "set":
            handed = _direct(args.items, (), ())
        elif args != Const(None):
            handed = Handed(more_positional=True)
        if isinstance(kwargs, Dict):
            texts = _texts(kwargs)
            more = len(texts) < len(kwargs.items)
            return Handed(handed.positional, texts, handed.more_positional, more)
        more = kwargs != Const(None)
        return Handed(handed.positional, (), handed.more_positional, more)

    @cached_property
    def is_checked(self) -> bool:
        """Whether the task takes what its function takes, and nothing in between changes that."""
        task = self.task
        of_the_task = self.dispatch.is_direct or self.dispatch.by_name
        by_celery = not self.dispatch.by_name and self.site.method != "apply"
        return (
            task is not None
            and of_the_task
            and is_checked(self.file.project, task, by_celery=by_celery)
        )

    def finding(
        self,
        rule: Rule,
        message: str,
        *,
        span: Span | None = None,
        fixes: tuple[Fix, ...] = (),
    ) -> Finding:
        """A finding about this call, by default on all of it; it points to the task."""
        related: tuple[Related, ...] = ()
        task = self.task
        if task is not None and task.path in self.file.project.files:
            place = self.file.project.site(task).name
            related = (Related(task.path, place, f'task "{task.label}" is declared here'),)
        scope = self.site.span
        return Finding(rule.code, message, span or scope, scope, scope, fixes, related)


def is_checked(project: Project, task: Task, *, by_celery: bool = True) -> bool:
    """Whether a task certainly takes what its function takes, no more and no less.

    `by_celery` says that Celery compares the arguments with those of the function when the task
    is sent (celery/app/task.py, `apply_async`), whatever its base makes of them in the worker.
    """
    if not (task.is_plain and task.runs_itself and task.complete):
        return False
    if task.bind is None or task.decorator is None:
        return False
    below = task.decl.decorators[task.decorator + 1 :]
    if not all(passes_on(project, task.path, decorator) for decorator in below):
        return False  # it may take other arguments
    first = task.decl.params[0].name if task.decl.params else ""
    if (task.bind and not first) or (not task.bind and first == "self"):
        return False  # that is the mistake, and CEL104 or CEL105 says so
    base = task.base
    if not base.complete or base.has_method(*_CHANGES_SENDING):
        return False
    if (below or not by_celery) and base.has_method("__call__", "run"):
        return False
    return project.effective(task, "typing").value == Const(True)


def _direct(
    values: tuple[Expr, ...], keywords: tuple[KeywordSite, ...], named: tuple[Expr, ...]
) -> Handed:
    positional: list[Expr] = []
    names: list[str] = []
    more_positional = more_named = False
    for value in values:
        if not isinstance(value, Starred):
            positional.append(value)
        elif isinstance(value.value, Seq) and not more_positional:
            positional += (item for item in value.value.items if not isinstance(item, Starred))
            more_positional = any(isinstance(item, Starred) for item in value.value.items)
        else:
            more_positional = True
    for keyword, value in zip(keywords, named, strict=True):
        if keyword.name is not None:
            names.append(keyword.name)
            continue
        texts = _texts(value) if isinstance(value, Dict) else ()
        names += texts
        more_named = more_named or not isinstance(value, Dict) or len(texts) < len(value.items)
    return Handed(tuple(positional), tuple(names), more_positional, more_named)


def _texts(display: Dict) -> tuple[str, ...]:
    """The keys of a dict that are texts."""
    keys = [key.value for key, _ in display.items if isinstance(key, Const)]
    return tuple(key for key in keys if isinstance(key, str))


def _items(value: Expr) -> tuple[Expr, ...]:
    """The values in a list, a tuple or a dict that is written out."""
    match value:
        case Seq(items=items):
            return items
        case Dict(items=pairs):
            return tuple(item for _, item in pairs)
    return ()


def by_start(file: FileContext) -> dict[int, Dispatch]:
    """The call sites of a file by the offset where they begin."""
    return {one.site.span.start: one for one in file.project.dispatches(file.path)}


def calls_of_tasks(file: FileContext) -> tuple[CallContext, ...]:
    """The calls in a file that are about tasks, which all rules about calls go through."""
    dispatches = file.project.dispatches(file.path)
    return tuple(CallContext(file, one) for one in dispatches if one.tasks and one.site.called)


class CallRule(Rule):
    """A rule that looks at one call of a task at a time."""

    methods: frozenset[str] = SENDS

    def check(self, file: FileContext) -> Iterator[Finding]:
        for call in file.once(calls_of_tasks):
            if call.site.method in self.methods:
                yield from self.check_call(call)

    def check_call(self, context: CallContext) -> Iterator[Finding]:
        """Every finding about one call."""
        raise NotImplementedError
