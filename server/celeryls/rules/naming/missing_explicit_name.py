"""CEL704."""

from collections.abc import Iterator

from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.edits import add_keywords
from celeryls.text import Applicability, Fix


class MissingExplicitName(TaskRule):
    """## What it does

    Finds tasks without a `name`.

    ## Why it matters

    The name that Celery makes up is the module with the function's own name. When the function is
    moved or renamed, messages that wait in the queue, schedules and callers by name still have the
    old one, which no worker knows.

    Celery's documentation:
    [Names](https://docs.celeryq.dev/en/stable/userguide/tasks.html#names)

    ## Example

    ```python
    @shared_task
    def charge(order_id): ...
    ```

    Use instead:

    ```python
    @shared_task(name="shop.tasks.charge")
    def charge(order_id): ...
    ```

    ## Known limits

    The rule is off by default: few projects name their tasks. A `name` among options that can't be
    read is taken to be there. Silent in tests and inside functions.

    ## Fix safety

    Safe: the task keeps the name that it has. There is no fix where that can't be told, and none
    under other decorators, as those may change it.
    """

    code = "CEL704"
    name = "missing-explicit-name"
    summary = "A task has no name of its own, so moving it changes its name."
    severity = "info"
    enabled = False
    since = "0.1.0"
    fix = "sometimes"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        task = context.task
        if task.decl.in_function or context.file.project.is_test(task.path):
            return
        if "name" in task.options or not task.complete or task.base.attribute("name") is not None:
            return
        message = f'task "{task.label}" has no name of its own: moving it changes its name'
        yield context.finding(self, message, fixes=tuple(_fixes(context)))


def _fixes(context: TaskContext) -> Iterator[Fix]:
    name = context.task.name
    if name is None or context.has_inner_decorators or context.decorator.args:
        return
    edits = add_keywords(context.file.text, context.decorator, f'name="{name}"')
    title = f'Give it the name it has, "{name}"'
    yield Fix.in_file(context.file.path, title, Applicability.SAFE, *edits)
