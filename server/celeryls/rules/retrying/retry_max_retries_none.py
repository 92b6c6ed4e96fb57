"""CEL217."""

from collections.abc import Iterator

from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.retrying.autoretry import number
from celeryls.rules.retrying.swallowed import finding, is_retry


class RetryMaxRetriesNone(TaskRule):
    """## What it does

    Finds `self.retry(max_retries=None)` in a task that has a `max_retries`.

    ## Why it matters

    In a decorator `max_retries=None` means that the task is retried for ever. As an argument of
    `retry` it means nothing at all: that is its default, and then the task's own `max_retries`
    counts, which is 3 unless somebody says otherwise. So the task gives up after a few tries,
    though its author thinks that it never does.

    Celery's documentation:
    [Task.retry](https://docs.celeryq.dev/en/stable/reference/celery.app.task.html#celery.app.task.Task.retry),
    issues about it: [#1875](https://github.com/celery/celery/issues/1875),
    [#2781](https://github.com/celery/celery/issues/2781)

    ## Example

    ```python
    @shared_task(bind=True)
    def sync(self, product_id):
        if not is_ready(product_id):
            raise self.retry(countdown=60, max_retries=None)
        fetch(product_id)
    ```

    Use instead:

    ```python
    @shared_task(bind=True, max_retries=None)
    def sync(self, product_id):
        if not is_ready(product_id):
            raise self.retry(countdown=60)
        fetch(product_id)
    ```

    ## Known limits

    Silent where the `max_retries` in force can't be known. A variable that may be `None` is not
    looked at.

    ## Fix safety

    There is no fix: whether the task should be retried for ever is for a person to say.
    """

    code = "CEL217"
    name = "retry-max-retries-none"
    summary = "self.retry(max_retries=None) does not mean for ever."
    severity = "warning"
    since = "0.1.0"
    fix = "none"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        if "max_retries" in context.site.first_param_attributes:
            return  # it may be given another one
        for site in context.site.retries:
            if not is_retry(context, site):
                continue
            for keyword in site.keywords:
                if keyword.name != "max_retries":
                    continue
                if keyword.value_span.of(context.file.text) != "None":
                    continue
                most = number(context.file.project.effective(context.task, "max_retries").value)
                if most is None:
                    return
                yield finding(
                    self,
                    context,
                    site,
                    f'task "{context.task.label}": max_retries=None in retry() means the task\'s '
                    f"own max_retries, which is {most:g}; for ever is max_retries=None in the "
                    "decorator",
                    span=keyword.span,
                )
