"""When something runs, asked of `celery.schedules` itself."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from celery import Celery
from celery.schedules import crontab
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from celeryls.forms import AnswerError, parse_schedule
from celeryls.forms.schedules import Crontab, Interval
from celeryls.project.cronspec import FIELDS
from celeryls.project.timetables import ByTheClock, Every, next_runs, timetable_of
from tests.project.reading import project

APP = Celery("x", set_as_current=False)
HEAD = """\
from datetime import timedelta
import datetime as dt
from celery import Celery, schedules
from celery.schedules import crontab, schedule, solar
app = Celery("shop")
HOUR = 3
"""


def timetable(tmp_path, written: str):
    code = f"{HEAD}app.conf.beat_schedule = {{'a': {{'task': 'x', 'schedule': {written}}}}}\n"
    (entry,) = project(tmp_path, {"tasks.py": code}).schedules()
    return timetable_of(entry.when)


WORDS = {
    "30": "every 30 seconds",
    "30.0": "every 30 seconds",
    "0.5": "every 0.5 seconds",
    "90": "every 90 seconds",
    "5 * 60": "every 5 minutes",
    "timedelta(hours=1)": "every 60 minutes",
    "dt.timedelta(days=1, hours=12)": "every 36 hours",
    "schedule(run_every=timedelta(minutes=5))": "every 5 minutes",
    "schedule(10.0)": "every 10 seconds",
    "crontab()": "every minute",
    "crontab(minute=0, hour=HOUR)": "every day at 03:00",
    "schedules.crontab(minute='*/15')": "every 15 minutes by the clock",
    "crontab(minute='*/7')": "every hour at minutes 0, 7, 14, 21, 28, 35, 42, 49 and 56",
    "crontab(minute='*/45')": "every hour at minutes 0 and 45",
    "crontab(30, 7, 'mon')": "every Monday at 07:30",
    "crontab(minute=30, hour=[7, 19], day_of_week='mon-fri')": "on weekdays at 07:30 and 19:30",
    "crontab(0, 0, day_of_month='1')": "on day 1 of every month at 00:00",
    "crontab(0, 0, day_of_month='1', month_of_year='*/3')": (
        "on day 1 of January, April, July and October at 00:00"
    ),
    "crontab(0, 12, '1', '1-7')": ("on days 1 to 7 of every month, if that is Monday, at 12:00"),
    "crontab.from_string('0 3 * * *')": "every day at 03:00",
    "solar('sunset', -37.81, 144.96)": "at sunset at 37.81° S, 144.96° E",
    "solar('dawn_civil', lat=51.5, lon=-0.1)": "at civil dawn at 51.5° N, 0.1° W",
}


@pytest.mark.parametrize("written", WORDS)
def test_in_words(tmp_path, written: str) -> None:
    assert str(timetable(tmp_path, written)) == WORDS[written]


UNKNOWN = {
    "computed": "when()",
    "an environment's": "float(os.environ['X'])",
    "an hour there is not": "crontab(minute=0, hour=25)",
    "an hour that is computed": "crontab(minute=0, hour=hour())",
    "spread": "crontab(**when)",
    "spread in order": "crontab(*when)",
    "seconds": "crontab(second=1)",
    "a field twice": "crontab(0, minute=0)",
    "an empty list": "crontab(minute=[])",
    "a day that never is": "crontab(0, 0, day_of_month=30, month_of_year=2)",
    "four fields": "crontab.from_string('0 3 * *')",
    "no interval": "0",
    "backwards": "-5",
    "no event": "solar('noon', 1, 2)",
    "no place": "solar('sunset', 100, 2)",
    "somebody's own": "mine.crontab(minute=0)",
    "nothing": "None",
}


@pytest.mark.parametrize("written", UNKNOWN.values(), ids=UNKNOWN)
def test_what_is_not_known_has_none(tmp_path, written: str) -> None:
    assert timetable(tmp_path, written) is None


def celerys(given: dict[str, object], after: datetime, number: int) -> list[datetime]:
    """The runs that beat would have, one after another, by Celery's own reckoning."""
    theirs = crontab(**given, app=APP)  # type: ignore[arg-type]
    found = []
    for _ in range(number):
        theirs.nowfun = lambda now=after: now
        start, delta, _now = theirs.remaining_delta(after)
        run = start + delta
        assert theirs.remaining_estimate(after) == run - after
        theirs.nowfun = lambda now=run: now
        assert theirs.is_due(after).is_due
        theirs.nowfun = lambda now=run: now - timedelta(seconds=1)
        assert not theirs.is_due(after).is_due
        after = run
        found.append(run)
    return found


def field(name: str):
    known = FIELDS[name]
    numbers = st.integers(known.low, known.high)
    steps = st.integers(1, known.size).map("*/{}".format)
    texts = st.lists(numbers, min_size=1, max_size=4).map(lambda n: ",".join(map(str, n)))
    ranges = st.tuples(numbers, numbers).map("{0[0]}-{0[1]}".format)
    return st.one_of(st.just("*"), st.just("*"), numbers, steps, texts, ranges)


CRONTABS = st.fixed_dictionaries({name: field(name) for name in FIELDS})
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(timezone.utc))


def ours(given: dict[str, object]) -> ByTheClock | None:
    from celeryls.syntax.expr import Call, Const, Name

    keywords = tuple((name, Const(value)) for name, value in given.items())  # type: ignore[arg-type]
    found = timetable_of(Call(Name("celery.schedules.crontab"), (), keywords))
    assert found is None or isinstance(found, ByTheClock)
    return found


