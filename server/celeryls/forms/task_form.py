"""The form of a new task: which questions, in which round, and what the answers come to.

The form keeps nothing between rounds: each is made from all the answers so far.  Answers that
can be used become a `TaskSpec`; the others come back as fields that say what would be right.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from celeryls.forms.answers import as_default
from celeryls.forms.errors import AnswerError
from celeryls.forms.fields import Field, FieldType
from celeryls.forms.questions import CUSTOM, CUSTOM_IDS, FormContext, questions
from celeryls.forms.spec import EXPONENTIAL, NO_RETRY, SIMPLE, Retry, RetryKind, TaskSpec

_RETRIES = {RetryKind.NONE: NO_RETRY, RetryKind.SIMPLE: SIMPLE, RetryKind.EXPONENTIAL: EXPONENTIAL}


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
    asked = list(questions(context))
    if answers is None:
        first = tuple(question.field for question in asked if not question.follows_custom)
        return Form(first, first, None)
    if "retry" not in answers and any(id_ in answers for id_ in CUSTOM_IDS):
        # Who says how often wants custom retry, unless they say something else.
        answers = {**answers, "retry": CUSTOM}
    fields: list[Field] = []
    pending: set[str] = set()
    values: dict[str, Any] = {}
    for question in asked:
        field = question.field
        if question.follows_custom and values.get("retry") is not RetryKind.CUSTOM:
            if field.id in answers:
                fields.append(_wrong(field, "Only custom retry has this; answer retry: custom."))
            continue
        if question.follows_custom and field.id not in answers:
            pending.add(field.id)
        raw = answers.get(field.id, field.default)
        further = question.further
        if further is not None and raw == further.instead_of:
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
        field = replace(field, default=as_default(raw))
        try:
            values[field.id] = question.read(raw)
        except AnswerError as error:
            field = _wrong(field, error.message)
        fields.append(field)
    spec = None
    if all(field.error is None and field.id in values for field in fields):
        try:
            spec = _spec(values)
        except AnswerError as error:
            # What only shows when all answers are taken together.
            fields = [
                _wrong(field, error.message) if field.id == error.field else field
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
