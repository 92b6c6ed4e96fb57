"""The form of a new task: which questions, in which round, and what the answers mean.

The form keeps nothing between rounds: each is made from all the answers so far.  Answers that
can be used become a `TaskSpec`; the others come back as fields that say what would be right.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from celeryls.forms.annotations import parse_annotation
from celeryls.forms.fields import Answer, Choice, Field, FieldType
from celeryls.forms.parameters import parse_parameters
from celeryls.forms.refusal import Refused
from celeryls.forms.spec import (
    DEFAULT_QUEUE,
    EXPONENTIAL,
    MAX_RETRIES,
    MAX_SECONDS,
    NO_RETRY,
    NOTHING,
    SIMPLE,
    STATUS,
    Retry,
    RetryKind,
    TaskSpec,
    check_range,
    parse_exceptions,
)
from celeryls.forms.words import check_identifier, check_queue, check_task_name, one_line, shown

CUSTOM = "custom"
MAX_PATH = 1000
A_TYPE = "type"

RETRY_CHOICES = (
    Choice("exponential", "3 times, with delays that double from 60 s (recommended)"),
    Choice("simple", "3 times, 60 s apart"),
    Choice("none", "never"),
    Choice(CUSTOM, "how often, how long and on which errors is asked next"),
)
RETURN_CHOICES = (
    Choice(STATUS, "a dict that says how it went"),
    Choice(NOTHING, "nothing"),
    Choice(A_TYPE, "data; its type is asked next"),
)
QUEUE_CHOICES = (
    Choice(DEFAULT_QUEUE, "where tasks go anyway"),
    Choice("high_priority", "what somebody waits for"),
    Choice("low_priority", "what can wait"),
    Choice("io_bound", "what waits for other machines"),
)


@dataclass(frozen=True, slots=True)
class FormContext:
    """What is known before anybody is asked.

    `name`, `purpose` and `parameters` are first answers to offer.  `taken` are the names that
    the task can't have in its file.  `file` and `app` are asked only where there is something
    to choose: a `file` to propose, more than one of `apps`.
    """

    name: str = ""
    purpose: str = ""
    parameters: str = ""
    taken: frozenset[str] = frozenset()
    queues: tuple[str, ...] = ()
    file: str | None = None
    apps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """One round: all questions so far, with the answers as their defaults.

    `open` are those that still want an answer; `spec` is what the answers describe, `None`
    while one of them can't be used.
    """

    fields: tuple[Field, ...]
    open: tuple[Field, ...]
    spec: TaskSpec | None

    @property
    def complete(self) -> bool:
        """Whether nothing more has to be asked."""
        return not self.open

    @property
    def errors(self) -> dict[str, str]:
        """What was wrong, by field id."""
        return {field.id: field.error for field in self.fields if field.error}


def create_task_form(context: FormContext, answers: Mapping[str, object] | None = None) -> Form:
    """The form after `answers`, by field id; `None` before anybody was asked.

    An answer left out is the field's default.  Ids that are not in `FIELD_IDS` are ignored.
    Never raises: what is wrong stands in the fields.
    """
    questions = list(_questions(context))
    if answers is None:
        first = tuple(question.field for question in questions if not question.follows_custom)
        return Form(first, first, None)
    if "retry" not in answers and any(id_ in answers for id_ in _CUSTOM_IDS):
        # Who says how often wants custom retry, unless they say something else.
        answers = {**answers, "retry": CUSTOM}
    fields: list[Field] = []
    pending: set[str] = set()
    values: dict[str, Any] = {}
    for question in questions:
        field = question.field
        if question.follows_custom and values.get("retry") is not RetryKind.CUSTOM:
            if field.id in answers:
                fields.append(_wrong(field, "Only custom retry has this; answer retry: custom."))
            continue
        if question.follows_custom and field.id not in answers:
            pending.add(field.id)
        raw = answers.get(field.id, field.default)
        further = question.further
        if further is not None and _text(raw) == further.instead_of:
            fields.append(
                replace(
                    field,
                    type=FieldType.STRING,
                    required=True,
                    default=None,
                    choices=(),
                    question=further.question,
                    help=further.help,
                )
            )
            pending.add(field.id)
            continue
        field = replace(field, default=_as_default(raw))
        try:
            values[field.id] = question.read(raw)
        except Refused as refused:
            field = _wrong(field, refused.message)
        fields.append(field)
    spec = None
    if all(field.error is None and field.id in values for field in fields):
        try:
            spec = _spec(values)
        except Refused as refused:
            # What only shows when all answers are taken together.
            fields = [
                _wrong(field, refused.message) if field.id == refused.field else field
                for field in fields
            ]
    still = tuple(field for field in fields if field.error or field.id in pending)
    return Form(tuple(fields), still, spec)


def _wrong(field: Field, message: str) -> Field:
    if field.other:
        # The answer was none of the choices: let it be corrected, not picked again.
        return replace(field, type=FieldType.STRING, choices=(), error=message)
    return replace(field, error=message)


def _spec(values: Mapping[str, Any]) -> TaskSpec:
    kind = values["retry"]
    if kind is RetryKind.CUSTOM:
        retry = Retry(
            kind,
            values["max_retries"],
            values["retry_delay"],
            values["backoff"],
            values["retry_on"],
        )
    else:
        retry = _RETRIES[kind]
    return TaskSpec(
        name=values["name"],
        purpose=values["purpose"],
        parameters=values["parameters"],
        retry=retry,
        soft_time_limit=values["soft_time_limit"],
        time_limit=values["time_limit"],
        queue=values["queue"],
        returns=values["returns"],
        file=values.get("file"),
        app=values.get("app"),
    )


# --- the questions ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Further:
    """Another question under the same id, asked in the next round for one of the choices."""

    instead_of: str
    question: str
    help: str


@dataclass(frozen=True, slots=True)
class _Question:
    """A field and the meaning of its answer; `follows_custom` ones are for custom retry."""

    field: Field
    read: Callable[[object], object]
    follows_custom: bool = False
    further: _Further | None = None


_RETRIES = {RetryKind.NONE: NO_RETRY, RetryKind.SIMPLE: SIMPLE, RetryKind.EXPONENTIAL: EXPONENTIAL}
_CUSTOM_IDS = ("max_retries", "retry_delay", "backoff", "retry_on")
_FURTHER_QUEUE = _Further(CUSTOM, "What is the queue called?", "Such as mail or reports.")
_FURTHER_TYPE = _Further(A_TYPE, "What type does it return?", "Such as int or dict[str, int].")


def _questions(context: FormContext) -> Iterator[_Question]:
    """All questions in the order they are asked; issue a new one here."""

    def read_name(raw: object) -> str:
        # A name that a call already uses is offered, and can't be argued with.
        given = context.name
        name = check_task_name(_text(raw), any_case=bool(given) and _text(raw) == given)
        if name in context.taken:
            raise Refused(f"{name} is taken in this file; take another name.")
        return name

    yield _Question(
        Field(
            "name",
            "What is the task called?",
            FieldType.STRING,
            required=True,
            default=context.name or None,
            help="In snake_case, such as sync_product.",
        ),
        read_name,
    )
    yield _Question(
        Field(
            "purpose",
            "What does it do?",
            FieldType.STRING,
            default=context.purpose,
            help="One sentence, the beginning of its docstring.",
        ),
        lambda raw: one_line(_text(raw), "purpose"),
    )
    yield _Question(
        Field(
            "parameters",
            "What does it take?",
            FieldType.STRING,
            default=context.parameters,
            help='Such as: product_id: int (ID of product to sync), note: str = "" (free text)',
        ),
        lambda raw: parse_parameters(_text(raw)),
    )
    yield _Question(
        Field(
            "returns",
            "What does it return?",
            FieldType.ENUM,
            default=STATUS,
            choices=RETURN_CHOICES,
            other=True,
        ),
        lambda raw: _returns(_text(raw)),
        further=_FURTHER_TYPE,
    )
    yield _Question(
        Field(
            "retry",
            "If it fails, how often is it tried again?",
            FieldType.ENUM,
            default=RetryKind.EXPONENTIAL.value,
            choices=RETRY_CHOICES,
        ),
        lambda raw: RetryKind(_choice(raw, RETRY_CHOICES)),
    )
    yield from _CUSTOM_RETRY
    yield _Question(
        Field(
            "soft_time_limit",
            "After how many seconds is it asked to stop?",
            FieldType.NUMBER,
            default=300,
            help="It can still clean up, until the time limit.",
        ),
        lambda raw: _whole_number(raw, 1, MAX_SECONDS, "seconds"),
    )
    yield _Question(
        Field(
            "time_limit",
            "After how many seconds is it killed?",
            FieldType.NUMBER,
            default=360,
            help="More than the soft limit.",
        ),
        lambda raw: _whole_number(raw, 1, MAX_SECONDS, "seconds"),
    )
    yield _Question(
        Field(
            "queue",
            "Which queue does it go to?",
            FieldType.ENUM,
            default=DEFAULT_QUEUE,
            choices=_queue_choices(context.queues),
            other=True,
        ),
        lambda raw: check_queue(_text(raw)),
        further=_FURTHER_QUEUE,
    )
    if context.file is not None:
        yield _Question(
            Field(
                "file",
                "Which file does it go to?",
                FieldType.FILE,
                default=context.file,
                help="A Python file, which may be new.",
            ),
            lambda raw: check_file(_text(raw)),
        )
    if len(context.apps) > 1:
        apps = tuple(Choice(app, f"the app {app}") for app in context.apps)
        yield _Question(
            Field(
                "app",
                "Which app does it belong to?",
                FieldType.ENUM,
                default=context.apps[0],
                choices=apps,
            ),
            lambda raw: _choice(raw, apps),
        )


_CUSTOM_RETRY = (
    _Question(
        Field("max_retries", "How many times is it tried again?", FieldType.NUMBER, default=3),
        lambda raw: _whole_number(raw, 1, MAX_RETRIES, "retries"),
        follows_custom=True,
    ),
    _Question(
        Field(
            "retry_delay",
            "How many seconds pass before it is tried again?",
            FieldType.NUMBER,
            default=60,
        ),
        lambda raw: _whole_number(raw, 1, MAX_SECONDS, "seconds"),
        follows_custom=True,
    ),
    _Question(
        Field(
            "backoff",
            "Does the delay double every time?",
            FieldType.BOOL,
            default=True,
            help="With jitter, so that tasks that failed together do not come back together.",
        ),
        lambda raw: _yes_or_no(raw),
        follows_custom=True,
    ),
    _Question(
        Field(
            "retry_on",
            "Which errors are worth another try?",
            FieldType.STRING,
            default="ConnectionError, TimeoutError",
            help="Exceptions, such as ConnectionError, requests.Timeout.",
        ),
        lambda raw: parse_exceptions(_text(raw)),
        follows_custom=True,
    ),
)

FIELD_IDS = (
    "name",
    "purpose",
    "parameters",
    "returns",
    "retry",
    *_CUSTOM_IDS,
    "soft_time_limit",
    "time_limit",
    "queue",
    "file",
    "app",
)
"""All ids that `create_task_form` may ask for."""


def _queue_choices(in_use: Sequence[str]) -> tuple[Choice, ...]:
    usual = {choice.value for choice in QUEUE_CHOICES} | {CUSTOM}
    found = []
    for queue in dict.fromkeys(in_use):
        try:
            check_queue(queue)
        except Refused:
            continue
        if queue not in usual:
            found.append(Choice(queue, "in use in this project"))
    return (*QUEUE_CHOICES, *found[:12], Choice(CUSTOM, "another; its name is asked next"))


# --- answers, as they come from a form, a command line or a file -----------------------


def _text(raw: object) -> str:
    if raw is None:
        return ""
    if isinstance(raw, (list, tuple)):
        return ", ".join(_text(item) for item in raw)
    if isinstance(raw, bool):
        return str(raw).lower()
    if isinstance(raw, (str, int, float)):
        return str(raw).strip()
    raise Refused("Answer with text.")


def _as_default(raw: object) -> Answer:
    if raw is None or isinstance(raw, (str, bool, int)):
        return raw
    try:
        return _text(raw)
    except Refused:
        return None


def _whole_number(raw: object, least: int, most: int, unit: str) -> int:
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if isinstance(raw, str) and len(raw) < 20 and raw.strip().isascii() and raw.strip().isdigit():
        raw = int(raw)
    if not isinstance(raw, int):
        raise Refused(f"Give a whole number of {unit} from {least} to {most}.")
    check_range(raw, least, most, unit)
    return raw


def _yes_or_no(raw: object) -> bool:
    answer = _text(raw).lower()
    if answer in ("true", "yes", "y", "on", "1"):
        return True
    if answer in ("false", "no", "n", "off", "0"):
        return False
    raise Refused("Answer yes or no.")


def _choice(raw: object, choices: tuple[Choice, ...]) -> str:
    answer = _text(raw)
    values = [choice.value for choice in choices]
    if answer not in values:
        raise Refused(f"{shown(answer)} is not among the answers: {', '.join(values)}.")
    return answer


def _returns(answer: str) -> str:
    if answer in (STATUS, NOTHING):
        return answer
    found = parse_annotation(answer)
    return NOTHING if found == "None" else found


def check_file(text: str) -> str:
    """A path or `file:` URI of a Python file that can be imported.

    Whether it lies in the workspace is for those to check who know the disk.
    """
    if not text:
        raise Refused("Name a file, such as tasks.py.")
    if len(text) > MAX_PATH or not text.isprintable():
        raise Refused("That is no path of a file; give one such as shop/tasks.py.")
    parts = text.replace("\\", "/").split("/")
    if ".." in parts:
        raise Refused("Give a path inside of the project, without .. in it.")
    stem, dot, suffix = parts[-1].rpartition(".")
    if suffix != "py" or not dot:
        raise Refused(f"{shown(parts[-1])} is not a Python file; its name has to end in .py.")
    try:
        check_identifier(stem, "file's name")
    except Refused as refused:
        raise Refused(f"The file could not be imported: {refused.message}") from None
    return text
