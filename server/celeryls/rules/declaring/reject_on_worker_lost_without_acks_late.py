"""CEL120."""

from collections.abc import Iterator

from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.declaring.surroundings import acknowledge_late
from celeryls.syntax.expr import Const


class RejectOnWorkerLostWithoutAcksLate(TaskRule):
    """## What it does

    Finds tasks with `reject_on_worker_lost=True` whose message is acknowledged before they run.

    ## Why it matters

    The option says that the message goes back to the broker if the process that runs the task
    is lost. Celery looks at it only for tasks that are acknowledged late: of the others the
    message is already gone. So the task is lost with its worker, though its author took care.

    Celery's documentation:
    [Task.reject_on_worker_lost](https://docs.celeryq.dev/en/stable/userguide/tasks.html#Task.reject_on_worker_lost)

    ## Example

    ```python
    @shared_task(reject_on_worker_lost=True)
    def charge(order_id): ...
    ```

    Use instead:

    ```python
    @shared_task(reject_on_worker_lost=True, acks_late=True)
    def charge(order_id): ...
    ```

    ## Known limits

    Silent where it can't be known whether late acknowledgement is on, and where the option comes
    from the settings or a base.

    ## Fix safety

    Unsafe: the task may run twice after it, and one that kills its worker does so again and
    again. There is none where `acks_late` comes from elsewhere.
    """

    code = "CEL120"
    name = "reject-on-worker-lost-without-acks-late"
    summary = "reject_on_worker_lost has no effect on a task that is acknowledged early."
    severity = "warning"
    since = "0.1.0"
    fix = "sometimes"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        task, project = context.task, context.file.project
        if "reject_on_worker_lost" not in task.options:
            return
        rejects = project.effective(task, "reject_on_worker_lost")
        if rejects.origin != "decorator" or rejects.value != Const(True):
            return
        if project.effective(task, "acks_late").value != Const(False):
            return
        written = [k.span for k in context.decorator.keywords if k.name == "reject_on_worker_lost"]
        yield context.finding(
            self,
            f'task "{task.label}": reject_on_worker_lost has no effect without acks_late, '
            "the message is acknowledged before the task runs",
            span=written[0] if written else context.decorator.span,
            fixes=tuple(acknowledge_late(context)),
        )
