"""CEL317."""

import re
from bisect import bisect
from collections.abc import Iterator

from celeryls.rules.base import FileContext, Finding
from celeryls.rules.calling.results import asked
from celeryls.rules.calling.wait_as_workflow import workflows
from celeryls.rules.calling.workflow_waits import workflow_waits
from celeryls.rules.calls import CallContext, CallRule

_WAITS = frozenset({"get", "join", "wait", "join_native"})
_WAIT = re.compile(r"\.(?:get|join|wait|join_native)\(|~")
_HEAD = re.compile(r"^(?:async[ \t]+)?def[ \t]+(\w+)", re.MULTILINE)
_ALLOWED = ("allow_join_result", "disable_sync_subtasks")


class BlockingResultInTask(CallRule):
    """## What it does

    Finds tasks that send another task, or a workflow, and wait for the result:
    `fetch.delay(url).get()`, `group(...)().join()`, `~fetch.s(url)`.

    ## Why it matters

    The worker process waits for a task that may stand in the queue behind it: with enough of
    them all wait for one another. Celery refuses it in a task: `RuntimeError: Never call
    result.get() within a task!` It does so for `fetch.apply((url,)).get()` too, though that has run
    already.

    Celery's documentation:
    [Avoid launching synchronous subtasks](https://docs.celeryq.dev/en/stable/userguide/tasks.html#avoid-launching-synchronous-subtasks)

    ## Example

    ```python
    @shared_task
    def refresh(url):
        page = fetch.delay(url).get()
        store(page)
    ```

    Use instead:

    ```python
    @shared_task
    def refresh(url):
        chain(fetch.s(url), store.s()).delay()
    ```

    ## Known limits

    Only a wait that follows the call at once is seen, and one for a variable that holds just what
    this call gives; for workflows, in functions at the top of a file. Silent in files that name
    `allow_join_result` or `disable_sync_subtasks`.

    ## Fix safety

    Unsafe: what failed in this task then fails in one of its own, and nothing waits any more. There
    are two fixes, and none for workflows. What is handed to one more task in the last statement
    becomes a chain:
    `store.delay(fetch.delay(url).get())`, or the same in two statements, is
    `(fetch.s(url) | store.s()).delay()`. `return fetch.delay(url).get()` of a bound task is
    `return self.replace(fetch.s(url))`, which leaves its result as the result of this task. There
    is no fix in a `try`, a `with` or a loop, where a comment would be lost, or where more is done
    with the result: that has to become a task of its own.
    """

    code = "CEL317"
    name = "blocking-result-in-task"
    summary = "A task waits for the result of another one, and may wait for ever."
    severity = "error"
    since = "0.1.0"
    fix = "sometimes"
    methods = frozenset({"delay", "apply_async", "apply"})

    def check(self, file: FileContext) -> Iterator[Finding]:
        yield from super().check(file)
        text = file.text
        waits = [found.start() for found in _WAIT.finditer(text)]
        if not waits or any(word in text for word in _ALLOWED):
            return
        heads = list(_HEAD.finditer(text))
        starts = [head.start() for head in heads]
        waiting = {heads[at - 1][1] for wait in waits if (at := bisect(starts, wait))}
        body = file.project.body(file.path)
        within = {one.within for one in body.canvases} | {one.within for one in body.calls}
        for name in dict.fromkeys(task.decl.qualname for task in file.project.tasks_in(file.path)):
            if name not in within or name not in waiting:
                continue
            for wait in workflow_waits(file, name):
                span = wait.span
                message = (
                    f"waiting for a {wait.kind} within a task: Celery refuses it, "
                    "hand its result to one more task"
                )
                yield Finding(self.code, message, span, span, span)

    def check_call(self, context: CallContext) -> Iterator[Finding]:
        text, within = context.file.text, context.site.within
        waits = [one for one in asked(context) if one.called and one.name in _WAITS]
        if not within or not waits:
            return
        inside = {task.decl.qualname for task in context.file.project.tasks_in(context.file.path)}
        if within not in inside or any(word in text for word in _ALLOWED):
            return
        label = context.dispatch.tasks[0].label
        if context.site.method == "apply":
            message = f'asking for the result of task "{label}" within a task: Celery refuses it'
            yield context.finding(self, f"{message}, call the task itself", span=waits[0].span)
            return
        yield context.finding(
            self,
            f'waiting for task "{label}" within a task: Celery refuses it, send a chain',
            span=waits[0].span,
            fixes=tuple(workflows(context)),
        )
