"""The task that is wanted, as a value that can't be wrong.

Making one checks it: whatever a `TaskSpec` holds can be written into source as it is.  Says
nothing about where the code goes or how it looks.  Times are whole seconds.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial

from celeryls.forms.annotations import check_default, parse_annotation
from celeryls.forms.checks import (
    MAX_RETRIES,
    MAX_SECONDS,
    check_exceptions,
    check_limits,
    check_range,
)
from celeryls.forms.errors import AnswerError
from celeryls.forms.expressions import literal, parse_expression
from celeryls.forms.neighbours import Neighbour, check_after, check_before
from celeryls.forms.schedules import Schedule
from celeryls.forms.values import check_arguments
from celeryls.forms.words import (
    check_identifier,
    check_queue,
    check_task_name,
    one_line,
)

NOTHING = "nothing"
STATUS = "status"
DEFAULT_QUEUE = "default"
MAX_PARAMETERS = 30
BACKOFF_CAP = 600
"""Seconds: also what Celery's own `retry_backoff_max` is by default."""


def _field(field: str, check: Callable[[], object]) -> None:
    """Run a check, and say which field an answer that it refuses belongs to."""
    try:
        check()
    except AnswerError as error:
        raise AnswerError(error.message, field) from None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the task.  `annotation` and `default` are source; no default is `None`.

    Raises `AnswerError` unless both are as the parser of the `parameters` field leaves them.
    """

    name: str
    annotation: str
    default: str | None = None
    description: str = ""

    def __post_init__(self) -> None:
        _field("parameters", self._check)

    def _check(self) -> None:
        check_identifier(self.name, "parameter")
        if self.name == "self":
            raise AnswerError("Leave self out: the task gets it anyway.")
        if parse_annotation(self.annotation) != self.annotation:
            raise AnswerError(f"Write {parse_annotation(self.annotation)}, not {self.annotation}.")
        if self.default is not None:
            if literal(parse_expression(self.default, "default")) != self.default:
                raise AnswerError(f"{self.default} is not how a default is written.")
            check_default(self.annotation, self.default)
        if one_line(self.description, "description") != self.description:
            raise AnswerError("A description is one line.")


class RetryKind(str, Enum):
    """The answers to "what if it fails?"."""

    NONE = "none"
    SIMPLE = "simple"
    EXPONENTIAL = "exponential"
    CUSTOM = "custom"


@dataclass(frozen=True, slots=True)
class Retry:
    """When to try again: up to `max_retries` times, `delay` seconds after a failure.

    With `backoff` the delay doubles every time, up to `cap`.  `retry_on` are dotted names of
    exceptions.
    """

    kind: RetryKind
    max_retries: int = 3
    delay: int = 60
    backoff: bool = False
    retry_on: tuple[str, ...] = ("ConnectionError", "TimeoutError")

    def __post_init__(self) -> None:
        if self.kind is RetryKind.NONE:
            return
        _field("max_retries", lambda: check_range(self.max_retries, 1, MAX_RETRIES, "retries"))
        _field("retry_delay", lambda: check_range(self.delay, 1, MAX_SECONDS, "seconds"))
        _field("retry_on", lambda: check_exceptions(self.retry_on))

    @property
    def cap(self) -> int:
        """The longest delay in seconds: Celery's own cap, or more where one begins near it."""
        return max(BACKOFF_CAP, 4 * self.delay)


class TaskKind(str, Enum):
    """What has a task run."""

    ONE_TIME = "one-time"
    PERIODIC = "periodic"
    CHAINED = "chained"


NO_RETRY = Retry(RetryKind.NONE, max_retries=0)
SIMPLE = Retry(RetryKind.SIMPLE)
EXPONENTIAL = Retry(RetryKind.EXPONENTIAL, backoff=True)


@dataclass(frozen=True, slots=True)
class TaskSpec:
    """One task.  Raises `AnswerError`, with the field, for what could not be generated.

    `returns` is `nothing`, `status` or an annotation.  `schedule` is when it runs by the clock,
    `arguments` what each such run gets, as values of JSON by name.  `after` and `before` are the
    tasks around it in a chain.  `file` and `app` say where it is to go, `None` where that was not
    asked: a path, and `module:name`.  `extras` are what it gets besides, such as `endpoint`.
    """

    name: str
    purpose: str = ""
    parameters: tuple[Parameter, ...] = ()
    retry: Retry = EXPONENTIAL
    soft_time_limit: int = 300
    time_limit: int = 360
    queue: str = DEFAULT_QUEUE
    returns: str = STATUS
    file: str | None = None
    app: str | None = None
    schedule: Schedule | None = None
    arguments: tuple[tuple[str, object], ...] = ()
    after: Neighbour | None = None
    before: Neighbour | None = None
    extras: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        # What a call already says can't be argued with, so its case is free.
        _field("name", lambda: check_task_name(self.name, any_case=True))
        _field("purpose", self._check_purpose)
        _field("parameters", lambda: check_parameters(self.parameters))
        for field in ("soft_time_limit", "time_limit"):
            _field(field, partial(check_range, getattr(self, field), 1, MAX_SECONDS, "seconds"))
        _field("soft_time_limit", lambda: check_limits(self.soft_time_limit, self.time_limit))
        _field("queue", lambda: check_queue(self.queue))
        _field("returns", self._check_returns)
        if self.schedule is not None:
            values = dict(self.arguments)
            _field("arguments", lambda: check_arguments(self.parameters, values))
        if self.after is not None:
            _field("parameters", partial(check_after, self.after, self._first))
        if self.before is not None:
            _field("returns", partial(check_before, self.before, self.returned))

    @property
    def _first(self) -> tuple[str, str] | None:
        first = next(iter(self.parameters), None)
        return (first.name, first.annotation) if first is not None else None

    @property
    def returned(self) -> str:
        """The annotation of what it returns."""
        return {NOTHING: "None", STATUS: "dict[str, Any]"}.get(self.returns, self.returns)

    def _check_purpose(self) -> None:
        if one_line(self.purpose, "purpose") != self.purpose:
            raise AnswerError("The purpose is one line.")

    def _check_returns(self) -> None:
        if self.returns in (NOTHING, STATUS):
            return
        if parse_annotation(self.returns) != self.returns:
            raise AnswerError(f"Write {parse_annotation(self.returns)}, not {self.returns}.")


@dataclass(frozen=True, slots=True)
class Preset:
    """A task for clients that can't ask: a choice that is baked into a code action."""

    title: str
    spec: TaskSpec


def presets(spec: TaskSpec) -> tuple[Preset, ...]:
    """`spec` with each of the three usual answers to a failure, the recommended one first."""
    return (
        Preset("with growing retry delays", replace(spec, retry=EXPONENTIAL)),
        Preset("with 3 retries, 60 s apart", replace(spec, retry=SIMPLE)),
        Preset("without retry", replace(spec, retry=NO_RETRY)),
    )


def check_parameters(parameters: tuple[Parameter, ...]) -> None:
    """Refuse a list of parameters that Python would."""
    if len(parameters) > MAX_PARAMETERS:
        raise AnswerError(
            f"{len(parameters)} parameters are too many; take at most {MAX_PARAMETERS}."
        )
    seen: set[str] = set()
    optional: str | None = None
    for parameter in parameters:
        if parameter.name in seen:
            raise AnswerError(f"There are two parameters called {parameter.name}; rename one.")
        seen.add(parameter.name)
        if parameter.default is not None:
            optional = parameter.name
        elif optional is not None:
            raise AnswerError(
                f"{parameter.name} has no default and comes after {optional}, which has one; "
                f"put {parameter.name} first."
            )
