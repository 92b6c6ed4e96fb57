"""The `schedule` field: `every 10 minutes`, `daily at 03:00`, `*/15 * * * *`, `minute=0 hour=3`.

Reads what people write, in words, as a crontab line or as crontab's own fields.  Whether Celery
takes what was meant is for `schedules` to say.
"""

import re
from collections.abc import Iterable
from itertools import product

from celeryls.forms.errors import AnswerError
from celeryls.forms.schedules import Crontab, Interval, Schedule
from celeryls.forms.words import shown
from celeryls.project.cronspec import FIELDS, IN_A_LINE

EXAMPLES = "every 10 minutes, daily at 03:00, every monday at 7:30"
MAX_TEXT = 200

_UNITS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 3600),
    **dict.fromkeys(("d", "day", "days"), 24 * 3600),
    **dict.fromkeys(("w", "week", "weeks"), 7 * 24 * 3600),
}
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_NUMBERS = {
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "eight": "8",
    "ten": "10",
    "twelve": "12",
    "fifteen": "15",
    "twenty": "20",
    "thirty": "30",
}
_AMOUNT = re.compile(rf"(\d+) ?({_UNIT})\b")
_INTERVAL = re.compile(rf"(?:every )?\d+ ?(?:{_UNIT})(?:,? (?:and )?\d+ ?(?:{_UNIT}))*")

_SHORT_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_DAY = r"(?:sun|mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?)(?:days?)?"
_DAYS = re.compile(rf"(?:every |each |on )?({_DAY}(?:(?:, and |, ?| and ){_DAY})*)")
_DAY_RANGE = re.compile(rf"(?:every |each |on |from )?({_DAY})(?: to | ?- ?| through )({_DAY})")
_SHORT_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = r"\d{1,2}(?:st|nd|rd|th)?"
_DATES = re.compile(
    r"(?:every month |monthly |each month )?(?:on )?(?:the )?(?P<word>days? )?"
    rf"(?P<dates>{_DATE}(?:(?:, and |, ?| and ){_DATE})*)"
    rf"(?:(?: of)? (?:(?:every|each|the) month|(?P<months>{_MONTH}(?:(?:, ?| and ){_MONTH})*)))?"
)
_TIME = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{1,2}))?(?: o'clock)? ?(?P<half>am|pm)?(?: o'clock)?"
)
_BETWEEN = re.compile(r", and |, ?| and ")
_PAST_THE_HOUR = re.compile(
    r"(?P<every>hourly|every hour|every (?P<step>\d+) hours)"
    r"(?: (?:at|on) (?:minutes? )?(?P<minutes>:?\d{1,2}(?:(?:, and |, ?| and ):?\d{1,2})*))?"
)
_BY_THE_CLOCK = re.compile(r"every (\d+) minutes by the clock")
_PLAIN: dict[str, Schedule] = {
    "every second": Interval(1),
    "every minute": Interval(60),
    "@hourly": Crontab("0"),
    "@daily": Crontab("0", "0"),
    "@midnight": Crontab("0", "0"),
    "@weekly": Crontab("0", "0", "0"),
    "@monthly": Crontab("0", "0", "*", "1"),
    "@yearly": Crontab("0", "0", "*", "1", "1"),
    "@annually": Crontab("0", "0", "*", "1", "1"),
}
_EVERY_DAY = ("daily", "every day", "each day")
_WEEKDAYS = ("weekdays", "every weekday", "on weekdays", "working days", "on working days")
_WEEKENDS = ("weekends", "every weekend", "on weekends")
_WITHOUT_A_DAY = {
    **dict.fromkeys(("weekly", "every week", "once a week"), "every monday at 03:00"),
    **dict.fromkeys(("monthly", "every month"), "on day 1 of every month at 03:00"),
    **dict.fromkeys(("yearly", "every year"), "on day 1 of january at 03:00"),
}
_FIELD = re.compile(r"(\w+) ?= ?")


def parse_schedule(text: str) -> Schedule:
    """The schedule that `text` means; else `AnswerError`, which says what would be right."""
    if len(text) > MAX_TEXT:
        raise AnswerError(f"The schedule has {len(text)} characters; take at most {MAX_TEXT}.")
    words = " ".join(text.lower().split()).rstrip(".")
    if not words:
        raise AnswerError(f"Say when it runs, such as {EXAMPLES}.")
    if words.isascii() and words.isprintable():
        words = re.sub(r"[a-z]+", lambda word: _NUMBERS.get(word[0], word[0]), words)
        for read in (_plain, _interval, _fields, _line, _past_the_hour, _clock):
            found = read(words)
            if found is not None:
                return found
    raise AnswerError(
        f"{shown(text)} is no schedule; write {EXAMPLES}, on day 1 of every month at 00:05, "
        "or a crontab line such as */15 * * * *."
    )


def _plain(words: str) -> Schedule | None:
    if words in _WITHOUT_A_DAY:
        raise AnswerError(f"Say the day and the time too: {_WITHOUT_A_DAY[words]}.")
    return _PLAIN.get(words)


def _interval(words: str) -> Schedule | None:
    if words.isdecimal():
        return Interval(_number(words))  # seconds, as Celery has it
    if not _INTERVAL.fullmatch(words):
        return None
    amounts = (_number(number) * _UNITS[unit] for number, unit in _AMOUNT.findall(words))
    return Interval(sum(amounts))


