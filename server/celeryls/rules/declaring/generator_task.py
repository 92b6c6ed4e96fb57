"""CEL110."""

from collections.abc import Iterator

from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.declaring.surroundings import is_run_by_celery_alone
from celeryls.text import Span


class GeneratorTask(TaskRule):
    """## What it does

    Finds tasks with a `yield` of their own.

    ## Why it matters

    Calling such a function runs nothing of its body: it makes a generator. The worker takes that
    for the result and fails to store it (`Object of type generator is not JSON serializable`).
    If results are ignored, the task even counts as a success.

    Celery's documentation:
    [Tasks](https://docs.celeryq.dev/en/stable/userguide/tasks.html),
    [Serializers](https://docs.celeryq.dev/en/stable/userguide/calling.html#serializers)

    ## Example

    ```python
    @shared_task
    def export(ids):
        for product_id in ids:
            yield render(product_id)
    ```

    Use instead:

    ```python
    @shared_task
    def export(ids):
        return [render(product_id) for product_id in ids]
    ```

    ## Known limits

    Silent where something may run through the generator: a decorator below the task's, a base
    class that can't be read or has a `__call__`, an app of a class of one's own.

    ## Fix safety

    There is no fix: what was meant is for a person to say.
    """

    code = "CEL110"
    name = "generator-task"
    summary = "A task is a generator function, so a worker runs nothing of its body."
    severity = "error"
    since = "0.1.0"
    fix = "none"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        decl = context.task.decl
        if not decl.is_generator or decl.is_async or not is_run_by_celery_alone(context):
            return
        yield context.finding(
            self,
            f'task "{context.task.label}" has a yield: a worker gets a generator and runs nothing '
            "of the body; return the result as a whole",
            evidence=Span(context.scope.start, context.site.span.end),
        )
