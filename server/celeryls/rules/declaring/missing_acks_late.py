"""CEL101."""

from collections.abc import Iterator

from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.declaring.missing_required_option import required_options
from celeryls.rules.declaring.surroundings import is_errback
from celeryls.rules.edits import add_keywords
from celeryls.syntax.expr import Const
from celeryls.text import Applicability, Fix


class MissingAcksLate(TaskRule):
    """## What it does

    Finds tasks whose message is acknowledged before they run, because nothing turns late
    acknowledgement on: not the decorator, not the base class, not `task_annotations`, not
    `task_acks_late`.

    ## Why it matters

    By default a worker acknowledges a message as soon as it takes it, and then runs the task.
    If the worker dies in between (out of memory, a deploy, a lost machine), the broker has
    already forgotten the message: the task is gone, without an error anywhere. With
    `acks_late=True` the message is acknowledged after the task has ended, so another worker
    gets it.

    The price is that a task may run twice. Make it idempotent: running it again must do no
    harm.

    What late acknowledgement does *not* do: if only the child process of a prefork pool is
    killed, the message is acknowledged all the same, unless `reject_on_worker_lost` is set
    too. And on Redis another worker gets the message only once `visibility_timeout` has
    passed.

    Celery's documentation: [Tasks](https://docs.celeryq.dev/en/stable/userguide/tasks.html),
    [Should I use retry or acks_late?](https://docs.celeryq.dev/en/stable/faq.html#faq-acks-late-vs-retry)

    ## Example

    ```python
    @shared_task
    def charge(order_id): ...
    ```

    Use instead:

    ```python
    @shared_task(acks_late=True)
    def charge(order_id): ...
    ```

    ## Known limits

    Silent where the option in force can't be known (options from a function call, a base
    class that can't be read, settings that are computed), and where somebody decided:
    `acks_late=False` written out, in the decorator, a base or the settings. Silent about error
    callbacks too, by their parameters (`request, exc, traceback`): the worker whose task failed
    calls them itself.

    ## Fix safety

    Unsafe: the task may run twice after it.
    """

    code = "CEL101"
    name = "missing-acks-late"
    summary = "A task is acknowledged before it runs, so a worker that dies loses it."
    severity = "warning"
    since = "0.1.0"
    stability = "stable"
    fix = "unsafe"
    gives_way_to = ("CEL120",)

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        task = context.task
        acks_late = context.file.project.effective(task, "acks_late")
        if acks_late.origin != "default" or acks_late.value != Const(False):
            return
        if is_errback(context) or "acks_late" in required_options(context.file):
            return  # of the second CEL127 speaks
        fix = Fix.in_file(
            context.file.path,
            "Add acks_late=True (the task may run twice: make it idempotent)",
            Applicability.UNSAFE,
            *add_keywords(context.file.text, context.decorator, "acks_late=True"),
        )
        yield context.finding(
            self,
            f'task "{task.label}" is acknowledged before it runs: '
            "a worker that dies loses it (no acks_late)",
            fixes=(fix,),
        )
