"""CEL301."""

from collections.abc import Iterator

from celeryls.facts.calls import SENDS
from celeryls.rules.arity import mismatch
from celeryls.rules.base import FileContext, Finding
from celeryls.rules.calling.argument_fixes import mend
from celeryls.rules.calling.indirect_calls import indirect_calls
from celeryls.rules.calls import CallContext, CallRule

_PARTIAL = ("s", "signature", "subtask", "")
"""Ways to make a signature to which a chain may add arguments."""
_MENDS = SENDS | {"s", "si"}


class CallArguments(CallRule):
    """## What it does

    Compares the arguments of `delay`, `apply_async` and their `_on_commit` forms, of `apply` and
    `send_task`, and those of signatures (`s`, `si`, `signature`), with what the task takes.

    ## Why it matters

    `delay` and `apply_async` raise a `TypeError` where they are called, perhaps in the one
    branch that no test runs. A signature, and what `send_task` is given, is not checked at all
    when it is made: it fails in the worker, after the message was published.

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
    can't be read, `typing=False`, options that can't be followed. Of a signature made by `s` or
    `signature` only too many arguments and unknown names are reported, since a chain may add
    arguments; so it is with `functools.partial(charge.delay, ...)`, unless `on_commit` is given it.
    A variable that holds the method (`send = charge.delay`), and nothing else, is followed, and so
    is one that holds the arguments, where nothing else is done with it.

    ## Fix safety

    Unsafe, since what is meant is a guess. A misspelt name becomes the parameter that it resembles.
    What the task does not take is removed: the last of the arguments by place, and names that
    resemble nothing. What is missing is added where the function around the call has a parameter or
    a variable of just that name, which certainly has a value there. One fix mends all that is wrong
    with a call.

    There is none where the method has another name; where the arguments are in a variable or go
    with a name, as those of `send_task` do; where something is too much and something else is
    missing, since the one may be the other; where an option such as `countdown` is among the names,
    or a parameter is given
    twice; where what would be added is an object of Django's, or what would be removed sets a
    variable (`:=`) or waits for something (`await`, `yield`); and in an f-string.
    """

    code = "CEL301"
    name = "call-arguments"
    summary = "A task is sent with arguments that it does not take."
    severity = "error"
    since = "0.1.0"
    fix = "sometimes"
    gives_way_to = ("CEL302", "CEL303", "CEL304")
    methods = SENDS | {"s", "si", "apply", "signature", "subtask", "send_task", ""}

    def check(self, file: FileContext) -> Iterator[Finding]:
        yield from super().check(file)
        for context, final in indirect_calls(file):
            task, handed = context.task, context.handed
            if task is None or handed is None or not context.is_checked:
                continue
            wrong = mismatch(task.takes, handed, final=final)
            if wrong is not None:
                yield context.finding(self, f'task "{task.label}" {wrong}')

    def check_call(self, context: CallContext) -> Iterator[Finding]:
        task, handed = context.task, context.handed
        if task is None or handed is None or not context.is_checked:
            return
        method = context.site.method
        wrong = mismatch(task.takes, handed, final=method not in _PARTIAL)
        if wrong is not None:
            mends = method in _MENDS and context.is_written_out
            fixes = tuple(mend(context, task.takes, handed)) if mends else ()
            yield context.finding(self, f'task "{task.label}" {wrong}', fixes=fixes)
