"""A task for a call of one that is nowhere defined: `sync.delay(order_id, user.pk, note="x")`.

Guesses names and types from what the arguments look like; knows no file around the call.
"""

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from celeryls.forms.errors import AnswerError
from celeryls.forms.expressions import parse_expression
from celeryls.forms.spec import Parameter, TaskSpec
from celeryls.forms.words import MAX_NAME, check_identifier
from celeryls.syntax import parse
from celeryls.syntax.expr import dotted_name

_ID = re.compile(r"(?:.*_)?(?:id|pk)\Z")
_CONVERSIONS = {"bool": "bool", "float": "float", "int": "int", "len": "int", "str": "str"}
_MAX_CALL = 10_000


@dataclass(frozen=True, slots=True)
class Call:
    """A call as source: the task's name, the positional arguments, the keyword arguments."""

    name: str
    args: tuple[str, ...]
    keywords: tuple[tuple[str, str], ...]


def read_call(source: str) -> Call:
    """Read `name.delay(...)` or `name.apply_async(...)`, the latter's `args` and `kwargs`.

    Raises `AnswerError` where the arguments can't be told, as with `*args`.
    """
    if len(source) > _MAX_CALL:
        raise AnswerError("The call is too long to be read.")
    parsed = parse(source.strip())
    body = parsed.tree.body
    call = body[0].value if len(body) == 1 and isinstance(body[0], ast.Expr) else None
    if (
        parsed.broken
        or not isinstance(call, ast.Call)
        or not isinstance(call.func, ast.Attribute)
        or not isinstance(call.func.value, ast.Name)
    ):
        raise AnswerError("That is not a call such as sync_product.delay(product_id).")
    name = call.func.value.id
    if call.func.attr in ("delay", "s", "si", "delay_on_commit"):
        return Call(name, _sources(call.args), _keywords(call.keywords))
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    given |= dict(zip(("args", "kwargs"), call.args, strict=False))
    return Call(name, _sequence(given.get("args")), _mapping(given.get("kwargs")))


def spec_from_call(
    name: str, args: Sequence[str], keywords: Iterable[tuple[str, str]] = ()
) -> TaskSpec:
    """The task that a call with these arguments, as source, would fit.

    Raises `AnswerError` where a name can't be one or the arguments are unpacked.
    """
    named = list(keywords)
    taken = {keyword for keyword, _ in named} | {"self"}
    parameters: list[Parameter] = []
    for source in args:
        node = _argument(source)
        parameter = _numbered(_name_for(node), taken)
        taken.add(parameter)
        parameters.append(Parameter(parameter, _type_of(node, parameter)))
    for keyword, source in named:
        parameters.append(Parameter(keyword, _type_of(_argument(source), keyword)))
    return TaskSpec(name, parameters=tuple(parameters))


def _sources(nodes: Iterable[ast.expr]) -> tuple[str, ...]:
    return tuple(ast.unparse(node) for node in nodes)


def _keywords(keywords: Iterable[ast.keyword]) -> tuple[tuple[str, str], ...]:
    found = []
    for keyword in keywords:
        if keyword.arg is None:
            raise AnswerError("The call unpacks its arguments, so they can't be read from it.")
        found.append((keyword.arg, ast.unparse(keyword.value)))
    return tuple(found)


def _sequence(node: ast.expr | None) -> tuple[str, ...]:
    match node:
        case None | ast.Constant(value=None):
            return ()
        case ast.Tuple(elts=items) | ast.List(elts=items):
            return _sources(items)
    raise AnswerError("The call's args are computed, so they can't be read from it.")


def _mapping(node: ast.expr | None) -> tuple[tuple[str, str], ...]:
    match node:
        case None | ast.Constant(value=None):
            return ()
        case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords):
            return _keywords(keywords)
        case ast.Dict(keys=keys, values=values):
            found = []
            for key, value in zip(keys, values, strict=True):
                if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
                    break
                found.append((key.value, ast.unparse(value)))
            else:
                return tuple(found)
    raise AnswerError("The call's kwargs are computed, so they can't be read from it.")


def _argument(source: str) -> ast.expr:
    if source.lstrip().startswith("*"):
        raise AnswerError("The call unpacks its arguments, so they can't be read from it.")
    try:
        return parse_expression(source, "argument")
    except AnswerError:
        # Too long or too odd to take a name from; it is an argument all the same.
        return ast.Constant(...)


def _name_for(node: ast.expr) -> str:
    """A name out of what the argument is called: `user.pk` is `user_pk`, a literal `value`."""
    match node:
        case ast.Name() | ast.Attribute():
            parts = (dotted_name(node) or "").split(".")
            if parts[0] in ("self", "cls") and len(parts) > 1:
                parts = parts[1:]
            name = "_".join(part.lstrip("_") for part in parts[-2:])
        case ast.Subscript(value=value, slice=ast.Constant(value=str(key))):
            name = f"{_name_for(value)}_{key}"
        case ast.Call(func=ast.Name(id=function), args=[argument]) if function in _CONVERSIONS:
            name = _name_for(argument) + ("_count" if function == "len" else "")
        case ast.Call(func=ast.Attribute(attr=method)):
            name = method.removeprefix("get_").strip("_")
        case _:
            name = "value"
    try:
        return check_identifier(name[:MAX_NAME], "parameter")
    except AnswerError:
        return "value"


def _numbered(name: str, taken: set[str]) -> str:
    number = 1
    candidate = name
    while candidate in taken:
        number += 1
        candidate = f"{name[: MAX_NAME - 4]}_{number}"
    return candidate


def _type_of(node: ast.expr, name: str) -> str:
    match node:
        case ast.Constant(value=bool() | int() | float() | str() | bytes() as value):
            return type(value).__name__
        case ast.JoinedStr():
            return "str"
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _type_of(operand, name)
        case ast.UnaryOp(op=ast.Not()) | ast.Compare():
            return "bool"
        case ast.List() | ast.ListComp() | ast.Tuple():
            return "list[Any]"
        case ast.Dict() | ast.DictComp():
            return "dict[str, Any]"
        case ast.Call(func=ast.Name(id=function)) if function in _CONVERSIONS:
            return _CONVERSIONS[function]
    # Most keys are numbers; whoever has others sees it here first.
    return "int" if _ID.match(name) else "Any"
