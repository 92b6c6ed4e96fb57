"""CEL202."""

import builtins
from collections.abc import Iterator

from celeryls.facts import ClassDecl, KeywordSite
from celeryls.project.symbols import Defined, External
from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.declaring.surroundings import is_made_by_celery_alone
from celeryls.syntax.expr import Call, Const, Expr, Name, Seq
from celeryls.text import Applicability, Edit, Fix, Span

_OPTIONS = ("autoretry_for", "dont_autoretry_for")
_ENDINGS = ("Error", "Exception", "DoesNotExist")


class AutoretryNotIterable(TaskRule):
    """## What it does

    Finds an `autoretry_for` or a `dont_autoretry_for` that is one exception class, and not a
    tuple or list of them; `None`, numbers and texts too. And a tuple or list in which something
    else than a class is written: a text, or an exception that is made (`TimeoutError()`).

    ## Why it matters

    Celery makes a tuple of the value. A class can't be made one, so the module, or the worker
    that completes its tasks, fails with `TypeError: 'type' object is not iterable`. Brackets
    alone are no tuple: `(ValueError)` is the class, `(ValueError,)` a tuple of it.

    A text is made a tuple of its letters. Then, as with an exception in place of its class, the
    first failure of the task is a `TypeError: catching classes that do not inherit from
    BaseException is not allowed`, and nothing is tried again.

    Celery's documentation:
    [Task.autoretry_for](https://docs.celeryq.dev/en/stable/userguide/tasks.html#Task.autoretry_for)

    ## Example

    ```python
    @shared_task(autoretry_for=ConnectionError)
    def sync(product_id): ...
    ```

    Use instead:

    ```python
    @shared_task(autoretry_for=(ConnectionError,))
    def sync(product_id): ...
    ```

    ## Known limits

    A name counts as a class if it is one of Python's own exceptions, an exception class of the
    project, or imported and called `...Error`, `...Exception` or `...DoesNotExist`.

    ## Fix safety

    Safe: it makes the value a tuple. `None` becomes an empty one. For a text, and for what is
    wrong inside of a tuple, there is no fix.
    """

    code = "CEL202"
    name = "autoretry-not-iterable"
    summary = "autoretry_for is no tuple of exception classes, so nothing can be retried."
    severity = "error"
    since = "0.1.0"
    fix = "safe"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        for keyword in context.decorator.keywords:
            if keyword.name not in _OPTIONS or not is_made_by_celery_alone(context):
                continue
            value = context.task.options.get(keyword.name)
            if value is None:
                continue
            label = f'task "{context.task.label}": {keyword.name}'
            what = _not_iterable(context, value, keyword)
            if what is not None:
                yield context.finding(
                    self,
                    f"{label} is {what} and not a tuple of exception classes, so Celery can't "
                    "make the task",
                    span=keyword.value_span,
                    fixes=tuple(_fixes(context, keyword, value)),
                )
                continue
            what = _no_class(context, value)
            if what is not None:
                yield context.finding(
                    self,
                    f"{label} {what}, which is no exception class: the first failure is a "
                    "TypeError, and nothing is retried",
                    span=keyword.value_span,
                )


def _not_iterable(context: TaskContext, value: Expr, keyword: KeywordSite) -> str | None:
    """What a value is that can't be iterated, `None` if it may be."""
    if isinstance(value, Const):
        return None if isinstance(value.value, str | bytes) else str(value.value)
    if isinstance(value, Call) and _is_class(context, value.func):
        return "an exception"
    written = keyword.value_span.of(context.file.text)
    if not isinstance(value, Name) or value.dotted != written:
        return None
    return f"the class {written}" if _is_class(context, value) else None


def _no_class(context: TaskContext, value: Expr) -> str | None:
    """What there is in a tuple or list that can't be caught, `None` if all may be classes."""
    if isinstance(value, Const):
        return "is a text" if value.value else None
    for item in value.items if isinstance(value, Seq) else ():
        if isinstance(item, Const):
            what = "a text" if isinstance(item.value, str | bytes) else str(item.value)
            return f"has {what} in it"
        if isinstance(item, Call) and _is_class(context, item.func):
            return "has an exception in it"
    return None


def _is_class(context: TaskContext, value: Expr) -> bool:
    """Whether a name is that of an exception class."""
    if not isinstance(value, Name) or value.head in dict(context.task.decl.scope):
        return False
    symbols = context.file.project.meaning(context.file.path, value)
    if not symbols:
        found = getattr(builtins, value.dotted, None)
        return isinstance(found, type) and issubclass(found, BaseException)
    return all(_is_exception_class(context, symbol) for symbol in symbols)


def _is_exception_class(context: TaskContext, symbol: object) -> bool:
    match symbol:
        case External(qualname=qualname):
            last = qualname.rpartition(".")[2]
            return last[:1].isupper() and last.endswith(_ENDINGS)
        case Defined(what=ClassDecl() as decl):
            last = decl.bases[0].last if decl.bases and isinstance(decl.bases[0], Name) else ""
            return last.endswith(_ENDINGS)
    return False


def _fixes(context: TaskContext, keyword: KeywordSite, value: Expr) -> Iterator[Fix]:
    text, span = context.file.text, keyword.value_span
    if value == Const(None):
        title, edit = "Make it an empty tuple", Edit(span, "()")
    elif isinstance(value, Const | Call):
        return
    elif "(" in text[keyword.name_span.end : span.start]:
        title, edit = "Make it a tuple", Edit(Span(span.end, span.end), ",")
    else:
        title, edit = "Make it a tuple", Edit(span, f"({span.of(text)},)")
    yield Fix.in_file(context.file.path, title, Applicability.SAFE, edit)
