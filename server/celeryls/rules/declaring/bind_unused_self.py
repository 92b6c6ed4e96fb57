"""CEL116."""

import re
from collections.abc import Iterator

from celeryls.facts import ParamKind
from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.declaring.surroundings import is_run_by_celery_alone
from celeryls.rules.edits import remove_first_parameter, remove_keywords
from celeryls.text import Applicability, Fix, Span

_MAY_READ = re.compile(r"\b(?:locals|vars|eval|exec|super|currentframe|stack)\(")


class BindUnusedSelf(TaskRule):
    """## What it does

    Finds bound tasks that never look at themselves.

    ## Why it matters

    `bind=True` gives a function its task, for `self.retry`, `self.request` and the like. One that
    uses none of it has a parameter for nothing, which readers and type checkers have to see
    through. It does no harm, and so the rule is off unless it is asked for.

    Celery's documentation:
    [Bound tasks](https://docs.celeryq.dev/en/stable/userguide/tasks.html#bound-tasks)

    ## Example

    ```python
    @shared_task(bind=True)
    def sync(self, product_id):
        fetch(product_id)
    ```

    Use instead:

    ```python
    @shared_task
    def sync(product_id):
        fetch(product_id)
    ```

    ## Known limits

    Silent under an inner decorator and a base class with a `__call__`, which may look at the
    task; and where the function may read its parameters in another way, by `locals()` say.

    ## Fix safety

    Unsafe: code that calls the function in a way of its own, past the task, gives it one argument
    too many.
    """

    code = "CEL116"
    name = "bind-unused-self"
    summary = "A bound task does not use the task that it is given."
    severity = "info"
    enabled = False
    since = "0.1.0"
    fix = "sometimes"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        task, site, file = context.task, context.site, context.file
        written = [k for k in context.decorator.keywords if k.name == "bind"]
        if task.bind is not True or len(written) != 1 or task.decl.in_class:
            return
        first = task.decl.params[0] if task.decl.params else None
        if first is None or first.kind not in (ParamKind.NORMAL, ParamKind.POSITIONAL_ONLY):
            return
        if site.passes_first_param or site.first_param_attributes:
            return
        if not is_run_by_celery_alone(context) or _MAY_READ.search(site.span.of(file.text)):
            return
        fixes: tuple[Fix, ...] = ()
        if first.kind is ParamKind.NORMAL and not first.has_default:
            edits = (
                *remove_keywords(file.text, context.decorator, *written),
                remove_first_parameter(file.text, site),
            )
            title = f'Remove bind=True and "{first.name}"'
            fixes = (Fix.in_file(file.path, title, Applicability.UNSAFE, *edits),)
        yield context.finding(
            self,
            f'task "{task.label}" is bound and does not use "{first.name}"',
            span=site.params[0],
            evidence=Span(context.scope.start, site.span.end),
            fixes=fixes,
        )
