"""CEL201."""

from collections.abc import Iterator

from celeryls.facts import KeywordSite
from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.declaring.surroundings import is_made_by_celery_alone
from celeryls.rules.edits import add_keywords, remove_keywords
from celeryls.rules.retrying.autoretry import PASSING, is_on
from celeryls.syntax.expr import Dict, truth
from celeryls.text import Applicability, Fix, Span

OPTIONS = ("retry_backoff", "retry_backoff_max", "retry_jitter", "retry_kwargs")
"""What is read only where `autoretry_for` is set (celery/app/autoretry.py)."""


class RetryOptionsWithoutAutoretry(TaskRule):
    """## What it does

    Finds tasks with `retry_backoff`, `retry_backoff_max`, `retry_jitter` or `retry_kwargs` whose
    `autoretry_for` is empty.

    ## Why it matters

    These options belong to automatic retries: Celery reads them only for the exceptions in
    `autoretry_for`. Without it nothing is retried by itself, and `self.retry()` knows nothing of
    them either: it waits for `default_retry_delay`, which is 180 seconds, each time, and tries
    `max_retries` times.

    Celery's documentation:
    [Automatic retry for known exceptions](https://docs.celeryq.dev/en/stable/userguide/tasks.html#automatic-retry-for-known-exceptions)

    ## Example

    ```python
    @shared_task(bind=True, retry_backoff=True)
    def sync(self, product_id):
        try:
            fetch(product_id)
        except TimeoutError as exc:
            raise self.retry(exc=exc)
    ```

    Use instead:

    ```python
    @shared_task(autoretry_for=(TimeoutError,), retry_backoff=True)
    def sync(product_id):
        fetch(product_id)
    ```

    or give `self.retry` the delay that you want:

    ```python
    @shared_task(bind=True)
    def sync(self, product_id):
        try:
            fetch(product_id)
        except TimeoutError as exc:
            delay = get_exponential_backoff_interval(1, self.request.retries, 600, True)
            raise self.retry(exc=exc, countdown=delay)
    ```

    The function is in `celery.utils.time`.

    ## Known limits

    An option that anything in the project reads (`self.retry_backoff`) has an effect there, and
    is silent. So is a task with a base class that can't be read, or with an inner decorator.
    Options that are off anyway (`retry_backoff=False`) are silent.

    ## Fix safety

    Unsafe: a task that retries nothing gets an `autoretry_for` and may then run more than once.
    Where the task calls `self.retry`, the fix removes the options.
    """

    code = "CEL201"
    name = "retry-options-without-autoretry"
    summary = "Options of automatic retries have no effect without autoretry_for."
    severity = "warning"
    since = "0.1.0"
    fix = "unsafe"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        task, site = context.task, context.site
        written = [k for k in context.decorator.keywords if k.name in OPTIONS]
        if not written or is_on(context) is not False:
            return
        if context.has_inner_decorators or not is_made_by_celery_alone(context):
            return
        if task.base.has_method("retry") or task.base.has_method("__call__"):
            return
        project = context.file.project
        idle = [
            k
            for k in written
            if not _is_off(context, k) and not project.mentions(str(k.name), as_key=False)
        ]
        if not idle:
            return
        calls = site.calls_retry or (task.bind is not False and site.passes_first_param)
        names = " and ".join(str(keyword.name) for keyword in idle)
        verb = "has" if len(idle) == 1 else "have"
        them = "it" if len(idle) == 1 else "them"
        instead = f"; self.retry() does not read {them}" if site.calls_retry else ""
        yield context.finding(
            self,
            f'task "{task.label}": {names} {verb} no effect without autoretry_for{instead}',
            span=idle[0].name_span,
            # A half-typed line in the body may read one of them.
            evidence=Span(context.scope.start, site.span.end),
            fixes=(_removal(context, idle),) if calls else (_addition(context),),
        )


def _is_off(context: TaskContext, keyword: KeywordSite) -> bool:
    value = context.task.options.get(str(keyword.name))
    if value is None:
        return False
    return truth(value) is False or value == Dict(())


def _addition(context: TaskContext) -> Fix:
    path, text = context.file.path, context.file.text
    edits = add_keywords(text, context.decorator, PASSING)
    return Fix.in_file(path, f"Add {PASSING}", Applicability.UNSAFE, *edits)


def _removal(context: TaskContext, idle: list[KeywordSite]) -> Fix:
    what = "the option" if len(idle) == 1 else "the options"
    edits = remove_keywords(context.file.text, context.decorator, *idle)
    title = f"Remove {what} without effect"
    return Fix.in_file(context.file.path, title, Applicability.UNSAFE, *edits)
