"""CEL404."""

from collections.abc import Iterator

from celeryls.rules.base import Finding
from celeryls.rules.canvas import CanvasContext, CanvasRule
from celeryls.rules.workflows.backends import backend_kind

WITHOUT_CHORDS = frozenset({"rpc", "amqp", "disabled"})


class ChordUnsupportedBackend(CanvasRule):
    """## What it does

    Finds chords in projects whose result backend can't do them: `rpc://`, or none
    (`disabled://`).

    ## Why it matters

    A chord needs a place where the results of its header meet. Without one Celery raises a
    `NotImplementedError` where the chord is started.

    Celery's documentation:
    [Chords, important notes](https://docs.celeryq.dev/en/stable/userguide/canvas.html#important-notes)

    ## Example

    ```python
    app = Celery("shop", backend="rpc://")

    chord([fetch.s("/a"), fetch.s("/b")])(notify.s())
    ```

    Use instead:

    ```python
    app = Celery("shop", backend="redis://localhost")

    chord([fetch.s("/a"), fetch.s("/b")])(notify.s())
    ```

    ## Known limits

    Only where source says which backend is used: one that nothing sets may come from the
    environment. A chord that Celery makes of `group(...) | task.s()` is not seen.

    ## Fix safety

    There is no fix: which backend is there, source does not say.
    """

    code = "CEL404"
    name = "chord-unsupported-backend"
    summary = "The result backend can't do chords."
    severity = "error"
    since = "0.1.0"
    fix = "none"

    def check_canvas(self, context: CanvasContext) -> Iterator[Finding]:
        project = context.file.project
        if context.kind != "chord" or project.is_test(context.file.path):
            return
        kind = backend_kind(project, None)
        if kind in WITHOUT_CHORDS:
            backend = f'the result backend "{kind}"' if kind != "disabled" else "no result backend"
            message = f"a chord can't be started with {backend}: Celery raises NotImplementedError"
            yield context.finding(self, message, context.site.span)
