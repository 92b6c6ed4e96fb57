"""Parameters as fields of a serializer of Django REST framework."""

import ast

from celeryls.forms.annotations import base_name, members
from celeryls.generate.extras.arguments import Argument, literal_values

_FIELDS = {
    "str": "CharField",
    "int": "IntegerField",
    "float": "FloatField",
    "bool": "BooleanField",
    "date": "DateField",
    "datetime": "DateTimeField",
    "time": "TimeField",
    "UUID": "UUIDField",
    "Decimal": "DecimalField",
}
_LISTS = frozenset({"list", "Sequence", "Collection", "Iterable"})
_DICTS = frozenset({"dict", "Mapping"})


def serializer_field(argument: Argument) -> tuple[str, list[str]]:
    """The field of a parameter, its class and options: what is not plain is any JSON."""
    found = [base_name(member) for member in members(argument.annotation)]
    others = [member for member in members(argument.annotation) if member != "None"]
    options = [] if argument.is_required else ["required=False"]
    if "None" in found or argument.default == "None":
        options.append("allow_null=True")
    choices = literal_values(argument)
    if choices:
        return "ChoiceField", [f"choices=[{', '.join(choices)}]", *options]
    if len(others) != 1:
        return "JSONField", options
    name, own = _field(others[0])
    return name, [*own, *options]


def _field(annotation: str) -> tuple[str, list[str]]:
    base = base_name(annotation).rpartition(".")[2]
    if base == "str":
        return "CharField", ["allow_blank=True", "trim_whitespace=False"]
    if base == "Decimal":
        return "DecimalField", ["max_digits=None", "decimal_places=None"]
    if base in _FIELDS:
        return _FIELDS[base], []
    node = ast.parse(annotation, mode="eval").body
    inner = node.slice if isinstance(node, ast.Subscript) else None
    if base in _LISTS:
        return "ListField", _child(inner)
    if base in _DICTS:
        value = inner.elts[-1] if isinstance(inner, ast.Tuple) else None
        return "DictField", _child(value)
    return "JSONField", []


def _child(node: ast.expr | None) -> list[str]:
    text = ast.unparse(node) if node is not None else ""
    if not text or text == "Any" or len(members(text)) > 1:
        return []
    name, options = _field(text)
    return [f"child={_call(name, options)}"]


def _call(name: str, options: list[str]) -> str:
    return f"serializers.{name}({', '.join(options)})"
