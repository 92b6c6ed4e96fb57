"""CEL506."""

from collections.abc import Iterator

from celeryls.rules.base import FileContext, Finding, Rule
from celeryls.rules.edits import brackets, tuple_of_one
from celeryls.rules.scheduling.entries import beat_entries
from celeryls.syntax.expr import Const, Dict, Expr, Name, Operation, parse_expr
from celeryls.text import Span


class BeatArgsNotTuple(Rule):
    """## What it does

    Finds arguments of periodic tasks that are no list or tuple: in entries of a beat schedule,
    and in calls of `add_periodic_task`.

    ## Why it matters

    `(16)` is a number; only the comma in `(16,)` makes a tuple. Beat goes through the arguments
    with every tick: over a number it fails and nothing is sent, and of a text each letter becomes
    an argument.

    Celery's documentation:
    [Available fields](https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html#available-fields)

    ## Example

    ```python
    {"task": "shop.tasks.charge", "schedule": 60, "args": (16)}
    ```

    Use instead:

    ```python
    {"task": "shop.tasks.charge", "schedule": 60, "args": (16,)}
    ```

    ## Known limits

    Only values that are known are judged; a name may stand for a tuple. Tests are not
    judged.

    ## Fix safety

    Safe: the task gets the one argument that is written there.
    """

    code = "CEL506"
    name = "beat-args-not-tuple"
    summary = "The arguments of a periodic task are no tuple: a comma is missing."
    severity = "error"
    since = "0.1.0"
    fix = "sometimes"

    def check(self, file: FileContext) -> Iterator[Finding]:
        for entry in beat_entries(file):
            for item in entry.items:
                if item.key == "args":
                    yield from self._check(file, item.value, item.value_span, entry.span)
        for call in (
            file.project.body(file.path).calls if not file.project.is_test(file.path) else ()
        ):
            if call.method == "add_periodic_task" and len(call.values) > 1:
                for keyword in call.keywords:
                    value = parse_expr(keyword.value_span.of(file.text))
                    # A name may be one of the function's own.
                    if keyword.name == "args" and not isinstance(value, Name):
                        yield from self._check(file, value, keyword.value_span, call.span)

    def _check(self, file: FileContext, value: Expr, span: Span, scope: Span) -> Iterator[Finding]:
        if not _is_no_sequence(file.project.evaluate(file.path, value)):
            return
        place = brackets(file.text, span) or span
        written = isinstance(value, Const | Operation)
        fixes = (tuple_of_one(file.path, file.text, span),) if written else ()
        message = "the args of a periodic task are no list or tuple: a tuple of one needs a comma"
        yield Finding(self.code, message, place, scope, scope, fixes)


def _is_no_sequence(value: Expr) -> bool:
    match value:
        case Const(value=None | ""):
            return False  # no arguments
        case Dict(items=items):
            return bool(items)
        case Const() | Operation(op="join"):
            return True
    return False
