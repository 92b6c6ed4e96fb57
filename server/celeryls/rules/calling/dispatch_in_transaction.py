"""CEL314."""

import re
from collections.abc import Iterator

from celeryls.facts import TransactionSite
from celeryls.project.symbols import External
from celeryls.rules.base import FileContext, Finding
from celeryls.rules.calling.on_commit import has_on_commit
from celeryls.rules.calls import CallContext, CallRule
from celeryls.syntax.expr import Expr, Name, children, parse_expr
from celeryls.syntax.imports import add_import
from celeryls.text import Applicability, Edit, Fix, Span

_ATOMIC = frozenset({"django.db.transaction.atomic", "django.db.transaction.Atomic"})
_KEY = re.compile(r"[._](?:pk|id|uuid|uid|guid|slug)$")
_DEFERS = ("delay", "apply_async")


class DispatchInTransaction(CallRule):
    """## What it does

    Finds tasks that are sent inside a database transaction of Django's and are handed an object
    that was saved in this very transaction, or its key.

    ## Why it matters

    A worker may take the message before the transaction is committed. Then the row is not there,
    or still has its old values: `DoesNotExist`, now and then, under load. And if the transaction
    is rolled back, the task runs all the same.

    Celery's documentation:
    [Database transactions](https://docs.celeryq.dev/en/stable/userguide/tasks.html#database-transactions),
    [Trigger tasks at the end of the database transaction](https://docs.celeryq.dev/en/stable/django/first-steps-with-django.html#trigger-tasks-at-the-end-of-the-database-transaction)

    ## Example

    ```python
    from django.db import transaction

    with transaction.atomic():
        order = Order.objects.create(user=user)
        charge.delay(order.pk)
    ```

    Use instead:

    ```python
    from django.db import transaction

    with transaction.atomic():
        order = Order.objects.create(user=user)
        charge.delay_on_commit(order.pk)
    ```

    ## Known limits

    Only `transaction.atomic`, as a block or as a decorator, and only calls that stand in it
    themselves: a function that is called from there is not followed, nor are requests that are
    atomic by `ATOMIC_REQUESTS`. Silent where a base of the task sends in a way of its own, with
    `countdown` or `eta`, in what runs later (`on_commit(lambda: ...)`), and where what is handed
    over was not seen to be saved in this block.

    ## Fix safety

    Unsafe: the task is sent later, not at all after a rollback, and the call returns nothing. With
    Celery 5.4 and the task class of Django projects it becomes `delay_on_commit`, else
    `transaction.on_commit`. There is no fix where the result of the call is used.
    """

    code = "CEL314"
    name = "dispatch-in-transaction"
    summary = "A task is sent before the transaction that saves what it works on is committed."
    severity = "warning"
    since = "0.1.0"
    fix = "sometimes"
    methods = frozenset({"delay", "apply_async"})

    def check(self, file: FileContext) -> Iterator[Finding]:
        if file.project.body(file.path).transactions and not file.project.is_test(file.path):
            yield from super().check(file)

    def check_call(self, context: CallContext) -> Iterator[Finding]:
        if context.keywords.keys() & {"countdown", "eta"}:
            return
        for task in context.dispatch.tasks:
            if not task.base.complete or task.base.has_method(*_DEFERS):
                return
        file, site = context.file, context.site
        for block in file.project.body(file.path).transactions:
            if not _runs_in(block, site.span) or not _is_djangos(file, block):
                continue
            start = site.span.start
            written = [n for n, lives in block.writes if lives.start <= start < lives.end]
            handed = next((w for n in _names(context) for w in written if _is_of(n, w)), None)
            if handed is not None:
                label = context.dispatch.tasks[0].label
                yield context.finding(
                    self,
                    f'task "{label}" is sent before the transaction is committed that saves '
                    f'"{handed}": a worker may not see it yet',
                    fixes=tuple(_fixes(context)),
                )
                return


def _runs_in(block: TransactionSite, span: Span) -> bool:
    """Whether something runs in a block, and not later."""
    if not (block.span.start <= span.start and span.end <= block.span.end):
        return False
    return not any(part.start <= span.start and span.end <= part.end for part in block.inner)


def _is_djangos(file: FileContext, block: TransactionSite) -> bool:
    meant = file.project.meaning(file.path, block.target)
    return bool(meant) and all(
        isinstance(symbol, External) and symbol.qualname in _ATOMIC for symbol in meant
    )


def _names(context: CallContext) -> Iterator[str]:
    """The dotted names in the arguments of a call."""
    spans = [*context.site.args, *(keyword.value_span for keyword in context.site.keywords)]
    todo: list[Expr] = [parse_expr(span.of(context.file.text).lstrip("*")) for span in spans]
    while todo:
        value = todo.pop()
        if isinstance(value, Name):
            yield value.dotted
        todo += children(value)


def _is_of(name: str, written: str) -> bool:
    """Whether a name is an object that was written, or what the task finds its row by.

    A task that gets a column of it, `order.email`, may do without the row.
    """
    if name == written:
        return True
    return name.startswith(f"{written}.") and _KEY.search(name) is not None


def _fixes(context: CallContext) -> Iterator[Fix]:
    file, site = context.file, context.site
    if not site.alone:
        return
    method = context.method_span
    if has_on_commit(context):
        title = f"Use {site.method}_on_commit"
        edit = Edit(Span(method.end, method.end), "_on_commit")
        yield Fix.in_file(file.path, title, Applicability.UNSAFE, edit)
        return
    if file.parsed.broken:
        return
    partial = add_import(file.parsed, "functools", "partial")
    transaction = add_import(file.parsed, "django.db", "transaction")
    opened = file.text.index("(", method.end)
    arguments = file.text[opened + 1 : site.span.end - 1].strip()
    comma = ", " if arguments else ""
    start = site.span.start
    before = f"{transaction.local_name}.on_commit({partial.local_name}("
    edits = [
        *partial.edits,
        *transaction.edits,
        Edit(Span(start, start), before),
        Edit(Span(opened, opened + 1), comma),
        Edit(Span(site.span.end, site.span.end), ")"),
    ]
    yield Fix.in_file(file.path, "Send it on commit", Applicability.UNSAFE, *edits)
