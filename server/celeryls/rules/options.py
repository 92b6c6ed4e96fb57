"""What rules about options are given: every place where a task is given some."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from celeryls.facts import CallSite, RetrySite
from celeryls.facts.calls import SIGNS, calls_of
from celeryls.facts.functions import keyword_site
from celeryls.facts.scopes import bound_by
from celeryls.facts.walk import lines_with, nodes_on
from celeryls.project.dispatch import Dispatch
from celeryls.rules.base import FileContext, Finding, TaskContext
from celeryls.rules.calls import CallContext, CallRule
from celeryls.rules.retrying.swallowed import is_retry
from celeryls.syntax import Parsed
from celeryls.syntax.expr import Const, Dict, Expr
from celeryls.text import Span

_NAME = re.compile(r"\w+")


class OptionRule(CallRule):
    """A rule that looks at the options of one call at a time.

    Beside calls of a task it is given `set` of a signature and `retry` in the task itself, if
    these are among its methods.
    """

    def check(self, file: FileContext) -> Iterator[Finding]:
        yield from super().check(file)
        for call in (*file.once(_retries), *file.once(_sets)):
            if call.site.method in self.methods:
                yield from self.check_call(call)


def _retries(file: FileContext) -> tuple[CallContext, ...]:
    """The calls of `retry` in a file, each as a call of the task that it stands in."""
    return tuple(
        CallContext(file, Dispatch(file.path, _as_call(task, site), (task.task,)))
        for task in file.tasks()
        for site in task.site.retries
        if is_retry(task, site)
    )


def _as_call(task: TaskContext, site: RetrySite) -> CallSite:
    first = _NAME.match(task.file.text, site.span.start)
    assert first is not None, "the first parameter"
    return CallSite(
        target=site.target,
        method="retry",
        called=True,
        span=site.span,
        target_span=Span(*first.span()),
        args=site.args,
        keywords=site.keywords,
        values=(),
        within=task.task.decl.qualname,
        alone=site.alone,
        given=site.given,
    )


def _sets(file: FileContext) -> tuple[CallContext, ...]:
    """The calls of `set` of a signature in a file."""
    signs = (one.tasks and _signs(one) for one in file.project.dispatches(file.path))
    if ".set(" not in file.text or not any(signs):
        return ()
    resolve = file.project.dispatch_of
    found = (resolve(file.path, site) for site in calls_of(file.parsed, "set"))
    # A task itself has no such method.
    return tuple(
        CallContext(file, replace(one, is_direct=False))
        for one in found
        if one.tasks and not one.is_direct
    )


def _signs(one: Dispatch) -> bool:
    return one.site.method in SIGNS or not one.site.method


def spread_options(context: CallContext) -> Iterator[tuple[str, Expr, Span]]:
    """The options that a call is given by `**`, with their values and where their names stand.

    Only those of a dict that is written out and never changed.
    """
    site = context.site
    for keyword, meant in zip(site.keywords, context.given_keywords, strict=True):
        if keyword.name is None and isinstance(meant, Dict):
            yield from spread_items(context.file, keyword.value_span, meant)


def spread_items(file: FileContext, span: Span, meant: Dict) -> Iterator[tuple[str, Expr, Span]]:
    """The items of a dict that the expression at `span` stands for, by the names that are texts.

    A name stands in the dict, where that is in the file and certain; else it is the expression.
    """
    node = None if file.parsed.broken else _display(file.parsed, span)
    for key, value in meant.items:
        if isinstance(key, Const) and isinstance(key.value, str):
            yield key.value, value, _key(file, node, key.value) or span


def _key(file: FileContext, node: ast.expr | None, name: str) -> Span | None:
    """Where a key stands, without its quotes, in what makes a dict."""
    parsed = file.parsed
    match node:
        case ast.Dict(keys=keys):
            places = [
                parsed.span(key)
                for key in keys
                if isinstance(key, ast.Constant) and key.value == name
            ]
            inner = [Span(place.start + 1, place.end - 1) for place in places]
            return inner[0] if len(inner) == 1 and inner[0].of(file.text) == name else None
        case ast.Call(func=ast.Name(id="dict"), keywords=keywords):
            for keyword in keywords:
                if keyword.arg == name:
                    return keyword_site(parsed, keyword).name_span
    return None


def _display(parsed: Parsed, span: Span) -> ast.expr | None:
    """The expression at a place; what the variable was given that stands there."""
    text = span.of(parsed.text)
    if not text.isidentifier():
        lines = [parsed.lines.line_at(span.start) + 1]
        nodes = nodes_on(parsed.tree.body, lines)
        found = (n for n in nodes if isinstance(n, ast.expr) and parsed.span(n) == span)
        return next(found, None)
    around: list[list[ast.stmt]] = [parsed.tree.body]
    for node in nodes_on(parsed.tree.body, [parsed.lines.line_at(span.start) + 1]):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (
            parsed.span(node.body[0]).start <= span.start < parsed.span(node).end
        ):
            around.append(node.body)
    lines = lines_with(parsed, text)
    for body in sorted(around, key=lambda block: block[0].lineno, reverse=True):
        bound = bound_by(body, lines)
        if text in bound.counts:
            return bound.values.get(text) if bound.counts[text] == 1 else None
    return None
