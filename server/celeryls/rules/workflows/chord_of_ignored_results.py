"""CEL403."""

from collections.abc import Iterator

from celeryls.project import Task
from celeryls.rules.base import Finding
from celeryls.rules.calls import CallContext
from celeryls.rules.canvas import CanvasContext, CanvasRule
from celeryls.rules.workflows.backends import backend_kind
from celeryls.syntax.expr import Const
from celeryls.text import Applicability, Edit, Fix, Span

WAITS_FOREVER = frozenset(
    {"cache", "memcache", "file", "filesystem", "db", "database", "mongodb", "django-db"}
)
"""Backends that collect the results of a chord's header by reading each of them."""


class ChordOfIgnoredResults(CanvasRule):
    """## What it does

    Finds chords with a task in the header that ignores its result, where the result backend
    waits for every one of them.

    ## Why it matters

    The body of a chord starts when all results of the header are there. The result of a task
    with `ignore_result=True` never is: the body never runs, and nothing fails. Redis counts
    finished tasks in another way, and is not affected.

    Celery's documentation:
    [Chords, important notes](https://docs.celeryq.dev/en/stable/userguide/canvas.html#important-notes)

    ## Example

    ```python
    app = Celery("shop", backend="db+sqlite:///results.db")


    @app.task(ignore_result=True)
    def resize(image_id): ...


    chord([resize.s(1), resize.s(2)])(notify.s())
    ```

    Use instead:

    ```python
    app = Celery("shop", backend="db+sqlite:///results.db")


    @app.task(ignore_result=False)
    def resize(image_id): ...


    chord([resize.s(1), resize.s(2)])(notify.s())
    ```

    ## Known limits

    Only where source says which backend is used. Silent where the signature says otherwise with
    `set`, and about what is inside another workflow in the header.

    ## Fix safety

    Unsafe, since the results of all calls of the task are stored then.
    """

    code = "CEL403"
    name = "chord-of-ignored-results"
    summary = "A chord waits for the result of a task that ignores it, and never goes on."
    severity = "error"
    since = "0.1.0"
    fix = "sometimes"

    def check_canvas(self, context: CanvasContext) -> Iterator[Finding]:
        parts = context.site.parts
        if context.kind != "chord" or not parts:
            return
        file = context.file
        header = Span(parts[0].start, parts[-1].end)
        inner = [
            site.span
            for site in file.project.body(file.path).canvases
            if header.start <= site.span.start
            and site.span.end <= header.end
            and file.project.workflow_kind(file.path, site) != "group"
        ]
        for dispatch in file.project.dispatches(file.path):
            span = dispatch.site.span
            if not (header.start <= span.start and span.end <= header.end):
                continue
            if dispatch.site.method not in ("s", "si") or not dispatch.site.called:
                continue
            if any(other.start <= span.start and span.end <= other.end for other in inner):
                continue
            call = CallContext(file, dispatch)
            if call.task is not None and not file.text.startswith(".", span.end):
                yield from self._member(context, call, call.task)

    def _member(self, context: CanvasContext, call: CallContext, task: Task) -> Iterator[Finding]:
        project = context.file.project
        if project.effective(task, "ignore_result").value != Const(True):
            return
        if backend_kind(project, task) in WAITS_FOREVER:
            yield call.finding(
                self,
                f'task "{task.label}" ignores its result, and a chord waits for it: '
                "the body never runs",
                fixes=tuple(_fixes(call, task)),
            )


def _fixes(call: CallContext, task: Task) -> Iterator[Fix]:
    if task.decorator is None or task.index < 0:
        return
    decorator = call.file.project.site(task).decorators[task.decorator]
    for keyword in decorator.keywords:
        text = call.file.project.text(task.path) or ""
        if keyword.name == "ignore_result" and keyword.value_span.of(text) == "True":
            edit = Edit(keyword.value_span, "False")
            title = f"Keep the results of {task.decl.name}"
            yield Fix.in_file(task.path, title, Applicability.UNSAFE, edit)
