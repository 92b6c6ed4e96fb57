"""CEL209."""

from collections.abc import Iterator

from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.retrying.swallowed import (
    finding,
    is_retry,
    let_through,
    may_not_raise,
    raised_name,
    swallower,
)


class RetrySwallowed(TaskRule):
    """## What it does

    Finds calls of `self.retry()` in a `try` whose `except Exception` (or bare `except`) catches
    the `Retry` that they raise, and does not raise it again.

    ## Why it matters

    `retry` sends the task's next message and then raises `Retry`, to tell the worker how this
    run ended. `Retry` is an `Exception`. Where it is caught the run goes on, ends as a success,
    stores a result, calls `on_success` and starts what comes after it in a chain; and the task
    runs again nevertheless, since its message is on the way.

    Celery's documentation:
    [Retrying](https://docs.celeryq.dev/en/stable/userguide/tasks.html#retrying)

    ## Example

    ```python
    @shared_task(bind=True)
    def sync(self, product_id):
        try:
            if not is_ready(product_id):
                raise self.retry(countdown=60)
            fetch(product_id)
        except Exception:
            logger.exception("no luck")
    ```

    Use instead:

    ```python
    from celery.exceptions import Retry


    @shared_task(bind=True)
    def sync(self, product_id):
        try:
            if not is_ready(product_id):
                raise self.retry(countdown=60)
            fetch(product_id)
        except Retry:
            raise
        except Exception:
            logger.exception("no luck")
    ```

    ## Known limits

    A handler that raises anything, or that hands the exception or the task to a function that
    may, is silent. So is one that names `Retry`, since it is meant. What inner functions and
    helpers raise is not seen, nor what `contextlib.suppress` swallows.

    ## Fix safety

    Safe: it puts `except Retry: raise` above the handler, and the import at the top of the file.
    There is none where the function has a name `Retry` of its own.
    """

    code = "CEL209"
    name = "retry-swallowed"
    summary = "An except catches the Retry of self.retry(), and the task goes on."
    severity = "error"
    since = "0.1.0"
    fix = "safe"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        for site in context.site.retries:
            by_call = is_retry(context, site) and not may_not_raise(context, site)
            if not by_call and raised_name(context, site) != "Retry":
                continue
            handler = swallower(context, site.tries)
            if handler is None:
                continue
            caught = handler.span.of(context.file.text)
            again = ", and runs again as well" if by_call else ""
            yield finding(
                self,
                context,
                site,
                f'task "{context.task.label}": the Retry that is raised here is lost in '
                f'"{" ".join(caught.split())}": the task ends as if all were well{again}',
                fixes=let_through(context, site, handler, "Retry"),
                handler=handler,
            )
