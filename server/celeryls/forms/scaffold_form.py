"""The form of an app where there is none: its questions, and the `ScaffoldSpec` they come to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from celeryls.forms.answers import check_file, choice_of, text_of, yes_or_no
from celeryls.forms.errors import AnswerError
from celeryls.forms.fields import Choice, Field, FieldType
from celeryls.forms.form import Form, Question, make_form
from celeryls.forms.running_questions import QUEUE_CHOICES
from celeryls.forms.words import check_queue, shown
from celeryls.project.detection import Framework

MAX_QUEUES = 20
FRAMEWORK_CHOICES = (
    Choice(Framework.PLAIN.value, "none: an app for workers, scripts and whatever sends tasks"),
    Choice(Framework.DJANGO.value, "Django: the app runs with its settings"),
    Choice(Framework.FLASK.value, "Flask: tasks run in the context of its app"),
    Choice(Framework.FASTAPI.value, "FastAPI"),
)


class Broker(str, Enum):
    """What carries messages in production."""

    LATER = "later"
    REDIS = "redis"
    RABBITMQ = "rabbitmq"
    SQS = "sqs"


BROKER_CHOICES = (
    Choice(Broker.LATER.value, "files on this machine, until it is decided"),
    Choice(Broker.REDIS.value, "Redis"),
    Choice(Broker.RABBITMQ.value, "RabbitMQ"),
    Choice(Broker.SQS.value, "Amazon SQS"),
)
USUAL_QUEUES = tuple(choice.value for choice in QUEUE_CHOICES)
SCAFFOLD_FIELD_IDS = ("framework", "broker", "queues", "file", "dependency")
"""All ids that `scaffold_form` may ask for."""


@dataclass(frozen=True, slots=True)
class ScaffoldSpec:
    """The app that is wanted.

    The first of the `queues` is where tasks go anyway.  `file` is where the app goes, `None`
    for the usual place.  `dependency` says whether Celery is to be declared.
    """

    framework: Framework
    broker: Broker = Broker.LATER
    queues: tuple[str, ...] = USUAL_QUEUES
    file: str | None = None
    dependency: bool = True


@dataclass(frozen=True, slots=True)
class ScaffoldContext:
    """What is known before anybody is asked.

    `file` is the usual place for the app.  `declares` is the name of the file that Celery would
    be declared in, `None` where there is nothing to ask.  Where the project `has_app`, that is
    all that is left to ask.
    """

    framework: Framework = Framework.PLAIN
    file: str | None = None
    declares: str | None = None
    has_app: bool = False


def scaffold_form(
    context: ScaffoldContext, answers: Mapping[str, object] | None = None
) -> Form[ScaffoldSpec]:
    """The form after `answers`, by field id; `None` before anybody was asked."""

    def build(values: Mapping[str, Any]) -> ScaffoldSpec:
        usual = ScaffoldSpec(context.framework)
        return replace(usual, **{"dependency": False, **values})

    asked = [] if context.has_app else [*questions(context)]
    if context.declares is not None:
        asked.append(_dependency(context.declares))
    return make_form(asked, answers, build)


def questions(context: ScaffoldContext) -> Iterator[Question]:
    """The questions about an app that is to be made, in the order they are asked."""
    yield Question(
        Field(
            "framework",
            "What is the project built on?",
            FieldType.ENUM,
            default=context.framework.value,
            choices=FRAMEWORK_CHOICES,
        ),
        lambda raw: Framework(choice_of(raw, FRAMEWORK_CHOICES)),
    )
    yield Question(
        Field(
            "broker",
            "What will carry its messages in production?",
            FieldType.ENUM,
            default=Broker.LATER.value,
            choices=BROKER_CHOICES,
        ),
        lambda raw: Broker(choice_of(raw, BROKER_CHOICES)),
    )
    yield Question(
        Field(
            "queues",
            "Which queues does it have?",
            FieldType.STRING,
            default=", ".join(USUAL_QUEUES),
            help="Tasks go to the first one, unless they say otherwise.",
        ),
        _queues,
    )
    yield Question(
        Field(
            "file",
            "Which file does the app go to?",
            FieldType.STRING,
            default=context.file or "",
            help="A new Python file, by its path from the project's folder.",
        ),
        lambda raw: check_file(text_of(raw)) if text_of(raw) else None,
    )


def _dependency(file: str) -> Question:
    return Question(
        Field(
            "dependency",
            f"Celery is not declared yet: add it to {file}?",
            FieldType.BOOL,
            default=True,
        ),
        yes_or_no,
    )


def _queues(raw: object) -> tuple[str, ...]:
    names = [name.strip() for name in text_of(raw).split(",") if name.strip()]
    queues = tuple(dict.fromkeys(check_queue(name) for name in names[: MAX_QUEUES + 1]))
    if not queues:
        raise AnswerError("Name at least one queue, such as default.")
    if len(names) > MAX_QUEUES:
        raise AnswerError(f"That is {len(names)} queues; take at most {MAX_QUEUES}.")
    if ":" in queues[0]:
        # It names an exchange, which kombu's files take no colon for.
        raise AnswerError(f"{shown(queues[0])} has a colon; the first queue can't have one.")
    return queues
