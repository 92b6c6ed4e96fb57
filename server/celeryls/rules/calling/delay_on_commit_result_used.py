"""CEL316."""

from collections.abc import Iterator

from celeryls.rules.base import Finding
from celeryls.rules.calling.results import asked
from celeryls.rules.calls import CallContext, CallRule


class DelayOnCommitResultUsed(CallRule):
    """## What it does

    Finds `delay_on_commit(...)` of which the result is used.

    ## Why it matters

    The task is sent only when the transaction ends, so there is no result yet: the call returns
    `None`, and `.id` or `.get()` of it raises an `AttributeError`.

    Celery's documentation:
    [Django](https://docs.celeryq.dev/en/stable/django/first-steps-with-django.html)

    ## Example

    ```python
    task_id = charge.delay_on_commit(order.pk).id
    ```

    Use instead:

    ```python
    task_id = uuid4().hex
    charge.apply_async_on_commit((order.pk,), task_id=task_id)
    ```

    ## Known limits

    Only what is asked of the result at once is seen, or of a variable that holds just what this
    call gives.

    ## Fix safety

    There is no fix: there is no result to be had.
    """

    code = "CEL316"
    name = "delay-on-commit-result-used"
    summary = "The result of delay_on_commit is used; it is None."
    severity = "error"
    since = "0.1.0"
    fix = "none"
    methods = frozenset({"delay_on_commit", "apply_async_on_commit"})

    def check_call(self, context: CallContext) -> Iterator[Finding]:
        task = context.task
        if task is None or not task.base.complete or task.base.has_method(context.site.method):
            return
        for one in asked(context):
            message = f"{context.site.method} returns None: the task is sent later"
            yield context.finding(self, message, span=one.span)
            return
