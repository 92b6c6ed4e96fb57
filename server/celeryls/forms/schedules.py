"""When a periodic task runs: an interval or a crontab, as values that Celery takes.

Making one checks it as `celery.schedules.crontab` does, and refuses what the rules about crontabs
(CEL501 to CEL503) would report.  Knows neither how people write it (`schedule_words`) nor how
it stands in source.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import TypeAlias

from celeryls.forms.errors import AnswerError
from celeryls.forms.words import shown
from celeryls.rules.scheduling.cronspec import (
    FIELDS,
    STARTS_AGAIN,
    InvalidField,
    expand,
    ignored,
    is_possible_date,
    uneven_step,
)
from celeryls.syntax.expr import Const

MAX_INTERVAL = 366 * 24 * 3600
MAX_FIELD = 100
DAY = 24 * 3600
_UNITS = (("days", DAY), ("hours", 3600), ("minutes", 60), ("seconds", 1))
_DAY_NAMES = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_WEEKDAYS = frozenset(range(1, 6))
_WEEKEND = frozenset((0, 6))
_FEW = 6
"""So many times of day are told one by one."""


@dataclass(frozen=True, slots=True)
class Interval:
    """So many seconds after the run before, by beat's clock."""

    seconds: int

    def __post_init__(self) -> None:
        if isinstance(self.seconds, bool) or not 1 <= self.seconds <= MAX_INTERVAL:
            raise AnswerError("Take an interval from 1 second to 366 days.")

    @property
    def amount(self) -> tuple[int, str]:
        """The interval in its greatest whole unit, such as `(10, "minutes")`."""
        for unit, size in _UNITS:
            if self.seconds % size == 0:
                return self.seconds // size, unit
        raise AssertionError("a second fits into every interval")

    @property
    def gap(self) -> int:
        """The shortest time between two runs, in seconds."""
        return self.seconds

    def __str__(self) -> str:
        number, unit = self.amount
        return f"every {unit[:-1]}" if number == 1 else f"every {number} {unit}"


@dataclass(frozen=True, slots=True)
class Crontab:
    """The fields of `celery.schedules.crontab`, as text in its own notation."""

    minute: str = "*"
    hour: str = "*"
    day_of_week: str = "*"
    day_of_month: str = "*"
    month_of_year: str = "*"

    def __post_init__(self) -> None:
        for name in FIELDS:
            self._check_field(name)
        if not is_possible_date(self.numbers("day_of_month"), self.numbers("month_of_year")):
            raise AnswerError("That day is in none of these months; take another.")
        for name, around in STARTS_AGAIN.items():
            step = uneven_step(getattr(self, name), FIELDS[name])
            if step is not None and all(self.is_every(other) for other in around):
                raise AnswerError(_uneven(name, step))

    def _check_field(self, name: str) -> None:
        text, field = getattr(self, name), FIELDS[name]
        if len(text) > MAX_FIELD or not text.isascii() or not text.isprintable() or '"' in text:
            raise AnswerError(f"{name} can't be read; take numbers, *, */15, 1-5 or 1,15.")
        try:
            # The oldest rules, under which months have no names: what holds there holds anywhere.
            expand(Const(text), field, (5, 3))
        except InvalidField as error:
            raise AnswerError(f"{name} is wrong: {error}.{_hint(name, text)}") from None
        if rest := ignored(text):
            raise AnswerError(f"{name} is wrong: of {shown(text)} Celery ignores {shown(rest)}.")

    def numbers(self, name: str) -> frozenset[int]:
        """What a field stands for."""
        found = expand(Const(getattr(self, name)), FIELDS[name], (5, 3))
        assert found is not None, "a text is always known"
        return found

    def is_every(self, name: str) -> bool:
        """Whether a field stands for all that it can have."""
        return len(self.numbers(name)) == FIELDS[name].size

    @property
    def gap(self) -> int:
        """The shortest time between two runs, in seconds."""
        return _gap(self)

    def __str__(self) -> str:
        times, days = _times(self), _days(self)
        if times.startswith("every"):
            return times if days == "every day" else f"{times} {days}"
        return f"{days} {times}"


Schedule: TypeAlias = Interval | Crontab
"""`str()` of one is how a person says it; the usual ones `parse_schedule` reads again."""


def _hint(name: str, text: str) -> str:
    if name == "day_of_week" and "7" in text:
        return " Sunday is 0."
    return ""


