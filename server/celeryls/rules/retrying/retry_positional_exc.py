"""CEL215."""

import ast
import builtins
from collections.abc import Iterator

from celeryls.facts import RetrySite
from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.retrying.swallowed import finding, is_retry
from celeryls.text import Applicability, Edit, Fix, Span


class RetryPositionalExc(TaskRule):
    """## What it does

    Finds `self.retry(exc)`: an exception that is given by its place and not by its name.

    ## Why it matters

    The first parameter of `retry` is `args`, the arguments to try again with, and not `exc`. An
    exception is no list of arguments, so the next message can't be sent, and the task is
    rejected or fails instead of being retried.

    Celery's documentation:
    [Task.retry](https://docs.celeryq.dev/en/stable/reference/celery.app.task.html#celery.app.task.Task.retry),
    an issue about it: [#909](https://github.com/celery/celery/issues/909)

    ## Example

    ```python
    @shared_task(bind=True)
    def sync(self, product_id):
        try:
            fetch(product_id)
        except TimeoutError as exc:
            raise self.retry(exc, countdown=10)
    ```

    Use instead:

    ```python
    @shared_task(bind=True)
    def sync(self, product_id):
        try:
            fetch(product_id)
        except TimeoutError as exc:
            raise self.retry(exc=exc, countdown=10)
    ```

    ## Known limits

    Only what is certainly an exception is reported: the name after `as` of an `except` around
    the call, and a new one of Python's own (`ValueError("no")`).

    ## Fix safety

    Safe. There is none where more is given by place.
    """

    code = "CEL215"
    name = "retry-positional-exc"
    summary = "The first parameter of retry is args, so an exception there is no retry."
    severity = "error"
    since = "0.1.0"
    fix = "safe"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        for site in context.site.retries:
            if not is_retry(context, site) or not site.args:
                continue
            given = site.args[0].of(context.file.text)
            if not _is_exception(context, site, given):
                continue
            yield finding(
                self,
                context,
                site,
                f'task "{context.task.label}": the first parameter of retry is args, so '
                f'"{given}" is taken for the arguments and nothing is retried; write exc={given}',
                span=site.args[0],
                fixes=_fixes(context, site),
            )


def _is_exception(context: TaskContext, site: RetrySite, given: str) -> bool:
    if any(handler.name == given for handler in site.handlers):
        return True
    try:
        node = ast.parse(given, mode="eval").body
    except (SyntaxError, ValueError):
        return False
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
        return False
    found = getattr(builtins, node.func.id, None)
    if not (isinstance(found, type) and issubclass(found, BaseException)):
        return False
    return not context.file.project.resolve(context.file.path, found.__name__)


def _fixes(context: TaskContext, site: RetrySite) -> Iterator[Fix]:
    if len(site.args) > 1 or any(keyword.name == "exc" for keyword in site.keywords):
        return
    start = site.args[0].start
    if (
        context.file.text[start - 1] == "("
        and "(" in context.file.text[site.span.start : start - 1]
    ):
        return  # in brackets of its own
    edit = Edit(Span(start, start), "exc=")
    title = "Give the exception by its name"
    yield Fix.in_file(context.file.path, title, Applicability.SAFE, edit)
