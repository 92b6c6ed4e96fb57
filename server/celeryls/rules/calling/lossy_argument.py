"""CEL313."""

from collections.abc import Iterator

from celeryls.rules.base import FileContext, Finding
from celeryls.rules.calls import CallContext, CallRule
from celeryls.syntax.expr import Const, Dict, Expr, Seq, children


class LossyArgument(CallRule):
    """## What it does

    Finds arguments that JSON changes on their way: dicts with keys that are no texts, and tuples.

    ## Why it matters

    `{1: "a"}` arrives as `{"1": "a"}`, `(1, 2)` as `[1, 2]`. Nothing fails where the task is sent;
    the task finds no key `1`, or can't use a list as a key.

    Celery's documentation:
    [Serializers](https://docs.celeryq.dev/en/stable/userguide/calling.html#serializers)

    ## Example

    ```python
    charge.delay({1: "first"})
    ```

    Use instead:

    ```python
    charge.delay({"1": "first"})
    ```

    ## Known limits

    Most tasks do not mind a list, so the rule is off. Only what is written out, or assigned once,
    is seen, and only where the serializer in force is known to be JSON. Tests are not judged.

    ## Fix safety

    There is no fix: the task has to expect what arrives.
    """

    code = "CEL313"
    name = "lossy-argument"
    summary = "A task is sent a dict or tuple that JSON makes something else of."
    severity = "info"
    enabled = False
    since = "0.1.0"
    fix = "none"

    def check(self, file: FileContext) -> Iterator[Finding]:
        if not file.project.is_test(file.path):
            yield from super().check(file)

    def check_call(self, context: CallContext) -> Iterator[Finding]:
        task = context.task
        if task is None or not context.dispatch.is_direct or not task.base.complete:
            return
        if "serializer" in context.keywords:
            return
        for span, _, value in context.arguments():
            what = loses(value)
            if what is None:
                continue
            if context.file.project.effective(task, "serializer").value == Const("json"):
                message = f'JSON gives task "{task.label}" something else: {what}'
                yield context.finding(self, message, span=span)


def loses(value: Expr) -> str | None:
    """What becomes of a value, where that is not the same."""
    match value:
        case Seq(kind="tuple"):
            return "a tuple arrives as a list"
        case Dict(items=items):
            for key, _ in items:
                if isinstance(key, Const) and not isinstance(key.value, str):
                    return f"the key {key.value!r} arrives as a text"
    inner = children(value) if isinstance(value, Seq | Dict) else ()
    return next((what for what in map(loses, inner) if what is not None), None)
