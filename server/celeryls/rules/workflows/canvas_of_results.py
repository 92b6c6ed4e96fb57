"""CEL402."""

from collections.abc import Iterator

from celeryls.rules.base import FileContext, Finding, Rule
from celeryls.rules.calls import CallContext
from celeryls.rules.canvas import CanvasContext, CanvasRule
from celeryls.text import Applicability, Edit, Fix

_SENDS = frozenset({"delay", "delay_on_commit"})


class CanvasOfResults(CanvasRule):
    """## What it does

    Finds chains, groups, chords and `link=` that are given `task.delay(...)` in place of a
    signature.

    ## Why it matters

    `delay` sends the task at once, whatever the workflow says, and gives a result, which is no
    step of a workflow: a `TypeError` or an `AttributeError` follows, after the message is sent.

    Celery's documentation:
    [Signatures](https://docs.celeryq.dev/en/stable/userguide/canvas.html#signatures)

    ## Example

    ```python
    chain(fetch.delay(url), store.s())()
    ```

    Use instead:

    ```python
    chain(fetch.s(url), store.s())()
    ```

    ## Known limits

    Only members that are written out are seen.

    ## Fix safety

    Safe: the workflow can't have worked as written.
    """

    code = "CEL402"
    name = "canvas-of-results"
    summary = "A workflow is given a task that was sent already, in place of a signature."
    severity = "error"
    since = "0.1.0"
    fix = "safe"

    def check_canvas(self, context: CanvasContext) -> Iterator[Finding]:
        body = context.body()
        members = [dispatch for _, dispatch in context.members()]
        for dispatch in members if body is None else [*members, body]:
            if dispatch.tasks and dispatch.site.method in _SENDS:
                call = CallContext(context.file, dispatch)
                yield _finding(self, call, f"a {context.kind}")

    def check(self, file: FileContext) -> Iterator[Finding]:
        yield from super().check(file)
        sent = {
            dispatch.site.span: dispatch
            for dispatch in file.project.dispatches(file.path)
            if dispatch.tasks and dispatch.site.called and dispatch.site.method in _SENDS
        }
        for dispatch in file.project.dispatches(file.path):
            if dispatch.site.method != "apply_async" or not dispatch.tasks:
                continue
            for keyword in dispatch.site.keywords:
                linked = sent.get(keyword.value_span)
                if keyword.name in ("link", "link_error") and linked is not None:
                    yield _finding(self, CallContext(file, linked), keyword.name)


def _finding(rule: Rule, call: CallContext, where: str) -> Finding:
    site = call.site
    edit = Edit(call.method_span, "s")
    fix = Fix.in_file(call.file.path, "Use a signature: s", Applicability.SAFE, edit)
    label = call.dispatch.tasks[0].label
    message = f'{site.method} sends task "{label}" at once: {where} takes signatures'
    return call.finding(rule, message, fixes=(fix,))
