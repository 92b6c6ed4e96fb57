"""CEL213."""

from collections.abc import Iterator

from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.retrying.swallowed import finding, is_retry, may_not_raise, raising
from celeryls.text import Applicability, Fix


class RetryWithoutRaise(TaskRule):
    """## What it does

    Finds calls of `self.retry()` as statements of their own, without `raise`.

    ## Why it matters

    `retry` raises `Retry` by itself, so that nothing below it is run. A reader does not see that,
    nor does a type checker or a linter, and code that is put below never runs. Celery's
    documentation writes `raise self.retry()` "to convey that the rest of the block won't be
    executed".

    Celery's documentation:
    [Task.retry](https://docs.celeryq.dev/en/stable/reference/celery.app.task.html#celery.app.task.Task.retry)

    ## Example

    ```python
    @shared_task(bind=True)
    def sync(self, product_id):
        if not is_ready(product_id):
            self.retry(countdown=60)
        fetch(product_id)
    ```

    Use instead:

    ```python
    @shared_task(bind=True)
    def sync(self, product_id):
        if not is_ready(product_id):
            raise self.retry(countdown=60)
        fetch(product_id)
    ```

    ## Known limits

    With `throw=False` the call returns, and is silent; so it is where that can't be told.

    ## Fix safety

    Safe: it writes what happens anyway. In an `except … as exc` it writes `from exc` behind the
    call, too, as linters want it of any `raise` there (B904).
    """

    code = "CEL213"
    name = "retry-without-raise"
    summary = "self.retry() raises, which raise in front of it would show."
    severity = "info"
    since = "0.1.0"
    fix = "safe"
    gives_way_to = ("CEL209", "CEL215")

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        path, text = context.file.path, context.file.text
        for site in context.site.retries:
            if not (site.alone and is_retry(context, site)) or may_not_raise(context, site):
                continue
            start = site.span.start
            title = 'Write "raise" in front of it'
            edits = raising(text, site, site.handlers[0].name if site.handlers else None)
            fix = Fix.in_file(path, title, Applicability.SAFE, *edits)
            yield finding(
                self,
                context,
                site,
                f'task "{context.task.label}": retry raises, so what is below it is not run; '
                '"raise" in front of it would say so',
                # In brackets of its own there is no room for a statement.
                fixes=() if text[:start].rstrip()[-1:] == "(" else (fix,),
            )
