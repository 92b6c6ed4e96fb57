"""The questions on how a task runs: its retry, its limits, its queue."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from celeryls.forms.answers import choice_of, text_of, whole_number, yes_or_no
from celeryls.forms.checks import MAX_RETRIES, MAX_SECONDS, parse_exceptions
from celeryls.forms.errors import AnswerError
from celeryls.forms.fields import Choice, Field, FieldType
from celeryls.forms.form import Follows, Further, Question
from celeryls.forms.spec import (
    DEFAULT_QUEUE,
    EXPONENTIAL,
    NO_RETRY,
    SIMPLE,
    Retry,
    RetryKind,
)
from celeryls.forms.words import check_queue

CUSTOM = "custom"

RETRY_CHOICES = (
    Choice("exponential", "3 times, with delays that double from 60 s (recommended)"),
    Choice("simple", "3 times, 60 s apart"),
    Choice("none", "never"),
    Choice(CUSTOM, "how often, how long and on which errors is asked next"),
)
QUEUE_CHOICES = (
    Choice(DEFAULT_QUEUE, "where tasks go anyway"),
    Choice("high_priority", "what somebody waits for"),
    Choice("low_priority", "what can wait"),
    Choice("io_bound", "what waits for other machines"),
)


CUSTOM_IDS = ("max_retries", "retry_delay", "backoff", "retry_on")
_IF_CUSTOM = Follows(
    "retry", (RetryKind.CUSTOM,), "Only custom retry has this; answer retry: custom."
)
RUNNING_IDS = ("retry", *CUSTOM_IDS, "soft_time_limit", "time_limit", "queue")
"""All ids that `running_questions` may ask for."""
_FURTHER_QUEUE = Further(CUSTOM, "What is the queue called?", "Such as mail or reports.")
_RETRIES = {RetryKind.NONE: NO_RETRY, RetryKind.SIMPLE: SIMPLE, RetryKind.EXPONENTIAL: EXPONENTIAL}


def running_questions(queues: Sequence[str]) -> Iterator[Question]:
    """The questions, in the order they are asked; `queues` are those in use."""
    yield Question(
        Field(
            "retry",
            "If it fails, how often is it tried again?",
            FieldType.ENUM,
            default=RetryKind.EXPONENTIAL.value,
            choices=RETRY_CHOICES,
        ),
        lambda raw: RetryKind(choice_of(raw, RETRY_CHOICES)),
    )
    yield from _CUSTOM_RETRY
    yield Question(
        Field(
            "soft_time_limit",
            "After how many seconds is it asked to stop?",
            FieldType.NUMBER,
            default=300,
            help="It can still clean up, until the time limit.",
        ),
        lambda raw: whole_number(raw, 1, MAX_SECONDS, "seconds"),
    )
    yield Question(
        Field(
            "time_limit",
            "After how many seconds is it killed?",
            FieldType.NUMBER,
            default=360,
            help="More than the soft limit.",
        ),
        lambda raw: whole_number(raw, 1, MAX_SECONDS, "seconds"),
    )
    yield Question(
        Field(
            "queue",
            "Which queue does it go to?",
            FieldType.ENUM,
            default=DEFAULT_QUEUE,
            choices=_queue_choices(queues),
            other=True,
        ),
        lambda raw: check_queue(text_of(raw)),
        further=_FURTHER_QUEUE,
    )


def implied_retry(answers: Mapping[str, object]) -> dict[str, object]:
    """What other answers say of `retry`, where that is not given."""
    return {"retry": CUSTOM} if any(id_ in answers for id_ in CUSTOM_IDS) else {}


def retry_of(values: Mapping[str, Any]) -> Retry:
    """The retry that answers come to, as they were read.  Raises `AnswerError`."""
    kind = values["retry"]
    if kind is not RetryKind.CUSTOM:
        return _RETRIES[kind]
    return Retry(
        kind,
        values["max_retries"],
        values["retry_delay"],
        values["backoff"],
        values["retry_on"],
    )


_CUSTOM_RETRY = (
    Question(
        Field("max_retries", "How many times is it tried again?", FieldType.NUMBER, default=3),
        lambda raw: whole_number(raw, 1, MAX_RETRIES, "retries"),
        follows=_IF_CUSTOM,
    ),
    Question(
        Field(
            "retry_delay",
            "How many seconds pass before it is tried again?",
            FieldType.NUMBER,
            default=60,
        ),
        lambda raw: whole_number(raw, 1, MAX_SECONDS, "seconds"),
        follows=_IF_CUSTOM,
    ),
    Question(
        Field(
            "backoff",
            "Does the delay double every time?",
            FieldType.BOOL,
            default=True,
            help="With jitter, so that tasks that failed together do not come back together.",
        ),
        yes_or_no,
        follows=_IF_CUSTOM,
    ),
    Question(
        Field(
            "retry_on",
            "Which errors are worth another try?",
            FieldType.STRING,
            default="ConnectionError, TimeoutError",
            help="Exceptions, such as ConnectionError, requests.Timeout.",
        ),
        lambda raw: parse_exceptions(text_of(raw)),
        follows=_IF_CUSTOM,
    ),
)


def _queue_choices(in_use: Sequence[str]) -> tuple[Choice, ...]:
    usual = {choice.value for choice in QUEUE_CHOICES} | {CUSTOM}
    found = []
    for queue in dict.fromkeys(in_use):
        try:
            check_queue(queue)
        except AnswerError:
            continue
        if queue not in usual:
            found.append(Choice(queue, "in use in this project"))
    return (*QUEUE_CHOICES, *found[:12], Choice(CUSTOM, "another; its name is asked next"))
