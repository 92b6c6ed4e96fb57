"""CEL218."""

from collections.abc import Iterator

from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.retrying.autoretry import is_on
from celeryls.rules.retrying.swallowed import finding, is_retry


class AutoretryAndManualRetry(TaskRule):
    """## What it does

    Finds `self.retry()` in a task that has an `autoretry_for`.

    ## Why it matters

    Such a task is retried in two ways, by rules of their own: `retry_backoff`, `retry_jitter` and
    `retry_kwargs` hold for one of them and not for the other, and both count the same retries. So
    how often the task runs, and when, depends on which of them came first. It may be what somebody
    wants, and so the rule is off unless it is asked for.

    Celery's documentation:
    [Automatic retry for known exceptions](https://docs.celeryq.dev/en/stable/userguide/tasks.html#automatic-retry-for-known-exceptions)

    ## Example

    ```python
    @shared_task(bind=True, autoretry_for=(ConnectionError,), retry_backoff=True)
    def sync(self, product_id):
        try:
            fetch(product_id)
        except TimeoutError as exc:
            raise self.retry(exc=exc, countdown=60)
    ```

    Use instead:

    ```python
    @shared_task(autoretry_for=(ConnectionError, TimeoutError), retry_backoff=True)
    def sync(product_id):
        fetch(product_id)
    ```

    ## Known limits

    Only calls in the task's own function are seen.

    ## Fix safety

    There is no fix: which of the two is wanted is for a person to say.
    """

    code = "CEL218"
    name = "autoretry-and-manual-retry"
    summary = "A task is retried by itself and by hand, with delays and limits of their own."
    severity = "hint"
    enabled = False
    since = "0.1.0"
    fix = "none"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        sites = [site for site in context.site.retries if is_retry(context, site)]
        if not sites or not is_on(context):
            return
        # One of them stands for all: it is the task that is retried in two ways.
        yield finding(
            self,
            context,
            sites[0],
            f'task "{context.task.label}" is retried by itself too: retry_backoff and '
            "retry_kwargs do not hold for this call, and both count the same retries",
        )
