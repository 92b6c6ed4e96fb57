"""CEL305."""

from collections.abc import Iterator

from celeryls import catalog
from celeryls.facts import KeywordSite
from celeryls.project import Task
from celeryls.rules.base import Finding
from celeryls.rules.calls import CallContext
from celeryls.rules.options import OptionRule, spread_options
from celeryls.rules.spelling import closest
from celeryls.text import Applicability, Edit, Fix, Span

CLOSE = 0.8
"""See `celeryls.rules.spelling`."""
_SIGNS = ("signature", "subtask")
_OWN = {
    "send_task": frozenset({"name", "router"}),
    "set": frozenset({"immutable"}),
    "retry": frozenset({"exc", "throw", "max_retries"}),
    **dict.fromkeys(
        _SIGNS, frozenset({"options", "type", "subtask_type", "immutable", "app", "debug"})
    ),
}
"""What else the methods take (celery/app/base.py, celery/app/task.py, celery/canvas.py)."""
_SHORT = {"que": "queue"}
"""Misspellings of names too short to be similar by the measure of `celeryls.rules.spelling`."""
_TAKES = {"set": "takes options only"}


class UnknownCallOption(OptionRule):
    """## What it does

    Finds misspelled options of `apply_async`, `send_task`, `signature`, `retry` and of `set` of a
    signature, and arguments of the task that are given to them as if they were options. Options
    in a dict that is written out and never changed are looked at too (`**options`).

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

    Safe where one option is close; unsafe in a dict, which may be used for something else too.
    """

    code = "CEL305"
    name = "unknown-call-option"
    summary = "An option of apply_async is misspelled, and has no effect."
    severity = "warning"
    since = "0.1.0"
    fix = "sometimes"
    methods = frozenset(
        {"apply_async", "apply_async_on_commit", "send_task", "set", "retry", *_SIGNS}
    )

    def check_call(self, context: CallContext) -> Iterator[Finding]:
        task = context.task
        if task is None or not task.base.complete or task.base.has_method("apply_async"):
            return
        for name, keyword in context.keywords.items():
            yield from self._check(context, task, name, keyword.name_span, keyword)
        for name, _, span in spread_options(context):
            yield from self._check(context, task, name, span)

    def _check(
        self,
        context: CallContext,
        task: Task,
        name: str,
        span: Span,
        keyword: KeywordSite | None = None,
    ) -> Iterator[Finding]:
        method = context.site.method
        own = _OWN.get(method, frozenset())
        if name in catalog.call_options() or name in ("args", "kwargs", *own):
            return
        near = _meant(name, method)
        if near is not None:
            yield context.finding(
                self,
                f'"{name}" is not an option of {method} and has no effect; the option is "{near}"',
                span=span,
                fixes=_fixes(context, span, keyword, near),
            )
        elif name in _parameters(task):
            yield context.finding(
                self,
                f'"{name}" is a parameter of task "{task.label}", which does not get it: '
                f"{method} {_TAKES.get(method, 'takes those in kwargs')}",
                span=span,
            )


def _meant(name: str, method: str) -> str | None:
    """The option that a name most likely stands for."""
    options = {*catalog.call_options(), *_OWN.get(method, ())}
    return _SHORT.get(name) or closest(name, sorted(options), close=CLOSE)


def _parameters(task: Task) -> set[str]:
    return {param.name for param in task.decl.params[1 if task.bind else 0 :]}


def _fixes(
    context: CallContext, span: Span, keyword: KeywordSite | None, option: str
) -> tuple[Fix, ...]:
    spread = [name for name, _, _ in spread_options(context)]
    if option in context.keywords or option in spread:
        return ()
    path, title, edit = context.file.path, f'Rename to "{option}"', Edit(span, option)
    if keyword is not None:
        return (Fix.in_file(path, title, Applicability.SAFE, edit),)
    if any(keyword.value_span == span for keyword in context.site.keywords):
        return ()  # the dict is in another place
    return (Fix.in_file(path, title, Applicability.UNSAFE, edit),)
