"""Types as people write them, turned into the annotations a careful person would write.

`Optional[List[int]]` becomes `list[int] | None`, a bare `dict` becomes `dict[str, Any]`.
Whether a name exists is not known here.
"""

import ast
import builtins
from collections.abc import Iterator, Mapping

from celeryls.forms.errors import AnswerError
from celeryls.forms.expressions import literal, parse_expression
from celeryls.forms.words import shown
from celeryls.syntax.expr import dotted_name

_MEANT = {
    "any": "Any",
    "array": "list",
    "boolean": "bool",
    "dictionary": "dict",
    "double": "float",
    "integer": "int",
    "null": "None",
    "number": "int or float",
    "string": "str",
    "text": "str",
}
_OLD_NAMES = {
    "Dict": "dict",
    "FrozenSet": "frozenset",
    "List": "list",
    "Set": "set",
    "Tuple": "tuple",
    "Type": "type",
}
_BARE = {
    "dict": "dict[str, Any]",
    "frozenset": "frozenset[Any]",
    "list": "list[Any]",
    "set": "set[Any]",
    "tuple": "tuple[Any, ...]",
    "type": "type[Any]",
    "Collection": "Collection[Any]",
    "Iterable": "Iterable[Any]",
    "Mapping": "Mapping[str, Any]",
    "Sequence": "Sequence[Any]",
}
WELL_KNOWN = {
    **dict.fromkeys(
        ("Callable", "Collection", "Iterable", "Iterator", "Mapping", "Sequence"),
        "collections.abc",
    ),
    **dict.fromkeys(("date", "datetime", "time", "timedelta"), "datetime"),
    **dict.fromkeys(("Any", "Literal"), "typing"),
    "Decimal": "decimal",
    "Path": "pathlib",
    "UUID": "uuid",
}
"""Where the types come from that one writes without thinking of an import."""

_EXAMPLE = "such as int, str | None or dict[str, int]"


def parse_annotation(text: str) -> str:
    """The annotation that `text` means, as source; else `AnswerError`."""
    if not text.strip():
        raise AnswerError(f"Write a type, {_EXAMPLE}.")
    if not text.isascii():
        raise AnswerError(
            f"{shown(text)} has letters that are not ASCII; write a type, {_EXAMPLE}."
        )
    return _Types().type(parse_expression(text, "type"))


def with_names(annotation: str, names: Mapping[str, str]) -> str:
    """An annotation of `parse_annotation` with dotted names replaced."""
    return _Types(names).type(parse_expression(annotation, "type"))


def names_in(annotation: str) -> Iterator[str]:
    """The dotted names that an annotation of `parse_annotation` uses, outermost first."""
    pending: list[ast.AST] = [parse_expression(annotation, "type")]
    while pending:
        node = pending.pop(0)
        name = dotted_name(node)
        if name is not None:
            yield name
        elif isinstance(node, ast.Subscript) and dotted_name(node.value) == "Literal":
            yield "Literal"
        else:
            pending += ast.iter_child_nodes(node)


def members(annotation: str) -> tuple[str, ...]:
    """The types of a union, or the one type."""
    return tuple(_Types().members(parse_expression(annotation, "type")))


def base_name(member: str) -> str:
    """`dict` of `dict[str, int]`."""
    return member.partition("[")[0]


class _Types:
    """Renders the node types that annotations are made of, and no other."""

    def __init__(self, names: Mapping[str, str] | None = None) -> None:
        self.names = names or {}

    def type(self, node: ast.expr) -> str:
        """A union is flat, names each member once, and None last."""
        unique = dict.fromkeys(self.members(node))
        if "None" in unique:
            del unique["None"]
            unique["None"] = None
        return " | ".join(unique)

    def members(self, node: ast.expr) -> list[str]:
        match node:
            case ast.Constant(value=None):
                return ["None"]
            case ast.Constant(value=str(text)):
                # A forward reference.
                return self.members(parse_expression(text, "type"))
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return [*self.members(left), *self.members(right)]
            case ast.Subscript(value=value, slice=inner):
                return self._subscript(dotted_name(value), inner)
        name = self._name(dotted_name(node), node)
        return [_BARE.get(name, name)]

    def _name(self, name: str | None, node: ast.expr) -> str:
        if name is None:
            raise AnswerError(f"{shown(ast.unparse(node))} is not a type; write one {_EXAMPLE}.")
        if name in self.names:
            return self.names[name]
        name = name.removeprefix("typing.")
        name = _OLD_NAMES.get(name, name)
        if name in _MEANT:
            raise AnswerError(f"{name} is not a type in Python; write {_MEANT[name]}.")
        known = getattr(builtins, name, None)
        if known is not None and not isinstance(known, type):
            raise AnswerError(f"{name} is a builtin function, not a type; write one {_EXAMPLE}.")
        return name

    def _subscript(self, name: str | None, inner: ast.expr) -> list[str]:
        items = list(inner.elts) if isinstance(inner, ast.Tuple) else [inner]
        match (name or "").removeprefix("typing."):
            case "Optional":
                return [*self.members(inner), "None"]
            case "Union":
                return [member for item in items for member in self.members(item)]
            case "Literal":
                arguments = ", ".join(_literal_argument(item) for item in items)
            case _:
                arguments = ", ".join(self._argument(item) for item in items)
        return [f"{self._name(name, inner)}[{arguments or '()'}]"]

    def _argument(self, node: ast.expr) -> str:
        match node:
            case ast.Constant(value=value) if value is ...:
                return "..."
            case ast.List(elts=items):
                return f"[{', '.join(self.type(item) for item in items)}]"
        return self.type(node)


def _literal_argument(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=None | bool() | int() | str() | bytes()):
            return literal(node)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int())):
            return literal(node)
    raise AnswerError("Literal takes strings, whole numbers, True, False and None.")


_CHECKED: dict[str, tuple[type, ...]] = {
    "bool": (bool,),
    "bytes": (bytes,),
    "float": (float, int),
    "int": (int,),
    "None": (type(None),),
    "str": (str,),
    "tuple": (tuple,),
}
_WITHOUT_LITERAL = {
    *("Decimal", "Mapping", "Path", "UUID", "date", "datetime", "dict", "frozenset"),
    *("list", "set", "time", "timedelta"),
}


def check_default(annotation: str, default: str) -> None:
    """Refuse a default that is plainly not of the annotated type; both are source."""
    value = ast.literal_eval(default)
    for member in members(annotation):
        base = base_name(member)
        if base in _CHECKED:
            fits = isinstance(value, _CHECKED[base])
            # In Python True is an int; in a signature it is a mistake.
            if fits and not (isinstance(value, bool) and base in ("int", "float")):
                return
        elif base not in _WITHOUT_LITERAL:
            return
    if value is None:
        raise AnswerError(f"The default None asks for the annotation {annotation} | None.")
    raise AnswerError(f"The default {default} is not of the type {annotation}.")
