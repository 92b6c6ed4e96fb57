"""CEL105."""

from collections.abc import Iterator

from celeryls.facts import ParamKind
from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.edits import add_keywords
from celeryls.text import Applicability, Edit, Fix


class SelfWithoutBind(TaskRule):
    """## What it does

    Finds tasks with a parameter `self` that are not bound.

    ## Why it matters

    Without `bind=True` Celery does not pass the task. The first argument of the caller lands
    in `self`, and the last parameter stays empty:
    `TypeError: charge() missing 1 required positional argument: 'order_id'`.

    Celery's documentation:
    [Bound tasks](https://docs.celeryq.dev/en/stable/userguide/tasks.html#bound-tasks)

    ## Example

    ```python
    @shared_task
    def charge(self, order_id):
        self.retry()
    ```

    Use instead:

    ```python
    @shared_task(bind=True)
    def charge(self, order_id):
        self.retry()
    ```

    ## Known limits

    Options that come from constants (`@shared_task(**DEFAULTS)`) are followed; where they
    can't be, the rule is silent. So it is in classes, under other decorators and under base
    classes with a `__call__` of their own.

    ## Fix safety

    Safe: the task can't have worked as written.
    """

    code = "CEL105"
    name = "self-without-bind"
    summary = "A task takes self but is not bound, so its arguments are off by one."
    severity = "error"
    since = "0.1.0"
    stability = "stable"
    fix = "safe"
    gives_way_to = ("CEL115",)

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        task = context.task
        if task.bind is not False or context.has_inner_decorators or context.called_through_base:
            return
        first = task.decl.params[0] if task.decl.params else None
        if (
            task.decl.in_class
            or first is None
            or first.name != "self"
            or first.has_default
            or first.kind not in (ParamKind.NORMAL, ParamKind.POSITIONAL_ONLY)
        ):
            return
        written = [k for k in context.decorator.keywords if k.name == "bind"]
        edits = (
            (Edit(written[0].value_span, "True"),)
            if written
            else add_keywords(context.file.text, context.decorator, "bind=True")
        )
        # bind=False in a constant can't be overridden beside it.
        movable = bool(written) or "bind" not in task.options
        fix = Fix.in_file(context.file.path, "Add bind=True", Applicability.SAFE, *edits)
        yield context.finding(
            self,
            f'task "{task.label}" takes "self" but is not bound: '
            "Celery does not pass the task, so the caller's arguments are off by one",
            span=context.site.params[0],
            fixes=(fix,) if movable else (),
        )
