"""CEL112."""

from collections.abc import Iterator

from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.declaring.surroundings import is_made_by_celery_alone
from celeryls.rules.edits import move_decorator_up, remove_decorator
from celeryls.syntax.expr import Name
from celeryls.text import Applicability, Fix


class StaticmethodBelowTask(TaskRule):
    """## What it does

    Finds task decorators right above `@staticmethod`.

    ## Why it matters

    Celery makes its task of a function, and `staticmethod` gives it an object that is none:
    `AttributeError: 'method-wrapper' object has no attribute '__module__'`, as soon as the app
    looks at its tasks. No worker starts. The other way round it works: the class then has the
    task itself.

    Celery's documentation:
    [How do I use the task decorator with other decorators?](https://docs.celeryq.dev/en/stable/userguide/tasks.html#basics)

    ## Example

    ```python
    class Orders:
        @shared_task
        @staticmethod
        def charge(order_id): ...
    ```

    Use instead:

    ```python
    class Orders:
        @staticmethod
        @shared_task
        def charge(order_id): ...
    ```

    ## Known limits

    Silent where another decorator stands between the two, and about tasks with `pydantic=True`,
    for which Celery wraps the function first.

    ## Fix safety

    Safe: the code can't have worked as written. Outside a class `@staticmethod` is removed.
    """

    code = "CEL112"
    name = "staticmethod-below-task"
    summary = "A task is made of a staticmethod, which no worker survives."
    severity = "error"
    since = "0.1.0"
    fix = "safe"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        task, file, site = context.task, context.file, context.site
        at = site.decorators.index(context.decorator) + 1
        if task.decl.decorators[at : at + 1] != (Name("staticmethod"),):
            return
        if not task.complete or not is_made_by_celery_alone(context):
            return
        if "pydantic" in task.options or "staticmethod" in file.project.interface(file.path).names:
            return
        own = f"@{context.decorator.callee.of(file.text)}"
        if task.decl.in_class:
            title = 'Move "@staticmethod" to the top'
            edits = move_decorator_up(file.text, site, at)
        else:
            title = 'Remove "@staticmethod"'
            edits = (remove_decorator(file.text, site.decorators[at]),)
        yield context.finding(
            self,
            f'task "{task.label}": "{own}" gets a staticmethod, of which Celery can make no task; '
            'put "@staticmethod" above it',
            span=site.decorators[at].span,
            fixes=(Fix.in_file(file.path, title, Applicability.SAFE, *edits),),
        )
