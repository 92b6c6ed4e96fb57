"""CEL206."""

import re
from collections.abc import Iterator

from celeryls.facts import RetrySite
from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.declaring.surroundings import is_run_by_celery_alone
from celeryls.rules.retrying.autoretry import option, retries_everything
from celeryls.rules.retrying.swallowed import catches_all, is_retry
from celeryls.syntax.expr import Const, Dict
from celeryls.text import Span

_DEPENDS = re.compile(r"\b(?:if|match|while|for|try|return|raise)\b")
"""What may stand in a handler above a retry that comes under a condition only."""


class UnlimitedRetries(TaskRule):
    """## What it does

    Finds tasks with `max_retries=None` that are retried after any exception: with `Exception` in
    `autoretry_for`, or by `self.retry()` in an `except Exception`.

    ## Why it matters

    `max_retries=None` means for ever. That may be right for a service that comes back. But
    `Exception` is also each mistake in the task and each message that it can't cope with: those
    fail again and again, with nobody told, and more of them with every day.

    Celery's documentation:
    [Task.max_retries](https://docs.celeryq.dev/en/stable/userguide/tasks.html#Task.max_retries)

    ## Example

    ```python
    @shared_task(autoretry_for=(Exception,), retry_backoff=True, max_retries=None)
    def sync(product_id):
        fetch(product_id)
    ```

    Use instead:

    ```python
    @shared_task(autoretry_for=(ConnectionError,), retry_backoff=True, max_retries=None)
    def sync(product_id):
        fetch(product_id)
    ```

    or a number, if a large one.

    ## Known limits

    Silent where the exceptions are named, where the task looks at the number of its retries or
    calls `retry` under a condition, where `expires` ends it or `retry` is given a limit, and where
    `max_retries` is not written at the task.

    ## Fix safety

    There is no fix: which exceptions pass is for a person to say.
    """

    code = "CEL206"
    name = "unlimited-retries"
    summary = "A task is retried for ever after any failure, mistakes included."
    severity = "info"
    since = "0.1.0"
    fix = "none"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        task, site = context.task, context.site
        written = [k for k in context.decorator.keywords if k.name == "max_retries"]
        most = context.file.project.effective(task, "max_retries")
        if not written or most.origin != "decorator" or most.value != Const(None):
            return
        by_itself = (
            retries_everything(context)
            and option(context, "retry_kwargs")[0] == Dict(())
            and not any(retry.raised and not retry.method for retry in site.retries)
        )
        by_hand = any(_is_endless(context, retry) for retry in site.retries)
        if not (by_itself or by_hand) or not is_run_by_celery_alone(context):
            return
        if context.file.project.effective(task, "expires").value != Const(None):
            return
        if "retries" in site.span.of(context.file.text):
            return  # self.request.retries
        yield context.finding(
            self,
            f'task "{task.label}" is retried for ever after any exception, also one that every try '
            "raises again; name those that pass, or limit max_retries",
            span=written[0].span,
            evidence=Span(context.scope.start, site.span.end),
        )


def _is_endless(context: TaskContext, site: RetrySite) -> bool:
    if not is_retry(context, site) or not site.handlers or len(site.args) > 2:
        return False
    if any(keyword.name in ("max_retries", "expires", None) for keyword in site.keywords):
        return False
    handler = site.handlers[0]
    between = context.file.text[handler.span.end : site.span.start].rstrip().removesuffix("raise")
    return catches_all(context, handler) and _DEPENDS.search(between) is None
