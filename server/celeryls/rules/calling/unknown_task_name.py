"""CEL320."""

import re
from collections.abc import Iterator

from celeryls.facts import CallSite
from celeryls.rules.base import FileContext, Finding, Rule
from celeryls.rules.spelling import meant_task, rename_text
from celeryls.syntax.expr import Const, Expr, Subscript
from celeryls.text import Span

_BY_NAME = frozenset({"send_task", "signature", "subtask", ""})
_TEXT = re.compile(r"\[\s*(\"[^\"\n]*\"|'[^'\n]*')\s*\]\Z")


class UnknownTaskName(Rule):
    """## What it does

    Finds names given to `send_task` and `signature`, or looked up in `app.tasks`, that no task of
    the project has, though one has a name close to it.

    ## Why it matters

    The message is sent all the same. The worker that gets it does not know the task, logs an
    error and throws the message away. `app.tasks` raises `NotRegistered` where it is asked.

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
    reported. As long as some task's name is computed, nearly all letters must be the same, and that
    task's function must be called otherwise.

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
            named = None if dispatch.tasks else _named(site)
            if named is None or not dispatch.reason.startswith("no task"):
                continue
            written, span = named
            value = file.project.evaluate(file.path, written)
            if not isinstance(value, Const) or not isinstance(value.value, str):
                continue
            near = meant_task(file.project, value.value)
            if near is not None:
                if site.target_span == span:
                    span = _index(file, span)
                message = f'no task is named "{value.value}"; there is "{near}"'
                fixes = rename_text(file, span, value.value, near)
                yield Finding(self.code, message, span, site.span, site.span, fixes)


def _named(site: CallSite) -> tuple[Expr, Span] | None:
    """What a call says for the name of a task, and where: its first argument or `tasks[...]`."""
    if site.method in _BY_NAME:
        return (site.values[0], site.args[0]) if site.values and site.args else None
    if isinstance(site.target, Subscript):
        return site.target.index, site.target_span
    return None


def _index(file: FileContext, span: Span) -> Span:
    """The text in the brackets at the end of an expression, or all of it."""
    found = _TEXT.search(file.text, span.start, span.end)
    return span if found is None else Span(found.start(1), found.end(1))
