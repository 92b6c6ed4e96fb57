"""CEL119."""

from collections.abc import Iterator

from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.declaring.surroundings import setting_in_force
from celeryls.rules.edits import remove_keywords
from celeryls.syntax.expr import Const
from celeryls.text import Applicability, Fix

_SETTINGS = {"time_limit": "task_time_limit", "soft_time_limit": "task_soft_time_limit"}


class TimeLimitZero(TaskRule):
    """## What it does

    Finds a `time_limit` or `soft_time_limit` of 0 where the settings have a limit for all tasks.

    ## Why it matters

    It reads as "no limit", and the task has one: for a pool of processes 0 is the same as none
    given, so the limit of the worker, from `task_time_limit`, ends the task all the same.

    Celery's documentation:
    [Task.time_limit](https://docs.celeryq.dev/en/stable/userguide/tasks.html#Task.time_limit),
    [task_time_limit](https://docs.celeryq.dev/en/stable/userguide/configuration.html#task-time-limit)

    ## Example

    ```python
    app.conf.task_time_limit = 300


    @app.task(time_limit=0)
    def rebuild_index(): ...
    ```

    Use instead a limit that is long enough:

    ```python
    @app.task(time_limit=24 * 60 * 60)
    def rebuild_index(): ...
    ```

    ## Known limits

    Silent where no limit is set for all tasks, or none that is known: there 0 does no harm. And
    where `worker_pool` is set to another one: with gevent, 0 does mean "no limit". A pool that is
    chosen on the command line can't be seen.

    ## Fix safety

    Unsafe: it removes the option, which changes nothing for a pool of processes. A limit that
    is long enough is for a person to choose.
    """

    code = "CEL119"
    name = "time-limit-zero"
    summary = "A time limit of 0 doesn't switch the limit of the settings off."
    severity = "warning"
    since = "0.1.0"
    fix = "unsafe"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        project, task, file = context.file.project, context.task, context.file
        for keyword in context.decorator.keywords:
            setting = _SETTINGS.get(keyword.name or "")
            if keyword.name is None or setting is None:
                continue
            limit = project.effective(task, keyword.name)
            if limit.origin != "decorator" or limit.value not in (Const(0), Const(0.0)):
                continue
            of_all = setting_in_force(context, setting)
            if setting_in_force(context, "worker_pool") != Const("prefork"):
                continue
            if not isinstance(of_all, Const) or not isinstance(of_all.value, int | float):
                continue
            if of_all.value <= 0:
                continue
            edits = remove_keywords(file.text, context.decorator, keyword)
            title = f'Remove "{keyword.name}", which has no effect on a pool of processes'
            yield context.finding(
                self,
                f'task "{task.label}": {keyword.name}=0 does not switch the limit off; '
                f"{setting}={of_all.value} still holds",
                span=keyword.span,
                fixes=(Fix.in_file(file.path, title, Applicability.UNSAFE, *edits),),
            )
