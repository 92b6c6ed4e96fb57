"""Values that fit a parameter, to show a call with: as Python, and as the JSON of a message."""

import ast
import json

from celeryls.forms.annotations import base_name, members
from celeryls.forms.spec import TaskSpec
from celeryls.forms.values import value_source

_PYTHON = {
    "Any": "None",
    "Collection": "[]",
    "Decimal": 'Decimal("1.5")',
    "Iterable": "[]",
    "Mapping": "{}",
    "None": "None",
    "Sequence": "[]",
    "UUID": 'UUID("8e4f3d3a-6c0b-4f0e-9d3b-2f6a1c5b7e90")',
    "bool": "True",
    "bytes": 'b"..."',
    "date": "date(2030, 1, 31)",
    "datetime": "datetime(2030, 1, 31, tzinfo=timezone.utc)",
    "dict": "{}",
    "float": "1.5",
    "int": "1",
    "list": "[]",
    "object": "None",
    "str": '"..."',
    "time": "time(12, 30)",
    "tuple": "()",
}
_MARKED = {
    "Decimal": ("decimal", "1.5"),
    "UUID": ("uuid", {"hex": "8e4f3d3a6c0b4f0e9d3b2f6a1c5b7e90"}),
    "bytes": ("bytes", "..."),
    "date": ("date", "2030-01-31"),
    "datetime": ("datetime", "2030-01-31T00:00:00+00:00"),
    "time": ("time", "12:30:00"),
}
"""How kombu marks what JSON lacks, since 5.3 (kombu/utils/json.py, `JSONEncoder`)."""


def python_of(annotation: str) -> str:
    """A value of a type in Python; `...` stands for one that nobody can guess."""
    member = members(annotation)[0]
    if base_name(member) == "Literal":
        return member.removeprefix("Literal[").removesuffix("]").partition(", ")[0]
    return _PYTHON.get(base_name(member).rpartition(".")[2], "...")


def json_of(annotation: str) -> object:
    """The same as it is in a message; `None` where nobody can guess."""
    base = base_name(members(annotation)[0]).rpartition(".")[2]
    if base in _MARKED:
        kind, value = _MARKED[base]
        return {"__type__": kind, "__value__": value}
    source = python_of(annotation)
    try:
        value = ast.literal_eval(source)
    except (ValueError, SyntaxError):
        return None
    return None if value is ... else list(value) if isinstance(value, tuple) else value


def needed(spec: TaskSpec) -> dict[str, str]:
    """What a call has to give, by name, in Python: what its schedule gives, else samples."""
    given = dict(spec.arguments)
    return {
        parameter.name: value_source(given[parameter.name])
        if parameter.name in given
        else python_of(parameter.annotation)
        for parameter in spec.parameters
        if parameter.default is None
    }


def json_arguments(spec: TaskSpec) -> str:
    """The same as the JSON object of `celery call --kwargs`."""
    given = dict(spec.arguments)
    values = {
        parameter.name: given.get(parameter.name, json_of(parameter.annotation))
        for parameter in spec.parameters
        if parameter.default is None
    }
    return json.dumps(values)
