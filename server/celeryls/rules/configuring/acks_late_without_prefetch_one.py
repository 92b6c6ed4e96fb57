"""CEL609."""

from collections.abc import Iterator

from celeryls.project.apps import App
from celeryls.rules.app_edits import Edits, app_of
from celeryls.rules.base import FileContext, Finding, Rule
from celeryls.rules.configuring.sites import SettingContext, settings_of
from celeryls.rules.setting_edits import set_setting
from celeryls.syntax.expr import Const
from celeryls.text import Applicability, Fix

_KEY = "worker_prefetch_multiplier"


class AcksLateWithoutPrefetchOne(Rule):
    """## What it does

    Finds late acknowledgement where a worker reserves several tasks for each of its processes.

    ## Why it matters

    A task that is reserved waits until the one before it is done, though another worker may be
    idle; and all that are reserved are delivered again if the worker dies. For long tasks Celery
    recommends to reserve one at a time.

    Celery's documentation:
    [Reserve one task at a time](https://docs.celeryq.dev/en/stable/userguide/optimizing.html#reserve-one-task-at-a-time)

    ## Example

    ```python
    app.conf.task_acks_late = True
    ```

    Use instead:

    ```python
    app.conf.task_acks_late = True
    app.conf.worker_prefetch_multiplier = 1
    ```

    ## Known limits

    The rule is off by default: for short tasks it is faster to reserve several. What the command
    line of a worker says isn't known.

    ## Fix safety

    Unsafe, since the setting is for all tasks: `worker_prefetch_multiplier` becomes 1, where it is
    written, or beside the app's other settings. There is no fix where it is written twice, under a
    condition or as no number, where the app's settings stand in several places, and where a shared
    task may be for several apps.
    """

    code = "CEL609"
    name = "acks-late-without-prefetch-one"
    summary = "Tasks are acknowledged late, and a worker reserves several at a time."
    severity = "info"
    enabled = False
    since = "0.1.0"
    fix = "sometimes"

    def check(self, file: FileContext) -> Iterator[Finding]:
        yield from self._tasks(file)
        all_of = tuple(settings_of(file.project, file.path))
        for written in all_of:
            if written.key != "task_acks_late" or written.site.conditional:
                continue
            if written.form == "old" and any(
                other.key == written.key and other.form != "old" and other.app == written.app
                for other in all_of
            ):
                continue  # the new name counts
            context = SettingContext(file, written, all_of)
            multiplier = _multiplier(file, written.app)
            if multiplier is not None and context.value == Const(True):
                message = _message(f'with "{context.name}" tasks are', multiplier)
                edits = set_setting(file, written.app, _KEY, "1", beside=written)
                yield context.finding(self, message, fixes=_fixes(edits))

    def _tasks(self, file: FileContext) -> Iterator[Finding]:
        for context in file.tasks():
            keywords = {keyword.name: keyword for keyword in context.decorator.keywords}
            if "acks_late" not in keywords or file.project.is_test(file.path):
                continue
            if file.project.effective(context.task, "acks_late").value != Const(True):
                continue
            app = context.task.app
            apps = [app] if app is not None else [*file.project.apps]
            found = {
                _multiplier(file, app) for app in apps if not file.project.is_test(app.path or "")
            }
            multiplier = found.pop() if len(found) == 1 else None
            if multiplier is not None:
                message = _message(f'task "{context.task.label}" is', multiplier)
                ours = app_of(file.project, context.task)
                edits = set_setting(file, ours, _KEY, "1") if ours is not None else None
                span = keywords["acks_late"].span
                yield context.finding(self, message, span=span, fixes=_fixes(edits))


def _fixes(edits: Edits | None) -> tuple[Fix, ...]:
    return (Fix(f"Set {_KEY} to 1", Applicability.UNSAFE, edits),) if edits else ()


def _message(what: str, multiplier: int) -> str:
    return (
        f"{what} acknowledged late, and a worker reserves {multiplier} tasks a process: "
        "see worker_prefetch_multiplier"
    )


def _multiplier(file: FileContext, app: App) -> int | None:
    """How many tasks a worker reserves for each process; `None` if one, or not known."""
    if file.project.setting(app, "worker_disable_prefetch").value != Const(False):
        return None
    value = file.project.setting(app, _KEY).value
    number = value.value if isinstance(value, Const) else None
    return (
        number if isinstance(number, int) and number != 1 and not isinstance(number, bool) else None
    )
