"""CEL210."""

from collections.abc import Iterator

from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.retrying.swallowed import finding, let_through, raised_name, swallower

_WHAT = {
    "Ignore": "the task ends as a success, and its result is stored",
    "Reject": "the message is not rejected, and the task ends as a success",
}


class IgnoreRejectSwallowed(TaskRule):
    """## What it does

    Finds `raise Ignore()` and `raise Reject()` in a `try` whose `except Exception` (or bare
    `except`) catches them, and does not raise them again.

    ## Why it matters

    Both tell the worker what to do with the task, and both are an `Exception`. Where they are
    caught the worker never hears of them: a task that was to be ignored stores a result, and a
    message that was to be rejected is acknowledged and gone.

    Celery's documentation:
    [Semipredicates](https://docs.celeryq.dev/en/stable/userguide/tasks.html#semipredicates)

    ## Example

    ```python
    from celery.exceptions import Reject


    @shared_task(acks_late=True)
    def sync(product_id):
        try:
            if is_broken(product_id):
                raise Reject("broken", requeue=False)
            fetch(product_id)
        except Exception:
            logger.exception("no luck")
    ```

    Use instead:

    ```python
    from celery.exceptions import Reject


    @shared_task(acks_late=True)
    def sync(product_id):
        try:
            if is_broken(product_id):
                raise Reject("broken", requeue=False)
            fetch(product_id)
        except Reject:
            raise
        except Exception:
            logger.exception("no luck")
    ```

    ## Known limits

    A handler that raises anything, or that hands the exception or the task to a function that
    may, is silent. So is one that names one of Celery's exceptions, since it is meant. What
    inner functions and helpers raise is not seen, nor what `contextlib.suppress` swallows.

    ## Fix safety

    Safe: it lets the exception through, above the handler. There is none where the exception is
    imported in the function.
    """

    code = "CEL210"
    name = "ignore-reject-swallowed"
    summary = "An except catches the Ignore or Reject that the worker should get."
    severity = "error"
    since = "0.1.0"
    fix = "safe"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        for site in context.site.retries:
            name = raised_name(context, site)
            handler = swallower(context, site.tries) if name in _WHAT else None
            if name is None or handler is None:
                continue
            caught = handler.span.of(context.file.text)
            yield finding(
                self,
                context,
                site,
                f'task "{context.task.label}": the {name} that is raised here is lost in '
                f'"{" ".join(caught.split())}": {_WHAT[name]}',
                fixes=let_through(context, site, handler, name),
                handler=handler,
            )
