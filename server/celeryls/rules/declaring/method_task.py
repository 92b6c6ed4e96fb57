"""CEL115."""

from collections.abc import Iterator

from celeryls.facts import ParamKind
from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.declaring.surroundings import is_run_by_celery_alone


class MethodTask(TaskRule):
    """## What it does

    Finds tasks that are methods with a `self`.

    ## Why it matters

    A task knows no instance. `order.charge.delay(5)` hands 5 to `self`, and the last parameter
    stays empty: `TypeError: charge() missing 1 required positional argument`. And the task is
    called `module.charge`, without the class, so methods of the same name in two classes of a
    module are one task.

    Celery's documentation:
    [Tasks](https://docs.celeryq.dev/en/stable/userguide/tasks.html)

    ## Example

    ```python
    class Order:
        @shared_task
        def charge(self, amount): ...
    ```

    Use instead a function that looks for what it works on:

    ```python
    @shared_task
    def charge(order_id, amount):
        Order.objects.get(pk=order_id).charge(amount)
    ```

    ## Known limits

    Bound tasks get themselves as `self`, and work. Silent under other decorators, for bases with
    a `__get__` or `__call__`, and with a `filter`.

    ## Fix safety

    There is no fix: what the task needs of the instance is for a person to say.
    """

    code = "CEL115"
    name = "method-task"
    summary = "A task is a method, but no instance reaches it."
    severity = "warning"
    since = "0.1.0"
    fix = "none"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        task, decl = context.task, context.task.decl
        if not decl.in_class or task.bind is not False or len(decl.decorators) > 1:
            return
        first = decl.params[0] if decl.params else None
        if first is None or first.name != "self" or first.has_default:
            return
        if first.kind not in (ParamKind.NORMAL, ParamKind.POSITIONAL_ONLY):
            return
        if not is_run_by_celery_alone(context) or task.base.has_method("__get__"):
            return
        yield context.finding(
            self,
            f'task "{task.label}" is a method: Celery passes no instance, so the caller\'s first '
            'argument lands in "self"; make it a function, or bind it',
            span=context.site.params[0],
        )
