"""CEL303."""

from collections.abc import Iterator

from celeryls.rules.base import Finding
from celeryls.rules.calling.single_values import is_single
from celeryls.rules.calls import CallContext, CallRule
from celeryls.syntax.expr import Const, Expr, Operation, Seq, Starred
from celeryls.text import Applicability, Edit, Fix, Span


class ApplyAsyncLikeDelay(CallRule):
    """## What it does

    Finds `apply_async(1, 2)`: arguments of the task that are handed over as if it were `delay`.

    ## Why it matters

    `apply_async` takes the arguments as one list or tuple, and a dict of keyword arguments as
    its second argument. Anything else raises `TypeError: ... argument after ** must be a
    mapping, not int` when it is called.

    Celery's documentation:
    [Calling tasks](https://docs.celeryq.dev/en/stable/userguide/calling.html#basics)

    ## Example

    ```python
    charge.apply_async(order_id, 100)
    ```

    Use instead:

    ```python
    charge.apply_async((order_id, 100))
    ```

    ## Known limits

    Names may stand for a tuple and a dict: reported is what is written out as something else, a key
    (`order.pk`, `order.user_id`), what `int` or `str` gives, and a parameter annotated with those.

    ## Fix safety

    Safe: the call can't have worked as written.
    """

    code = "CEL303"
    name = "apply-async-like-delay"
    summary = "apply_async is given the task's arguments one by one, as delay takes them."
    severity = "error"
    since = "0.1.0"
    fix = "safe"
    methods = frozenset({"apply_async", "apply_async_on_commit"})

    def check_call(self, context: CallContext) -> Iterator[Finding]:
        values, spans = context.values, context.site.args
        if len(values) < 2 or any(isinstance(value, Starred) for value in values):
            return
        if {"args", "kwargs"} & context.keywords.keys():
            return
        single = (is_single(context, values[at], context.site.given[at]) for at in (0, 1))
        if not _is_no_mapping(values[1]) and not any(single):
            return
        start, end = spans[0].start, spans[-1].end
        edits = (Edit(Span(start, start), "("), Edit(Span(end, end), ")"))
        title = "Hand the arguments over as one tuple"
        yield context.finding(
            self,
            f'task "{context.dispatch.tasks[0].label}": apply_async takes the arguments as one '
            "list or tuple, not one by one",
            span=Span(start, end),
            fixes=(Fix.in_file(context.file.path, title, Applicability.SAFE, *edits),),
        )


def _is_no_mapping(value: Expr) -> bool:
    match value:
        case Const(value=None):
            return False
        case Const() | Seq() | Operation(op="join"):
            return True
    return False
