"""Schedules as people write them, what they come to, and how they are read back."""

from datetime import datetime, timedelta, timezone
from itertools import pairwise

import pytest
from celery import Celery
from celery.schedules import crontab
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from celeryls.forms import AnswerError
from celeryls.forms.schedule_words import parse_schedule
from celeryls.forms.schedules import Crontab, Interval

MEANT = {
    "every 10 minutes": (Interval(600), "every 10 minutes"),
    "30 s": (Interval(30), "every 30 seconds"),
    "90": (Interval(90), "every 90 seconds"),
    "1 h 30 min": (Interval(5400), "every 90 minutes"),
    "every two hours": (Interval(7200), "every 2 hours"),
    "Every  minute.": (Interval(60), "every minute"),
    "* * * * *": (Interval(60), "every minute"),
    "hourly": (Crontab("0"), "every hour at minute 0"),
    "hourly at :15": (Crontab("15"), "every hour at minute 15"),
    "every 2 hours at minute 5": (Crontab("5", "*/2"), "every 2 hours at minute 5"),
    "daily at 03:00": (Crontab("0", "3"), "every day at 03:00"),
    "daily at 7 pm": (Crontab("0", "19"), "every day at 19:00"),
    "at 6:30 and 18:30": (Crontab("30", "6,18"), "every day at 06:30 and 18:30"),
    "every monday at 7:30": (Crontab("30", "7", "mon"), "every Monday at 07:30"),
    "mon, wed and fri at noon": (
        Crontab("0", "12", "mon,wed,fri"),
        "every Monday, Wednesday and Friday at 12:00",
    ),
    "weekdays at 18:00": (Crontab("0", "18", "mon-fri"), "on weekdays at 18:00"),
    "monday to friday at 18:00": (Crontab("0", "18", "mon-fri"), "on weekdays at 18:00"),
    "weekends at 9": (Crontab("0", "9", "sat,sun"), "on weekends at 09:00"),
    "on day 1 of every month at 00:05": (
        Crontab("5", "0", "*", "1"),
        "on day 1 of every month at 00:05",
    ),
    "on the 1st and 15th of each month at noon": (
        Crontab("0", "12", "*", "1,15"),
        "on days 1 and 15 of every month at 12:00",
    ),
    "on 24 december at 18:00": (
        Crontab("0", "18", "*", "24", "12"),
        "on day 24 of December at 18:00",
    ),
    "*/15 * * * *": (Crontab("*/15"), "every 15 minutes by the clock"),
    "0 9-17 * * mon-fri": (
        Crontab("0", "9-17", "mon-fri"),
        "on weekdays at minute 0 of the hours 9 to 17",
    ),
    "05 04 * * sunday": (Crontab("5", "4", "sun"), "every Sunday at 04:05"),
    "0 0 1 jan,jul *": (
        Crontab("0", "0", "*", "1", "1,7"),
        "on day 1 of January and July at 00:00",
    ),
    "* 3 * * *": (Crontab("*", "3"), "every minute from 03:00 to 03:59"),
    "0 12 1-7 * mon": (
        Crontab("0", "12", "mon", "1-7"),
        "on days 1 to 7 of every month, if that is Monday, at 12:00",
    ),
    "minute=0 hour=3": (Crontab("0", "3"), "every day at 03:00"),
    "crontab(minute=0, hour='*/2')": (Crontab("0", "*/2"), "every 2 hours at minute 0"),
    "@daily": (Crontab("0", "0"), "every day at 00:00"),
}


@pytest.mark.parametrize("text", MEANT)
def test_what_is_meant_and_how_it_is_read_back(text: str) -> None:
    schedule, words = MEANT[text]
    assert parse_schedule(text) == schedule
    assert str(schedule) == words


