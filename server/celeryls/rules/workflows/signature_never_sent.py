"""CEL405."""

from collections.abc import Iterator

from celeryls.facts import CallSite, CanvasSite
from celeryls.rules.base import FileContext, Finding
from celeryls.rules.calls import CallContext
from celeryls.rules.canvas import CanvasContext, CanvasRule
from celeryls.text import Applicability, Edit, Fix, Span


class SignatureNeverSent(CanvasRule):
    """## What it does

    Finds signatures and workflows that are made, and with which nothing is done: `add.s(1)`,
    `chain(...)` or `add.delay` as a statement.

    ## Why it matters

    A signature only says what would be sent. As a statement of its own, or in a variable that
    nothing reads, it is made and thrown away: the task never runs, and nothing fails.

    Celery's documentation:
    [Canvas](https://docs.celeryq.dev/en/stable/userguide/canvas.html)

    ## Example

    ```python
    chain(fetch.s(url), store.s())
    ```

    Use instead:

    ```python
    chain(fetch.s(url), store.s()).delay()
    ```

    ## Known limits

    Only statements of their own are seen, and variables of a function that are bound once and that
    nothing reads; not those whose name begins with `_`. Silent about variables in tests.

    ## Fix safety

    Unsafe: from then on the task runs.
    """

    code = "CEL405"
    name = "signature-never-sent"
    summary = "A signature or workflow is made, and never sent."
    severity = "warning"
    since = "0.1.0"
    fix = "unsafe"

    def check(self, file: FileContext) -> Iterator[Finding]:
        yield from super().check(file)
        for dispatch in file.project.dispatches(file.path):
            site = dispatch.site
            if not _is_lost(file, site) or not dispatch.tasks:
                continue
            call = CallContext(file, dispatch)
            label = dispatch.tasks[0].label
            if site.called and site.method in ("s", "si") and dispatch.is_direct:
                message = f'this signature of task "{label}" is never sent'
                yield call.finding(self, message, fixes=(_sent(file, site.span, ".delay()"),))
            elif not site.called and site.method == "delay":
                message = f'task "{label}" is not sent: delay is not called'
                yield call.finding(self, message, fixes=(_sent(file, site.span, "()"),))

    def check_canvas(self, context: CanvasContext) -> Iterator[Finding]:
        site = context.site
        if not _is_lost(context.file, site):
            return
        if site.callee is None and not any(d.tasks for _, d in context.members()):
            return  # `a | b` of something else
        yield context.finding(
            self,
            f"this {context.kind} is never sent",
            site.span,
            () if site.callee is None else (_sent(context.file, site.span, ".delay()"),),
        )


def _is_lost(file: FileContext, site: CallSite | CanvasSite) -> bool:
    """Whether nothing is done with a value; code that asks for all variables may read any."""
    return site.alone or (
        site.unused
        and not file.project.is_test(file.path)
        and not any(word in file.text for word in ("locals(", "eval(", "exec("))
    )


def _sent(file: FileContext, span: Span, call: str) -> Fix:
    edit = Edit(Span(span.end, span.end), call)
    return Fix.in_file(file.path, "Send it", Applicability.UNSAFE, edit)
