"""CEL501."""

from collections.abc import Iterator

from celeryls.project.cronspec import FIELDS
from celeryls.rules.base import Finding
from celeryls.rules.scheduling.crontabs import CrontabContext, CrontabRule, text_of
from celeryls.text import Applicability, Edit, Fix, Span


class CrontabEveryMinute(CrontabRule):
    """## What it does

    Finds crontabs that say at which hour or on which day, but not at which minute.

    ## Why it matters

    A field that is left out stands for all its values. `crontab(hour=3)` does not run at three
    o'clock but sixty times, in every minute from 3:00 to 3:59.

    Celery's documentation:
    [Crontab schedules](https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html#crontab-schedules)

    ## Example

    ```python
    crontab(hour=3)
    crontab(day_of_week="sunday")
    ```

    Use instead:

    ```python
    crontab(minute=0, hour=3)
    crontab(minute=0, hour=0, day_of_week="sunday")
    ```

    ## Known limits

    A `minute="*"` that is written out is a decision, and silent. So are spans of time, in which
    every minute may be meant: `crontab(hour="9-17")`, `crontab(day_of_week="mon-fri")`. What is
    computed is not judged, nor are tests.

    ## Fix safety

    Unsafe: only a person knows at which minute it is to run. The fix writes 0, and 0 for the
    hour as well where that is left out.
    """

    code = "CEL501"
    name = "crontab-every-minute"
    summary = "A crontab has an hour or a day but no minute, and runs every minute."
    severity = "warning"
    since = "0.1.0"
    fix = "unsafe"
    gives_way_to = ("CEL502",)

    def check_crontab(self, context: CrontabContext) -> Iterator[Finding]:
        if context.from_string or context.spreads or "minute" in context.given:
            return
        if context.file.project.is_test(context.file.path):
            return
        chosen = [name for name in FIELDS if _is_chosen(context, name)]
        if not chosen:
            return
        adds = "minute=0" if "hour" in context.given else "minute=0, hour=0"
        at = context.site.keywords[0].span.start
        edit = Edit(Span(at, at), f"{adds}, ")
        fix = Fix.in_file(context.file.path, f"Add {adds}", Applicability.UNSAFE, edit)
        message = f"crontab: {' and '.join(chosen)} without a minute: it runs every minute of that"
        yield context.finding(self, message, fixes=(fix,))


def _is_chosen(context: CrontabContext, name: str) -> bool:
    """Whether a field is given certain points in time, neither all nor a span of them."""
    given = context.given.get(name)
    numbers = context.numbers(name)
    if given is None or numbers is None or len(numbers) == given.field.size:
        return False
    text = text_of(given.value)
    return text is None or "-" not in text
