"""CEL319."""

from collections.abc import Iterator

from celeryls.rules.base import FileContext, Finding
from celeryls.rules.calling.results import asked
from celeryls.rules.calls import CallContext, CallRule
from celeryls.syntax.expr import Const

_ASKS = ("get", "result")


class GetOnIgnoredResult(CallRule):
    """## What it does

    Finds `task.delay(...).get()` of a task whose result is ignored.

    ## Why it matters

    With `ignore_result` nothing is stored. `get()` then returns `None` at once, before the task
    has run.

    Celery's documentation:
    [ignore_result](https://docs.celeryq.dev/en/stable/userguide/tasks.html#Task.ignore_result)

    ## Example

    ```python
    @shared_task(ignore_result=True)
    def count(): ...


    total = count.delay().get()
    ```

    Use instead:

    ```python
    @shared_task
    def count(): ...


    total = count.delay().get(timeout=10)
    ```

    ## Known limits

    Only what is asked of the result at once is seen, or of a variable that holds just what this
    call gives. Silent where the call says `ignore_result=False`, and in tests: with
    `task_always_eager` the task runs in `delay` itself, which then has the result all the same.

    ## Fix safety

    There is no fix: only its author knows whether the result is wanted.
    """

    code = "CEL319"
    name = "get-on-ignored-result"
    summary = "The result of a task that ignores it is asked for; it is always None."
    severity = "error"
    since = "0.1.0"
    fix = "none"
    methods = frozenset({"delay", "apply_async"})

    def check(self, file: FileContext) -> Iterator[Finding]:
        if not file.project.is_test(file.path):
            yield from super().check(file)

    def check_call(self, context: CallContext) -> Iterator[Finding]:
        task = context.task
        if task is None or not context.dispatch.is_direct:
            return
        if "ignore_result" in context.keywords or context.spreads:
            return
        asks = [one for one in asked(context) if one.name in _ASKS]
        if not asks:
            return
        if context.file.project.effective(task, "ignore_result").value == Const(True):
            yield context.finding(
                self,
                f'task "{task.label}" ignores its result: this is always None',
                span=asks[0].span,
            )
