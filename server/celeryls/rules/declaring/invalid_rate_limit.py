"""CEL117."""

from collections.abc import Iterator

from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.syntax.expr import Const

_PERIODS = frozenset({"", "s", "m", "h"})


class InvalidRateLimit(TaskRule):
    """## What it does

    Finds a `rate_limit` that Celery can't read: `"10/min"`, `"10/d"`, `"ten/m"`.

    ## Why it matters

    The declaration takes any text. The worker reads it when it starts, and ends there with a
    `KeyError` or `ValueError` that doesn't name the task. The units are `s`, `m` and `h`; without
    one it is seconds.

    Celery's documentation:
    [Task.rate_limit](https://docs.celeryq.dev/en/stable/userguide/tasks.html#Task.rate_limit)

    ## Example

    ```python
    @shared_task(rate_limit="10/min")
    def charge(order_id): ...
    ```

    Use instead:

    ```python
    @shared_task(rate_limit="10/m")
    def charge(order_id): ...
    ```

    ## Known limits

    Only what is written at the task is looked at, as a text or a constant; and only if no
    `task_annotations` say otherwise.

    ## Fix safety

    There is no fix: which rate was meant is for a person to say.
    """

    code = "CEL117"
    name = "invalid-rate-limit"
    summary = "A rate limit can't be read, which ends the worker at its start."
    severity = "error"
    since = "0.1.0"
    fix = "none"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        if "rate_limit" not in context.task.options:
            return
        limit = context.file.project.effective(context.task, "rate_limit")
        value = limit.value.value if isinstance(limit.value, Const) else None
        if limit.origin != "decorator" or not isinstance(value, str) or is_rate(value):
            return
        written = [k.value_span for k in context.decorator.keywords if k.name == "rate_limit"]
        yield context.finding(
            self,
            f'task "{context.task.label}": rate_limit "{value}" can\'t be read, and no worker '
            'starts; write a number and "/s", "/m" or "/h"',
            span=written[0] if written else context.decorator.span,
        )


def is_rate(text: str) -> bool:
    """Whether Celery can read a rate (celery/utils/time.py, `rate`)."""
    number, _, period = text.partition("/")
    if not text:
        return True
    try:
        float(number)
    except ValueError:
        return False
    return period in _PERIODS
