"""CEL308."""

from collections.abc import Iterator

from celeryls.rules.base import Finding
from celeryls.rules.calls import CallContext, CallRule
from celeryls.rules.edits import remove_keywords
from celeryls.syntax.expr import Const
from celeryls.text import Applicability, Fix


class EtaAndCountdown(CallRule):
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

    `None` written for one of them is no second time.

    ## Fix safety

    Unsafe: nothing changes when the `eta` goes, but it may be the one that was meant.
    """

    code = "CEL308"
    name = "eta-and-countdown"
    summary = "A call has both eta and countdown; the eta has no effect."
    severity = "warning"
    since = "0.1.0"
    fix = "unsafe"
    methods = frozenset({"apply_async", "apply_async_on_commit"})

    def check_call(self, context: CallContext) -> Iterator[Finding]:
        if not {"eta", "countdown"} <= context.keywords.keys():
            return
        given = [context.keywords[name] for name in ("eta", "countdown")]
        if any(context.value(keyword.value_span) == Const(None) for keyword in given):
            return
        edits = remove_keywords(context.file.text, context.layout, given[0])
        yield context.finding(
            self,
            "countdown takes the place of eta, which has no effect",
            span=given[0].span,
            fixes=(Fix.in_file(context.file.path, "Remove eta", Applicability.UNSAFE, *edits),),
        )
