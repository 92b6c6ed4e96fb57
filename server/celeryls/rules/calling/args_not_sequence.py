"""CEL302."""

from collections.abc import Iterator

from celeryls.rules.base import Finding
from celeryls.rules.calling.single_values import is_single
from celeryls.rules.calls import CallContext, CallRule
from celeryls.rules.edits import brackets, tuple_of_one
from celeryls.syntax.expr import Const, Dict, Expr, Name, Operation, Seq
from celeryls.text import Span


class ArgsNotSequence(CallRule):
    """## What it does

    Finds `args` of `apply_async` that are no list and no tuple: mostly a comma is missing.

    ## Why it matters

    `args=(order_id)` is `args=order_id`: brackets alone make no tuple. `apply_async` then raises
    `TypeError: task args must be a list or tuple`, or, for a text, sends each of its letters as
    an argument.

    Celery's documentation:
    [Calling tasks](https://docs.celeryq.dev/en/stable/userguide/calling.html#basics)

    ## Example

    ```python
    charge.apply_async(args=(order_id))
    ```

    Use instead:

    ```python
    charge.apply_async(args=(order_id,))
    ```

    ## Known limits

    A name without brackets may stand for a tuple, and is silent, unless it is a parameter annotated
    `int` or `str`, or a key (`order.pk`, `order.user_id`); so is one in brackets that is called
    `args`, or like several things (`ids`).

    ## Fix safety

    Safe: a tuple of one is what was meant, and nothing else works.
    """

    code = "CEL302"
    name = "args-not-sequence"
    summary = "The args of apply_async are no list or tuple: a comma is missing."
    severity = "error"
    since = "0.1.0"
    fix = "safe"
    methods = frozenset({"apply_async", "apply_async_on_commit"})

    def check_call(self, context: CallContext) -> Iterator[Finding]:
        span = _args(context)
        if span is None:
            return
        value = context.value(span)
        bracketed = brackets(context.file.text, span)
        if not _is_no_sequence(value, in_brackets=bracketed is not None) and not is_single(
            context, value, _meant(context, span)
        ):
            return
        fix = tuple_of_one(context.file.path, context.file.text, span)
        label = context.task.label if context.task is not None else context.dispatch.tasks[0].label
        yield context.finding(
            self,
            f'the args for task "{label}" are no list or tuple: a tuple of one needs a comma',
            span=bracketed or span,
            fixes=(fix,),
        )


def _args(context: CallContext) -> Span | None:
    """The argument that `apply_async` takes as the arguments of the task."""
    if "args" in context.keywords:
        return context.keywords["args"].value_span
    return context.site.args[0] if len(context.site.args) == 1 else None


def _meant(context: CallContext, span: Span) -> Expr:
    """The value of an argument, with the names of the function around it replaced."""
    site = context.site
    spans = (*site.args, *(keyword.value_span for keyword in site.keywords))
    return site.given[spans.index(span)]


def _is_no_sequence(value: Expr, *, in_brackets: bool) -> bool:
    match value:
        case Const(value=None):
            return False
        case Const() | Dict() | Seq(kind="set") | Operation(op="join"):
            return True
        case Name(last=last):
            return in_brackets and not last.endswith("s")
    return False