REFUSED = {
    "": "Say when it runs, such as every 10 minutes",
    "soon": "'soon' is no schedule; write every 10 minutes",
    "d\u0430ily at 3:00": "is no schedule",
    "x" * 10_000: "10000 characters",
    "every 0 minutes": "from 1 second to 366 days",
    "every 400 days": "from 1 second to 366 days",
    "every 99999999999999 s": "at most 366 days",
    "weekly": "every monday at 03:00",
    "every month": "on day 1 of every month",
    "daily at 25:00": "25:00 is no time of day; write 00:00 to 23:59.",
    "daily at 13 pm": "13 pm is no time of day",
    "daily at 6:30 and 18:00": "two schedules",
    "0 25 * * *": "hour is wrong: 25 is not from 0 to 23.",
    "0 4 * * 7": "7 is not from 0 to 6. Sunday is 0.",
    "0 4 * * 1#1": '"1#1" is not a number or a name',
    "*/5 3 * * * *": "5 fields",
    "*/0 * * * *": '"0" is not a step',
    "*/7 * * * *": "take */5 or */6, or every 7 minutes.",
    "0 */5 * * *": "take */4 or */6, or every 5 hours.",
    "0 0 30 2 *": "in none of these months",
    "on day 31 of february": "in none of these months",
    "hour=3": "write minute=0 hour=3.",
    "second=5": "'second' is no field; there are minute, hour",
    "minute=0 minute=1": "minute is there twice",
    "at noon minute=0": "'at noon' is no field",
    "minute=0 hour=3); import os; (": "hour is wrong",
    "every 3 months": "is no schedule",
}


@pytest.mark.parametrize("text", REFUSED)
def test_a_refusal_says_what_would_be_right(text: str) -> None:
    with pytest.raises(AnswerError) as caught:
        parse_schedule(text)
    assert REFUSED[text] in caught.value.message
    assert "\n" not in caught.value.message


NUMBERS = st.integers(0, 70).map(str)
PARTS = st.one_of(
    st.just("*"),
    NUMBERS,
    st.tuples(NUMBERS, NUMBERS).map("-".join),
    st.sampled_from(["*/2", "*/5", "*/15", "*/6", "*/12", "mon", "mon-fri", "1,15", "1-10/3"]),
)
LINES = st.tuples(PARTS, PARTS, PARTS, PARTS, PARTS).map(" ".join)
APP = Celery("x", set_as_current=False)


@given(LINES)
@settings(max_examples=400, deadline=None)
def test_celery_takes_what_is_taken_and_runs_it_no_more_often(line: str) -> None:
    try:
        found = parse_schedule(line)
    except AnswerError:
        return
    assume(isinstance(found, Crontab))
    theirs = crontab(**{name: getattr(found, name) for name in found.__slots__}, app=APP)
    assert theirs.minute == found.numbers("minute")
    assert theirs.day_of_week == found.numbers("day_of_week")
    assert theirs.month_of_year == found.numbers("month_of_year")
    # Two runs, by Celery's own clock, are at least as far apart as we say.
    last = datetime(2026, 1, 1, tzinfo=timezone.utc)
    theirs.nowfunc = lambda: last  # type: ignore[attr-defined]
    times = []
    for _ in range(4):
        start, delta, _now = theirs.remaining_delta(last)
        last = start + delta
        times.append(last)
    gaps = [b - a for a, b in pairwise(times)]
    assert min(gaps) >= timedelta(seconds=found.gap)


@given(LINES | st.sampled_from(list(MEANT)))
@settings(max_examples=400, deadline=None)
def test_what_is_read_back_means_the_same_where_it_can_be_read(line: str) -> None:
    try:
        found = parse_schedule(line)
        again = parse_schedule(str(found))
    except AnswerError:
        return
    if isinstance(found, Crontab) and isinstance(again, Crontab):
        for name in found.__slots__:
            assert again.numbers(name) == found.numbers(name)
    else:
        assert again == found


@given(st.text(max_size=60))
@settings(max_examples=400, deadline=None)
def test_anything_else_is_refused_in_one_line(text: str) -> None:
    try:
        parse_schedule(text)
    except AnswerError as error:
        assert error.message.isprintable()
