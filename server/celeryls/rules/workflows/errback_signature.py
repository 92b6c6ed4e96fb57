"""CEL406."""

import re
from collections.abc import Iterator
from dataclasses import replace

from celeryls.facts import Param, ParamKind
from celeryls.rules.arity import mismatch
from celeryls.rules.base import Finding
from celeryls.rules.calls import CallContext, CallRule, Handed
from celeryls.syntax.expr import UNKNOWN

_BEFORE = re.compile(r"(\.on_error\(|\.link_error\(|\blink_error\s*=)\s*\[?\s*\Z")
_POSITIONAL = (ParamKind.POSITIONAL_ONLY, ParamKind.NORMAL)


class ErrbackSignature(CallRule):
    """## What it does

    Finds error callbacks (`link_error`, `on_error`) that do not take what Celery calls them with.

    ## Why it matters

    What an error callback gets depends on its parameters. One that takes more than one argument
    is called at once with the request of the failed task, the exception and the traceback. One
    that takes a single argument, and each one with `bind=True`, is sent as a task and gets the id
    of the failed task, nothing else. Where that does not fit, the callback itself fails, and
    nobody hears of the first failure either.

    Celery's documentation:
    [Linking (callbacks/errbacks)](https://docs.celeryq.dev/en/stable/userguide/calling.html#linking-callbacks-errbacks)

    ## Example

    ```python
    @shared_task(bind=True)
    def report(self, request, exc, traceback): ...


    charge.apply_async((order.pk,), link_error=report.s())
    ```

    Use instead:

    ```python
    @shared_task
    def report(request, exc, traceback): ...


    charge.apply_async((order.pk,), link_error=report.s())
    ```

    ## Known limits

    Only signatures that are written where they are linked, the first one of a list. Silent where
    something may change what the task takes, as for CEL301, and where Celery's versions count the
    parameters in another way. What `si` makes gets its own arguments alone, and is CEL301's.

    ## Fix safety

    There is no fix: only its author knows what the callback needs.
    """

    code = "CEL406"
    name = "errback-signature"
    summary = "An error callback does not take what Celery calls it with."
    severity = "error"
    since = "0.1.0"
    fix = "none"
    methods = frozenset({"s"})

    def check_call(self, context: CallContext) -> Iterator[Finding]:
        start = context.site.span.start
        if _BEFORE.search(context.file.text, max(0, start - 60), start) is None:
            return
        task, handed = context.task, context.handed
        if task is None or handed is None or not context.is_checked:
            return
        if handed.more_positional or handed.more_named:
            return
        params = task.takes
        if mismatch(params, handed, final=False) is not None:
            return  # wrong in any place, and CEL301's
        called = False if task.bind else is_called(params, handed)
        if called is None:
            return
        given = 3 if called else 1
        wrong = mismatch(params, replace(handed, positional=(UNKNOWN,) * given + handed.positional))
        if wrong is not None:
            how = "the id of the failed task"
            if called:
                how = "the request, the exception and the traceback"
            elif task.bind:
                how = "only the id of the failed task since it is bound"
            message = f'as an error callback, task "{task.label}" gets {how}, but {wrong}'
            yield context.finding(self, message)


def is_called(params: tuple[Param, ...], handed: Handed) -> bool | None:
    """Whether Celery calls a callback itself; `None` if that depends on its version.

    From 5.7 on what the signature holds does not count (`Backend._errback_arity_greater`).
    """
    if any(param.kind is ParamKind.VAR_POSITIONAL for param in params):
        return True
    names = [param.name for param in params if param.kind in _POSITIONAL]
    left = names[len(handed.positional) :]
    # What is named is no longer positional, and neither is what follows it.
    named = [at for at, name in enumerate(left) if name in handed.named]
    left = left[: named[0]] if named else left
    before, now = len(names) > 1, len(left) > 1
    return now if before == now else None
