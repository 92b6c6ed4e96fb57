"""The `arguments` field: what each run of a periodic task gets, `shop_id=1, regions=["eu"]`."""

import ast
import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from celeryls.forms.annotations import base_name, members
from celeryls.forms.errors import AnswerError
from celeryls.forms.expressions import literal_source
from celeryls.forms.words import shown
from celeryls.syntax import parse

if TYPE_CHECKING:
    from celeryls.forms.spec import Parameter

MAX_TEXT = 2000
_DEEPEST = 8
JSON_TYPES: Mapping[str, tuple[type, ...]] = {
    "Collection": (list,),
    "Iterable": (list,),
    "Mapping": (dict,),
    "None": (type(None),),
    "Sequence": (list,),
    "bool": (bool,),
    "dict": (dict,),
    "float": (float, int),
    "int": (int,),
    "list": (list,),
    "str": (str,),
    "tuple": (list,),
}
"""What a type is in JSON; any other may be anything."""
_NO_LITERAL = frozenset({"Decimal", "UUID", "bytes", "date", "datetime", "time"})


def parse_arguments(raw: object) -> dict[str, object]:
    """The values by name, of a text or of a mapping; else `AnswerError`."""
    if isinstance(raw, Mapping):
        return {str(name): plain_value(value) for name, value in raw.items()}
    if raw is None or raw == "":
        return {}
    if not isinstance(raw, str):
        raise AnswerError("Give each value by its name, such as shop_id=1.")
    if len(raw) > MAX_TEXT:
        raise AnswerError(f"The values have {len(raw)} characters; take at most {MAX_TEXT}.")
    parsed = parse(f"f({raw})") if raw.isprintable() else None
    body = parsed.tree.body if parsed is not None and not parsed.broken else []
    call = body[0].value if len(body) == 1 and isinstance(body[0], ast.Expr) else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.args:
        raise AnswerError(f"{shown(raw)} can't be read; write name=value, such as shop_id=1.")
    found: dict[str, object] = {}
    for keyword in call.keywords:
        if keyword.arg is None or keyword.arg in found:
            raise AnswerError("Give each value once, by its name, such as shop_id=1.")
        try:
            value = ast.literal_eval(keyword.value)
        except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
            raise AnswerError(f"{keyword.arg} has to be written out: {_SUCH_AS}") from None
        found[keyword.arg] = plain_value(value)
    return found


_SUCH_AS = "a number, text in quotes, True, False, None, or a list or dict of these."


def plain_value(value: object, depth: int = 0) -> object:
    """A value that JSON carries and source can have; tuples are lists.  Raises `AnswerError`."""
    if depth < _DEEPEST:
        if isinstance(value, list | tuple):
            return [plain_value(item, depth + 1) for item in value]
        if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
            return {key: plain_value(item, depth + 1) for key, item in value.items()}
        if value is None or isinstance(value, bool | int | str):
            return value
        if isinstance(value, float) and math.isfinite(value):
            return value
    raise AnswerError(f"{shown(repr(value))} can't be a value here; take {_SUCH_AS}")


def value_source(value: object) -> str:
    """A value of `parse_arguments` as a formatter would leave it."""
    if isinstance(value, list):
        return f"[{', '.join(map(value_source, value))}]"
    if isinstance(value, dict):
        items = (f"{value_source(key)}: {value_source(item)}" for key, item in value.items())
        return f"{{{', '.join(items)}}}"
    return literal_source(value)


def check_arguments(parameters: Iterable["Parameter"], values: Mapping[str, object]) -> None:
    """Refuse values that the parameters do not take, and the lack of one that is needed."""
    by_name = {parameter.name: parameter for parameter in parameters}
    for name, value in values.items():
        if name not in by_name:
            takes = f"; it takes {', '.join(by_name)}" if by_name else ""
            raise AnswerError(f"The task has no parameter {shown(name)}{takes}.")
        _check_type(by_name[name], value)
    missing = [p for p in by_name.values() if p.default is None and p.name not in values]
    if missing:
        names = ", ".join(f"{parameter.name}=…" for parameter in missing)
        raise AnswerError(
            f"A schedule has to give what has no default: write {names} here, or give "
            f"{missing[0].name} a default."
        )


def _check_type(parameter: "Parameter", value: object) -> None:
    bases = {base_name(member) for member in members(parameter.annotation)}
    if not bases <= JSON_TYPES.keys() | _NO_LITERAL:
        return
    for base in bases & JSON_TYPES.keys():
        # In Python True is an int; in a call it is a mistake.
        if isinstance(value, JSON_TYPES[base]) and (base == "bool" or not isinstance(value, bool)):
            return
    if bases <= _NO_LITERAL:
        raise AnswerError(
            f"A schedule can't write a {parameter.annotation} out; give {parameter.name} a "
            "default, or let the task find it."
        )
    raise AnswerError(
        f"{parameter.name} is of the type {parameter.annotation}; "
        f"{shown(value_source(value))} is not."
    )