@settings(max_examples=500, deadline=None)
@given(CRONTABS, MOMENTS)
def test_the_next_runs_are_celerys(given: dict[str, object], after: datetime) -> None:
    found = ours(given)
    if found is None:
        with pytest.raises(ValueError):
            crontab(**given, app=APP)
        return
    try:
        expected = celerys(given, after, 3)
    except RuntimeError:  # Celery gives up on what is years away
        assume(False)
    assert list(next_runs(found, after)) == expected


@settings(max_examples=500, deadline=None)
@given(CRONTABS)
def test_words_that_can_be_read_back_mean_the_same(given: dict[str, object]) -> None:
    found = ours(given)
    assume(found is not None)
    try:
        again = parse_schedule(str(found))
    except AnswerError:
        return
    if isinstance(again, Interval):
        assert str(found) == "every minute"
        return
    assert isinstance(again, Crontab)
    assert {name: again.numbers(name) for name in FIELDS} == {
        name: getattr(found, name) for name in FIELDS
    }


@pytest.mark.parametrize(
    "given",
    [
        {"minute": 0, "hour": 3},
        {"minute": "*/15"},
        {"minute": 5},
        {"minute": "0,30", "hour": "7", "day_of_week": "mon-fri"},
        {"minute": 0, "hour": 0, "day_of_month": "1"},
        {"minute": 0, "hour": 0, "day_of_month": "1,15", "month_of_year": "1,7"},
        {"minute": 30, "hour": 7, "day_of_week": "mon,thu"},
        {"minute": 10, "hour": "*/2"},
    ],
)
def test_the_usual_ones_can_be_read_back(given: dict[str, object]) -> None:
    again = parse_schedule(str(ours(given)))
    assert isinstance(again, Crontab)
    assert str(again) == str(ours(given))


@given(st.integers(1, 366 * 24 * 3600))
@example(60)
@example(3600)
@example(24 * 3600)
def test_so_can_intervals(seconds: int) -> None:
    assert parse_schedule(str(Every(seconds))) == Interval(seconds)


def test_nobody_knows_when_an_interval_began() -> None:
    assert next_runs(Every(30), datetime.now(timezone.utc)) == ()


def test_the_clock_of_a_zone() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    daily = ours({"minute": 30, "hour": 2})
    assert daily is not None
    runs = next_runs(daily, datetime(2026, 3, 28, 3, tzinfo=berlin), 2)
    # At 02:00 of the 29th the clock is put forward to 03:00.
    assert [f"{run:%d %H:%M %z}" for run in runs] == ["29 03:30 +0200", "30 02:30 +0200"]
    once = next_runs(daily, datetime(2026, 10, 24, 3, tzinfo=berlin), 2)
    assert [f"{run:%d %H:%M %z}" for run in once] == ["25 02:30 +0200", "26 02:30 +0100"]


ZONES = {
    "Celery's default": ("", "UTC"),
    "the setting": ("app.conf.timezone = 'Europe/Berlin'\n", "Europe/Berlin"),
    "by its old name": ("app.conf.update(CELERY_TIMEZONE='Asia/Tokyo')\n", "Asia/Tokyo"),
    "UTC": ("app.conf.timezone = 'utc'\n", "UTC"),
    "computed": ("app.conf.timezone = zone()\n", None),
    "the machine's own": ("app.conf.enable_utc = False\n", None),
    "two apps that agree": ("other = Celery('other')\n", "UTC"),
    "two that do not": ("other = Celery('o')\nother.conf.timezone = 'Asia/Tokyo'\n", None),
}


@pytest.mark.parametrize(("code", "expected"), ZONES.values(), ids=ZONES)
def test_the_time_zone_of_a_project(tmp_path, code: str, expected: str | None) -> None:
    zone = project(tmp_path, {"tasks.py": HEAD + code}).zone(None)
    assert (zone.name if zone is not None else None) == expected


DJANGO = {
    "Django's": ("TIME_ZONE = 'Europe/Berlin'\n", "Europe/Berlin"),
    "Celery's own": ("TIME_ZONE = 'Europe/Berlin'\nCELERY_TIMEZONE = 'Asia/Tokyo'\n", "Asia/Tokyo"),
    "computed": ("TIME_ZONE = zone()\n", None),
    "Django's default": ("DEBUG = True\n", None),
}


@pytest.mark.parametrize(("code", "expected"), DJANGO.values(), ids=DJANGO)
def test_the_time_zone_of_django(tmp_path, code: str, expected: str | None) -> None:
    app = (
        "import os\nfrom celery import Celery\n"
        "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n"
        "app = Celery('shop')\n"
        "app.config_from_object('django.conf:settings', namespace='CELERY')\n"
    )
    files = {"shop/__init__.py": "", "shop/celery.py": app, "shop/settings.py": code}
    zone = project(tmp_path, files).zone(None)
    assert (zone.name if zone is not None else None) == expected


def test_a_zone_that_this_machine_does_not_know(tmp_path) -> None:
    code = HEAD + "app.conf.timezone = 'Europe/Atlantis'\n"
    zone = project(tmp_path, {"tasks.py": code}).zone(None)
    assert zone is not None
    assert (zone.name, zone.clock) == ("Europe/Atlantis", None)
