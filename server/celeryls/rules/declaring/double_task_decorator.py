"""CEL113."""

from collections.abc import Iterator

from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.declaring.surroundings import celerys_decorator, is_made_by_celery_alone
from celeryls.rules.edits import remove_decorator
from celeryls.syntax.expr import Call, Expr
from celeryls.text import Applicability, Fix

REFUSED_SINCE = (5, 7)
"""The version from which `shared_task` takes no task of its own (celery/app/__init__.py)."""


class DoubleTaskDecorator(TaskRule):
    """## What it does

    Finds functions with two of Celery's task decorators.

    ## Why it matters

    Two `@shared_task` make a module that can't be imported from Celery 5.7 on (`TypeError:
    @shared_task was applied more than once to the same function`), and a task that no app knows
    before (`NotRegistered`). With `@app.task` the task is registered a second time, perhaps as
    `celery.local.charge`, the name of Celery's own stand-in for it; and it is an accident whose
    options hold.

    Celery's issue:
    [#10889](https://github.com/celery/celery/issues/10889)

    ## Example

    ```python
    @shared_task
    @shared_task(max_retries=5)
    def charge(order_id): ...
    ```

    Use instead:

    ```python
    @shared_task(max_retries=5)
    def charge(order_id): ...
    ```

    ## Known limits

    A second decorator with a name of its own makes a second task of the function, which works
    for `@app.task`, and for `@shared_task` before Celery 5.7: silent.

    ## Fix safety

    Safe: it removes the decorator without options, if both are of one kind. Otherwise there is
    none, since a person has to say which one counts.
    """

    code = "CEL113"
    name = "double-task-decorator"
    summary = "A function has two task decorators, which Celery refuses or half ignores."
    severity = "warning"
    since = "0.1.0"
    fix = "sometimes"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        task, file, sites = context.task, context.file, context.site.decorators
        outer = sites.index(context.decorator)
        decorators = task.decl.decorators
        if outer + 1 >= len(decorators) or not is_made_by_celery_alone(context):
            return
        for inner in range(outer + 1, len(decorators)):
            kind = celerys_decorator(context, decorators[inner])
            if kind is not None:
                break
        else:
            return
        both_shared = kind == task.kind == "shared_task"
        version = file.project.celery_version
        refused = both_shared and (version is None or version >= REFUSED_SINCE)
        if not refused and ("name" in task.options or not task.complete):
            return
        own, other = (f"@{sites[at].callee.of(file.text)}" for at in (outer, inner))
        bare = next((at for at in (outer, inner) if _is_bare(decorators[at])), None)
        fixes: tuple[Fix, ...] = ()
        if bare is not None and own == other:
            edit = remove_decorator(file.text, sites[bare])
            title = f'Remove the "{own}" without options'
            fixes = (Fix.in_file(file.path, title, Applicability.SAFE, edit),)
        effect = "Celery refuses that" if both_shared else "it is registered twice"
        yield context.finding(
            self,
            f'"{task.decl.name}" has two task decorators, "{own}" and "{other}": {effect}; '
            "keep one",
            span=sites[inner].span,
            fixes=fixes,
        )


def _is_bare(decorator: Expr) -> bool:
    """Whether a decorator has no options."""
    return not isinstance(decorator, Call) or not (decorator.args or decorator.keywords)
