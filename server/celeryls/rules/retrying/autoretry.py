"""What rules about automatic retries ask: which of its options are in force on a task."""

import ast
import re

from celeryls.facts.calls import SENDS
from celeryls.facts.walk import nodes_on
from celeryls.project.task import Origin
from celeryls.rules.base import TaskContext
from celeryls.rules.declaring.surroundings import sources_of
from celeryls.syntax.expr import UNKNOWN, Const, Expr, Name, Seq, Starred, truth

BROAD = ("Exception", "BaseException")
"""The classes that nearly all exceptions are of."""
_PLAIN: tuple[Origin, ...] = ("decorator", "base", "default")
"""Where these options are surely read from: annotations lose to some and win over others."""

_RETRY = re.compile(r"retr(?:y|ies)", re.IGNORECASE)

PASSING = "autoretry_for=(ConnectionError, TimeoutError)"
"""What our fixes retry; a person names what their libraries raise."""


def option(context: TaskContext, name: str) -> tuple[Expr, Origin]:
    """The value of an option of retrying and where it is from."""
    found = context.file.project.effective(context.task, name)
    return (found.value, found.origin) if found.origin in _PLAIN else (UNKNOWN, "unknown")


def is_on(context: TaskContext) -> bool | None:
    """Whether the task is retried by itself; `None` if that can't be told."""
    value, _ = option(context, "autoretry_for")
    match value:
        case Seq(items=items):
            if any(not isinstance(item, Starred) for item in items):
                return True
            return None if items else False
        case Name():
            return True  # one class in place of a tuple, which CEL202 is about
    return None


def retries_everything(context: TaskContext) -> bool:
    """Whether the task is certainly retried by itself after any exception at all."""
    value, _ = option(context, "autoretry_for")
    excepted, _ = option(context, "dont_autoretry_for")
    if not isinstance(value, Seq) or truth(excepted) is not False:
        return False
    own = context.file.project.interface(context.file.path).names
    names = {item.dotted for item in value.items if isinstance(item, Name)}
    return bool(names.intersection(BROAD) - own.keys())


def is_never_retried(context: TaskContext) -> bool:
    """Whether certainly nothing tries the task again: no option, no call, no base, no helper."""
    task, site = context.task, context.site
    if not task.complete or not task.base.complete or task.base.retries:
        return False
    if site.calls_retry or is_read_by_name(context, "retry"):
        return False
    if task.bind is not False and (
        site.passes_first_param or "retry" in site.first_param_attributes
    ):
        return False
    if _sends_itself_after_a_failure(context):
        return False
    return is_on(context) is False and not _is_called_again(context)


def _sends_itself_after_a_failure(context: TaskContext) -> bool:
    """Whether the function sends its own task where it handles an exception."""
    file, task = context.file, context.task
    lines = [
        file.lines.line_at(site.span.start) + 1
        for site in file.project.body(file.path).calls
        if site.method in SENDS
        and site.target == Name(task.decl.name)
        and f"{site.within}.".startswith(f"{task.decl.qualname}.")
    ]
    # The tree takes time, so only few tasks get that far.
    return bool(lines) and any(
        isinstance(node, ast.ExceptHandler) and node.lineno <= line <= (node.end_lineno or 0)
        for node in nodes_on(file.parsed.tree.body, lines)
        for line in lines
    )


def _is_called_again(context: TaskContext) -> bool:
    """Whether an inner decorator may retry the task, or call its function again.

    It is handed the task itself if that is bound, and `tenacity.retry` needs no task at all.
    """
    inner = sources_of(context, context.inner_decorators)
    return any(source is None or _RETRY.search(source) for source in inner)


def is_read_by_name(context: TaskContext, attribute: str) -> bool:
    """Whether the file asks the task for an attribute under the name of its function."""
    text, read = context.file.text, f"{context.task.decl.name}.{attribute}"
    # The first is much faster, and nearly always enough.
    return read in text and re.search(rf"\b{re.escape(read)}\b", text) is not None


def number(value: Expr) -> float | None:
    """A number as Celery takes it: `True` is 1 and `False` is 0."""
    found = value.value if isinstance(value, Const) else None
    return float(found) if isinstance(found, int | float) else None
