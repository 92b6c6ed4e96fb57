"""What a rule is, and what it finds."""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, Literal, TypeVar

from celeryls.facts import DecoratorSite, FunctionSite
from celeryls.project import Project, Task
from celeryls.syntax import Parsed, parse
from celeryls.syntax.expr import Expr
from celeryls.text import Fix, LineIndex, Span, lines_of

T = TypeVar("T")
Severity = Literal["error", "warning", "info", "hint"]
Stability = Literal["preview", "stable"]
Tag = Literal["unnecessary", "deprecated"]
"""How an editor shows the code: faded, or struck through."""


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that belongs to a finding."""

    path: str
    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake.

    `span` is what is underlined.  `scope` is the code it is about, where a suppression
    comment counts.  `evidence` is all that was looked at: where a half-typed line lies in
    there, the finding is withheld, since what seems to be absent may just be hidden.
    `fixes` begin with the one that most people want.
    """

    code: str
    message: str
    span: Span
    scope: Span
    evidence: Span
    fixes: tuple[Fix, ...] = ()
    related: tuple[Related, ...] = ()


@dataclass
class FileContext:
    """What a rule is given: one file of one project."""

    project: Project
    path: str
    text: str
    _made: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def lines(self) -> LineIndex:
        return lines_of(self.text)

    @cached_property
    def parsed(self) -> Parsed:
        """The tree, for what facts do not hold; it takes longer than a keystroke should."""
        return parse(self.text)

    def once(self, make: Callable[..., T], *key: Hashable) -> T:
        """`make(self, *key)`: what several findings ask of the file, made for the first of them."""
        known = (make, *key)
        if known not in self._made:
            self._made[known] = make(self, *key)
        made: T = self._made[known]
        return made

    @cached_property
    def _tasks(self) -> tuple["TaskContext", ...]:
        plain = (task for task in self.project.tasks_in(self.path) if task.is_plain)
        return tuple(TaskContext(self, task, self.project.site(task)) for task in plain)

    def tasks(self) -> Iterator["TaskContext"]:
        """The tasks of this file that one of Celery's own decorators makes.

        What a decorator of one's own, a class or a call makes may mean something else by the
        same words.
        """
        return iter(self._tasks)


@dataclass
class TaskContext:
    """One task, with what rules ask about it."""

    file: FileContext
    task: Task
    site: FunctionSite = field(repr=False)

    @cached_property
    def decorator(self) -> DecoratorSite:
        """The decorator that makes it a task."""
        return self.site.decorators[self._decorator]

    @cached_property
    def scope(self) -> Span:
        """From the first decorator to the end of the parameter list."""
        return Span(self.site.decorators[0].span.start - 1, self.site.parens.end)

    @property
    def has_inner_decorators(self) -> bool:
        """Whether decorators stand between the function and what makes it a task."""
        return self._decorator < len(self.site.decorators) - 1

    @property
    def inner_decorators(self) -> tuple[Expr, ...]:
        """The decorators between the function and what makes it a task."""
        return self.task.decl.decorators[self._decorator + 1 :]

    @property
    def _decorator(self) -> int:
        assert self.task.decorator is not None, "only tasks that a decorator makes"
        return self.task.decorator

    @property
    def called_through_base(self) -> bool:
        """Whether a base may call the function in its own way, or can't be read."""
        base = self.task.base
        return not base.complete or base.has_method("__call__") or base.has_method("run")

    def finding(
        self,
        rule: "Rule",
        message: str,
        *,
        span: Span | None = None,
        evidence: Span | None = None,
        fixes: tuple[Fix, ...] = (),
    ) -> Finding:
        """A finding about this task, by default on its name."""
        return Finding(
            rule.code,
            message,
            span or self.site.name,
            self.scope,
            evidence or self.scope,
            fixes,
        )


class Rule:
    """One kind of mistake.  The docstring of a rule is its documentation page.

    It has the headings *What it does*, *Why it matters*, *Example*, *Known limits* and
    *Fix safety*.  Families of rules are the hundreds of their codes.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    summary: ClassVar[str]
    severity: ClassVar[Severity]
    enabled: ClassVar[bool] = True
    since: ClassVar[str]
    stability: ClassVar[Stability] = "preview"
    fix: ClassVar[Literal["safe", "unsafe", "sometimes", "none"]]
    gives_way_to: ClassVar[tuple[str, ...]] = ()
    tags: ClassVar[tuple[Tag, ...]] = ()

    def check(self, file: FileContext) -> Iterator[Finding]:
        """Every finding in one file.  Offsets are code points of `file.text`."""
        raise NotImplementedError


class TaskRule(Rule):
    """A rule that looks at one task at a time."""

    def check(self, file: FileContext) -> Iterator[Finding]:
        for task in file.tasks():
            yield from self.check_task(task)

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        """Every finding about one task."""
        raise NotImplementedError
