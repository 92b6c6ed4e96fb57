"""CEL103."""

from collections.abc import Iterator

from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.declaring.missing_required_option import required_options
from celeryls.rules.edits import add_keywords
from celeryls.syntax.expr import Const
from celeryls.text import Applicability, Fix

_LIMITS = ("soft_time_limit", "time_limit")


class MissingTimeLimit(TaskRule):
    """## What it does

    Finds tasks without any time limit: neither `time_limit` nor `soft_time_limit` is in force, by
    the decorator, the base class, `task_annotations` or the settings.

    ## Why it matters

    A task that waits for something that never comes holds its process of the pool for ever, and
    does so without an error. When all processes are held, the worker does nothing any more. A
    soft time limit raises `SoftTimeLimitExceeded` in the task, which may clean up; a time limit
    kills the process.

    This is a matter of taste for tasks that wait for nothing, and so the rule is off unless it is
    asked for.

    Celery's documentation:
    [Tasks](https://docs.celeryq.dev/en/stable/userguide/tasks.html),
    [Time limits](https://docs.celeryq.dev/en/stable/userguide/workers.html#time-limits)

    ## Example

    ```python
    @shared_task
    def sync(product_id):
        fetch(product_id)
    ```

    Use instead:

    ```python
    @shared_task(soft_time_limit=300, time_limit=360)
    def sync(product_id):
        fetch(product_id)
    ```

    or set `task_soft_time_limit` and `task_time_limit` for all tasks.

    ## Known limits

    Limits that workers are started with (`--time-limit`) are not seen. A limit of `None` that
    somebody wrote is a decision, and silent; so is everything that can't be known.

    ## Fix safety

    Unsafe: a task that takes longer than five minutes fails after it.
    """

    code = "CEL103"
    name = "missing-time-limit"
    summary = "A task without a time limit may hold its worker process for ever."
    severity = "info"
    enabled = False
    since = "0.1.0"
    fix = "unsafe"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        task, project = context.task, context.file.project
        if required_options(context.file).keys() & {*_LIMITS}:
            return  # CEL127 speaks of it
        for option in _LIMITS:
            limit = project.effective(task, option)
            if limit.origin != "default" or limit.value != Const(None):
                return
            if option in task.options or task.base.attribute(option) is not None:
                return  # None, written out
        edits = add_keywords(
            context.file.text, context.decorator, "soft_time_limit=300", "time_limit=360"
        )
        title = "Limit it to five minutes, and kill it after six"
        yield context.finding(
            self,
            f'task "{task.label}" has no time limit: one that hangs holds its worker process '
            "for ever",
            fixes=(Fix.in_file(context.file.path, title, Applicability.UNSAFE, *edits),),
        )
