"""CEL507."""

import re
from collections.abc import Iterator

from celeryls import catalog
from celeryls.facts import EntryItem, ScheduleSite
from celeryls.rules.base import FileContext, Finding, Rule
from celeryls.rules.scheduling.entries import beat_entries
from celeryls.rules.spelling import closest
from celeryls.syntax.expr import Const, Dict
from celeryls.text import Applicability, Edit, Fix, Span

CLOSE_KEY, CLOSE_OPTION = 0.75, 0.8
"""How similar a name must be to count as a misspelling; `difflib`'s ratio."""
KEYS = frozenset(
    {"name", "task", "schedule", "args", "kwargs", "options", "relative"}
    | {"last_run_at", "total_run_count", "app"}
)
"""The parameters of `celery.beat.ScheduleEntry`."""
_OF_OTHER_SCHEDULERS = frozenset(
    {"enabled", "description", "one_off", "start_time", "date_changed", "interval", "crontab"}
    | {"solar", "clocked", "expires", "expire_seconds", "queue", "exchange", "routing_key"}
    | {"headers", "priority"}
)
"""What django-celery-beat and RedBeat take as well."""


class BeatEntryUnknownKey(Rule):
    """## What it does

    Finds misspelled keys in the entries of a beat schedule (`"schedul"`), and misspelled options
    in them (`"options": {"expire": 10}`).

    ## Why it matters

    Beat makes an object of each entry, and its keys are the arguments: with one that is not known
    beat ends with a `TypeError` when it starts. A misspelled option is accepted and has no effect.

    Celery's documentation:
    [Available fields](https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html#available-fields)

    ## Example

    ```python
    {"task": "shop.tasks.charge", "schedule": 60, "arg": (16,), "options": {"expire": 10}}
    ```

    Use instead:

    ```python
    {"task": "shop.tasks.charge", "schedule": 60, "args": (16,), "options": {"expires": 10}}
    ```

    ## Known limits

    Other schedulers take keys of their own, so only what is close to a key or an option of
    Celery's is reported. An entry without a `"task"` or a `"schedule"` is seen beside entries
    that have both. Tests are not judged.

    ## Fix safety

    Safe: the key becomes the one that is close to it.
    """

    code = "CEL507"
    name = "beat-entry-unknown-key"
    summary = "A key or an option of a schedule entry is misspelled."
    severity = "warning"
    since = "0.1.0"
    fix = "sometimes"

    def check(self, file: FileContext) -> Iterator[Finding]:
        for entry in beat_entries(file):
            given = {item.key for item in entry.items}
            for item in entry.items:
                if item.key == "options":
                    yield from self._options(file, entry, item)
                if item.key in KEYS | _OF_OTHER_SCHEDULERS:
                    continue
                near = closest(item.key, KEYS - {"app"}, close=CLOSE_KEY)
                # "schedule_id" says more than "schedule": a row of a table, no misspelling.
                if near is not None and near not in item.key.split("_"):
                    message = f'a schedule entry has no "{item.key}", but "{near}"'
                    fixes = () if near in given else _fixes(file, item.span, item.key, near)
                    yield Finding(self.code, message, item.span, entry.span, entry.span, fixes)

    def _options(
        self, file: FileContext, entry: ScheduleSite, item: EntryItem
    ) -> Iterator[Finding]:
        known = catalog.call_options()
        if not isinstance(item.value, Dict):
            return
        keys = [key.value for key, _ in item.value.items if isinstance(key, Const)]
        for key in keys:
            if not isinstance(key, str) or key in known:
                continue
            near = closest(key, known, close=CLOSE_OPTION)
            span = _place(file.text, item.value_span, key)
            if near is not None and span is not None:
                message = f'"{key}" is not an option and has no effect; the option is "{near}"'
                fixes = () if near in keys else _fixes(file, span, key, near)
                yield Finding(self.code, message, span, entry.span, entry.span, fixes)


def _place(text: str, within: Span, key: str) -> Span | None:
    """Where a key stands in a dict, without its quotes, if there is one such place."""
    pattern = re.compile(rf"(?<=['\"]){re.escape(key)}(?=['\"]\s*:)|\b{re.escape(key)}(?=\s*=)")
    found = [Span(*match.span()) for match in pattern.finditer(text, within.start, within.end)]
    return found[0] if len(found) == 1 else None


def _fixes(file: FileContext, span: Span, key: str, near: str) -> tuple[Fix, ...]:
    if span.of(file.text) != key:
        return ()  # not a plain text
    edit = Edit(span, near)
    return (Fix.in_file(file.path, f'Rename to "{near}"', Applicability.SAFE, edit),)
