"""CEL104."""

from collections.abc import Iterator

from celeryls.facts import ParamKind
from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.edits import add_first_parameter, remove_keywords
from celeryls.text import Applicability, Fix

_TAKES_SELF = (ParamKind.POSITIONAL_ONLY, ParamKind.NORMAL, ParamKind.VAR_POSITIONAL)


class BindMissingSelf(TaskRule):
    """## What it does

    Finds bound tasks whose function has no parameter for the task itself.

    ## Why it matters

    `bind=True` makes Celery pass the task as the first argument. A function without a
    parameter for it fails each time it is called:
    `TypeError: sync() takes 0 positional arguments but 1 was given`.

    Celery's documentation:
    [Bound tasks](https://docs.celeryq.dev/en/stable/userguide/tasks.html#bound-tasks)

    ## Example

    ```python
    @shared_task(bind=True)
    def sync(): ...
    ```

    Use instead:

    ```python
    @shared_task(bind=True)
    def sync(self): ...
    ```

    ## Known limits

    Only functions without any positional parameter are reported: the first may have any
    name. Silent under other decorators, which may take the task away, and under base
    classes with a `__call__` of their own.

    ## Fix safety

    Safe: the task can't have worked before. The other fix drops `bind=True`.
    """

    code = "CEL104"
    name = "bind-missing-self"
    summary = "A bound task has no parameter for the task itself, so every call fails."
    severity = "error"
    since = "0.1.0"
    stability = "stable"
    fix = "safe"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        task, text = context.task, context.file.text
        if task.bind is not True or context.has_inner_decorators or context.called_through_base:
            return
        if task.decl.in_class or any(param.kind in _TAKES_SELF for param in task.decl.params):
            return
        path = context.file.path
        fixes = [
            Fix.in_file(
                path,
                'Add "self" as the first parameter',
                Applicability.SAFE,
                add_first_parameter(text, context.site, "self"),
            )
        ]
        for keyword in context.decorator.keywords:
            if keyword.name == "bind":
                edits = remove_keywords(text, context.decorator, keyword)
                fixes.append(Fix.in_file(path, "Remove bind=True", Applicability.UNSAFE, *edits))
        yield context.finding(
            self,
            f'task "{task.label}" is bound, but its function has no parameter for the task: '
            "every call raises a TypeError",
            fixes=tuple(fixes),
        )
