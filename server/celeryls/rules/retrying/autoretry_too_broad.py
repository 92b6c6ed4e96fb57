"""CEL207."""

from collections.abc import Iterator

from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.edits import add_keywords
from celeryls.rules.retrying.autoretry import retries_everything
from celeryls.text import Applicability, Fix

_BUGS = "dont_autoretry_for=(AttributeError, NameError, TypeError)"


class AutoretryTooBroad(TaskRule):
    """## What it does

    Finds tasks with `Exception` in their `autoretry_for`, and with no `dont_autoretry_for`.

    ## Why it matters

    `Exception` is also a mistake in the code, an argument that can't be right, and
    `SoftTimeLimitExceeded`. Trying again helps none of them: the error is reported minutes or
    hours later, after the same work has been done in vain several times. Celery's documentation
    has it so in an example, and some want it so; the rule is off unless it is asked for.

    Celery's documentation:
    [Automatic retry for known exceptions](https://docs.celeryq.dev/en/stable/userguide/tasks.html#automatic-retry-for-known-exceptions)

    ## Example

    ```python
    @shared_task(autoretry_for=(Exception,), retry_backoff=True)
    def sync(product_id):
        fetch(product_id)
    ```

    Use instead:

    ```python
    @shared_task(autoretry_for=(ConnectionError, TimeoutError), retry_backoff=True)
    def sync(product_id):
        fetch(product_id)
    ```

    ## Known limits

    Reported only where `autoretry_for` is written at the task.

    ## Fix safety

    Unsafe: what the fix names is not retried any more.
    """

    code = "CEL207"
    name = "autoretry-too-broad"
    summary = "A task is tried again after any exception, mistakes included."
    severity = "info"
    enabled = False
    since = "0.1.0"
    fix = "unsafe"
    gives_way_to = ("CEL206",)

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        written = [k for k in context.decorator.keywords if k.name == "autoretry_for"]
        if not written or not retries_everything(context):
            return
        fixes: tuple[Fix, ...] = ()
        if "dont_autoretry_for" not in context.task.options:
            edits = add_keywords(context.file.text, context.decorator, _BUGS)
            path = context.file.path
            fixes = (Fix.in_file(path, f"Add {_BUGS}", Applicability.UNSAFE, *edits),)
        yield context.finding(
            self,
            f'task "{context.task.label}" is retried after any exception, also one that every try '
            "raises again; name those that pass",
            span=written[0].value_span,
            fixes=fixes,
        )
