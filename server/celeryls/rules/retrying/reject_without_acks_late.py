"""CEL216."""

from collections.abc import Iterator

from celeryls.facts import RetrySite
from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.declaring.surroundings import acknowledge_late, is_run_by_celery_alone
from celeryls.rules.retrying.swallowed import finding, raised_name
from celeryls.syntax.expr import Const, parse_expr


class RejectWithoutAcksLate(TaskRule):
    """## What it does

    Finds `raise Reject(..., requeue=True)` in a task whose message is acknowledged before it
    runs.

    ## Why it matters

    `Reject` asks the broker to take the message back and to deliver it again. That works only
    while the message is not acknowledged, which it is by then unless `acks_late` is on. So nothing
    is put back: the task has ended, it will not run again, and no failure is stored anywhere.

    Celery's documentation:
    [Reject](https://docs.celeryq.dev/en/stable/userguide/tasks.html#reject)

    ## Example

    ```python
    @shared_task
    def sync(product_id):
        if is_locked(product_id):
            raise Reject("locked", requeue=True)
        fetch(product_id)
    ```

    Use instead:

    ```python
    @shared_task(acks_late=True)
    def sync(product_id):
        if is_locked(product_id):
            raise Reject("locked", requeue=True)
        fetch(product_id)
    ```

    ## Known limits

    Silent where it can't be known whether late acknowledgement is on, where something around the
    task or around the `raise` may answer to the exception, and without `requeue=True`: then the
    task is given up, as it says. What inner functions and helpers raise is not seen.

    ## Fix safety

    Unsafe: the task may run twice after it. There is none where `acks_late` comes from elsewhere.
    """

    code = "CEL216"
    name = "reject-without-acks-late"
    summary = "A message that is acknowledged before its task runs can't be put back."
    severity = "warning"
    since = "0.1.0"
    fix = "sometimes"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        sites = [site for site in context.site.retries if _requeues(context, site)]
        if not sites or not is_run_by_celery_alone(context):
            return
        if context.file.project.effective(context.task, "acks_late").value != Const(False):
            return
        for site in sites:
            yield finding(
                self,
                context,
                site,
                f'task "{context.task.label}": requeue=True has no effect without acks_late, the '
                "message is acknowledged before the task runs and is lost",
                fixes=acknowledge_late(context),
            )


def _requeues(context: TaskContext, site: RetrySite) -> bool:
    if site.tries or raised_name(context, site) != "Reject":
        return False
    given = dict(zip(("reason", "requeue"), site.args, strict=False))
    given.update({k.name: k.value_span for k in site.keywords if k.name is not None})
    return "requeue" in given and parse_expr(given["requeue"].of(context.file.text)) == Const(True)
