"""Calls that send a task: `name.delay(...)`, `name.apply_async(...)`."""

import ast
from functools import cache, partial

from celeryls.facts.functions import keyword_site
from celeryls.facts.model import CallSite
from celeryls.facts.scopes import Scope
from celeryls.facts.walk import lines_with, scope_parts, stands_on
from celeryls.syntax import Parsed
from celeryls.syntax.expr import dotted_name

_DISPATCH = frozenset({"delay", "apply_async"})


def find_calls(parsed: Parsed) -> tuple[CallSite, ...]:
    """The calls of a file that send a task, in the order of source."""
    lines = lines_with(parsed, *_DISPATCH)
    lines_of = cache(partial(lines_with, parsed))
    calls: list[CallSite] = []
    stack: list[tuple[ast.AST, Scope | None]] = [(node, None) for node in parsed.tree.body]
    while stack and lines:
        node, scope = stack.pop()
        if not stands_on(node, lines):
            continue
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in _DISPATCH
        ):
            target = dotted_name(node.func.value)
            if target is not None:
                head = target.partition(".")[0]
                local = scope is not None and scope.hides(head, lines_of(head))
                calls.append(_call_site(parsed, node, node.func, target, local))
        outside, inside = scope_parts(node)
        stack += [(child, scope) for child in outside]
        if inside:
            inner = Scope(node, scope)
            stack += [(child, inner) for child in inside]
    return tuple(sorted(calls, key=lambda call: call.span))


def _call_site(
    parsed: Parsed, node: ast.Call, func: ast.Attribute, target: str, local: bool
) -> CallSite:
    span = parsed.span
    return CallSite(
        target=target,
        method=func.attr,
        span=span(node),
        target_span=span(func.value),
        args=tuple(span(argument) for argument in node.args),
        keywords=tuple(keyword_site(parsed, keyword) for keyword in node.keywords),
        local=local,
    )
