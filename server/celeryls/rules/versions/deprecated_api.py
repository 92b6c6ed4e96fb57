"""CEL902."""

import re
from collections.abc import Iterator

from celeryls.rules.base import FileContext, Finding, Rule
from celeryls.rules.versions.imports import FROM, imported_as, is_in_a_string, names_of
from celeryls.text import Applicability, Edit, Fix, Span

SUCCESSORS = {
    "celery.subtask": "signature",
    "celery.canvas.subtask": "signature",
    "celery.canvas.maybe_subtask": "maybe_signature",
    "celery.exceptions.RetryTaskError": "Retry",
    "celery.exceptions.SystemTerminate": "WorkerTerminate",
    "celery.app.task.BaseTask": "Task",
    "celery.platforms.PIDFile": "Pidfile",
}
"""Names that are there for old code only, with what they are other names of."""
METHODS = {"subtask": "signature"}
"""The same for methods of tasks."""
_SIGNALS = "celery.signals.task_sent"


class DeprecatedApi(Rule):
    """## What it does

    Finds names that Celery keeps for old code only: `task.subtask(...)`, `celery.subtask`,
    `celery.exceptions.RetryTaskError`, the signal `task_sent` and some others.

    ## Why it matters

    The documentation does not have them any more, and each is another name of something that
    the rest of the code calls by its own. The signal `task_sent` goes with Celery 6.

    Celery's documentation:
    [Canvas](https://docs.celeryq.dev/en/stable/userguide/canvas.html#signatures),
    [Signals](https://docs.celeryq.dev/en/stable/userguide/signals.html#task-sent)

    ## Example

    ```python
    charge.subtask((order_id,))
    ```

    Use instead:

    ```python
    charge.signature((order_id,))
    ```

    ## Known limits

    Only imports at the top of a module are judged, and methods of what is certainly a task.
    Options and settings have rules of their own: CEL107, CEL108 and CEL602.

    ## Fix safety

    Safe: the two are the same object. There is no fix for `task_sent`, as `after_task_publish`
    passes other arguments.
    """

    code = "CEL902"
    name = "deprecated-api"
    summary = "A name is used that Celery keeps for old code only."
    severity = "info"
    since = "0.1.0"
    fix = "sometimes"

    def check(self, file: FileContext) -> Iterator[Finding]:
        yield from self._methods(file)
        if "celery" in file.text and not file.project.has_package("celery"):
            yield from self._imports(file)

    def _imports(self, file: FileContext) -> Iterator[Finding]:
        for match in FROM.finditer(file.text):
            for name in names_of(file.text, match):
                dotted = f"{match['module']}.{name['name']}"
                successor = SUCCESSORS.get(dotted)
                if successor is None and dotted != _SIGNALS:
                    continue
                if is_in_a_string(file.text, match.start()):
                    break
                span, scope = Span(*name.span("name")), Span(*match.span())
                if successor is None:
                    message = "the signal task_sent is deprecated: use after_task_publish"
                    yield Finding(self.code, message, span, scope, scope)
                    continue
                edit = Edit(Span(*name.span()), imported_as(name, successor))
                fixes = _fixes(file, successor, edit)
                message = f"{dotted} is an old name of {successor}"
                yield Finding(self.code, message, span, scope, scope, fixes)

    def _methods(self, file: FileContext) -> Iterator[Finding]:
        for dispatch in file.project.dispatches(file.path):
            site = dispatch.site
            successor = METHODS.get(site.method)
            if successor is None or not dispatch.tasks or not dispatch.is_direct:
                continue
            found = re.compile(rf"\.\s*({site.method})\b").search(
                file.text, site.target_span.end, site.span.end
            )
            if found is None:
                continue
            span = Span(*found.span(1))
            message = f'"{site.method}" is an old name of "{successor}"'
            fixes = _fixes(file, successor, Edit(span, successor))
            yield Finding(self.code, message, span, site.span, site.span, fixes)


def _fixes(file: FileContext, successor: str, edit: Edit) -> tuple[Fix, ...]:
    return (Fix.in_file(file.path, f"Use {successor}", Applicability.SAFE, edit),)
