"""CEL103."""

from collections.abc import Iterator

from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.declaring.missing_required_option import required_options
from celeryls.rules.edits import add_keywords
from celeryls.syntax.expr import Const
from celeryls.text import Applicability, Fix

SOFT, HARD = 300, 360
"""Seconds that the fix writes."""


class MissingTimeLimit(TaskRule):
    """## What it does

    Finds tasks that have neither a `time_limit` nor a `soft_time_limit` in force.

    ## Why it matters

    A task that waits for ever, for a server that does not answer, keeps its worker process for
    ever. When all of them wait, nothing runs any more, and nothing has failed.

    Celery's documentation:
    [Tasks](https://docs.celeryq.dev/en/stable/userguide/tasks.html), the note on blocking

    ## Example

    ```python
    @shared_task
    def fetch(url): ...
    ```

    Use instead:

    ```python
    @shared_task(soft_time_limit=300, time_limit=360)
    def fetch(url): ...
    ```

    ## Known limits

    The rule is off by default: few projects have limits, and many set them when they start
    workers (`celery worker --time-limit`), which is not in source.

    ## Fix safety

    Unsafe, since a task that takes longer is then ended: 300 and 360 seconds.
    """

    code = "CEL103"
    name = "missing-time-limit"
    summary = "A task may run for ever: it has no time limit."
    severity = "warning"
    enabled = False
    since = "0.1.0"
    fix = "unsafe"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        task, project = context.task, context.file.project
        if required_options(context.file).keys() & {"time_limit", "soft_time_limit"}:
            return  # CEL127 speaks of it
        limits = [project.effective(task, name) for name in ("time_limit", "soft_time_limit")]
        if any(limit.origin != "default" or limit.value != Const(None) for limit in limits):
            return
        wanted = f"soft_time_limit={SOFT}", f"time_limit={HARD}"
        fix = Fix.in_file(
            context.file.path,
            f"Add {', '.join(wanted)}",
            Applicability.UNSAFE,
            *add_keywords(context.file.text, context.decorator, *wanted),
        )
        yield context.finding(self, f'task "{task.label}" has no time limit', fixes=(fix,))
