"""CEL205."""

from collections.abc import Iterator

from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.declaring.surroundings import is_run_by_celery_alone
from celeryls.rules.edits import remove_keywords
from celeryls.rules.retrying.autoretry import is_never_retried, is_read_by_name
from celeryls.rules.retrying.presets import presets
from celeryls.syntax.expr import Const
from celeryls.text import Applicability, Fix, Span

_OPTIONS = ("max_retries", "default_retry_delay")


class MaxRetriesWithoutRetry(TaskRule):
    """## What it does

    Finds tasks with `max_retries` or `default_retry_delay` that nothing ever retries: no
    `autoretry_for`, no call of `retry`, no base class that retries, nothing that the task hands
    itself to.

    ## Why it matters

    The options say how often a task may be retried, and when. They do not say *that* it is: a
    failure is a failure, at the first time. Whoever wrote the number thinks otherwise.

    Celery's documentation:
    [Task.max_retries](https://docs.celeryq.dev/en/stable/userguide/tasks.html#Task.max_retries)

    ## Example

    ```python
    @shared_task(max_retries=5)
    def sync(product_id):
        fetch(product_id)
    ```

    Use instead:

    ```python
    @shared_task(autoretry_for=(ConnectionError, TimeoutError), max_retries=5)
    def sync(product_id):
        fetch(product_id)
    ```

    ## Known limits

    `max_retries=0` is a decision, and silent. So is everything that may retry the task or read
    the option: `retry_on_worker_lost`, `current_task`, inner decorators, base classes and apps of
    one's own.

    ## Fix safety

    Unsafe: the task may run more than once after it. The last of the fixes removes the options,
    which changes nothing.
    """

    code = "CEL205"
    name = "max-retries-without-retry"
    summary = "max_retries does not make Celery retry anything."
    severity = "warning"
    since = "0.1.0"
    fix = "unsafe"
    gives_way_to = ("CEL201",)

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        task, site = context.task, context.site
        written = [k for k in context.decorator.keywords if k.name in _OPTIONS]
        if site.retries:
            return  # it raises a Retry of its own
        if not written or not is_never_retried(context) or "autoretry_for" in task.options:
            return
        if any(task.options[str(keyword.name)] == Const(0) for keyword in written):
            return
        if not is_run_by_celery_alone(context) or _may_be_read(context):
            return
        path, text, decorator = context.file.path, context.file.text, context.decorator
        removed = remove_keywords(text, decorator, *written)
        names = " and ".join(str(keyword.name) for keyword in written)
        yield context.finding(
            self,
            f'task "{task.label}": {names} {"has" if len(written) == 1 else "have"} no effect, '
            "since nothing retries the task",
            span=written[0].name_span,
            evidence=Span(context.scope.start, site.span.end),
            fixes=(
                *presets(context),
                Fix.in_file(path, f"Remove {names}", Applicability.UNSAFE, *removed),
            ),
        )


def _may_be_read(context: TaskContext) -> bool:
    task, text, project = context.task, context.file.text, context.file.project
    if project.effective(task, "retry_on_worker_lost").value != Const(False):
        return True
    if "current_task" in text or any(
        option in context.site.first_param_attributes or is_read_by_name(context, option)
        for option in _OPTIONS
    ):
        return True
    return bool(task.base.classes) and any(project.mentions(option) for option in _OPTIONS)
