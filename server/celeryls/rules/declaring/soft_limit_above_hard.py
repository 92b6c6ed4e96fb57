"""CEL118."""

from collections.abc import Iterator

from celeryls.catalog import NEWEST, Version
from celeryls.facts import KeywordSite
from celeryls.rules.base import FileContext, Finding, TaskContext, TaskRule
from celeryls.rules.configuring.sites import Written, settings_of
from celeryls.syntax.expr import Const, Expr
from celeryls.text import Applicability, Edit, Fix, Span

TASKS_OWN_SINCE: Version = (5, 5)
"""`apply_async` raises for a task with a soft limit above the hard one (celery/app/task.py)."""
SETTINGS_SINCE: Version = (5, 7)
"""Limits that are from the settings count in that."""


class SoftLimitAboveHard(TaskRule):
    """## What it does

    Finds tasks whose `soft_time_limit` is above their `time_limit`, wherever the two come from, and
    a `task_soft_time_limit` above the `task_time_limit`.

    ## Why it matters

    The soft limit raises `SoftTimeLimitExceeded` in the task, so that it can clean up before the
    hard one ends its process. In this order the hard limit always comes first. From Celery 5.5 on
    the task can't even be sent: `ValueError: soft_time_limit must be less than or equal to
    time_limit`.

    Celery's documentation:
    [Time limits](https://docs.celeryq.dev/en/stable/userguide/workers.html#time-limits)

    ## Example

    ```python
    @shared_task(soft_time_limit=60, time_limit=30)
    def export(shop_id): ...
    ```

    Use instead:

    ```python
    @shared_task(soft_time_limit=30, time_limit=60)
    def export(shop_id): ...
    ```

    ## Known limits

    Reported only where one of the two is written at the task and both are known: a limit that is
    computed, or that a worker gets on its command line, is silent.

    ## Fix safety

    Unsafe: it exchanges the two values, which is likely what was meant. There is none if only
    one of them is written at the task.
    """

    code = "CEL118"
    name = "soft-limit-above-hard"
    summary = "The soft time limit is above the hard one, so it never comes."
    severity = "error"
    since = "0.1.0"
    fix = "sometimes"

    def check(self, file: FileContext) -> Iterator[Finding]:
        yield from super().check(file)
        for written in settings_of(file.project, file.path):
            if written.key == "task_soft_time_limit":
                yield from self._in_settings(file, written)

    def _in_settings(self, file: FileContext, written: Written) -> Iterator[Finding]:
        """Both limits are in the configuration of one app."""
        keys = ("task_soft_time_limit", "task_time_limit")
        soft, hard = (file.project.setting(written.app, key) for key in keys)
        value = file.project.evaluate(file.path, written.site.value)
        low, high = _seconds(soft.value), _seconds(hard.value)
        if soft.value != value or not low or not high or low <= high:
            return
        span = Span(written.site.span.start, written.site.value_span.end)
        message = (
            f"{written.site.name}={low} is above the task_time_limit, which is {high}: "
            "the soft limit never comes"
        )
        yield Finding(self.code, message, span, span, Span(0, len(file.text)))

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        task, project = context.task, context.file.project
        if "soft_time_limit" not in task.options and "time_limit" not in task.options:
            return
        soft, hard = (project.effective(task, o) for o in ("soft_time_limit", "time_limit"))
        if "decorator" not in (soft.origin, hard.origin):
            return
        low, high = _seconds(soft.value), _seconds(hard.value)
        if not low or not high or low <= high:
            return
        from_settings = "settings" in (soft.origin, hard.origin)
        since = SETTINGS_SINCE if from_settings else TASKS_OWN_SINCE
        refused = (project.celery_version or NEWEST) >= since
        effect = "Celery refuses to send it" if refused else "the task ends before the soft one"
        yield context.finding(
            self,
            f'task "{task.label}": soft_time_limit={low} is above time_limit={high}'
            f"{_source(soft.origin, hard.origin)}: {effect}",
            span=_span(context),
            fixes=tuple(_fixes(context)),
        )


def _seconds(value: Expr) -> float | None:
    number = value.value if isinstance(value, Const) else None
    return number if isinstance(number, int | float) and not isinstance(number, bool) else None


def _source(soft: str, hard: str) -> str:
    """Where the limit that isn't written at the task comes from, in words."""
    name, origin = ("time_limit", hard) if soft == "decorator" else ("soft_time_limit", soft)
    places = {"settings": "the settings", "base": "the base", "annotations": "task_annotations"}
    return f" ({name} is from {places[origin]})" if origin in places else ""


def _written(context: TaskContext) -> list[KeywordSite]:
    limits = {k.name: k for k in context.decorator.keywords}
    return [limits[name] for name in ("soft_time_limit", "time_limit") if name in limits]


def _span(context: TaskContext) -> Span:
    written = _written(context)
    return written[0].span if written else context.decorator.span


def _fixes(context: TaskContext) -> Iterator[Fix]:
    written = _written(context)
    if len(written) < 2:
        return
    text = context.file.text
    first, second = (keyword.value_span for keyword in written)
    edits = (Edit(first, second.of(text)), Edit(second, first.of(text)))
    yield Fix.in_file(context.file.path, "Exchange the two limits", Applicability.UNSAFE, *edits)
