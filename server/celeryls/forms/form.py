"""A form: questions in rounds, and what the answers come to.

A form keeps nothing between rounds: each is made from all the answers so far.  Answers that can
be used become a value; the others come back as fields that say what would be right.  Knows not
what is asked for.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from celeryls.forms.answers import as_default
from celeryls.forms.errors import AnswerError
from celeryls.forms.fields import Field, FieldType

Spec = TypeVar("Spec")


@dataclass(frozen=True, slots=True)
class Further:
    """Another question under the same id, asked in the next round for one of the choices."""

    instead_of: str
    question: str
    help: str


@dataclass(frozen=True, slots=True)
class Follows:
    """A question is asked only after an earlier one, `id`, was answered with one of `values`.

    `refusal` says so to whoever answers it all the same.
    """

    id: str
    values: tuple[object, ...]
    refusal: str


@dataclass(frozen=True, slots=True)
class Question:
    """A field, and the meaning of its answer: `read` raises `AnswerError`."""

    field: Field
    read: Callable[[object], object]
    further: Further | None = None
    follows: Follows | None = None


@dataclass(frozen=True, slots=True)
class Form(Generic[Spec]):
    """One round: all questions so far, with the answers as their defaults.

    `open` are those that still want an answer; `spec` is what the answers describe, `None`
    while one of them can't be used.  `contradicted` is the field that is wrong only because of
    what others say.
    """

    fields: tuple[Field, ...]
    open: tuple[Field, ...]
    spec: Spec | None
    contradicted: str | None = None

    @property
    def complete(self) -> bool:
        """Whether nothing more has to be asked."""
        return not self.open

    @property
    def errors(self) -> dict[str, str]:
        """What was wrong, by field id."""
        return {field.id: field.error for field in self.fields if field.error}


def make_form(
    questions: Iterable[Question],
    answers: Mapping[str, object] | None,
    build: Callable[[Mapping[str, Any]], Spec],
) -> Form[Spec]:
    """The form after `answers`, by field id; `None` before anybody was asked.

    `build` makes the value from what was read, by id, and raises `AnswerError` with a field for
    what only shows when all answers are taken together.  An answer left out is the field's
    default; ids that nobody asks for are ignored.  Never raises: what is wrong stands in the
    fields.
    """
    asked = list(questions)
    if answers is None:
        first = tuple(question.field for question in asked if question.follows is None)
        return Form(first, first, None)
    fields: list[Field] = []
    pending: set[str] = set()
    values: dict[str, Any] = {}
    for question in asked:
        field, follows = question.field, question.follows
        if follows is not None and values.get(follows.id) not in follows.values:
            if field.id in answers:
                fields.append(_wrong(field, follows.refusal))
            continue
        if follows is not None and field.id not in answers:
            pending.add(field.id)
        raw = answers.get(field.id, field.default)
        further = question.further
        if further is not None and raw == further.instead_of:
            fields.append(_asked_further(field, further))
            pending.add(field.id)
            continue
        field = replace(field, default=as_default(raw))
        try:
            values[field.id] = question.read(raw)
        except AnswerError as error:
            field = _wrong(field, error.message)
        fields.append(field)
    spec = contradicted = None
    if all(field.error is None and field.id in values for field in fields):
        try:
            spec = build(values)
        except AnswerError as error:
            contradicted = error.field
            fields = [
                _wrong(field, error.message) if field.id == error.field else field
                for field in fields
            ]
    still = tuple(field for field in fields if field.error or field.id in pending)
    return Form(tuple(fields), still, spec, contradicted)


def _asked_further(field: Field, further: Further) -> Field:
    return replace(
        field,
        type=FieldType.STRING,
        required=True,
        default=None,
        choices=(),
        question=further.question,
        help=further.help,
    )


def _wrong(field: Field, message: str) -> Field:
    if field.other:
        # The answer was none of the choices: let it be corrected, not picked again.
        return replace(field, type=FieldType.STRING, choices=(), error=message)
    return replace(field, error=message)
