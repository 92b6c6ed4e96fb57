"""CEL702."""

from collections.abc import Iterator

from celeryls.rules.app_edits import add_to_include, app_of
from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.text import Applicability, Fix


class UnregisteredTaskModule(TaskRule):
    """## What it does

    Finds tasks in modules that no worker imports: that are not in `include` or `imports`, not
    found by `autodiscover_tasks`, and not imported by any module that is.

    ## Why it matters

    A task is registered when its module is imported. Whoever sends it imports the module, the
    worker need not: it logs *Received unregistered task* and throws the message away.

    Celery's documentation:
    [Automatic naming and relative imports](https://docs.celeryq.dev/en/stable/userguide/tasks.html#task-naming-relative-imports),
    [include](https://docs.celeryq.dev/en/stable/userguide/configuration.html#std-setting-include)

    ## Example

    ```python
    # shop/reports.py, which only the web pages import
    @shared_task
    def report(): ...
    ```

    Use instead:

    ```python
    # shop/celery.py
    app = Celery("shop", include=["shop.tasks", "shop.reports"])
    ```

    ## Known limits

    The rule is off by default. It is silent where it sees that an import can't be followed, but
    some it can't see: modules that a setting of the project's own lists, an app outside the
    workspace, which the tasks of a plug-in are for, and a worker that is started with the very
    module of the tasks (`celery -A shop.reports worker`).

    ## Fix safety

    Unsafe, since it edits another file: the module goes into the `include` of the task's
    app, or into its setting `imports`. It may be better found by `autodiscover_tasks`, or be
    imported by a module that is.
    """

    code = "CEL702"
    name = "unregistered-task-module"
    summary = "No worker imports the module of a task."
    severity = "warning"
    enabled = False
    since = "0.1.0"
    fix = "sometimes"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        task, project = context.task, context.file.project
        if project.is_registered(task) is False:
            # Web pages may have a stub of a task whose body only the worker's own project has.
            same = project.tasks_named(task.name) if task.name is not None else ()
            if any(project.is_registered(other) is not False for other in same):
                return
            module = task.module or "this module"
            message = f'task "{task.label}": no worker imports {module}, so none knows the task'
            yield context.finding(self, message, fixes=tuple(_include(context)))


def _include(context: TaskContext) -> Iterator[Fix]:
    """Have the worker import the module."""
    project, module = context.file.project, context.task.module
    app = app_of(project, context.task)
    if app is None or module is None:
        return
    edits = add_to_include(context.file, app, module)
    if edits is not None:
        yield Fix(f"Have workers import {module}", Applicability.UNSAFE, edits)
