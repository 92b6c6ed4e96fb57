"""CEL308."""

from collections.abc import Iterator

from celeryls.rules.base import Finding
from celeryls.rules.calls import CallContext
from celeryls.rules.edits import remove_keywords
from celeryls.rules.options import OptionRule
from celeryls.syntax.expr import Choice, Const, Operation
from celeryls.text import Applicability, Fix


class EtaAndCountdown(OptionRule):
    """## What it does

    Finds calls that have both an `eta` and a `countdown`.

    ## Why it matters

    Both say when the task may start, and Celery takes only the `countdown`: the `eta` is
    overwritten without a word.

    Celery's documentation:
    [ETA and Countdown](https://docs.celeryq.dev/en/stable/userguide/calling.html#eta-and-countdown)

    ## Example

    ```python
    charge.apply_async((order_id,), eta=order.due, countdown=60)
    ```

    Use instead:

    ```python
    charge.apply_async((order_id,), eta=order.due)
    ```

    ## Known limits

    `None` and 0 are no second time. So it is silent unless the `countdown` is another number
    for certain: a function that hands its own `countdown` and `eta` on may be given either.

    ## Fix safety

    Unsafe: nothing changes when the `eta` goes, but it may be the one that was meant.
    """

    code = "CEL308"
    name = "eta-and-countdown"
    summary = "A call has both eta and countdown; the eta has no effect."
    severity = "warning"
    since = "0.1.0"
    fix = "unsafe"
    methods = frozenset({"apply_async", "apply_async_on_commit", "set", "retry"})

    def check_call(self, context: CallContext) -> Iterator[Finding]:
        if not {"eta", "countdown"} <= context.keywords.keys():
            return
        eta = context.keywords["eta"]
        if context.value(eta.value_span) == Const(None) or not _is_a_number(context, "countdown"):
            return
        edits = remove_keywords(context.file.text, context.layout, eta)
        yield context.finding(
            self,
            "countdown takes the place of eta, which has no effect",
            span=eta.span,
            fixes=(Fix.in_file(context.file.path, "Remove eta", Applicability.UNSAFE, *edits),),
        )


def _is_a_number(context: CallContext, name: str) -> bool:
    """Whether an argument is certainly a number other than 0, of which Celery takes no notice."""
    file = context.file
    written = context.value(context.keywords[name].value_span)
    if isinstance(written, Operation):
        return True
    at = len(context.site.args) + context.site.keywords.index(context.keywords[name])
    if context.site.given[at] != written:
        return False  # a variable, which may be None as well
    options = written.options if isinstance(written, Choice) else (written,)
    values = [file.project.evaluate(file.path, option) for option in options]
    return all(
        isinstance(value, Operation) or (isinstance(value, Const) and bool(value.value))
        for value in values
    )
