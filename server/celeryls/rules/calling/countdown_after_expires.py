"""CEL307."""

from collections.abc import Iterator

from celeryls.project.durations import seconds
from celeryls.rules.base import Finding
from celeryls.rules.calls import CallContext
from celeryls.rules.options import OptionRule


class CountdownAfterExpires(OptionRule):
    """## What it does

    Finds calls whose `countdown` is longer than their `expires`.

    ## Why it matters

    Both count from the moment of the call. A task that may start only after it has expired is
    always revoked: it never runs, and nothing fails.

    Celery's documentation:
    [Expiration](https://docs.celeryq.dev/en/stable/userguide/calling.html#expiration)

    ## Example

    ```python
    charge.apply_async((order_id,), countdown=60, expires=30)
    ```

    Use instead:

    ```python
    charge.apply_async((order_id,), countdown=60, expires=120)
    ```

    ## Known limits

    Only numbers that are known are compared; an `eta` is a moment, and is not.

    ## Fix safety

    There is no fix: only its author knows which of the two is wrong.
    """

    code = "CEL307"
    name = "countdown-after-expires"
    summary = "A task expires before its countdown is over, and never runs."
    severity = "error"
    since = "0.1.0"
    fix = "none"
    methods = frozenset({"apply_async", "apply_async_on_commit", "set", "retry"})

    def check_call(self, context: CallContext) -> Iterator[Finding]:
        countdown, expires = _seconds(context, "countdown"), _seconds(context, "expires")
        if countdown is None or expires is None or countdown <= expires:
            return
        yield context.finding(
            self,
            f'task "{context.dispatch.tasks[0].label}" expires after {expires:g} s, but may start '
            f"only after {countdown:g} s: it never runs",
            span=context.keywords["countdown"].span,
        )


def _seconds(context: CallContext, option: str) -> float | None:
    value = context.given(option)
    return None if value is None else seconds(value)
