"""CEL306."""

from collections.abc import Iterator

from celeryls.facts import KeywordSite
from celeryls.rules.base import Finding
from celeryls.rules.calls import CallContext
from celeryls.rules.options import OptionRule
from celeryls.syntax.expr import Call, Const, Name
from celeryls.text import Applicability, Edit, Fix, Span


class TimedeltaCountdown(OptionRule):
    """## What it does

    Finds a `countdown` or `expires` that is a `timedelta`, and an `eta` that is a number or a
    `timedelta`.

    ## Why it matters

    `countdown` and `expires` are seconds, `eta` is a `datetime`. With anything else the call
    raises a `TypeError` or an `AttributeError`, or the worker can't read the message.

    Celery's documentation:
    [ETA and Countdown](https://docs.celeryq.dev/en/stable/userguide/calling.html#eta-and-countdown)

    ## Example

    ```python
    charge.apply_async((order_id,), countdown=timedelta(minutes=5))
    ```

    Use instead:

    ```python
    charge.apply_async((order_id,), countdown=timedelta(minutes=5).total_seconds())
    ```

    ## Known limits

    Only values that are written out are seen.

    ## Fix safety

    Safe: the call can't have worked as written.
    """

    code = "CEL306"
    name = "timedelta-countdown"
    summary = "countdown or expires is a timedelta, or eta is a number: the call fails."
    severity = "error"
    since = "0.1.0"
    fix = "safe"
    methods = frozenset({"apply_async", "apply_async_on_commit", "send_task", "set", "retry"})

    def check_call(self, context: CallContext) -> Iterator[Finding]:
        path = context.file.path
        for name in ("countdown", "expires"):
            keyword = context.keywords.get(name)
            if keyword is not None and _is_timedelta(context, keyword):
                end = keyword.value_span.end
                edit = Edit(Span(end, end), ".total_seconds()")
                fix = Fix.in_file(path, "Use its seconds", Applicability.SAFE, edit)
                yield context.finding(
                    self, f"{name} takes seconds, not a timedelta", span=keyword.span, fixes=(fix,)
                )
        eta = context.keywords.get("eta")
        if eta is None:
            return
        if _is_timedelta(context, eta):
            end = eta.value_span.end
            edits = (Edit(eta.name_span, "countdown"), Edit(Span(end, end), ".total_seconds()"))
            fix = Fix.in_file(path, 'Use "countdown"', Applicability.SAFE, *edits)
            yield context.finding(
                self,
                "eta takes a datetime, not a timedelta; seconds from now are countdown",
                span=eta.span,
                fixes=() if "countdown" in context.keywords else (fix,),
            )
        value = context.value(eta.value_span)
        if isinstance(value, Const) and type(value.value) in (int, float):
            edit = Edit(eta.name_span, "countdown")
            fix = Fix.in_file(path, 'Use "countdown"', Applicability.SAFE, edit)
            yield context.finding(
                self,
                "eta takes a datetime; seconds from now are countdown",
                span=eta.span,
                fixes=() if "countdown" in context.keywords else (fix,),
            )


def _is_timedelta(context: CallContext, keyword: KeywordSite) -> bool:
    value = context.given(keyword.name or "")
    return isinstance(value, Call) and value.func == Name("datetime.timedelta")
