"""CEL309."""

import re
from collections.abc import Iterator

from celeryls.project.symbols import External
from celeryls.rules.base import FileContext, Finding
from celeryls.rules.calls import CallContext
from celeryls.rules.options import OptionRule
from celeryls.syntax.expr import Call, Expr, Operation
from celeryls.syntax.imports import ImportEdit, add_import
from celeryls.text import Applicability, Edit, Fix, Span

_LOCAL = frozenset({"datetime.datetime.now", "datetime.datetime.today"})
_NOW = re.compile(r"\bnow\((\s*)\)")


class NaiveEta(OptionRule):
    """## What it does

    Finds an `eta` or `expires` that is made of `datetime.now()`, which has no time zone.

    ## Why it matters

    Celery takes a time without a zone for UTC, whatever the setting `timezone` is. What
    `datetime.now()` gives is the clock of the machine: unless that runs on UTC the task starts
    hours too early or too late. Django puts that clock on its `TIME_ZONE`.

    Celery's documentation:
    [ETA and countdown](https://docs.celeryq.dev/en/stable/userguide/calling.html#eta-and-countdown)

    ## Example

    ```python
    from datetime import datetime, timedelta

    charge.apply_async((1,), eta=datetime.now() + timedelta(days=1))
    ```

    Use instead:

    ```python
    from datetime import datetime, timedelta, timezone

    charge.apply_async((1,), eta=datetime.now(timezone.utc) + timedelta(days=1))
    ```

    or a `countdown`.

    ## Known limits

    Only `datetime.now()` and `datetime.today()`, at once or through a variable that is assigned
    once. `datetime.utcnow()` is right. Tests are not judged.

    ## Fix safety

    Unsafe: the task starts at another time, where the machine does not run on UTC.
    """

    code = "CEL309"
    name = "naive-eta"
    summary = "A time without a zone is taken for UTC, but is that of the machine."
    severity = "info"
    since = "0.1.0"
    fix = "sometimes"
    methods = frozenset({"apply_async", "apply_async_on_commit", "set", "retry"})

    def check(self, file: FileContext) -> Iterator[Finding]:
        if not file.project.is_test(file.path):
            yield from super().check(file)

    def check_call(self, context: CallContext) -> Iterator[Finding]:
        site = context.site
        pairs = zip(site.keywords, site.given[len(site.args) :], strict=True)
        for keyword, value in pairs:
            if keyword.name in ("eta", "expires") and _is_local(context.file, value):
                yield context.finding(
                    self,
                    f'"{keyword.name}" has no time zone and is taken for UTC, but '
                    "datetime.now() is the clock of this machine",
                    span=keyword.value_span,
                    fixes=tuple(_fixes(context.file, keyword.value_span)),
                )


def _is_local(file: FileContext, value: Expr) -> bool:
    """Whether a time is the machine's, perhaps with something added."""
    if isinstance(value, Operation) and value.op in ("+", "-"):
        return _is_local(file, value.operands[0]) or _is_local(file, value.operands[-1])
    if not isinstance(value, Call) or value.args or value.keywords:
        return False
    symbols = file.project.meaning(file.path, value.func)
    return bool(symbols) and all(isinstance(s, External) and s.qualname in _LOCAL for s in symbols)


def _zone(file: FileContext) -> ImportEdit:
    return add_import(file.parsed, "datetime", "timezone")


def _fixes(file: FileContext, span: Span) -> Iterator[Fix]:
    found = [*_NOW.finditer(file.text, span.start, span.end)]
    if len(found) != 1 or file.parsed.broken:
        return
    zone = file.once(_zone)
    edit = Edit(Span(*found[0].span(1)), f"{zone.local_name}.utc")
    yield Fix.in_file(file.path, "Make it UTC", Applicability.UNSAFE, *zone.edits, edit)
