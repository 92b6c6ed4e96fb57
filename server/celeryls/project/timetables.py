"""When something that is scheduled runs: in words, and its next runs.

Known from source alone: numbers of seconds, `timedelta` and Celery's `schedule`, `crontab` and
`solar`, as far as their arguments are known.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TypeAlias

from celeryls.catalog import Version
from celeryls.project.cronspec import FIELDS, IN_A_LINE, InvalidField, expand, is_possible_date
from celeryls.project.durations import length, seconds
from celeryls.syntax.expr import Call, Const, Expr, Name, Starred

_UNITS = (("days", 24 * 3600), ("hours", 3600), ("minutes", 60), ("seconds", 1))
_DAY_NAMES = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_WEEKDAYS = frozenset(range(1, 6))
_WEEKEND = frozenset((0, 6))
_FEW = 6
"""So many times of day are told one by one."""
_YEARS = 40
"""A date comes again on its weekday within so many years, also across 2100."""
_SCHEDULES = "celery.schedules"
_NOT_FIELDS = frozenset({"nowfun", "app"})
_EVENTS = {
    "dawn_astronomical": "astronomical dawn",
    "dawn_nautical": "nautical dawn",
    "dawn_civil": "civil dawn",
    "sunrise": "sunrise",
    "solar_noon": "solar noon",
    "sunset": "sunset",
    "dusk_civil": "civil dusk",
    "dusk_nautical": "nautical dusk",
    "dusk_astronomical": "astronomical dusk",
}
"""The events that `celery.schedules.solar` knows."""


@dataclass(frozen=True, slots=True)
class Every:
    """So many seconds after the run before, counted by beat: only it knows when that was."""

    seconds: float

    @property
    def amount(self) -> tuple[float, str]:
        """The interval in its greatest whole unit, such as `(10, "minutes")`."""
        for unit, size in _UNITS:
            if self.seconds % size == 0:
                return self.seconds / size, unit
        return self.seconds, "seconds"

    def __str__(self) -> str:
        number, unit = self.amount
        # "Every day" and "every hour" are said of what runs by the clock.
        if (number, unit) == (1, "days"):
            number, unit = 24, "hours"
        elif (number, unit) == (1, "hours"):
            number, unit = 60, "minutes"
        return f"every {unit[:-1]}" if number == 1 else f"every {number:.12g} {unit}"


@dataclass(frozen=True, slots=True)
class ByTheClock:
    """What the fields of a `crontab` stand for; none is empty.

    A time must be in all of them: cron itself asks for the day of the month or that of the week,
    Celery for both (celery/schedules.py, `crontab.is_due`).
    """

    minute: frozenset[int]
    hour: frozenset[int]
    day_of_week: frozenset[int]
    day_of_month: frozenset[int]
    month_of_year: frozenset[int]

    def is_every(self, name: str) -> bool:
        """Whether a field stands for all that it can have."""
        return len(getattr(self, name)) == FIELDS[name].size

    def __str__(self) -> str:
        times, days = _times(self), _days(self)
        if times.startswith("every"):
            return times if days == "every day" else f"{times} {days}"
        return f"{days} {times}"


@dataclass(frozen=True, slots=True)
class BySun:
    """An event of the sun at a place, in degrees north and east."""

    event: str
    latitude: float
    longitude: float

    def __str__(self) -> str:
        north = f"{abs(self.latitude):g}° {'N' if self.latitude >= 0 else 'S'}"
        east = f"{abs(self.longitude):g}° {'E' if self.longitude >= 0 else 'W'}"
        return f"at {_EVENTS[self.event]} at {north}, {east}"


Timetable: TypeAlias = Every | ByTheClock | BySun
"""`str()` of one is how a person says it; `forms.parse_schedule` reads the usual ones again."""


def timetable_of(when: Expr, version: Version | None = None) -> Timetable | None:
    """The timetable of an evaluated schedule; `None` if it isn't known, or Celery refuses it."""
    match when:
        case Call(func=Name(dotted=dotted)) if dotted.startswith(f"{_SCHEDULES}."):
            match dotted.removeprefix(f"{_SCHEDULES}."):
                case "crontab":
                    return _crontab(when, version)
                case "crontab.from_string":
                    return _from_string(when, version)
                case "solar":
                    return _solar(when)
    lasts = interval_of(when)
    return Every(lasts) if lasts is not None and lasts > 0 else None


def interval_of(when: Expr) -> float | None:
    """The seconds of a number, a `timedelta`, or Celery's `schedule` of one of them."""
    match when:
        case Call(func=Name(dotted="celery.schedules.schedule"), args=args, keywords=keywords):
            given = [*args[:1], *(inner for name, inner in keywords if name == "run_every")]
            return interval_of(given[0]) if len(given) == 1 else None
        case Call():
            return length(when)
    return seconds(when)


def _crontab(call: Call, version: Version | None) -> ByTheClock | None:
    if len(call.args) > len(FIELDS):
        return None
    given = dict(zip(FIELDS, call.args, strict=False))
    for name, value in call.keywords:
        if name is None or name in given or name not in (*FIELDS, *_NOT_FIELDS):
            return None
        given[name] = value
    return _by_the_clock(given, version)


