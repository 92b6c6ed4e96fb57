"""CEL318."""

import re
from collections.abc import Iterator

from celeryls.project.durations import seconds
from celeryls.rules.base import FileContext, Finding
from celeryls.rules.calls import CallContext, CallRule
from celeryls.rules.edits import add_item
from celeryls.text import Applicability, Fix, Span

_GETS = re.compile(r"\s*\.\s*get(?P<brackets>\(\s*(?P<arguments>[^()]*)\))")
_AT_LEAST = 10
"""Seconds to wait for a task without a time limit, or with one that is shorter."""
_LATER = frozenset({"countdown", "eta"})
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

    Unsafe: the caller waits for 10 seconds, or for as long as the time limit of the task allows,
    and then gets a `celery.exceptions.TimeoutError`. Only a person knows how long is too long, and
    what is to be done then. There is no fix where the task is sent with a `countdown`, an `eta` or
    options that can't be told (`**options`).
    """

    code = "CEL318"
    name = "get-without-timeout"
    summary = "The result of a task is waited for without a timeout."
    severity = "warning"
    enabled = False
    since = "0.1.0"
    fix = "sometimes"
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
            message = f'waiting for task "{label}" has no end: give a timeout'
            yield context.finding(self, message, fixes=tuple(_fixes(context, found)))


def _fixes(context: CallContext, found: re.Match[str]) -> Iterator[Fix]:
    is_later = context.spreads or not _LATER.isdisjoint(context.keywords)
    if is_later and context.site.method == "apply_async":
        return
    added = f"timeout={_longest(context)}"
    edits = add_item(context.file.text, Span(*found.span("brackets")), added)
    if edits:
        yield Fix.in_file(context.file.path, f"Add {added}", Applicability.UNSAFE, *edits)


def _longest(context: CallContext) -> float:
    """The seconds to wait: a task may take as long as its time limit says."""
    project = context.file.project
    limits = (
        seconds(project.effective(task, option).value)
        for task in context.dispatch.tasks
        for option in ("time_limit", "soft_time_limit")
    )
    return max([_AT_LEAST, *(limit for limit in limits if limit is not None)])
