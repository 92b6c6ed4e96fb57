"""CEL102."""

from collections.abc import Iterator

from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.declaring.surroundings import is_errback
from celeryls.rules.retrying.autoretry import is_never_retried
from celeryls.rules.retrying.presets import presets
from celeryls.syntax.expr import Const, Unknown
from celeryls.text import Span


class MissingRetry(TaskRule):
    """## What it does

    Finds tasks that are never tried again: no `autoretry_for`, no call of `retry`, no base
    class that retries, nothing that the task hands itself to, and no sending of itself where it
    handles an exception.

    ## Why it matters

    Most failures in production pass by themselves: a network that hiccups, a lock that is
    held, a service that is being deployed. A task without a retry policy fails for good at
    the first of them, and somebody has to find out and run it again by hand.

    Celery's documentation:
    [Retrying](https://docs.celeryq.dev/en/stable/userguide/tasks.html#retrying),
    [Automatic retry for known exceptions](https://docs.celeryq.dev/en/stable/userguide/tasks.html#automatic-retry-for-known-exceptions)

    ## Example

    ```python
    @shared_task
    def sync(product_id):
        requests.get(f"https://warehouse/{product_id}")
    ```

    Use instead:

    ```python
    @shared_task(
        autoretry_for=(ConnectionError, TimeoutError),
        retry_backoff=True,
        retry_backoff_max=600,
        retry_jitter=True,
        max_retries=3,
    )
    def sync(product_id):
        requests.get(f"https://warehouse/{product_id}")
    ```

    Name the exceptions that your libraries raise for passing faults: those of `requests`
    and `httpx`, for one, are not subclasses of Python's own.

    ## Known limits

    It does not guess whether a body can fail. `max_retries=0` and `autoretry_for=()` are
    decisions, and silent; so is everything that can't be known, such as a base class that
    can't be read. Below a decorator that may retry it is silent: one of a package, Django and
    the standard library aside, or one of a file that speaks of retries. Error callbacks
    (`request, exc, traceback`) are silent too: the worker whose task failed calls them itself.

    ## Fix safety

    Unsafe: the task may run more than once after it. The three presets are offered one by
    one; `--unsafe-fixes` takes the first.
    """

    code = "CEL102"
    name = "missing-retry"
    summary = "A task is never tried again, so a passing fault fails it for good."
    severity = "warning"
    since = "0.1.0"
    stability = "stable"
    fix = "unsafe"
    gives_way_to = ("CEL201", "CEL205")

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        task, site = context.task, context.site
        if is_errback(context) or not is_never_retried(context):
            return
        if "autoretry_for" in task.options:  # written and empty: a decision
            return
        max_retries = context.file.project.effective(task, "max_retries").value
        if isinstance(max_retries, Unknown) or max_retries == Const(0):
            return
        # What retries may stand anywhere in the function.
        evidence = Span(context.scope.start, site.span.end)
        yield context.finding(
            self,
            f'task "{task.label}" is never retried: a passing fault fails it for good',
            evidence=evidence,
            fixes=tuple(presets(context)),
        )
