"""Arguments that are one value for certain, no list, tuple or dict of them."""

import ast

from celeryls.rules.calls import CallContext
from celeryls.rules.definitions import definition
from celeryls.syntax.expr import Attribute, Call, Expr, Local, Name

_SINGLE = frozenset({"int", "str", "float", "bool"})
_KEYS = ("id", "pk")


def is_single(context: CallContext, value: Expr, meant: Expr) -> bool:
    """Whether an argument is a number, a text or a key: `order.pk`, `str(x)`, a parameter `x: int`.

    `value` is what is written, `meant` the same with the names of the function replaced.
    """
    match value:
        case Name(dotted=dotted) if "." in dotted:
            return _is_key(dotted.rpartition(".")[2])
        case Attribute(name=name):
            return _is_key(name)
        case Call(func=Name(dotted=made) as func) if made in _SINGLE:
            known = isinstance(meant, Call) and meant.func == func
            return known and not context.file.project.resolve(context.file.path, made)
    return (
        isinstance(value, Name)
        and meant == Local(value.dotted, "parameter")
        and _annotation(context, value.dotted) in _SINGLE
    )


def _is_key(name: str) -> bool:
    return name in _KEYS or name.endswith("_id")


def _annotation(context: CallContext, parameter: str) -> str | None:
    """What a parameter of the function around a call is annotated with, if it is at the top."""
    piece = definition(context.file.text, context.site.within)
    if piece is None or isinstance(piece.node, ast.ClassDef):
        return None
    arguments = piece.node.args
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        if argument.arg == parameter and isinstance(argument.annotation, ast.Name):
            return argument.annotation.id
    return None
