"""CEL305."""

from collections.abc import Iterator

from celeryls import catalog
from celeryls.facts import KeywordSite
from celeryls.project import Task
from celeryls.rules.base import Finding
from celeryls.rules.calls import CallContext, CallRule
from celeryls.rules.spelling import closest
from celeryls.text import Applicability, Edit, Fix

CLOSE = 0.8
"""See `celeryls.rules.spelling`."""
_SIGNS = ("signature", "subtask")
_OWN = {
    "send_task": frozenset({"name", "router"}),
    **dict.fromkeys(
        _SIGNS, frozenset({"options", "type", "subtask_type", "immutable", "app", "debug"})
    ),
}
"""What else the methods take (celery/app/base.py, celery/canvas.py)."""


class UnknownCallOption(CallRule):
    """## What it does

    Finds misspelled options of `apply_async`, `send_task` and `signature`, and arguments of the
    task that are given to them as if they were options.

    ## Why it matters

    `apply_async` puts what it does not know into the properties of the message, without a word:
    with `count_down=60` the task runs at once, and with `order_id=1` it runs without its
    argument.

    Celery's documentation:
    [Calling tasks](https://docs.celeryq.dev/en/stable/userguide/calling.html)

    ## Example

    ```python
    charge.apply_async((order_id,), count_down=60)
    ```

    Use instead:

    ```python
    charge.apply_async((order_id,), countdown=60)
    ```

    ## Known limits

    Transports have properties of their own (`MessageGroupId` of SQS), so a name is reported only
    if it is close to an option, or a parameter of the task. Silent for tasks with an
    `apply_async` of their own.

    ## Fix safety

    Safe where one option is close.
    """

    code = "CEL305"
    name = "unknown-call-option"
    summary = "An option of apply_async is misspelled, and has no effect."
    severity = "warning"
    since = "0.1.0"
    fix = "sometimes"
    methods = frozenset({"apply_async", "apply_async_on_commit", "send_task", *_SIGNS})

    def check_call(self, context: CallContext) -> Iterator[Finding]:
        task = context.task
        if task is None or not task.base.complete or task.base.has_method("apply_async"):
            return
        method = context.site.method
        own = _OWN.get(method, frozenset())
        for name, keyword in context.keywords.items():
            if name in catalog.call_options() or name in ("args", "kwargs", *own):
                continue
            near = closest(name, catalog.call_options(), close=CLOSE)
            if near is not None:
                yield context.finding(
                    self,
                    f'"{name}" is not an option of {method} and has no effect; '
                    f'the option is "{near}"',
                    span=keyword.name_span,
                    fixes=_fixes(context, keyword, near),
                )
            elif name in _parameters(task):
                yield context.finding(
                    self,
                    f'"{name}" is a parameter of task "{task.label}", which does not get it: '
                    f"{method} takes those in kwargs",
                    span=keyword.name_span,
                )


def _parameters(task: Task) -> set[str]:
    return {param.name for param in task.decl.params[1 if task.bind else 0 :]}


def _fixes(context: CallContext, keyword: KeywordSite, option: str) -> tuple[Fix, ...]:
    if option in context.keywords:
        return ()
    edit = Edit(keyword.name_span, option)
    path = context.file.path
    return (Fix.in_file(path, f'Rename to "{option}"', Applicability.SAFE, edit),)
