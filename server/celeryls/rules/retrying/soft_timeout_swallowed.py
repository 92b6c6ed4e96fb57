"""CEL211."""

from collections.abc import Iterator

from celeryls.facts import HandlerSite
from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.retrying.autoretry import number
from celeryls.rules.retrying.swallowed import pass_on, swallower
from celeryls.text import Applicability, Span

_NAME = "SoftTimeLimitExceeded"


class SoftTimeoutSwallowed(TaskRule):
    """## What it does

    Finds loops in tasks with a soft time limit in which an `except Exception` (or bare `except`)
    catches everything and the loop goes on.

    ## Why it matters

    At its soft time limit a task gets one `SoftTimeLimitExceeded`, so that it can clean up and
    end. That is an `Exception`. Where a loop takes it for a failure of the item at hand, the task
    goes on to the next one, and there is no second warning: it runs until the hard limit kills
    its process, or for ever without one.

    Celery's documentation:
    [Time limits](https://docs.celeryq.dev/en/stable/userguide/workers.html#time-limits)

    ## Example

    ```python
    @shared_task(soft_time_limit=300)
    def sync_all():
        for product in products():
            try:
                sync(product)
            except Exception:
                logger.exception("no luck with %s", product)
    ```

    Use instead:

    ```python
    from celery.exceptions import SoftTimeLimitExceeded


    @shared_task(soft_time_limit=300)
    def sync_all():
        for product in products():
            try:
                sync(product)
            except SoftTimeLimitExceeded:
                raise
            except Exception:
                logger.exception("no luck with %s", product)
    ```

    ## Known limits

    Only loops of the task's own function are looked at. A handler that raises anything, that
    hands the exception or the task to a function that may, or that leaves the loop, is silent; so
    is one that names `SoftTimeLimitExceeded`. Workers with another pool than that of processes
    may have no soft limits at all.

    ## Fix safety

    Unsafe: the task ends at its soft time limit where it went on before.
    """

    code = "CEL211"
    name = "soft-timeout-swallowed"
    summary = "An except in a loop catches the soft time limit, and the loop goes on."
    severity = "warning"
    since = "0.1.0"
    fix = "unsafe"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        task, site = context.task, context.site
        if not site.loops or context.called_through_base:
            return
        limit = number(context.file.project.effective(task, "soft_time_limit").value)
        if not limit:
            return
        for handlers in site.loops:
            handler = swallower(context, (handlers,), frozenset({_NAME}))
            if handler is not None and not handler.leaves:
                yield self._finding(context, handler, limit)

    def _finding(self, context: TaskContext, handler: HandlerSite, limit: float) -> Finding:
        caught = " ".join(handler.span.of(context.file.text).split())
        fixes = pass_on(context, handler, _NAME, applicability=Applicability.UNSAFE)
        return Finding(
            self.code,
            f'task "{context.task.label}": in this loop "{caught}" catches {_NAME} too, so the '
            f"task goes on after its soft time limit of {limit:g} seconds",
            handler.span,
            handler.span,
            Span(context.scope.start, context.site.span.end),
            tuple(fixes),
        )
