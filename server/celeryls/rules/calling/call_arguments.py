"""CEL301."""

from collections.abc import Iterator, Sequence

from celeryls.facts import Param
from celeryls.facts.calls import SENDS
from celeryls.rules.arity import mismatch
from celeryls.rules.base import Finding
from celeryls.rules.calls import CallContext, CallRule, Handed
from celeryls.rules.spelling import closest
from celeryls.text import Applicability, Edit, Fix


class CallArguments(CallRule):
    """## What it does

    Compares the arguments of `delay`, `apply_async` and their `_on_commit` forms, and those of
    signatures (`s`, `si`), with what the task takes.

    ## Why it matters

    `delay` and `apply_async` raise a `TypeError` where they are called, perhaps in the one
    branch that no test runs. A signature is not checked at all when it is made: it fails in
    the worker, after the message was published.

    Celery's documentation:
    [Calling tasks](https://docs.celeryq.dev/en/stable/userguide/calling.html)

    ## Example

    ```python
    @shared_task
    def charge(order_id, amount): ...


    charge.delay(order.pk)
    ```

    Use instead:

    ```python
    charge.delay(order.pk, order.total)
    ```

    ## Known limits

    Silent where something may change what the task takes: another decorator between it and its
    function, a base class with an `apply_async`, `delay` or `__call__` of its own or one that
    can't be read, `typing=False`, options that can't be followed. Of a signature made by `s`
    only too many arguments and unknown names are reported, since a chain may add arguments.

    ## Fix safety

    Unsafe: a misspelt name becomes the parameter that it resembles. There is no other fix: only
    its author knows what is missing, or too much.
    """

    code = "CEL301"
    name = "call-arguments"
    summary = "A task is sent with arguments that it does not take."
    severity = "error"
    since = "0.1.0"
    fix = "sometimes"
    gives_way_to = ("CEL302", "CEL303", "CEL304")
    methods = SENDS | {"s", "si"}

    def check_call(self, context: CallContext) -> Iterator[Finding]:
        task, handed = context.task, context.handed
        if task is None or handed is None or not context.is_checked:
            return
        wrong = mismatch(task.takes, handed, final=context.site.method != "s")
        if wrong is not None:
            fixes = tuple(_fixes(context, task.takes, handed))
            yield context.finding(self, f'task "{task.label}" {wrong}', fixes=fixes)


def _fixes(context: CallContext, params: Sequence[Param], handed: Handed) -> Iterator[Fix]:
    """Give a misspelt argument the name that was meant, if that is not given as well."""
    names = {param.name for param in params}
    free = names - {*handed.named} - {param.name for param in params[: len(handed.positional)]}
    wrong = [name for name in handed.named if name not in names]
    near = closest(wrong[0], sorted(free)) if len(wrong) == 1 else None
    keyword = context.keywords.get(wrong[0]) if wrong else None
    if near is not None and keyword is not None:
        title, edit = f'Rename to "{near}"', Edit(keyword.name_span, near)
        yield Fix.in_file(context.file.path, title, Applicability.UNSAFE, edit)
