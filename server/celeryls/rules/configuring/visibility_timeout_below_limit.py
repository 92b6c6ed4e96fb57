"""CEL610."""

from collections.abc import Iterator

from celeryls.project.apps import App
from celeryls.project.durations import seconds
from celeryls.rules.app_edits import app_of
from celeryls.rules.base import FileContext, Finding, Rule
from celeryls.rules.configuring.sites import SettingContext, Written, settings_of
from celeryls.rules.setting_edits import set_entry
from celeryls.rules.visibility import longest_timeout, timeout_of, timeout_on
from celeryls.syntax.expr import Const
from celeryls.text import Applicability, Fix

_HOUR = 3600


class VisibilityTimeoutBelowLimit(Rule):
    """## What it does

    Finds tasks with late acknowledgement that may run for longer than the broker waits for the
    acknowledgement: their `time_limit` is not below the `visibility_timeout` of Redis or SQS.

    ## Why it matters

    Such a broker takes a message that nobody acknowledged for lost and delivers it again. The task
    then runs twice at the same time, or three times.

    Celery's documentation:
    [Using Redis, visibility timeout](https://docs.celeryq.dev/en/stable/getting-started/backends-and-brokers/redis.html#visibility-timeout)

    ## Example

    ```python
    app = Celery("shop", broker="redis://localhost")


    @app.task(acks_late=True, time_limit=7200)
    def make_report(month): ...
    ```

    Use instead:

    ```python
    app = Celery("shop", broker="redis://localhost")
    app.conf.broker_transport_options = {"visibility_timeout": 10800}
    ```

    ## Known limits

    Only where the broker is known, or a `visibility_timeout` is written. A task whose soft limit
    is below the timeout is left alone. A message also waits between delivery and start, so that a
    limit just below the timeout may be too long as well.

    ## Fix safety

    Unsafe, since the timeout counts for all tasks, and a message that a dead worker had is missed
    for as long: it is raised to the next full hour above the longest time limit of the app's tasks
    that are acknowledged late. `broker_transport_options` alone is changed, where it is written,
    or written beside the app's other settings: nothing else says it to the broker. There is no fix
    where that is written twice, under a condition or not as a plain dict, where the timeout is no
    number, and where a shared task may be for several apps; nor for SQS above its twelve hours.
    """

    code = "CEL610"
    name = "visibility-timeout-below-limit"
    summary = "A task may run for longer than the broker waits before it delivers it again."
    severity = "warning"
    since = "0.1.0"
    fix = "sometimes"

    def check(self, file: FileContext) -> Iterator[Finding]:
        yield from self._tasks(file)
        yield from self._settings(file)

    def _tasks(self, file: FileContext) -> Iterator[Finding]:
        for context in file.tasks():
            written = {keyword.name: keyword for keyword in context.decorator.keywords}
            options = context.task.options
            if not ("time_limit" in options or "acks_late" in options):
                continue
            project, task = file.project, context.task
            if project.effective(task, "acks_late").value != Const(True):
                continue
            limit = seconds(project.effective(task, "time_limit").value)
            soft = seconds(project.effective(task, "soft_time_limit").value)
            timeout = timeout_of(project, task)
            if limit is None or timeout is None or limit < timeout or _ends(soft, timeout):
                continue
            place = written.get("time_limit") or written.get("acks_late")
            span = place.span if place is not None else None
            app = app_of(project, task)
            fixes = _fixes(file, app, limit) if app is not None else ()
            message = _message(f'task "{task.label}"', limit, timeout)
            yield context.finding(self, message, span=span, fixes=fixes)

    def _settings(self, file: FileContext) -> Iterator[Finding]:
        """The same where the settings say so for all tasks."""
        all_of = tuple(settings_of(file.project, file.path))
        for written in all_of:
            if written.key != "task_time_limit" or written.site.conditional:
                continue
            app, setting = written.app, file.project.setting
            if setting(app, "task_acks_late").value != Const(True):
                continue
            limit = seconds(setting(app, "task_time_limit").value)
            soft = seconds(setting(app, "task_soft_time_limit").value)
            timeout = timeout_on(file.project, app)
            if limit is None or timeout is None or limit < timeout or _ends(soft, timeout):
                continue
            message = _message(f'"{written.site.name}"', limit, timeout)
            fixes = _fixes(file, app, limit, beside=written)
            yield SettingContext(file, written, all_of).finding(self, message, fixes=fixes)


def _message(what: str, limit: float, timeout: float) -> str:
    return (
        f"{what}: the time limit of {limit:g} s is not below the visibility_timeout of "
        f"{timeout:g} s, after which the broker delivers the message again"
    )


def _ends(soft: float | None, timeout: float) -> bool:
    """Whether the soft limit ends a task in time."""
    return soft is not None and 0 < soft < timeout


def _fixes(
    file: FileContext, app: App, limit: float, *, beside: Written | None = None
) -> tuple[Fix, ...]:
    """Have the broker wait for longer than any task may run that is acknowledged late."""
    timeout = (int(max(limit, _longest(file, app))) // _HOUR + 1) * _HOUR
    if timeout > longest_timeout(file.project, app):
        return ()
    options, key = "broker_transport_options", "visibility_timeout"
    edits = set_entry(file, app, options, key, str(timeout), beside=beside)
    return (Fix(f"Set {key} to {timeout}", Applicability.UNSAFE, edits),) if edits else ()


def _longest(file: FileContext, app: App) -> float:
    """The longest time limit of an app's tasks that are acknowledged late, 0 without any."""
    project = file.project
    limits = [
        seconds(project.effective(task, "time_limit").value) or 0
        for task in project.tasks()
        if app_of(project, task) == app
        and project.effective(task, "acks_late").value == Const(True)
    ]
    return max(limits, default=0)
