"""CEL203."""

from collections.abc import Iterator

from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.edits import add_keywords
from celeryls.rules.retrying.autoretry import is_on, number, option
from celeryls.text import Applicability, Edit, Fix


class BackoffExceedsMax(TaskRule):
    """## What it does

    Finds tasks whose `retry_backoff` is above their `retry_backoff_max`, which is 600 seconds
    where nobody says otherwise.

    ## Why it matters

    `retry_backoff` is the delay before the first retry, doubled for each after it, and
    `retry_backoff_max` caps them all. With a first delay above the cap every retry comes after
    the cap: a task that was to wait an hour waits ten minutes, and never longer.

    Celery's documentation:
    [Task.retry_backoff_max](https://docs.celeryq.dev/en/stable/userguide/tasks.html#Task.retry_backoff_max)

    ## Example

    ```python
    @shared_task(autoretry_for=(ConnectionError,), retry_backoff=3600)
    def sync(product_id): ...
    ```

    Use instead:

    ```python
    @shared_task(autoretry_for=(ConnectionError,), retry_backoff=3600, retry_backoff_max=86400)
    def sync(product_id): ...
    ```

    ## Known limits

    Reported only where `retry_backoff` is written at the task and both numbers are known.

    ## Fix safety

    Safe where no `retry_backoff_max` is written: it adds one that is as large as
    `retry_backoff`, so that the delay that is asked for is kept. You will want a larger one for
    delays that grow. Where one is written it is raised to that value, which is unsafe, since
    the cap may be what was meant.
    """

    code = "CEL203"
    name = "backoff-exceeds-max"
    summary = "The first delay of a retry is above the longest one, which caps it."
    severity = "warning"
    since = "0.1.0"
    fix = "sometimes"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        keywords = {k.name: k for k in context.decorator.keywords}
        written = keywords.get("retry_backoff")
        if written is None or is_on(context) is False:
            return
        value, _ = option(context, "retry_backoff")
        most, origin = option(context, "retry_backoff_max")
        first, cap = number(value), number(most)
        if first is None or cap is None or int(max(1, first)) <= int(cap):
            return
        default = " (the default)" if origin == "default" else ""
        yield context.finding(
            self,
            f'task "{context.task.label}": retry_backoff={first:g} is above '
            f"retry_backoff_max={cap:g}{default}: no retry waits longer than {cap:g} seconds",
            span=written.span,
            fixes=tuple(self._fixes(context, written.value_span.of(context.file.text), origin)),
        )

    def _fixes(self, context: TaskContext, wanted: str, origin: str) -> Iterator[Fix]:
        if ":=" in wanted:
            return
        path, text = context.file.path, context.file.text
        keywords = {k.name: k for k in context.decorator.keywords}
        cap = keywords.get("retry_backoff_max")
        if cap is not None:
            edit = Edit(cap.value_span, wanted)
            title = "Raise retry_backoff_max to retry_backoff"
            yield Fix.in_file(path, title, Applicability.UNSAFE, edit)
        elif origin == "default":
            edits = add_keywords(text, context.decorator, f"retry_backoff_max={wanted}")
            title = f"Add retry_backoff_max={wanted}"
            yield Fix.in_file(path, title, Applicability.SAFE, *edits)
