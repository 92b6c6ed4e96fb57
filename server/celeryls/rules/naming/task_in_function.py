"""CEL710."""

from collections.abc import Iterator

from celeryls.facts.calls import SENDS
from celeryls.rules.base import FileContext, Finding, Rule
from celeryls.syntax.expr import Local


class TaskInFunction(Rule):
    """## What it does

    Finds tasks that are declared inside the function that sends them.

    ## Why it matters

    Such a task is registered when the function runs, in the process that sends it. A worker never
    runs the function, so it does not know the task: `Received unregistered task`, and the message
    is thrown away. Its name does not have that of the function around it, so that two of them get
    in each other's way.

    Celery's documentation:
    [Basics](https://docs.celeryq.dev/en/stable/userguide/tasks.html#basics)

    ## Example

    ```python
    def checkout(request):
        @shared_task
        def send_receipt(order_id): ...

        send_receipt.delay(request.order_id)
    ```

    Use instead:

    ```python
    @shared_task
    def send_receipt(order_id): ...


    def checkout(request):
        send_receipt.delay(request.order_id)
    ```

    ## Known limits

    Functions that make tasks for others, such as factories of apps, are left alone: only a task
    that is sent by the same function is reported, and none of an app that it makes for itself.
    Silent in tests.

    ## Fix safety

    There is no fix: what the task uses of the function around it must be passed to it.
    """

    code = "CEL710"
    name = "task-in-function"
    summary = "A task is declared in the function that sends it, so no worker knows it."
    severity = "info"
    since = "0.1.0"
    fix = "none"

    def check(self, file: FileContext) -> Iterator[Finding]:
        if file.project.is_test(file.path):
            return
        for context in file.tasks():
            decl = context.task.decl
            if not decl.in_function or decl.scope or decl.in_class:
                continue
            around = decl.qualname.rpartition(".<locals>.")[0]
            if any(
                site.called and site.method in SENDS and site.within == around
                for site in file.project.body(file.path).calls
                if site.target == Local(decl.qualname, "function")
            ):
                where = around.rpartition(".")[2]
                message = (
                    f'task "{decl.name}" is declared inside "{where}", which sends it: '
                    "no worker knows it"
                )
                yield context.finding(self, message, evidence=context.site.span)
