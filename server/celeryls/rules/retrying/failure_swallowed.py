"""CEL212."""

from collections.abc import Iterator

from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.declaring.surroundings import is_run_by_celery_alone
from celeryls.rules.retrying.swallowed import catches_all
from celeryls.text import Span


class FailureSwallowed(TaskRule):
    """## What it does

    Finds tasks that end with a `try` whose `except Exception` raises nothing and returns nothing.

    ## Why it matters

    For Celery such a task succeeds, whatever happened: its state is `SUCCESS`, no failure is
    counted, `autoretry_for` and `link_error` have nothing to act on, and a chain goes on with
    `None`. A log line is all that is left. There are tasks for which that is right, and so the
    rule is off unless it is asked for.

    Celery's documentation:
    [Automatic retry for known exceptions](https://docs.celeryq.dev/en/stable/userguide/tasks.html#automatic-retry-for-known-exceptions)

    ## Example

    ```python
    @shared_task
    def sync(product_id):
        try:
            fetch(product_id)
        except Exception:
            logger.exception("no luck with %s", product_id)
    ```

    Use instead:

    ```python
    @shared_task
    def sync(product_id):
        try:
            fetch(product_id)
        except Exception:
            logger.exception("no luck with %s", product_id)
            raise
    ```

    ## Known limits

    Only a `try` that is the last statement of the task is looked at. A handler that does anything
    else than log (raise, return a value, assign, call another function) is silent, and so is a
    task that calls `retry` or raises `Ignore` or `Reject`.

    ## Fix safety

    There is no fix: whether the failure matters is for a person to say.
    """

    code = "CEL212"
    name = "failure-swallowed"
    summary = "A task that fails counts as a success, since it catches everything."
    severity = "info"
    enabled = False
    since = "0.1.0"
    fix = "none"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        site = context.site
        if not site.last or site.retries or not is_run_by_celery_alone(context):
            return
        handler = next((each for each in site.last if catches_all(context, each)), None)
        if handler is None or not handler.lost:
            return
        caught = " ".join(handler.span.of(context.file.text).split())
        yield Finding(
            self.code,
            f'task "{context.task.label}" ends in "{caught}", so it counts as a success when it '
            "has failed",
            handler.span,
            handler.span,
            Span(context.scope.start, site.span.end),
        )
