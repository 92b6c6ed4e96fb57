"""One argument of a task as a question: by its annotation, with the default of the signature.

Answers come to values of JSON, as they are in a message; what JSON lacks is marked as kombu marks
it since 5.3 (kombu/utils/json.py).
"""

import ast
import json
import math
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Final
from uuid import UUID

from celeryls.facts import Param
from celeryls.forms.annotations import base_name, members
from celeryls.forms.answers import choice_of, text_of, yes_or_no
from celeryls.forms.errors import AnswerError
from celeryls.forms.fields import Answer, Choice, Field, FieldType
from celeryls.forms.form import Question
from celeryls.forms.values import JSON_TYPES, plain_value
from celeryls.forms.words import shown


class _LeftOut:
    """The function's own default counts."""


LEFT_OUT: Final = _LeftOut()
MOST = 10_000
"""Characters in one value."""
_EXAMPLES = '1, "a", [1, 2], {"a": 1}, true, null'
_MARKED: Mapping[str, tuple[str, str, Callable[[str], object]]] = {
    "Decimal": ("decimal", "1.5", lambda text: str(Decimal(text))),
    "UUID": ("uuid", "8e4f3d3a-6c0b-4f0e-9d3b-2f6a1c5b7e90", lambda text: {"hex": UUID(text).hex}),
    "bytes": ("bytes", "text in UTF-8", lambda text: text),
    "date": ("date", "2030-01-31", lambda text: date.fromisoformat(text).isoformat()),
    "datetime": (
        "datetime",
        "2030-01-31T12:30:00+00:00",
        lambda text: datetime.fromisoformat(text).isoformat(),
    ),
    "time": ("time", "12:30:00", lambda text: time.fromisoformat(text).isoformat()),
}
_DEFAULT = "Empty: the task's own default."


def json_question(id_: str, question: str, kind: type) -> Question:
    """A question for a JSON list or object, which may be empty."""
    empty, name, example = (
        ("[]", "list", '[1, "a"]') if kind is list else ("{}", "object", '{"a": 1}')
    )

    def read(raw: object) -> object:
        value = raw if isinstance(raw, kind) else _json(text_of(raw) or empty)
        if not isinstance(value, kind):
            raise AnswerError(f"Give a JSON {name}, such as {example}.")
        return plain_value(value)

    return Question(
        Field(id_, question, FieldType.STRING, default=empty, help=f"A JSON {name}."), read
    )


def argument_question(id_: str, param: Param) -> Question:
    """The question for one parameter.  Its answer is read as a value of JSON or `LEFT_OUT`."""
    types, optional = _types(param.annotation)
    question = f"What is {param.name}?"
    kind = types[0] if len(types) == 1 else ""
    default = param.default.value if param.default is not None else None
    literals = _literals(kind)
    if literals and not optional and (not param.has_default or default in literals):
        choices = tuple(Choice(value, "") for value in literals)
        first = default if isinstance(default, str) else literals[0]
        field = Field(id_, question, FieldType.ENUM, default=first, choices=choices)
        return Question(field, _reading(param, lambda raw: choice_of(raw, choices)))
    if kind == "bool" and not optional and (not param.has_default or isinstance(default, bool)):
        field = Field(id_, question, FieldType.BOOL, default=default is True)
        return Question(field, _reading(param, yes_or_no))
    type_, help_, read = FieldType.STRING, "", _reader(types, optional=optional)
    offered: Answer = None
    match base_name(kind):
        case "str":
            help_, read = "Text.", _text
            offered = default if isinstance(default, str) else None
        case "int" | "float":
            type_, help_ = FieldType.NUMBER, "" if kind == "float" else "A whole number."
            offered = default if isinstance(default, int | float) else None
        case base if base in _MARKED:
            help_, read = f"Such as {_MARKED[base][1]}.", _marking(base)
        case _:
            help_ = f"{param.annotation}, as JSON: {_EXAMPLES}." if param.annotation else ""
            help_ = help_ or f"JSON: {_EXAMPLES}."
            offered = _as_json(default) if default is not None else None
    if param.has_default and offered is None:
        help_ = f"{help_} {_DEFAULT}".strip()
    field = Field(id_, question, type_, required=not param.has_default, default=offered, help=help_)
    return Question(field, _reading(param, read, optional=optional))


