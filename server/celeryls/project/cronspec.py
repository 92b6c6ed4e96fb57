"""What `celery.schedules.crontab` makes of its fields, without Celery.

The patterns and the order in which they are tried are those of `crontab_parser`, with its
leniency: what follows a match is ignored.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from celeryls.catalog import NEWEST, Version
from celeryls.syntax.expr import Const, Expr, Seq


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a crontab: its name, and the values from `low` on, `size` of them."""

    name: str
    size: int
    low: int = 0

    @property
    def high(self) -> int:
        return self.low + self.size - 1


FIELDS = {
    field.name: field
    for field in (
        Field("minute", 60),
        Field("hour", 24),
        Field("day_of_week", 7),
        Field("day_of_month", 31, 1),
        Field("month_of_year", 12, 1),
    )
}
"""The parameters of `crontab`, in their order."""
IN_A_LINE = ("minute", "hour", "day_of_month", "month_of_year", "day_of_week")
"""The order of the fields in a crontab file, and in `crontab.from_string`."""
MONTH_NAMES_SINCE: Version = (5, 5)
IMPOSSIBLE_DATES_SINCE: Version = (5, 7)
FROM_STRING_SINCE: Version = (5, 5)

STARTS_AGAIN = {
    "minute": ("hour",),
    "hour": ("day_of_week", "day_of_month", "month_of_year"),
    "month_of_year": (),
}
"""Where the steps of a field begin anew, and the fields that would interrupt them anyway."""

_DAYS = {name: at for at, name in enumerate(("sun", "mon", "tue", "wed", "thu", "fri", "sat"))}
_MONTHS = {
    name: at + 1
    for at, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
    )
}
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_RANGE_STEP = re.compile(r"(\w+?)-(\w+)/(\w+)?")
_RANGE = re.compile(r"(\w+?)-(\w+)")
_STAR_STEP = re.compile(r"\*/(\w+)?")
_STAR = re.compile(r"^\*$")


class InvalidField(ValueError):
    """Celery refuses a value; the text says why."""


def expand(value: Expr, field: Field, version: Version | None = None) -> frozenset[int] | None:
    """The numbers that a value stands for; `None` if it can't be known.

    Raises `InvalidField` where Celery raises an exception.
    """
    match value:
        case Const(value=str() as text):
            return frozenset(n for part in text.split(",") for n in _part(part, field, version))
        case Const(value=int() as number):
            return frozenset((_checked(number, field),))
        case Const(value=bytes() as numbers):
            return frozenset(_checked(number, field) for number in numbers)
        case Const(value=other):
            raise InvalidField(f"it takes a number, a text or a list of numbers, not {other!r}")
        case Seq(items=items):
            return _numbers(items, field)
    return None


def _numbers(items: Iterable[Expr], field: Field) -> frozenset[int] | None:
    numbers = []
    for item in items:
        if not isinstance(item, Const):
            return None
        number = item.value
        if isinstance(number, float):
            if not field.low <= number < field.high + 1:
                raise InvalidField(f"{number} is not {_limits(field)}")
            return None  # accepted, and of no use
        if not isinstance(number, int):
            raise InvalidField(f"a list holds numbers, not {number!r}")
        numbers.append(_checked(number, field))
    return frozenset(numbers)


def ignored(text: str) -> str:
    """What Celery ignores at the end of a part of a text: `3 * * *` of `*/5 3 * * *`."""
    for part in text.split(","):
        for pattern in (_RANGE_STEP, _RANGE, _STAR_STEP, _STAR):
            found = pattern.match(part)
            if found:
                if rest := part[found.end() :].strip():
                    return rest
                break
    return ""


def uneven_step(text: str, field: Field) -> int | None:
    """The step of a text that is nothing but `*/step`, where it does not fit into the field."""
    found = _STAR_STEP.fullmatch(text)
    step = int(found[1]) if found and found[1] and found[1].isdecimal() else 0
    return step if step and step != field.size and field.size % step else None


def is_possible_date(days: Iterable[int], months: Iterable[int]) -> bool:
    """Whether some of the months has some of the days."""
    first = min(days, default=99)
    return any(first <= _LONGEST[month - 1] for month in months)


def _part(part: str, field: Field, version: Version | None) -> list[int]:
    if not part:
        raise InvalidField("a part of it is empty")
    if found := _RANGE_STEP.match(part):
        return _stepped(_between(found[1], found[2], field, version), found[3])
    if found := _RANGE.match(part):
        return _between(found[1], found[2], field, version)
    all_of_them = list(range(field.low, field.high + 1))
    if found := _STAR_STEP.match(part):
        return _stepped(all_of_them, found[1])
    if _STAR.match(part):
        return all_of_them
    return [_number(part, field, version)]


def _stepped(numbers: list[int], step: str | None) -> list[int]:
    try:
        return numbers[:: int(step or "")]
    except ValueError:
        raise InvalidField(f'"{step or ""}" is not a step') from None


def _between(start: str, end: str, field: Field, version: Version | None) -> list[int]:
    first, last = _number(start, field, version), _number(end, field, version)
    if last < first:
        return [*range(first, field.high + 1), *range(field.low, last + 1)]
    return list(range(first, last + 1))


def _number(text: str, field: Field, version: Version | None) -> int:
    if text.startswith("-"):
        raise InvalidField(f'"{text}" is negative')
    try:
        return _checked(int(text), field)
    except InvalidField:
        raise
    except ValueError:
        pass
    short = text[:3].lower()
    months = _MONTHS if (version or NEWEST) >= MONTH_NAMES_SINCE else {}
    number = months.get(short, _DAYS.get(short))
    if number is None:
        since = ".".join(map(str, MONTH_NAMES_SINCE))
        hint = f"; Celery knows months by name from {since} on" if short in _MONTHS else ""
        raise InvalidField(f'"{text}" is not a number or a name{hint}')
    return _checked(number, field)


def _checked(number: int, field: Field) -> int:
    if not field.low <= number <= field.high:
        raise InvalidField(f"{int(number)} is not {_limits(field)}")
    return number


def _limits(field: Field) -> str:
    return f"from {field.low} to {field.high}"
