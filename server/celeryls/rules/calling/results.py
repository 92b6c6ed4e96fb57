"""What is asked of the result of a call: at once, or of the variable that holds it."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from celeryls.facts.scopes import bound_by, own_nodes
from celeryls.rules.base import FileContext
from celeryls.rules.calls import CallContext
from celeryls.text import Span

_AT_ONCE = re.compile(r"\s*\.\s*(\w+)\s*(\()?")
_HELD = re.compile(r"(\w+)\s*(?::[^=\n]+)?=\s*$")


@dataclass(frozen=True, slots=True)
class Asked:
    """An attribute of a result; `span` is that of the variable with it, `None` where it follows."""

    name: str
    called: bool
    span: Span | None


def asked(context: CallContext) -> Iterator[Asked]:
    """What is asked of the result of a call, as far as its function shows it."""
    file, site = context.file, context.site
    at_once = _AT_ONCE.match(file.text, site.span.end)
    if at_once is not None:
        yield Asked(at_once[1], at_once[2] is not None, None)
        return
    line = file.text.rfind("\n", 0, site.span.start) + 1
    held = _HELD.search(file.text, line, site.span.start)
    if held is not None and re.search(rf"\b{held[1]}\s*\.\s*\w", file.text) is not None:
        yield from file.once(_held).get(site.span, ())


def _held(file: FileContext) -> Mapping[Span, list[Asked]]:
    """What is asked of variables that hold what one call gives, by the span of that call."""
    parsed = file.parsed
    found: dict[Span, list[Asked]] = {}
    for function in ast.walk(parsed.tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        bound = bound_by(function.body)
        calls = {
            name: parsed.span(value)
            for name, value in bound.values.items()
            if bound.counts[name] == 1 and isinstance(value, ast.Call)
        }
        if not calls:
            continue
        nodes = list(own_nodes(function.body))
        called = {node.func for node in nodes if isinstance(node, ast.Call)}
        for node in nodes:
            match node:
                case ast.Attribute(value=ast.Name(id=name)) if name in calls:
                    one = Asked(node.attr, node in called, parsed.span(node))
                    found.setdefault(calls[name], []).append(one)
    return found
