"""CEL320."""

from collections.abc import Iterator

from celeryls.rules.base import FileContext, Finding, Rule
from celeryls.rules.spelling import meant, rename_text, task_names
from celeryls.syntax.expr import Const

_BY_NAME = frozenset({"send_task", "signature", "subtask", ""})


class UnknownTaskName(Rule):
    """## What it does

    Finds names given to `send_task` and `signature` that no task of the project has, though one
    has a name close to it.

    ## Why it matters

    The message is sent all the same. The worker that gets it does not know the task, logs an
    error and throws the message away.

    Celery's documentation:
    [send_task](https://docs.celeryq.dev/en/stable/reference/celery.html#celery.Celery.send_task)

    ## Example

    ```python
    app.send_task("shop.taks.charge", (order_id,))
    ```

    Use instead:

    ```python
    app.send_task("shop.tasks.charge", (order_id,))
    ```

    ## Known limits

    A task may belong to another service, so only names close to one of the project's are
    reported, and none as long as some task's name is not known.

    ## Fix safety

    Safe: the name becomes one that there is.
    """

    code = "CEL320"
    name = "unknown-task-name"
    summary = "A task is sent by a name that no task has."
    severity = "warning"
    since = "0.1.0"
    fix = "safe"

    def check(self, file: FileContext) -> Iterator[Finding]:
        for dispatch in file.project.dispatches(file.path):
            site = dispatch.site
            if dispatch.tasks or site.method not in _BY_NAME or not site.values or not site.args:
                continue
            value = file.project.evaluate(file.path, site.values[0])
            if not isinstance(value, Const) or not isinstance(value.value, str):
                continue
            if not dispatch.reason.startswith("no task"):
                continue
            near = meant(value.value, task_names(file.project) or ())
            if near is not None:
                span = site.args[0]
                message = f'no task is named "{value.value}"; there is "{near}"'
                fixes = rename_text(file, span, value.value, near)
                yield Finding(self.code, message, span, site.span, site.span, fixes)
