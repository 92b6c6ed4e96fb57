"""CEL318."""

import re
from collections.abc import Iterator

from celeryls.rules.base import FileContext, Finding
from celeryls.rules.calls import CallContext, CallRule

_GETS = re.compile(r"\s*\.\s*(?:get|join)\(\s*(?P<arguments>[^()]*)\)")
_OTHER = re.compile(r"(?!timeout\b)\w+\s*=")


class GetWithoutTimeout(CallRule):
    """## What it does

    Finds `task.delay(...).get()` without a timeout.

    ## Why it matters

    If no worker is there, or the message is lost, the caller waits for ever, and so does whoever
    waits for the caller.

    Celery's documentation:
    [AsyncResult.get](https://docs.celeryq.dev/en/stable/reference/celery.result.html#celery.result.AsyncResult.get)

    ## Example

    ```python
    total = fetch.delay().get()
    ```

    Use instead:

    ```python
    total = fetch.delay().get(timeout=10)
    ```

    ## Known limits

    A script may well wait for ever, so the rule is off. Only what is asked of the result at once is
    seen. In a task it is CEL317's. Tests are not judged.

    ## Fix safety

    There is no fix: only its author knows how long is too long.
    """

    code = "CEL318"
    name = "get-without-timeout"
    summary = "The result of a task is waited for without a timeout."
    severity = "warning"
    enabled = False
    since = "0.1.0"
    fix = "none"
    gives_way_to = ("CEL317", "CEL319")
    methods = frozenset({"delay", "apply_async"})

    def check(self, file: FileContext) -> Iterator[Finding]:
        if not file.project.is_test(file.path):
            yield from super().check(file)

    def check_call(self, context: CallContext) -> Iterator[Finding]:
        found = _GETS.match(context.file.text, context.site.span.end)
        if found is None:
            return
        given = [part.strip() for part in found["arguments"].split(",") if part.strip()]
        if all(_OTHER.match(part) for part in given):
            label = context.dispatch.tasks[0].label
            yield context.finding(self, f'waiting for task "{label}" has no end: give a timeout')