def _uneven(name: str, step: int) -> str:
    unit = {"minute": "minutes", "hour": "hours", "month_of_year": "months"}[name]
    whole = {"minute": "hour", "hour": "day", "month_of_year": "year"}[name]
    size = FIELDS[name].size
    fits = [number for number in range(2, size) if size % number == 0]
    near = sorted(sorted(fits, key=lambda number: abs(number - step))[:2])
    instead = " or ".join(f"*/{number}" for number in near)
    interval = f", or every {step} {unit}" if name != "month_of_year" else ""
    return f"*/{step} begins anew with every {whole}; take {instead}{interval}."


@cache
def _gap(crontab: Crontab) -> int:
    minutes = sorted(
        hour * 60 + minute
        for hour in crontab.numbers("hour")
        for minute in crontab.numbers("minute")
    )
    within = min((b - a for a, b in pairwise(minutes)), default=None)
    week, month = crontab.numbers("day_of_week"), crontab.numbers("day_of_month")
    year = crontab.numbers("month_of_year")
    # The calendar repeats itself after 28 years; a date comes again on its weekday within 12.
    first = date(2001, 1, 1)
    every = (first + timedelta(days=number) for number in range(40 * 366))
    days = [
        day.toordinal()
        for day in every
        if day.month in year and day.day in month and day.isoweekday() % 7 in week
    ]
    apart = min((b - a for a, b in pairwise(days)), default=366)
    across = apart * 1440 + minutes[0] - minutes[-1]
    return 60 * (across if within is None else min(within, across))


# --- in words -----------------------------------------------------------------------------


def _times(crontab: Crontab) -> str:
    minutes, hours = sorted(crontab.numbers("minute")), sorted(crontab.numbers("hour"))
    every_hour = crontab.is_every("hour")
    if crontab.is_every("minute"):
        if every_hour:
            return "every minute"
        if len(hours) == hours[-1] - hours[0] + 1:
            return f"every minute from {hours[0]:02}:00 to {hours[-1]:02}:59"
        return f"every minute of the hours {_listed(hours)}"
    step = crontab.minute.removeprefix("*/")
    if every_hour and step != crontab.minute:
        return f"every {step} minutes by the clock"
    if every_hour:
        return f"every hour at {_plural('minute', minutes)}"
    if len(minutes) * len(hours) <= _FEW:
        return "at " + _listed([f"{hour:02}:{minute:02}" for hour in hours for minute in minutes])
    step = crontab.hour.removeprefix("*/")
    if step != crontab.hour:
        return f"every {step} hours at {_plural('minute', minutes)}"
    return f"at {_plural('minute', minutes)} of the hours {_listed(hours)}"


def _days(crontab: Crontab) -> str:
    week, days = crontab.numbers("day_of_week"), sorted(crontab.numbers("day_of_month"))
    months = sorted(crontab.numbers("month_of_year"))
    in_months = _listed([_MONTH_NAMES[month - 1] for month in months])
    if crontab.is_every("month_of_year"):
        in_months = "every month"
    if crontab.is_every("day_of_month"):
        found = _of_week(week)
        return found if in_months == "every month" else f"{found} in {in_months}"
    found = f"on {_plural('day', days)} of {in_months}"
    # Cron would run on either; Celery asks for both (celery/schedules.py, `crontab.is_due`).
    if not crontab.is_every("day_of_week"):
        found += f", if that is {_named(week, 'or')},"
    return found


def _of_week(week: frozenset[int]) -> str:
    if len(week) == len(_DAY_NAMES):
        return "every day"
    if week in (_WEEKDAYS, _WEEKEND):
        return "on weekdays" if week == _WEEKDAYS else "on weekends"
    return f"every {_named(week, 'and')}"


def _named(week: frozenset[int], conjunction: str) -> str:
    # The week begins on Monday.
    return _listed([_DAY_NAMES[day] for day in sorted(week, key=lambda day: day or 7)], conjunction)


def _plural(word: str, numbers: list[int]) -> str:
    return f"{word} {numbers[0]}" if len(numbers) == 1 else f"{word}s {_listed(numbers)}"


def _listed(items: list[str] | list[int], conjunction: str = "and") -> str:
    texts = [str(item) for item in items]
    first, last = items[0], items[-1]
    run = isinstance(first, int) and isinstance(last, int) and last - first == len(items) - 1
    if run and len(items) > 2:
        return f"{first} to {last}"
    if len(texts) == 1:
        return texts[0]
    return f"{', '.join(texts[:-1])} {conjunction} {texts[-1]}"
