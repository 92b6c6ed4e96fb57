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
from celeryls.project.cronspec import (
    FIELDS,
    STARTS_AGAIN,
    InvalidField,
    expand,
    ignored,
    is_possible_date,
    uneven_step,
)
from celeryls.project.timetables import ByTheClock, Every
from celeryls.syntax.expr import Const

MAX_INTERVAL = 366 * 24 * 3600
MAX_FIELD = 100
DAY = 24 * 3600


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
        number, unit = Every(self.seconds).amount
        return int(number), unit

    @property
    def gap(self) -> int:
        """The shortest time between two runs, in seconds."""
        return self.seconds

    def __str__(self) -> str:
        return str(Every(self.seconds))


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
        return str(ByTheClock(**{name: self.numbers(name) for name in FIELDS}))


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