def _types(annotation: str | None) -> tuple[tuple[str, ...], bool]:
    """The types of an annotation without `None`, and whether that is one; none if it is unclear."""
    if annotation is None:
        return (), False
    try:
        found = members(annotation)
    except AnswerError:
        return (), False
    plain = tuple(name.removeprefix("datetime.") for name in found if name != "None")
    return tuple(name.rpartition(".")[2] if "[" not in name else name for name in plain), (
        "None" in found
    )


def _literals(kind: str) -> tuple[str, ...]:
    """The texts of `Literal["a", "b"]`; none for anything else."""
    if base_name(kind) != "Literal":
        return ()
    values = ast.literal_eval(f"({kind.removeprefix('Literal[').removesuffix(']')},)")
    return values if all(isinstance(value, str) for value in values) else ()


def _reading(
    param: Param, read: Callable[[object], object], *, optional: bool = False
) -> Callable[[object], object]:
    def answer(raw: object) -> object:
        default = param.default.value if param.default is not None else None
        is_text = read is _text and (
            isinstance(default, str) or not (param.has_default or optional)
        )
        if raw is None or (raw == "" and not is_text):
            if param.has_default:
                return LEFT_OUT
            if optional:
                return None
            raise AnswerError(f"{param.name} needs a value.")
        value = read(raw)
        if param.default is not None and (type(value), value) == (type(default), default):
            return LEFT_OUT
        return value

    return answer


def _text(raw: object) -> str:
    answer = raw if isinstance(raw, str) else text_of(raw)
    if len(answer) > MOST:
        raise AnswerError(f"The text has {len(answer)} characters; take at most {MOST}.")
    return answer


def _marking(base: str) -> Callable[[object], object]:
    kind, example, convert = _MARKED[base]

    def read(raw: object) -> object:
        answer = _text(raw)
        try:
            return {"__type__": kind, "__value__": convert(answer)}
        except (ValueError, InvalidOperation):
            raise AnswerError(
                f"{shown(answer)} is no {base}; give one such as {example}."
            ) from None

    return read


def _reader(types: tuple[str, ...], *, optional: bool) -> Callable[[object], object]:
    """Reads JSON of these types; of any, if one of them has no form of its own there."""
    bases = [base_name(name) for name in types]
    wanted = tuple(kind for base in bases for kind in JSON_TYPES.get(base, ()))
    known = bool(bases) and all(base in JSON_TYPES for base in bases)

    def read(raw: object) -> object:
        if isinstance(raw, float) and raw.is_integer() and "float" not in bases:
            raw = int(raw)
        value = _json(raw) if isinstance(raw, str) else raw
        number = isinstance(value, int) and not isinstance(value, bool)
        if known and not (
            (value is None and optional)
            or (isinstance(value, wanted) and (number or bool in wanted or not _is_bool(value)))
        ):
            raise AnswerError(f"{shown(text_of(_as_json(value)))} is not of the type {_or(types)}.")
        return plain_value(value)

    return read


def _is_bool(value: object) -> bool:
    return isinstance(value, bool)


def _or(types: tuple[str, ...]) -> str:
    return " or ".join(types)


def _json(raw: str) -> object:
    if len(raw) > MOST:
        raise AnswerError(f"The value has {len(raw)} characters; take at most {MOST}.")
    try:
        return json.loads(raw, parse_constant=_no_number)
    except (ValueError, RecursionError):
        pass
    raise AnswerError(f"{shown(raw)} is not JSON, such as {_EXAMPLES}; text goes in quotes.")


def _no_number(name: str) -> object:
    raise ValueError(name)


def _as_json(value: object) -> str | None:
    """A default as JSON; `None` for what that has no form for."""
    if isinstance(value, bytes | complex) or (isinstance(value, float) and math.isinf(value)):
        return None
    try:
        return json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        return None
