"""CEL322."""

import ast
from collections.abc import Iterator

from celeryls.facts.walk import nodes_on
from celeryls.rules.base import FileContext, Finding, Related, Rule
from celeryls.text import Applicability, Edit, Fix, Span


class DirectCallOfTask(Rule):
    """## What it does

    Finds tasks that are called like plain functions, outside of other tasks.

    ## Why it matters

    `send_receipt(order.pk)` runs the task here and now, in the process of the caller: no worker, no
    retry, no time limit. That is easily missed, since it works.

    Celery's documentation:
    [Calling tasks](https://docs.celeryq.dev/en/stable/userguide/calling.html#basics)

    ## Example

    ```python
    @shared_task
    def send_receipt(order_id): ...


    def pay(order):
        send_receipt(order.pk)
    ```

    Use instead:

    ```python
    @shared_task
    def send_receipt(order_id): ...


    def pay(order):
        send_receipt.delay(order.pk)
    ```

    ## Known limits

    Often it is meant, so the rule is off. Silent in tasks, in tests, in commands of Django's, where
    several tasks may be meant, and in files that have no trace of Celery.

    ## Fix safety

    Unsafe: the task runs later, elsewhere, with arguments that JSON carries. There is no fix where
    the result is used.
    """

    code = "CEL322"
    name = "direct-call-of-task"
    summary = "A task is called like a function and runs in the process of the caller."
    severity = "info"
    enabled = False
    since = "0.1.0"
    fix = "sometimes"

    def check(self, file: FileContext) -> Iterator[Finding]:
        project, path = file.project, file.path
        if project.is_test(path) or "/management/commands/" in path.replace("\\", "/"):
            return
        inside = {task.decl.qualname for task in project.tasks_in(path)}
        uses = project.direct_calls(path)
        places = [use.reference.span for use in uses]
        for use in uses:
            reference, task = use.reference, use.task
            if places.count(reference.span) > 1:
                continue
            if any(f"{reference.within}.".startswith(f"{name}.") for name in inside):
                continue
            span = reference.span
            related: tuple[Related, ...] = ()
            if task.path in project.files:
                place = project.site(task).name
                related = (Related(task.path, place, f'task "{task.label}" is declared here'),)
            message = f'task "{task.label}" runs here, not in a worker'
            fixes = tuple(_fixes(file, span))
            yield Finding(self.code, message, span, span, span, fixes, related)


def _fixes(file: FileContext, span: Span) -> Iterator[Fix]:
    """Send it, where the call is a statement of its own."""
    line = file.lines.line_at(span.start) + 1
    for node in nodes_on(file.parsed.tree.body, [line]):
        match node:
            case ast.Expr(value=ast.Call(func=func)) if file.parsed.span(func) == span:
                edit = Edit(Span(span.end, span.end), ".delay")
                yield Fix.in_file(file.path, "Send it", Applicability.UNSAFE, edit)
