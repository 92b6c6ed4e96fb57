"""CEL503."""

from collections.abc import Iterator

from celeryls.project.cronspec import STARTS_AGAIN, uneven_step
from celeryls.rules.base import Finding
from celeryls.rules.scheduling.crontabs import CrontabContext, CrontabRule, Given, text_of

_WHOLE = {"minute": "hour", "hour": "day", "month_of_year": "year"}


class CrontabUnevenStep(CrontabRule):
    """## What it does

    Finds steps that don't fit into what they divide: `minute="*/45"`, `hour="*/5"`.

    ## Why it matters

    A step is no interval: it begins anew with every hour, day and year. `minute="*/45"` runs at
    0 and 45, so that 45 and 15 minutes take turns, and `minute="*/120"` runs every hour.

    Celery's documentation:
    [Crontab schedules](https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html#crontab-schedules)

    ## Example

    ```python
    crontab(minute="*/90")
    ```

    Use instead, if it is to run every 90 minutes:

    ```python
    from datetime import timedelta

    timedelta(minutes=90)
    ```

    ## Known limits

    Minutes, hours and months are looked at, days are not: no step fits into a month. Silent where
    another field interrupts the rhythm anyway, as in `crontab(minute="*/45", hour=3)`.

    ## Fix safety

    There is no fix: it may be meant, and an interval does not keep to the clock.
    """

    code = "CEL503"
    name = "crontab-uneven-step"
    summary = "A step of a crontab does not fit into the hour, day or year."
    severity = "info"
    since = "0.1.0"
    fix = "none"
    gives_way_to = ("CEL501", "CEL502")

    def check_crontab(self, context: CrontabContext) -> Iterator[Finding]:
        for name, around in STARTS_AGAIN.items():
            given = context.given.get(name)
            step = _step(given) if given is not None else None
            if given is None or step is None or not all(map(context.is_every, around)):
                continue
            field, whole = given.field, _WHOLE[name]
            message = f'crontab: {name} "*/{step}" runs once every {whole}, not less often'
            if step < field.size:
                numbers = [str(number) for number in range(field.low, field.high + 1, step)]
                last = field.size % step
                shown = numbers if len(numbers) < 5 else [*numbers[:2], "…", numbers[-1]]
                message = (
                    f'crontab: {name} "*/{step}" begins anew with every {whole} '
                    f"({', '.join(shown)}), so the last step is {last}, not {step}"
                )
            yield context.finding(self, message, span=given.span)


def _step(given: Given) -> int | None:
    """The step of a value that is nothing but `*/step` and does not fit."""
    text = text_of(given.value)
    return uneven_step(text, given.field) if text is not None else None