def _from_string(call: Call, version: Version | None) -> ByTheClock | None:
    match call:
        case Call(args=(Const(value=str() as line),), keywords=()):
            parts = line.split(" ")
            if len(parts) == len(IN_A_LINE):
                return _by_the_clock(dict(zip(IN_A_LINE, map(Const, parts), strict=True)), version)
    return None


def _by_the_clock(given: dict[str, Expr], version: Version | None) -> ByTheClock | None:
    found: dict[str, frozenset[int]] = {}
    for name, field in FIELDS.items():
        value = given.get(name, Const("*"))
        try:
            numbers = None if isinstance(value, Starred) else expand(value, field, version)
        except InvalidField:
            return None
        if not numbers:
            return None
        found[name] = numbers
    if not is_possible_date(found["day_of_month"], found["month_of_year"]):
        return None
    return ByTheClock(**found)


def _solar(call: Call) -> BySun | None:
    names = ("event", "lat", "lon")
    given = dict(zip(names, call.args, strict=False))
    given.update((name, value) for name, value in call.keywords if name is not None)
    event, place = given.get("event"), [seconds(given.get(name, Const(None))) for name in names[1:]]
    if not isinstance(event, Const) or not isinstance(event.value, str):
        return None
    latitude, longitude = place
    if event.value not in _EVENTS or latitude is None or longitude is None:
        return None
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return BySun(event.value, latitude, longitude)


# --- the next runs ------------------------------------------------------------------------


def next_runs(timetable: Timetable, after: datetime, number: int = 3) -> tuple[datetime, ...]:
    """The first runs later than `after`, which is aware and in the app's time zone.

    None for an interval, which begins when beat does, and for the sun.  Where the clock is put
    forward, a time that there is not is the one that it comes to be.
    """
    if not isinstance(timetable, ByTheClock):
        return ()
    found: list[datetime] = []
    start = after.replace(second=0, microsecond=0, tzinfo=None)
    for wall in _walls(timetable, start):
        run = wall.replace(tzinfo=after.tzinfo)
        run = run.astimezone(timezone.utc).astimezone(after.tzinfo)
        if run > after and run not in found:
            found.append(run)
        if len(found) == number:
            break
    return tuple(found)


def _walls(fields: ByTheClock, start: datetime) -> Iterator[datetime]:
    """The times on the clock from `start` on, in order."""
    minutes, hours = sorted(fields.minute), sorted(fields.hour)
    for day in _dates(fields, start):
        for hour in hours:
            for minute in minutes:
                at = day.replace(hour=hour, minute=minute)
                if at >= start:
                    yield at


def _dates(fields: ByTheClock, start: datetime) -> Iterator[datetime]:
    days, months = sorted(fields.day_of_month), sorted(fields.month_of_year)
    today = start.replace(hour=0, minute=0)
    for year in range(start.year, min(start.year + _YEARS, datetime.max.year + 1)):
        for month in months:
            for day in days:
                try:
                    at = datetime(year, month, day)
                except ValueError:
                    break  # this month has no more days
                if at >= today and at.isoweekday() % 7 in fields.day_of_week:
                    yield at


# --- in words -----------------------------------------------------------------------------


def _times(fields: ByTheClock) -> str:
    minutes, hours = sorted(fields.minute), sorted(fields.hour)
    every_hour = fields.is_every("hour")
    if fields.is_every("minute"):
        if every_hour:
            return "every minute"
        if len(hours) == hours[-1] - hours[0] + 1:
            return f"every minute from {hours[0]:02}:00 to {hours[-1]:02}:59"
        return f"every minute of the hours {_listed(hours)}"
    step = _step(minutes, FIELDS["minute"].size)
    if every_hour and step:
        return f"every {step} minutes by the clock"
    if every_hour:
        return f"every hour at {_plural('minute', minutes)}"
    if len(minutes) * len(hours) <= _FEW:
        return "at " + _listed([f"{hour:02}:{minute:02}" for hour in hours for minute in minutes])
    step = _step(hours, FIELDS["hour"].size)
    if step:
        return f"every {step} hours at {_plural('minute', minutes)}"
    return f"at {_plural('minute', minutes)} of the hours {_listed(hours)}"


def _step(numbers: list[int], size: int) -> int:
    """The step in which numbers go round from 0, such as 15 of 0, 15, 30 and 45; else 0."""
    if len(numbers) < 2 or size % len(numbers):
        return 0
    step = size // len(numbers)
    return step if numbers == list(range(0, size, step)) else 0


def _days(fields: ByTheClock) -> str:
    week, days = fields.day_of_week, sorted(fields.day_of_month)
    months = sorted(fields.month_of_year)
    in_months = _listed([_MONTH_NAMES[month - 1] for month in months])
    if fields.is_every("month_of_year"):
        in_months = "every month"
    if fields.is_every("day_of_month"):
        found = _of_week(week)
        return found if in_months == "every month" else f"{found} in {in_months}"
    found = f"on {_plural('day', days)} of {in_months}"
    if not fields.is_every("day_of_week"):
        found += f", if that is {_named(week, 'or')},"
    return found


def _of_week(week: frozenset[int]) -> str:
    if len(week) == len(_DAY_NAMES):
        return "every day"
    if week in (_WEEKDAYS, _WEEKEND):
        return "on weekdays" if week == _WEEKDAYS else "on weekends"
    return f"every {_named(week, 'and')}"


def _named(week: Iterable[int], conjunction: str) -> str:
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
