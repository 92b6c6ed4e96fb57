"""CEL208."""

from collections.abc import Iterator

from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.edits import add_keywords
from celeryls.rules.retrying.autoretry import is_on, option
from celeryls.syntax.expr import Const, Dict
from celeryls.text import Applicability, Fix


class AutoretryDefaultDelay(TaskRule):
    """## What it does

    Finds tasks that are retried by themselves and that say nothing about the delay: neither
    `retry_backoff`, nor `default_retry_delay`, nor a `countdown` in `retry_kwargs`.

    ## Why it matters

    Celery's documentation says that without `retry_backoff` "autoretries will not be delayed".
    They are: each waits for `default_retry_delay`, which is 180 seconds unless it is set. Three
    minutes between tries may be too long for somebody who waits, and for a service that is down
    it is the same three minutes for all tasks at once.

    Celery's documentation:
    [Task.retry_backoff](https://docs.celeryq.dev/en/stable/userguide/tasks.html#Task.retry_backoff),
    [Task.default_retry_delay](https://docs.celeryq.dev/en/stable/userguide/tasks.html#Task.default_retry_delay)

    ## Example

    ```python
    @shared_task(autoretry_for=(ConnectionError,))
    def sync(product_id): ...
    ```

    Use instead:

    ```python
    @shared_task(autoretry_for=(ConnectionError,), retry_backoff=True)
    def sync(product_id): ...
    ```

    or, if three minutes are right, say so:

    ```python
    @shared_task(autoretry_for=(ConnectionError,), default_retry_delay=180)
    def sync(product_id): ...
    ```

    ## Known limits

    Reported only where `autoretry_for` is written at the task. `retry_backoff=False` and
    `max_retries=0` are decisions, and silent; so is everything that can't be known.

    ## Fix safety

    Unsafe: with `retry_backoff` the first retries come after seconds.
    """

    code = "CEL208"
    name = "autoretry-default-delay"
    summary = "Automatic retries wait three minutes each, as nothing says how long."
    severity = "info"
    since = "0.1.0"
    fix = "unsafe"
    gives_way_to = ("CEL202",)

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        task = context.task
        written = next((k for k in context.decorator.keywords if k.name == "autoretry_for"), None)
        if written is None or not is_on(context):
            return
        if any(
            option(context, name)[1] != "default"
            for name in ("retry_backoff", "default_retry_delay")
        ):
            return
        arguments, _ = option(context, "retry_kwargs")
        if not isinstance(arguments, Dict):
            return
        known = {key.value if isinstance(key, Const) else None for key, _ in arguments.items}
        if not known <= {"max_retries"}:
            return
        most = dict(arguments.items).get(Const("max_retries"))
        if (most or option(context, "max_retries")[0]) == Const(0):
            return
        path, text = context.file.path, context.file.text
        edits = add_keywords(text, context.decorator, "retry_backoff=True")
        yield context.finding(
            self,
            f'task "{task.label}": without retry_backoff or default_retry_delay each automatic '
            "retry waits 180 seconds",
            span=written.name_span,
            fixes=(Fix.in_file(path, "Add retry_backoff=True", Applicability.UNSAFE, *edits),),
        )
