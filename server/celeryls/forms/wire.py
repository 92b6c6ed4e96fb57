"""The form protocol as plain dicts: what `command/resolve` carries.

The protocol is the one that gopls ships (its `gopls/internal/protocol/form.go`): the client
answers the fields it was sent, by id, and no others.  So that every call carries all it
needs, answers that are fine travel on in the command's own arguments, and a further round
holds just the fields that still want one.  Knows no protocol library.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from celeryls.forms.fields import Field, FieldType
from celeryls.forms.form import Form

Json: TypeAlias = dict[str, Any]

ANSWERS = "answers"
"""The key under which the first argument of the command carries the answers so far."""

_NEW_OR_EXISTING = 3
_REGULAR_FILE = 1


def can_ask(input_types: object) -> bool:
    """Whether a client with these `inputTypes` can be asked: it has to know text."""
    return isinstance(input_types, list) and FieldType.STRING.value in input_types


def field_to_wire(field: Field, input_types: Collection[str]) -> Json:
    """A `FormField`.  A type that the client lacks is asked as text."""
    if field.type.value not in input_types:
        field = _as_text(field)
    wire: Json = {
        "id": field.id,
        "description": f"{field.question} {field.help}".strip(),
        "type": _type(field),
        "required": field.required,
    }
    entries = wire["type"].get("entries")
    allowed = entries is None or any(entry["value"] == field.default for entry in entries)
    if field.default is not None and allowed:
        wire["default"] = field.default
    if field.error:
        wire["error"] = field.error
    return wire


def answers_from_wire(raw: object) -> dict[str, object]:
    """The answers of `formAnswers` by id; what isn't one is left out."""
    if not isinstance(raw, list):
        return {}
    return {
        answer["id"]: answer.get("value")
        for answer in raw
        if isinstance(answer, Mapping) and isinstance(answer.get("id"), str)
    }


def answers_to_wire(answers: Mapping[str, object]) -> list[Json]:
    """The `formAnswers` that say `answers`."""
    return [{"id": id_, "value": value} for id_, value in answers.items()]


def answers_of(params: Mapping[str, Any]) -> dict[str, object] | None:
    """All answers that `ExecuteCommandParams` carry; `None` where nobody was asked yet.

    Good for `command/resolve` and for `workspace/executeCommand`.
    """
    earlier = _first_argument(params).get(ANSWERS)
    if earlier is None and params.get("formAnswers") is None:
        return None
    given = answers_from_wire(params.get("formAnswers"))
    return {**(earlier if isinstance(earlier, Mapping) else {}), **given}


def resolve(
    params: Mapping[str, Any],
    make_form: Callable[[Mapping[str, object] | None], Form[Any]],
    input_types: Collection[str],
) -> Json:
    """The answer to `command/resolve`: `params` with the fields to ask now, if there are any.

    `make_form` makes the form from the answers so far.  Without `formFields` in it the answer
    is complete, and the client goes on to execute it.
    """
    answers = answers_of(params)
    form = make_form(answers)
    result = {key: value for key, value in params.items() if key not in _OF_ONE_ROUND}
    if answers is not None:
        first = {**_first_argument(params), ANSWERS: answers}
        result["arguments"] = [first, *_arguments(params)[1:]]
    if not form.complete:
        result["formFields"] = [field_to_wire(field, input_types) for field in form.open]
    elif answers is not None:
        result["formAnswers"] = answers_to_wire(answers)
    return result


_OF_ONE_ROUND = ("formFields", "formAnswers")


def _arguments(params: Mapping[str, Any]) -> list[Any]:
    arguments = params.get("arguments")
    return arguments if isinstance(arguments, list) else []


def _first_argument(params: Mapping[str, Any]) -> Mapping[str, Any]:
    arguments = _arguments(params)
    return arguments[0] if arguments and isinstance(arguments[0], Mapping) else {}


def _as_text(field: Field) -> Field:
    """The same question for a client that can only ask for text."""
    answers = [choice.value for choice in field.choices]
    default = field.default
    if field.type is FieldType.BOOL:
        answers = ["yes", "no"]
        default = "yes" if default is True else "no" if default is False else default
    options = f" ({', '.join(answers)})" if answers else ""
    return replace(
        field,
        question=field.question + options,
        type=FieldType.STRING,
        default=None if default is None else str(default),
        choices=(),
    )


def _type(field: Field) -> Json:
    kind = field.type
    if kind is FieldType.ENUM:
        entries = [
            {"value": choice.value, "description": choice.description} for choice in field.choices
        ]
        return {"kind": kind.value, "name": field.id, "entries": entries}
    if kind is FieldType.FILE:
        return {
            "kind": kind.value,
            "existence": _NEW_OR_EXISTING,
            "type": _REGULAR_FILE,
            "filters": ["py"],
        }
    if kind is FieldType.LIST:
        return {"kind": kind.value, "elementType": {"kind": FieldType.STRING.value}}
    return {"kind": kind.value}
