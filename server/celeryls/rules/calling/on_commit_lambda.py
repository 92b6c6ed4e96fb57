"""CEL315."""

import re
from collections.abc import Iterator

from celeryls.project.symbols import External
from celeryls.rules.base import Finding
from celeryls.rules.calling.on_commit import has_on_commit
from celeryls.rules.calls import CallContext, CallRule
from celeryls.text import Applicability, Edit, Fix, Span

_BEFORE = re.compile(r"(?P<name>[A-Za-z_][\w.]*)\(\s*lambda\s*:\s*\Z")
_AFTER = re.compile(r"\s*,?\s*\)")


class OnCommitLambda(CallRule):
    """## What it does

    Finds `transaction.on_commit(lambda: task.delay(...))` where tasks have `delay_on_commit`.

    ## Why it matters

    From 5.4 on the tasks of a Django project have a method for it. It is shorter, and it takes the
    arguments as they are now: a lambda looks its names up when the transaction ends, and in a loop
    sends the last one each time.

    Celery's documentation:
    [Trigger tasks at the end of the database transaction](https://docs.celeryq.dev/en/stable/django/first-steps-with-django.html#trigger-tasks-at-the-end-of-the-database-transaction)

    ## Example

    ```python
    from django.db import transaction

    transaction.on_commit(lambda: charge.delay(order.pk))
    ```

    Use instead:

    ```python
    charge.delay_on_commit(order.pk)
    ```

    ## Known limits

    A question of style, so the rule is off. Silent with Celery before 5.4, with a task class of
    one's own, and where `on_commit` gets more than the lambda (`using`, `robust`).

    ## Fix safety

    Unsafe: names in the arguments are looked up at once.
    """

    code = "CEL315"
    name = "on-commit-lambda"
    summary = "A task is sent by a lambda on commit; it has delay_on_commit."
    severity = "info"
    enabled = False
    since = "0.1.0"
    fix = "unsafe"
    methods = frozenset({"delay", "apply_async"})

    def check_call(self, context: CallContext) -> Iterator[Finding]:
        text, site = context.file.text, context.site
        before = _BEFORE.search(text, max(0, site.span.start - 120), site.span.start)
        after = _AFTER.match(text, site.span.end)
        if before is None or after is None or not context.dispatch.is_direct:
            return
        meant = context.file.project.resolve(context.file.path, before["name"])
        if meant != (External("django.db.transaction.on_commit"),) or not has_on_commit(context):
            return
        method = context.method_span.end
        edits = (
            Edit(Span(before.start(), site.span.start), ""),
            Edit(Span(method, method), "_on_commit"),
            Edit(Span(site.span.end, after.end()), ""),
        )
        title = f"Use {site.method}_on_commit"
        fix = Fix.in_file(context.file.path, title, Applicability.UNSAFE, *edits)
        message = f'task "{context.dispatch.tasks[0].label}" has {site.method}_on_commit for this'
        span = Span(before.start(), after.end())
        yield context.finding(self, message, span=span, fixes=(fix,))
