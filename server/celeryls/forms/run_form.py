"""What is asked before a task is run: where, with which arguments, on which queue."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from celeryls.facts import Param, ParamKind
from celeryls.forms.answers import choice_of, text_of
from celeryls.forms.argument_fields import LEFT_OUT, argument_question, json_question
from celeryls.forms.errors import AnswerError
from celeryls.forms.fields import Choice, Field, FieldType
from celeryls.forms.form import Follows, Form, Question, make_form
from celeryls.forms.words import shown

How = Literal["eagerly", "send"]
ARGUMENT = "argument_"
"""What the ids of the fields begin with that ask for an argument: `argument_order_id`."""
FURTHER, FURTHER_NAMED = "arguments", "keyword_arguments"
_HOW = (
    Choice("eagerly", "here and at once, without a worker; what it sends itself is sent"),
    Choice("send", "put a message on its queue, for a worker"),
)
_MOST_SECONDS = 30 * 24 * 3600
_APP = "As `celery -A` takes it, such as shop.celery or shop.main:app."


@dataclass(frozen=True, slots=True)
class RunContext:
    """What is known of the task.

    `params` are its parameters, `None` where it may take anything.  `apps` are the apps that it
    may belong to, as `celery -A` takes them, if there is more than one; `asks_app` says that there
    is none to be seen.  `queue` is what its own options say, empty where they say nothing.
    """

    params: tuple[Param, ...] | None = None
    apps: tuple[str, ...] = ()
    asks_app: bool = False
    queue: str = ""


@dataclass(frozen=True, slots=True)
class RunSpec:
    """How a task is to be run.  Arguments are values of JSON, as they are in a message.

    `app` is there if it was asked for; `countdown` is in seconds.
    """

    how: How
    args: tuple[object, ...] = ()
    kwargs: Mapping[str, object] = field(default_factory=dict)
    app: str | None = None
    queue: str | None = None
    countdown: float | None = None


def run_form(context: RunContext, answers: Mapping[str, object] | None = None) -> Form[RunSpec]:
    """The form after `answers`, by field id; `None` before anybody was asked."""

    def build(values: Mapping[str, Any]) -> RunSpec:
        args, kwargs = _arguments(context, values)
        countdown = values.get("countdown")
        return RunSpec(
            how=values["how"],
            args=args,
            kwargs=kwargs,
            app=values.get("app") or None,
            queue=values.get("queue") or None,
            countdown=countdown or None,
        )

    return make_form(_questions(context), answers, build)


def _questions(context: RunContext) -> Iterator[Question]:
    how = Field("how", "How is it run?", FieldType.ENUM, default="eagerly", choices=_HOW)
    yield Question(how, lambda raw: choice_of(raw, _HOW))
    if context.apps:
        choices = tuple(Choice(app, "") for app in context.apps)
        question = Field(
            "app", "For which app?", FieldType.ENUM, default=choices[0].value, choices=choices
        )
        yield Question(question, lambda raw: choice_of(raw, choices))
    elif context.asks_app:
        help_ = f"{_APP} Empty: the task's module alone, which is enough to run it here."
        yield Question(Field("app", "Which app?", FieldType.STRING, default="", help=help_), _app)
    params = context.params
    for param in params or ():
        if param.kind is ParamKind.VAR_POSITIONAL:
            yield json_question(FURTHER, f"*{param.name}: which further values?", list)
        elif param.kind is ParamKind.VAR_KEYWORD:
            yield json_question(FURTHER_NAMED, f"**{param.name}: which further values?", dict)
        else:
            yield argument_question(f"{ARGUMENT}{param.name}", param)
    if params is None:
        yield json_question(FURTHER, "Which arguments by position?", list)
        yield json_question(FURTHER_NAMED, "Which arguments by name?", dict)
    sent = Follows("how", ("send",), "That is for tasks that are sent.")
    queue = Field(
        "queue",
        "On which queue?",
        FieldType.STRING,
        default=context.queue,
        help="Empty: where task_routes sends it, else the default queue.",
    )
    yield Question(queue, _queue, follows=sent)
    countdown = Field("countdown", "In how many seconds?", FieldType.NUMBER, default=0)
    yield Question(countdown, _seconds, follows=sent)


def _arguments(
    context: RunContext, values: Mapping[str, Any]
) -> tuple[tuple[object, ...], dict[str, object]]:
    """By position what can't go by name, the rest by name."""
    further = values.get(FURTHER) or []
    by_name: dict[str, object] = {}
    by_position: list[object] = []
    missing: str | None = None
    for param in context.params or ():
        if param.kind in (ParamKind.VAR_POSITIONAL, ParamKind.VAR_KEYWORD):
            continue
        value = values[f"{ARGUMENT}{param.name}"]
        positional = param.kind is ParamKind.POSITIONAL_ONLY or (
            param.kind is ParamKind.NORMAL and bool(further)
        )
        if not positional:
            if value is not LEFT_OUT:
                by_name[param.name] = value
            continue
        if value is LEFT_OUT and param.default is not None:
            value = param.default.value
        if value is LEFT_OUT:
            missing = missing or param.name
        elif missing is not None:
            raise AnswerError(_between(missing), f"{ARGUMENT}{missing}")
        else:
            by_position.append(value)
    if missing is not None and further:
        raise AnswerError(_between(missing), f"{ARGUMENT}{missing}")
    named = values.get(FURTHER_NAMED) or {}
    twice = next((name for name in named if name in by_name), None)
    if twice is not None:
        raise AnswerError(f"{shown(twice)} has a value already.", FURTHER_NAMED)
    while by_position and context.params and not further and _is_default(context, by_position):
        by_position.pop()
    return (*by_position, *further), {**by_name, **named}


def _is_default(context: RunContext, given: list[object]) -> bool:
    """Whether the last of the arguments by position is what the task would take without it."""
    param = (context.params or ())[len(given) - 1]
    default = param.default
    return default is not None and (type(default.value), default.value) == (
        type(given[-1]),
        given[-1],
    )


def _between(name: str) -> str:
    return f"{name} can't be left out, since values after it go by position; give one."


def _app(raw: object) -> str:
    answer = text_of(raw)
    module, _, name = answer.partition(":")
    parts = [*module.split("."), *([name] if ":" in answer else [])]
    if answer and not all(part.isidentifier() for part in parts):
        raise AnswerError(f"{shown(answer)} is no app. {_APP}")
    return answer


def _queue(raw: object) -> str:
    answer = text_of(raw)
    if not answer.isprintable() or answer.startswith("-"):
        raise AnswerError(f"{shown(answer)} is not the name of a queue; take one such as mail.")
    return answer


def _seconds(raw: object) -> float:
    answer = text_of(raw) or "0"
    try:
        seconds = float(answer)
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= _MOST_SECONDS:
        raise AnswerError(f"Give a number of seconds from 0 to {_MOST_SECONDS}.")
    return int(seconds) if seconds.is_integer() else seconds
