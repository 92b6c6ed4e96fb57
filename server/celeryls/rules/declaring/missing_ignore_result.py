"""CEL125."""

from collections.abc import Iterator

from celeryls.rules.base import FileContext, Finding, Rule, TaskContext
from celeryls.rules.declaring.surroundings import is_run_by_celery_alone, setting_in_force
from celeryls.rules.edits import add_keywords
from celeryls.syntax.expr import Const
from celeryls.text import Applicability, Fix, Span

_FOR_PEOPLE = ("django-db", "django-cache", "disabled")
"""Beginnings of backends whose results are there to be looked at, and of the one with none."""
_LOOKS_UP = ("AsyncResult", "TaskResult", "GroupResult", "ResultSet")


class MissingIgnoreResult(Rule):
    """## What it does

    Finds tasks that return nothing, whose result nothing in the project asks for, and that store
    it all the same.

    ## Why it matters

    After each run the worker writes a result to the backend, where it stays for a day. For a task
    that returns nothing that is a round trip and a piece of memory for a `None`. The state is
    lost with it, and somebody may look at that; so the rule is off unless it is asked for.

    Celery's documentation:
    [Ignore results you don't want](https://docs.celeryq.dev/en/stable/userguide/tasks.html#ignore-results-you-don-t-want)

    ## Example

    ```python
    @shared_task
    def sync(product_id):
        fetch(product_id)
    ```

    Use instead:

    ```python
    @shared_task(ignore_result=True)
    def sync(product_id):
        fetch(product_id)
    ```

    ## Known limits

    Reported only where the project is known to have a result backend. A task that is sent and not
    by a statement of its own, or that has a signature anywhere, may be asked for its result, and is
    silent; so are all where the project looks results up by their ids (`AsyncResult`), and with the
    backends of Django, which people look into. Other services are not seen.

    ## Fix safety

    Unsafe: nobody can ask any more how a run has ended, and chords must not have such a task.
    """

    code = "CEL125"
    name = "missing-ignore-result"
    summary = "A task stores a result that is always None and that nobody asks for."
    severity = "info"
    enabled = False
    since = "0.1.0"
    fix = "unsafe"

    def check(self, file: FileContext) -> Iterator[Finding]:
        stored = [context for context in file.tasks() if _is_stored(context)]
        if not stored or any(
            word in file.text or file.project.mentioned_beside(file.path, word)
            for word in _LOOKS_UP
        ):
            return
        project = file.project
        asked = {
            task.symbol
            for path in project.files
            for dispatch in project.dispatches(path)
            if not dispatch.site.alone
            for task in dispatch.tasks
        }
        for context in stored:
            if context.task.symbol not in asked:
                yield self._finding(context)

    def _finding(self, context: TaskContext) -> Finding:
        edits = add_keywords(context.file.text, context.decorator, "ignore_result=True")
        title = "Add ignore_result=True"
        return context.finding(
            self,
            f'task "{context.task.label}" returns nothing, and stores that as its result each time',
            # It may be asked for anywhere.
            evidence=Span(0, len(context.file.text)),
            fixes=(Fix.in_file(context.file.path, title, Applicability.UNSAFE, *edits),),
        )


def _is_stored(context: TaskContext) -> bool:
    task = context.task
    if context.site.returns_value or task.decl.is_generator or task.decl.is_async:
        return False
    ignored = context.file.project.effective(task, "ignore_result")
    if ignored.origin != "default" or not is_run_by_celery_alone(context):
        return False
    match setting_in_force(context, "result_backend"):
        case Const(value=str(backend)):
            return bool(backend) and not backend.startswith(_FOR_PEOPLE)
    return False
