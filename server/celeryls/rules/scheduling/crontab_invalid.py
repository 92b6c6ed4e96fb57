"""CEL502."""

import ast
import re
from collections.abc import Iterator
from itertools import islice

from celeryls.project.cronspec import (
    FIELDS,
    FROM_STRING_SINCE,
    IMPOSSIBLE_DATES_SINCE,
    IN_A_LINE,
    Field,
    InvalidField,
    expand,
    ignored,
    is_possible_date,
)
from celeryls.rules.base import Finding
from celeryls.rules.scheduling.crontabs import CrontabContext, CrontabRule, Given, text_of
from celeryls.syntax.expr import Starred, to_expr
from celeryls.text import Applicability, Edit, Fix, Span

_KEYWORDS = frozenset({*FIELDS, "nowfun", "app"})
_SEVEN = re.compile(r"(?<![\w*/.])0*7(?![\w.])")


class CrontabInvalid(CrontabRule):
    """## What it does

    Finds crontabs that Celery refuses: numbers that a field can't have (`hour=25`,
    `day_of_week=7`), text that it can't read, fields that there are not (`second=5`), a whole
    crontab line in one field, dates that never come (February 30th).  Also text of which Celery
    reads the beginning and ignores the rest (`"*/5 3 * * *"`).

    ## Why it matters

    `crontab(...)` raises a `ValueError` or `TypeError` where it stands, mostly when a module or
    the settings are imported: neither the worker nor beat starts. In cron the day 7 is Sunday;
    in Celery it is an error, and Sunday is 0.

    Celery's documentation:
    [celery.schedules.crontab](https://docs.celeryq.dev/en/stable/reference/celery.schedules.html#celery.schedules.crontab)

    ## Example

    ```python
    crontab(minute=0, hour=4, day_of_week="1-7")
    crontab("0 4 * * *")
    ```

    Use instead:

    ```python
    crontab(minute=0, hour=4)
    crontab.from_string("0 4 * * *")
    ```

    ## Known limits

    What depends on the version (names of months from 5.5 on, dates that never come from 5.7 on)
    is judged by the version that the project declares, or the newest. Values that are computed
    are not judged, nor are tests.

    ## Fix safety

    Safe where 7 is written for Sunday. The fix that makes `from_string` of a whole line is
    unsafe, since it needs Celery 5.5.
    """

    code = "CEL502"
    name = "crontab-invalid"
    summary = "A crontab has a value that Celery refuses."
    severity = "error"
    since = "0.1.0"
    fix = "sometimes"

    def check_crontab(self, context: CrontabContext) -> Iterator[Finding]:
        if context.file.project.is_test(context.file.path):
            return  # it may be there to be refused
        if context.from_string:
            if _is_later(context, FROM_STRING_SINCE):
                return
            if context.line is not None and not context.given:
                count = len(context.line.split(" "))
                message = f"crontab: a line has 5 fields with one space between, this has {count}"
                yield context.finding(self, message, span=context.site.args[0])
        else:
            yield from self._arguments(context)
        yield from self._values(context)

    def _arguments(self, context: CrontabContext) -> Iterator[Finding]:
        for keyword in context.site.keywords:
            if keyword.name is not None and keyword.name not in _KEYWORDS:
                message = f'crontab has no field "{keyword.name}"; it has {", ".join(FIELDS)}'
                yield context.finding(self, message, span=keyword.name_span)
        if any(isinstance(value, Starred) for value in context.values):
            return
        count = len(context.values)
        if count > len(FIELDS):
            message = f"crontab takes {len(FIELDS)} arguments, but {count} are given"
            yield context.finding(self, message, span=context.site.args[len(FIELDS)])
        positional = set(islice(FIELDS, count))
        for keyword in context.site.keywords:
            if keyword.name in positional:
                message = f'crontab is given "{keyword.name}" twice, by place and by name'
                yield context.finding(self, message, span=keyword.span)

    def _values(self, context: CrontabContext) -> Iterator[Finding]:
        version = context.file.project.celery_version
        wrong = False
        for given in context.given.values():
            name = given.field.name
            try:
                expand(given.value, given.field, version)
            except InvalidField as reason:
                wrong = True
                line = _line(context, given)
                message = f"crontab: {name} is wrong, {reason}"
                if line is not None:
                    message = f'crontab: "{line}" is a whole line, but {name} is one field'
                fixes = tuple(_fixes(context, given, line))
                yield context.finding(self, message, span=given.span, fixes=fixes)
                continue
            text = text_of(given.value)
            if text is not None and set(rest := ignored(text)) - set("* "):
                wrong = True
                message = f'crontab: of {name} "{text}" Celery ignores "{rest}"'
                fixes = tuple(_fixes(context, given, _line(context, given)))
                yield context.finding(self, message, span=given.span, fixes=fixes)
        if not wrong and not _is_later(context, IMPOSSIBLE_DATES_SINCE):
            days, months = context.numbers("day_of_month"), context.numbers("month_of_year")
            if days is not None and months is not None and not is_possible_date(days, months):
                place = context.given.get("day_of_month") or context.given["month_of_year"]
                message = "crontab: none of these days is in any of these months"
                yield context.finding(self, message, span=place.span)


def _is_later(context: CrontabContext, since: tuple[int, int]) -> bool:
    """Whether the project's Celery is older than `since`."""
    version = context.file.project.celery_version
    return version is not None and version < since


def _line(context: CrontabContext, given: Given) -> str | None:
    """The value of a field that is a crontab line of its own."""
    text = text_of(given.value)
    if text is None or context.from_string or len(parts := text.split()) != len(IN_A_LINE):
        return None
    try:
        for name, part in zip(IN_A_LINE, parts, strict=True):
            expand(to_expr(ast.Constant(part)), FIELDS[name])
    except InvalidField:
        return None
    return text


def _fixes(context: CrontabContext, given: Given, line: str | None) -> Iterator[Fix]:
    site, path = context.site, context.file.path
    if line is not None:
        alone = len(site.args) == 1 and not site.keywords
        if alone and line.count(" ") == 4 and not _is_later(context, FROM_STRING_SINCE):
            end = site.target_span.end
            edit = Edit(Span(end, end), ".from_string")
            yield Fix.in_file(path, "Use crontab.from_string", Applicability.UNSAFE, edit)
    elif given.field.name == "day_of_week":
        written = given.span.of(context.file.text)
        better = _with_sunday_as_zero(written, given, in_text=context.from_string)
        if better is not None:
            edit = Edit(given.span, better)
            yield Fix.in_file(path, "Use 0 for Sunday", Applicability.SAFE, edit)


def _with_sunday_as_zero(written: str, given: Given, *, in_text: bool) -> str | None:
    """The source of a value with 0 or all days in place of 7, if it means the same in cron."""
    field = given.field
    try:
        numbers = expand(given.value, Field(field.name, field.size + 1))
    except InvalidField:
        return None
    if numbers is None or "\n" in written:
        return None
    meant = {number % field.size for number in numbers}
    quote = "" if in_text else written[0] if written[:1] in "'\"" else '"'
    for candidate in (_SEVEN.sub("0", written), f"{quote}*{quote}"):
        try:
            source = repr(candidate) if in_text else candidate
            value = to_expr(ast.parse(source, mode="eval").body)
            found = expand(value, field)
        except (SyntaxError, ValueError):
            continue
        if found == frozenset(meant):
            return candidate
    return None
