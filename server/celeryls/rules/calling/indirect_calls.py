"""Calls of a task's method by another name: `send = f.delay`, `partial(f.delay, 1)`."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from celeryls.facts.calls import SENDS
from celeryls.facts.functions import keyword_site
from celeryls.facts.lookup import Scope, meaning, nodes_in_scopes, within
from celeryls.facts.walk import lines_with, nodes_on
from celeryls.project.dispatch import Dispatch
from celeryls.project.symbols import External
from celeryls.rules.base import FileContext
from celeryls.rules.calls import CallContext
from celeryls.syntax.bindings import bindings
from celeryls.syntax.expr import UNKNOWN, Expr, Name, attribute, dotted_name, to_expr

_PARTIAL = re.compile(r"\bpartial\(\s*\Z")
_CALLED_AS_IT_IS = re.compile(r"\bon_commit\(\s*\Z")
_NAMED = re.compile(r"(?m)^[ \t]*(\w+)[ \t]*=[ \t]*\Z")
_NEAR = 80
"""Characters before a method that are looked at."""


def indirect_calls(file: FileContext) -> Iterator[tuple[CallContext, bool]]:
    """Such calls, each with whether no more arguments may be added to it."""
    text = file.text
    for dispatch in file.project.dispatches(file.path):
        site = dispatch.site
        if site.called or site.method not in SENDS or len(dispatch.tasks) != 1:
            continue
        start = site.span.start
        if _PARTIAL.search(text, max(0, start - _NEAR), start):
            yield from _partials(file, dispatch)
            continue
        named = _NAMED.search(text, max(0, start - _NEAR), start)
        if named is not None and f"{named[1]}(" in text:
            for node in _calls_of(file, named[1], dispatch):
                yield _call(file, dispatch, node, node.args), True


def _partials(file: FileContext, dispatch: Dispatch) -> Iterator[tuple[CallContext, bool]]:
    parsed, span = file.parsed, dispatch.site.span
    line = file.lines.line_at(span.start) + 1
    for node in nodes_on(parsed.tree.body, [line]):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        if parsed.span(node.args[0]) != span or not _is_partial(file, node.func):
            continue
        start = parsed.start(node)
        final = _CALLED_AS_IT_IS.search(file.text, max(0, start - _NEAR), start) is not None
        yield _call(file, dispatch, node, node.args[1:]), final


def _is_partial(file: FileContext, func: ast.expr) -> bool:
    symbols = file.project.resolve(file.path, dotted_name(func) or "")
    return any(isinstance(s, External) and s.qualname == "functools.partial" for s in symbols)


def _calls_of(file: FileContext, name: str, dispatch: Dispatch) -> Iterator[ast.Call]:
    """The calls of a variable that holds the method, and nothing else."""
    parsed, site = file.parsed, dispatch.site
    expected: Expr = attribute(site.target, site.method)
    if not site.within:
        times = sum(one.name == name for one in bindings(parsed.tree))
        if times != 1:
            return
        expected = Name(name)
    for node, scope in nodes_in_scopes(parsed, lines_with(parsed, f"{name}(")):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id != name or not _is_in(scope, site.within):
            continue
        if meaning(node.func, scope) == expected:
            yield node


def _is_in(scope: Scope | None, function: str) -> bool:
    inside = within(scope)
    return not function or inside == function or inside.startswith(f"{function}.<locals>.")


def _call(
    file: FileContext, dispatch: Dispatch, node: ast.Call, args: list[ast.expr]
) -> CallContext:
    """The call as if it were one of the method; what variables hold is left open."""
    parsed = file.parsed
    given = [*args, *(keyword.value for keyword in node.keywords)]
    site = replace(
        dispatch.site,
        called=True,
        span=parsed.span(node),
        args=tuple(map(parsed.span, args)),
        keywords=tuple(keyword_site(parsed, keyword) for keyword in node.keywords),
        given=tuple(
            UNKNOWN if isinstance(one, ast.Name | ast.Starred) else to_expr(one) for one in given
        ),
    )
    return CallContext(file, replace(dispatch, site=site))
