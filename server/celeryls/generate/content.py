"""What a generated task says: docstring, logged context, return value.

Decides from names and types alone; lays nothing out.
"""

import ast
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass

from celeryls.forms.annotations import base_name, members
from celeryls.forms.expressions import literal
from celeryls.forms.spec import NOTHING, STATUS, Parameter, TaskSpec
from celeryls.forms.words import humanised

_ID = re.compile(r"(?:.*_)?(?:id|pk|uuid|guid|slug|code|number|ref|sku)\Z")
_SECRET = re.compile(
    r"pass|secret|token|key|credential|auth|card|cvv|cvc|ssn|iban|pin\Z|private|session|cookie"
)
_PLAIN = frozenset({"int", "bool", "float", "None", "UUID", "date", "datetime", "Decimal"})
_IN_RESULT = frozenset({"int", "str", "None"})
_RESERVED = frozenset(vars(logging.makeLogRecord({}))) | {
    # What formatters add, and what Celery's own does.
    *("message", "asctime", "taskName", "task_id", "task_name", "retries"),
}
_NEUTRAL = {
    "Any": "None",
    "Collection": "[]",
    "Iterable": "[]",
    "Mapping": "{}",
    "None": "None",
    "Sequence": "[]",
    "bool": "False",
    "bytes": 'b""',
    "dict": "{}",
    "float": "0.0",
    "frozenset": "frozenset()",
    "int": "0",
    "list": "[]",
    "object": "None",
    "set": "set()",
    "str": '""',
}


@dataclass(frozen=True, slots=True)
class Result:
    """What the body returns.  `kind` is the template's name; `value` a neutral one."""

    kind: str
    annotation: str
    description: str
    value: str = ""
    entries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Described:
    """A parameter in the docstring."""

    name: str
    description: str


def sentence(text: str) -> str:
    """`text` as a sentence of a docstring that it can't break out of."""
    text = text.replace("\\", "\\\\")
    if text.startswith('"') or '""' in text:
        text = text.replace('"', "'")
    first = text.partition(" ")[0]
    if first.isalpha() and first.islower():
        text = text[0].upper() + text[1:]
    return text if text.endswith((".", "!", "?", "…")) else text + "."


def purpose(spec: TaskSpec) -> str:
    """The docstring's first sentence."""
    return sentence(spec.purpose or humanised(spec.name))


def described(parameters: Sequence[Parameter]) -> tuple[Described, ...]:
    """The parameters with a description each, made from the name where there is none."""
    return tuple(
        Described(parameter.name, sentence(parameter.description or humanised(parameter.name)))
        for parameter in parameters
    )


def logged(parameters: Sequence[Parameter]) -> tuple[str, ...]:
    """Entries of the logged context: ids and plain values, never what may be secret."""
    found = []
    for parameter in parameters:
        types = {base_name(member) for member in members(parameter.annotation)}
        plain = types <= _PLAIN or (_ID.match(parameter.name) and types <= _PLAIN | {"str"})
        if plain and not _SECRET.search(parameter.name):
            # `logging` raises for keys that a record already has.
            key = f"arg_{parameter.name}" if parameter.name in _RESERVED else parameter.name
            found.append(f'"{key}": {parameter.name}')
    return tuple(found)


def result(spec: TaskSpec) -> Result:
    """What `spec.returns` asks for, with a neutral value where there is one."""
    if spec.returns == NOTHING:
        return Result("nothing", "None", "")
    if spec.returns == STATUS:
        ids = [
            parameter.name
            for parameter in spec.parameters
            if _ID.match(parameter.name)
            and {base_name(member) for member in members(parameter.annotation)} <= _IN_RESULT
            and not _SECRET.search(parameter.name)
        ]
        entries = ('"status": "success"', *(f'"{name}": {name}' for name in ids))
        beside = " and the ids it was given" if ids else ""
        description = f"A dict with the status{beside}."
        return Result("status", "dict[str, Any]", description, entries=entries)
    value = _neutral(spec.returns)
    return Result(
        "value" if value else "unknown", spec.returns, "What the work comes to.", value or ""
    )


def _neutral(annotation: str) -> str | None:
    types = members(annotation)
    if "None" in types:
        return "None"
    if len(types) > 1:
        return _NEUTRAL.get(base_name(types[0]))
    base = base_name(types[0])
    if base == "Literal":
        node = ast.parse(types[0], mode="eval").body
        assert isinstance(node, ast.Subscript)
        first = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice
        return literal(first)
    if base == "tuple":
        return "()" if types[0].endswith(", ...]") else None
    return _NEUTRAL.get(base)
