"""CEL709."""

import re
from collections.abc import Iterator

from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.declaring.surroundings import sources_of
from celeryls.text import Span

_REGISTERS = re.compile(r"__(?:qual)?name__|\.name\b|regist|\bappend\(", re.IGNORECASE)
"""What a decorator has that notes a task, to schedule it or to send it by its name."""


class UnusedTask(TaskRule):
    """## What it does

    Finds tasks that nothing in the project names: no call, no schedule, no route.

    ## Why it matters

    They may be left over from something that is gone.

    Celery's documentation:
    [Calling tasks](https://docs.celeryq.dev/en/stable/userguide/calling.html)

    ## Example

    ```python
    @shared_task
    def import_legacy_orders(): ...
    ```

    Use instead: nothing, or send it.

    ```python
    @shared_task
    def import_legacy_orders(): ...


    import_legacy_orders.delay()
    ```

    ## Known limits

    The rule is off by default. Tasks may be sent by other programs, by schedules in a database and
    by code that makes up their names. Any word that is the name of the function counts as a use,
    in a comment too; files without a sign of Celery are not looked at. Silent where another
    decorator may register the task, and about tasks of Celery's own names (`celery.ping`).

    ## Fix safety

    There is no fix: whether something else sends the task is not in the code.
    """

    code = "CEL709"
    name = "unused-task"
    summary = "Nothing in the project sends, schedules or names a task."
    severity = "info"
    enabled = False
    since = "0.1.0"
    fix = "none"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        task, file = context.task, context.file
        if task.name is None or task.decl.in_function or context.file.project.is_test(file.path):
            return
        if task.name.startswith("celery.") or _is_registered(context):
            return
        words = {task.decl.name, task.name.rpartition(".")[2]}
        if any(_stands_beside(file.text, word, context.scope) for word in words):
            return
        if any(file.project.mentioned_anywhere_beside(file.path, word) for word in words):
            return
        message = f'task "{task.label}": nothing in the project sends or names it'
        yield context.finding(self, message, evidence=Span(0, len(file.text)))


def _is_registered(context: TaskContext) -> bool:
    """Whether another decorator may note the task, or its function, for something else."""
    task = context.task
    others = [each for at, each in enumerate(task.decl.decorators) if at != task.decorator]
    sources = sources_of(context, others)
    return any(source is None or _REGISTERS.search(source) for source in sources)


def _stands_beside(text: str, word: str, declaration: Span) -> bool:
    """Whether a word is anywhere in a file but in the declaration of its task."""
    # A pattern that begins with a plain text is looked for many times as fast.
    pattern = re.compile(rf"{re.escape(word)}(?<!\w{re.escape(word)})\b")
    return any(
        not declaration.start <= found.start() < declaration.end for found in pattern.finditer(text)
    )
