"""What rules about lost exceptions ask: which `except` is the end of a Retry, Ignore or Reject."""

import builtins
import re
from collections.abc import Iterator
from itertools import islice

from celeryls.facts import HandlerSite, Import, RetrySite
from celeryls.project.symbols import External
from celeryls.rules.base import Finding, Related, Rule, TaskContext
from celeryls.rules.retrying.autoretry import BROAD
from celeryls.syntax import Parsed, parse
from celeryls.syntax.expr import Expr, Imported, Name
from celeryls.syntax.imports import add_import
from celeryls.text import Applicability, Edit, Fix, Span, newline_of

_DEFINED = re.compile(r"\n[ \t]*\r?\n(?=@|def\b|class\b|async\b)")
_CELERYS = frozenset({"Retry", "Ignore", "Reject", "TaskPredicate", "CeleryError"})


def is_retry(context: TaskContext, site: RetrySite) -> bool:
    """Whether a call is certainly Celery's own `retry` of the task that it stands in."""
    task = context.task
    return (
        site.method == "retry"
        and site.own
        and task.bind is True
        and not task.base.has_method("retry")
    )


def may_not_raise(context: TaskContext, site: RetrySite) -> bool:
    """Whether a call of `retry` may return, as it does with `throw=False`."""
    if site.raised:
        return False
    for keyword in site.keywords:
        if keyword.name is None:
            return True
        if keyword.name == "throw" and keyword.value_span.of(context.file.text) != "True":
            return True
    # throw is the fourth parameter.
    return len(site.args) > 3 or any(s.of(context.file.text)[0] == "*" for s in site.args)


def raising(text: str, site: RetrySite, cause: str | None) -> Iterator[Edit]:
    """Edits that have a call of `retry` raised, in so many words, `from` its cause.

    In an `except` linters take a `raise` without `from` for a mistake (B904).
    """
    start, end = site.span.start, site.span.end
    if not site.raised:
        yield Edit(Span(start, start), "raise ")
    if cause is not None and not re.match(r"\s*(?:\)|from\b)", text[end : end + 80]):
        yield Edit(Span(end, end), f" from {cause}")


def raised_name(context: TaskContext, site: RetrySite) -> str | None:
    """The name in `celery.exceptions` of what a `raise` raises, `None` if it is none of these."""
    target = site.target
    if site.method or not isinstance(target, Name | Imported):
        return None
    if isinstance(target, Name) and context.task.decl.in_function:
        return None  # the function around it may call something else so
    meant = context.file.project.meaning(context.file.path, target)
    names = {symbol.qualname if isinstance(symbol, External) else "" for symbol in meant}
    module, _, last = names.pop().rpartition(".") if len(names) == 1 else ("", "", "")
    return last if module == "celery.exceptions" and last in _CELERYS else None


def swallower(
    context: TaskContext,
    tries: tuple[tuple[HandlerSite, ...], ...],
    meant: frozenset[str] = _CELERYS,
) -> HandlerSite | None:
    """The handler in which an exception of Celery's is certainly lost.

    `tries` are those around the place where it is raised.  A handler that has one of the names
    in `meant` is there for it, and does as it should.
    """
    for handlers in tries:
        for handler in handlers:
            answers = [_is_broad(context, each, meant) for each in handler.types]
            if None in answers:
                return None
            if not answers or any(answers):
                return handler if handler.lost else None
    return None


def catches_all(context: TaskContext, handler: HandlerSite) -> bool:
    """Whether a handler certainly catches nearly all exceptions."""
    answers = [_is_broad(context, each, frozenset()) for each in handler.types]
    return not answers or True in answers


def _is_broad(context: TaskContext, caught: Expr, meant: frozenset[str]) -> bool | None:
    """Whether a class catches nearly all, `None` where that can't be told."""
    if not isinstance(caught, Name):
        return None
    last = caught.last
    if last in meant:
        return None
    if caught.dotted in BROAD:
        return None if context.file.project.resolve(context.file.path, last) else True
    if isinstance(getattr(builtins, caught.dotted, None), type):
        return False
    # What is written otherwise may be a tuple of anything.
    is_class = last[:1].isupper() and not last.isupper()
    return False if is_class else None


def finding(
    rule: Rule,
    context: TaskContext,
    site: RetrySite,
    message: str,
    *,
    span: Span | None = None,
    fixes: Iterator[Fix] | tuple[Fix, ...] = (),
    handler: HandlerSite | None = None,
) -> Finding:
    """A finding about one place in a task's function."""
    related: tuple[Related, ...] = ()
    if handler is not None:
        related = (Related(context.file.path, handler.span, "it is caught here"),)
    return Finding(
        rule.code,
        message,
        span or site.span,
        site.span,
        # Whether something is lost depends on all that the function does.
        Span(context.scope.start, context.site.span.end),
        tuple(fixes),
        related,
    )


def _with_imports(text: str) -> Parsed:
    """The beginning of a file, up to its second function or class: to parse all takes longer."""
    starts = islice(_DEFINED.finditer(text), 1, 2)
    head = parse(text[: next((found.end() for found in starts), len(text))])
    return parse(text) if head.broken else head


def let_through(
    context: TaskContext, site: RetrySite, handler: HandlerSite, name: str
) -> Iterator[Fix]:
    """Let what is raised at `site` through a handler."""
    if site.method:
        yield from pass_on(context, handler, name)
    elif isinstance(site.target, Name):
        written = site.span.of(context.file.text).partition("(")[0].rstrip()
        yield from pass_on(context, handler, name, written=written)
    # Else it is imported in the function, perhaps after something else has failed.


def pass_on(
    context: TaskContext,
    handler: HandlerSite,
    name: str,
    *,
    written: str | None = None,
    applicability: Applicability = Applicability.SAFE,
) -> Iterator[Fix]:
    """Put an `except` above a handler that lets one of Celery's exceptions through.

    It is `written` so in the file, or else imported from `celery.exceptions`.
    """
    text, path = context.file.text, context.file.path
    lines = context.file.lines
    start = lines.line_start(lines.line_at(handler.span.start))
    indent = text[start : handler.span.start]
    if indent.strip():
        return
    edits: tuple[Edit, ...] = ()
    if written is None:
        bound = context.file.project.interface(path).names.get(name, ())
        if any(other != Import("celery.exceptions", name) for other in bound):
            return  # that name is taken
        added = add_import(_with_imports(text), "celery.exceptions", name)
        written, edits = added.local_name, added.edits
        head = written.partition(".")[0]
        body = context.site.span.of(text)
        if re.search(rf"\b{head}\b[^\n]*=|\bimport\b[^\n]*\b{head}\b", body):
            return  # a name of the function hides it
    newline = newline_of(text)
    step = "\t" if "\t" in indent else "    "
    above = f"except {written}:{newline}{indent}{step}raise{newline}{indent}"
    at = Span(handler.span.start, handler.span.start)
    yield Fix.in_file(path, f"Let {name} through", applicability, *edits, Edit(at, above))
