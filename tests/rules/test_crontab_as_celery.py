"""What CEL5xx know of crontabs, asked of `celery.schedules.crontab` itself."""

import pytest
from celery.schedules import crontab
from hypothesis import given, settings
from hypothesis import strategies as st

from celeryls.project.cronspec import (
    FIELDS,
    FROM_STRING_SINCE,
    IMPOSSIBLE_DATES_SINCE,
    InvalidField,
    expand,
    ignored,
    is_possible_date,
)
from celeryls.syntax.expr import Const, Seq
from tests.celery_version import VERSION

_NUMBERS = st.integers(-3, 65)
_WORDS = st.sampled_from(["sun", "Monday", "sat", "jan", "MARCH", "dec", "x", "", "*", "1_0", " 5"])
_ATOMS = st.one_of(_NUMBERS.map(str), _WORDS, st.text("0159*-/,. \njanmosu", max_size=6))
_PARTS = st.one_of(
    _ATOMS,
    st.builds("{}-{}".format, _ATOMS, _ATOMS),
    st.builds("{}-{}/{}".format, _ATOMS, _ATOMS, _ATOMS),
    st.builds("*/{}".format, _ATOMS),
    st.just("*"),
)
_TEXTS = st.lists(_PARTS, min_size=1, max_size=3).map(",".join)
_SINGLE = st.one_of(
    _NUMBERS, _TEXTS, st.none(), st.booleans(), st.floats(-2, 70), st.binary(max_size=2)
)
_ITEMS = st.one_of(_NUMBERS, _NUMBERS, _NUMBERS, st.sampled_from(["1", None, 2.5, 99.0, True]))


def _celerys(name: str, value: object) -> set[int] | None:
    field = FIELDS[name]
    try:
        return crontab._expand_cronspec(value, field.size, field.low)
    except Exception:
        return None


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(sorted(FIELDS)), _SINGLE)
def test_a_single_value_stands_for_what_celery_says(name: str, value: object) -> None:
    expected = _celerys(name, value)
    if expected is None:
        with pytest.raises(InvalidField):
            expand(Const(value), FIELDS[name], VERSION)
    else:
        assert expand(Const(value), FIELDS[name], VERSION) == expected


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(sorted(FIELDS)),
    st.sampled_from(["list", "tuple", "set"]),
    st.lists(_ITEMS, max_size=4),
)
def test_so_does_a_list(name: str, kind: str, items: list) -> None:
    makes = {"list": list, "tuple": tuple, "set": set}
    expected = _celerys(name, makes[kind](items))
    value = Seq(kind, tuple(map(Const, items)))
    try:
        found = expand(value, FIELDS[name], VERSION)
    except InvalidField:
        assert expected is None
        return
    if found is not None:
        assert found == expected


@settings(max_examples=200, deadline=None)
@given(
    st.sets(st.integers(1, 31), max_size=3),
    st.sets(st.integers(1, 12), max_size=2),
)
def test_impossible_dates_are_those_that_celery_refuses(days: set[int], months: set[int]) -> None:
    try:
        crontab(minute=0, hour=0, day_of_month=days, month_of_year=months)
    except ValueError:
        assert not is_possible_date(days, months)
    else:
        assert is_possible_date(days, months) or VERSION < IMPOSSIBLE_DATES_SINCE


@settings(max_examples=300, deadline=None)
@given(_TEXTS)
def test_what_is_ignored_makes_no_difference(text: str) -> None:
    rest = ignored(text)
    expected = _celerys("minute", text)
    if rest and expected is not None and text.count(",") == 0:
        assert _celerys("minute", text.rstrip()[: -len(rest)].strip()) == expected


REFUSED = {
    "an hour there is not": lambda: crontab(hour=25),
    "7 is not Sunday": lambda: crontab(day_of_week=7),
    "nor in a range": lambda: crontab(day_of_week="1-7"),
    "seconds": lambda: crontab(second=5),
    "a time zone": lambda: crontab(hour=1, tz="UTC"),
    "a line": lambda: crontab("0 0 * * *"),
    "a number with a fraction": lambda: crontab(minute=0.5),
    "too many": lambda: crontab(0, 0, 0, 1, 1, 1),
    "twice": lambda: crontab(0, minute=0),
    "four fields": lambda: crontab.from_string("0 0 * *"),
    "two spaces": lambda: crontab.from_string("0  0 * * *"),
    "a bad field": lambda: crontab.from_string("0 0 * * 7"),
}


@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED)
def test_celery_refuses(make) -> None:
    with pytest.raises((TypeError, ValueError, AttributeError)):
        make()


def test_from_string_is_there_since() -> None:
    assert hasattr(crontab, "from_string") is (VERSION >= FROM_STRING_SINCE)


def test_only_the_start_of_a_line_that_begins_with_a_step_is_read() -> None:
    assert crontab("*/5 3 * * *") == crontab("*/5")


def test_what_a_crontab_is_called_with_beside_its_fields() -> None:
    crontab(minute=0, nowfun=None, app=None)


def test_a_crontab_without_a_minute_runs_every_minute() -> None:
    assert crontab(hour=3).minute == set(range(60))