def _fields(words: str) -> Schedule | None:
    """`minute=0, hour=3`, also within `crontab(...)`."""
    if "=" not in words:
        return None
    words = words.removeprefix("crontab").strip("() ")
    parts = _FIELD.split(words)
    if parts[0].strip():
        raise AnswerError(f"{shown(parts[0].strip())} is no field; write minute=0 hour=3.")
    given: dict[str, str] = {}
    for name, value in zip(parts[1::2], parts[2::2], strict=True):
        if name not in FIELDS:
            raise AnswerError(f"{shown(name)} is no field; there are {', '.join(FIELDS)}.")
        if name in given:
            raise AnswerError(f"{name} is there twice; leave one out.")
        given[name] = value.strip(", ").strip("\"'")
    if "minute" not in given:
        example = f"minute=0 {words}" if len(words) < 60 else "minute=0"
        raise AnswerError(f"Without a minute it would run every minute; write {example}.")
    return _crontab(given)


def _line(words: str) -> Schedule | None:
    parts = words.removeprefix("crontab(").strip("()\"'").split()
    if len(parts) < 2 or not all(re.fullmatch(r"[*\d][\w*/,?#-]*", part) for part in parts[:2]):
        return None
    if not all(re.fullmatch(r"[\w*/,?#-]+", part) for part in parts):
        return None
    if len(parts) != len(IN_A_LINE):
        raise AnswerError(
            "A crontab line has 5 fields, minute hour day-of-month month day-of-week; "
            f"this has {len(parts)}."
        )
    return _crontab(dict(zip(IN_A_LINE, parts, strict=True)))


def _crontab(given: dict[str, str]) -> Schedule:
    values = {name: _plainly(name, text) for name, text in given.items()}
    found = Crontab(**values)
    return Interval(60) if all(found.is_every(name) for name in FIELDS) else found


def _plainly(name: str, text: str) -> str:
    """A field as it is best written: no leading zeros, months by number, days in short."""
    text = re.sub(r"(?<!\w)0+(?=\d)", "", text)
    if text == "*/1":
        return "*"
    if name == "month_of_year":
        return re.sub(_MONTH, lambda word: str(_month(word[0])), text)
    return re.sub(_DAY, lambda word: word[0][:3], text) if name == "day_of_week" else text


def _past_the_hour(words: str) -> Schedule | None:
    """`hourly at :15`, `every 2 hours at minute 5`; `every 15 minutes by the clock`."""
    if found := _BY_THE_CLOCK.fullmatch(words):
        return Crontab(f"*/{_number(found[1])}")
    found = _PAST_THE_HOUR.fullmatch(words)
    if found is None:
        return None
    minutes = [part.lstrip(":") for part in _BETWEEN.split(found["minutes"] or "0")]
    hour = f"*/{_number(found['step'])}" if found["step"] else "*"
    return Crontab(_joined(map(_number, minutes)), "*" if hour == "*/1" else hour)


def _clock(words: str) -> Schedule | None:
    """Days, then times: `every monday at 7:30`; the days or the time may be left out."""
    days, at, times = f" {words}".rpartition(" at ")
    if not at:
        days, times = words, "0:00"
    which = _which_days(days.strip())
    when = [_time(part) for part in _BETWEEN.split(times)]
    if which is None or not all(when):
        return None
    clock = sorted({time for time in when if time})
    minutes = sorted({minute for _, minute in clock})
    hours = sorted({hour for hour, _ in clock})
    if len(clock) != len(list(product(hours, minutes))):
        raise AnswerError("One crontab has the same minutes in every hour; take times such as "
                          "06:30 and 18:30, or two schedules.")  # fmt: skip
    return Crontab(_joined(minutes), _joined(hours), *which)


def _which_days(words: str) -> tuple[str, str, str] | None:
    """Day of week, day of month and month of year."""
    if not words or words in _EVERY_DAY:
        return "*", "*", "*"
    if words in _WEEKDAYS or words in _WEEKENDS:
        return ("mon-fri" if words in _WEEKDAYS else "sat,sun"), "*", "*"
    if found := _DAYS.fullmatch(words):
        listed = dict.fromkeys(day[:3] for day in _BETWEEN.split(found[1]))
        return ",".join(sorted(listed, key=_SHORT_DAYS.index)), "*", "*"
    if found := _DAY_RANGE.fullmatch(words):
        return f"{found[1][:3]}-{found[2][:3]}", "*", "*"
    found = _DATES.fullmatch(words)
    if found is None or not (found["word"] or found["months"] or "month" in words):
        return None
    dates = [_number(date.rstrip("stndrh")) for date in _BETWEEN.split(found["dates"])]
    months = _BETWEEN.split(found["months"]) if found["months"] else []
    return "*", _joined(dates), _joined(map(_month, months)) or "*"


def _time(text: str) -> tuple[int, int] | None:
    """A time of day as hour and minute."""
    if text in ("noon", "midnight"):
        return (12, 0) if text == "noon" else (0, 0)
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), found["half"]
    wrong = hour > 23 or minute > 59 or (half and not 1 <= hour <= 12)
    if wrong or (found["minute"] and len(found["minute"]) != 2):
        raise AnswerError(f"{text} is no time of day; write 00:00 to 23:59.")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return hour, minute


def _month(word: str) -> int:
    return _SHORT_MONTHS.index(word[:3]) + 1


def _number(text: str) -> int:
    if len(text) > 9:
        raise AnswerError(f"{shown(text)} is too much; take an interval of at most 366 days.")
    return int(text)


def _joined(numbers: Iterable[int]) -> str:
    return ",".join(str(number) for number in sorted(set(numbers)))
