"""CEL401."""

import re
from collections.abc import Iterator
from dataclasses import replace

from celeryls.project.dispatch import Dispatch
from celeryls.rules.arity import mismatch
from celeryls.rules.base import FileContext, Finding
from celeryls.rules.calls import CallContext, Handed, calls_of_tasks
from celeryls.rules.canvas import CanvasContext, CanvasRule
from celeryls.syntax.expr import UNKNOWN
from celeryls.text import Applicability, Edit, Fix, Span

_IMMUTABLE = re.compile(r"\s*\.\s*set\((?:[^()]|\([^()]*\))*\bimmutable\b")
_LINK = re.compile(r"(?:\b(link)\s*=\s*\[?|\.link\()\s*\Z")
_ENDS = re.compile(r"\s*[,\])]")
_VARIABLE = re.compile(r"(?:^|(?<=\s))(\w+)\Z")
_LINKING = frozenset({"apply_async", "apply_async_on_commit", "apply"})
_NEAR = 80
"""Characters before a signature that are looked at."""


class ChainArguments(CanvasRule):
    """## What it does

    Finds later steps of a chain, bodies of chords, and callbacks (`link=`, `.link(...)`) that can't
    take the result of the step before.

    ## Why it matters

    The result of a step is put before the arguments of the next one. A task that takes no
    further argument then fails in the worker, after the first steps are done:
    `clean_up() takes 0 positional arguments but 1 was given`.

    Celery's documentation:
    [Immutability](https://docs.celeryq.dev/en/stable/userguide/canvas.html#immutability)

    ## Example

    ```python
    chain(fetch.s(url), clean_up.s())()
    ```

    Use instead:

    ```python
    chain(fetch.s(url), clean_up.si())()
    ```

    ## Known limits

    Steps whose arguments can't be told are silent, as those of CEL301 are. A step in a variable, or
    a list of them, is followed where nothing but workflows uses it.

    ## Fix safety

    Safe: with `si` a step gets just the arguments that are written. There is a fix only where
    these fit.
    """

    code = "CEL401"
    name = "chain-arguments"
    summary = "A step of a chain does not take the result of the step before it."
    severity = "error"
    since = "0.1.0"
    fix = "sometimes"

    def check(self, file: FileContext) -> Iterator[Finding]:
        yield from super().check(file)
        for call in file.once(calls_of_tasks):
            if call.site.method == "s" and _is_linked(file, call):
                yield from self._result(call, "the task that it is linked to", call.site.span)

    def check_canvas(self, context: CanvasContext) -> Iterator[Finding]:
        if context.kind == "chain":
            steps = [dispatch for at, dispatch in context.members() if at > 0]
        else:
            steps = [body] if (body := context.body()) is not None else []
        what = "the results of the header" if context.kind == "chord" else "the step before it"
        for dispatch in steps:
            if dispatch.site.method == "s":
                call = CallContext(context.file, dispatch)
                yield from self._result(call, what, context.site.span)

    def _result(self, call: CallContext, what: str, evidence: Span) -> Iterator[Finding]:
        """A signature that can't take a result before its own arguments."""
        task, handed, span = call.task, call.handed, call.site.span
        if task is None or handed is None or not call.is_checked or handed.more_positional:
            return
        if _IMMUTABLE.match(call.file.text, span.end) is not None:
            return
        with_result = replace(handed, positional=(UNKNOWN, *handed.positional))
        wrong = mismatch(task.takes, with_result)
        if wrong is None or mismatch(task.takes, handed, final=False) is not None:
            return  # the second is wrong in any place, and CEL301's
        message = (
            f'task "{task.label}" gets the result of {what} as its first argument, but {wrong}'
        ).replace("the result of the results", "the results")
        fixes = _fixes(call, handed) if mismatch(task.takes, handed) is None else ()
        yield Finding(self.code, message, span, span, evidence, fixes)


def _is_linked(file: FileContext, call: CallContext) -> bool:
    """Whether a signature is a callback of a task, which gets the result of that."""
    text, span = file.text, call.site.span
    link = _LINK.search(text, max(0, span.start - _NEAR), span.start)
    if link is None or not _ENDS.match(text, span.end):
        return False
    if link[1] is not None:
        return any(
            keyword.name == "link" and keyword.value_span.contains(span.start)
            for site in file.project.body(file.path).calls
            if site.method in _LINKING
            for keyword in site.keywords
        )
    return _is_signature(file, link.start(), call.site.within)


def _is_signature(file: FileContext, end: int, within: str) -> bool:
    """Whether what ends there is a signature of a task, or a variable that only holds some.

    A group is none: what is linked to it gets no result.
    """
    dispatches = [d for d in file.project.dispatches(file.path) if d.tasks and _signs(d)]
    if any(one.site.span.end == end for one in dispatches):
        return True
    name = _VARIABLE.search(file.text, max(0, end - _NEAR), end)
    if name is None:
        return False
    starts = {d.site.span.start: d for d in dispatches}
    given = [starts.get(m.end()) for m in re.finditer(rf"\b{name[1]}\s*=(?!=)\s*", file.text)]
    return bool(given) and all(d is not None and d.site.within == within for d in given)


def _signs(dispatch: Dispatch) -> bool:
    return dispatch.site.called and dispatch.site.method in ("s", "si", "signature")


def _fixes(call: CallContext, handed: Handed) -> tuple[Fix, ...]:
    edit = Edit(call.method_span, "si")
    title = "Use si: it gets no result"
    return (Fix.in_file(call.file.path, title, Applicability.SAFE, edit),)
