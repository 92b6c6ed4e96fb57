"""CEL401."""

from collections.abc import Iterator
from dataclasses import replace

from celeryls.project.dispatch import Dispatch
from celeryls.rules.arity import mismatch
from celeryls.rules.base import Finding
from celeryls.rules.calls import CallContext, Handed
from celeryls.rules.canvas import CanvasContext, CanvasRule
from celeryls.syntax.expr import UNKNOWN
from celeryls.text import Applicability, Edit, Fix


class ChainArguments(CanvasRule):
    """## What it does

    Finds later steps of a chain, and bodies of chords, that can't take the result of the step
    before.

    ## Why it matters

    The result of a step is put before the arguments of the next one. A task that takes no
    further argument then fails in the worker, after the first steps are done:
    `clean_up() takes 0 positional arguments but 1 was given`.

    Celery's documentation:
    [Immutability](https://docs.celeryq.dev/en/stable/userguide/canvas.html#immutability)

    ## Example

    ```python
    chain(fetch.s(url), clean_up.s())()
    ```

    Use instead:

    ```python
    chain(fetch.s(url), clean_up.si())()
    ```

    ## Known limits

    Steps whose arguments can't be told are silent, as those of CEL301 are.

    ## Fix safety

    Safe: with `si` a step gets just the arguments that are written. There is a fix only where
    these fit.
    """

    code = "CEL401"
    name = "chain-arguments"
    summary = "A step of a chain does not take the result of the step before it."
    severity = "error"
    since = "0.1.0"
    fix = "sometimes"

    def check_canvas(self, context: CanvasContext) -> Iterator[Finding]:
        if context.kind == "chain":
            steps = [dispatch for at, dispatch in context.members() if at > 0]
        else:
            steps = [body] if (body := context.body()) is not None else []
        for dispatch in steps:
            if dispatch.site.method == "s":
                yield from self._step(context, dispatch)

    def _step(self, context: CanvasContext, dispatch: Dispatch) -> Iterator[Finding]:
        call = CallContext(context.file, dispatch)
        task, handed = call.task, call.handed
        if task is None or handed is None or not call.is_checked or handed.more_positional:
            return
        with_result = replace(handed, positional=(UNKNOWN, *handed.positional))
        wrong = mismatch(task.takes, with_result)
        if wrong is None or mismatch(task.takes, handed, final=False) is not None:
            return  # the second is wrong in any place, and CEL301's
        what = "the results of the header" if context.kind == "chord" else "the step before it"
        yield context.finding(
            self,
            f'task "{task.label}" gets the result of {what} as its first argument, '
            f"but {wrong}".replace("the result of the results", "the results"),
            call.site.span,
            _fixes(call, handed) if mismatch(task.takes, handed) is None else (),
        )


def _fixes(call: CallContext, handed: Handed) -> tuple[Fix, ...]:
    edit = Edit(call.method_span, "si")
    title = "Use si: it gets no result"
    return (Fix.in_file(call.file.path, title, Applicability.SAFE, edit),)
