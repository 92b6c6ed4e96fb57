"""What CEL5xx say of schedule entries, asked of `celery.beat` itself."""

import inspect
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import pytest
from celery import Celery
from celery.beat import ScheduleEntry, Scheduler, _evaluate_entry_args
from celery.schedules import crontab
from celery.signals import before_task_publish

from celeryls.rules.cases import Invalid
from celeryls.rules.scheduling.beat_entry_unknown_key import KEYS
from celeryls.rules.scheduling.cases.beat_without_expires import INVALID as INVALID_CEL510


@pytest.fixture
def app() -> Celery:
    app = Celery("x", broker="memory://", set_as_current=False)
    app.conf.update(task_always_eager=False)
    return app


@pytest.fixture
def task(app: Celery) -> Any:
    @app.task(name="charge", shared=False)
    def charge(x: int = 1) -> None: ...

    return charge


def test_a_number_is_no_args() -> None:
    with pytest.raises(TypeError):
        _evaluate_entry_args(16)


def test_letters_of_a_text_become_arguments() -> None:
    assert _evaluate_entry_args("abc") == ["a", "b", "c"]


@pytest.mark.parametrize("nothing", [None, "", (), {}])
def test_nothing_is_no_arguments(nothing: object) -> None:
    assert _evaluate_entry_args(nothing) == []


def test_add_periodic_task_refuses_a_number(app: Celery, task: Any) -> None:
    with pytest.raises(TypeError):
        app.add_periodic_task(60, task.s(), args=16)


def test_the_keys_of_an_entry() -> None:
    parameters = inspect.signature(ScheduleEntry.__init__).parameters
    assert set(parameters) - {"self"} == KEYS


@pytest.mark.parametrize("key", ["schedul", "arg", "option", "expires"])
def test_beat_refuses_other_keys(app: Celery, key: str) -> None:
    scheduler = Scheduler(app, lazy=True)
    with pytest.raises(TypeError):
        scheduler.merge_inplace({"a": {"task": "charge", "schedule": 60, key: 1}})


def test_the_second_of_two_equal_signatures_wins(app: Celery, task: Any) -> None:
    app.add_periodic_task(30, task.s(1).set(queue="a"))
    app.add_periodic_task(60, task.s(1).set(queue="b"))
    assert [entry["schedule"] for entry in app.conf.beat_schedule.values()] == [60]


def test_other_arguments_and_names_keep_entries_apart(app: Celery, task: Any) -> None:
    app.add_periodic_task(30, task.s(1))
    app.add_periodic_task(30, task.s(2))
    app.add_periodic_task(30, task.s(2), name="again")
    app.add_periodic_task(30, task.s(2), kwargs={"x": 1})
    assert len(app.conf.beat_schedule) == 4


@pytest.mark.parametrize(
    ("entry", "fails"),
    [
        ({}, True),
        ({"args": (1,)}, False),
        ({"args": (1, 2, 3)}, True),
        ({"kwargs": {"amout": 1}}, True),
        ({"args": [1], "kwargs": {"amount": 2}}, False),
    ],
)
def test_cel505_beat_sends_what_fails_in_the_worker(
    app: Celery, entry: dict[str, Any], fails: bool
) -> None:
    """Beat itself is content; only the worker's tracer calls the function."""

    @app.task(name="charge", shared=False)
    def charge(order: int, amount: int = 1) -> None: ...

    scheduler = Scheduler(app, lazy=True)
    scheduler.merge_inplace({"a": {"task": "charge", "schedule": 60, **entry}})
    made = scheduler.schedule["a"]
    result = charge.apply(_evaluate_entry_args(made.args), made.kwargs or {})
    assert isinstance(result.result, TypeError) is fails


def _expires(app: Celery, entry: ScheduleEntry) -> timedelta:
    """How long the message that beat sends for an entry is of any use."""
    found: list[dict[str, Any]] = []
    receiver = before_task_publish.connect(
        lambda headers=None, **_: found.append(headers), weak=False
    )
    sent = datetime.now(timezone.utc)
    try:
        Scheduler(app, lazy=True).apply_async(entry, advance=False)
    finally:
        before_task_publish.disconnect(receiver)
    return datetime.fromisoformat(found[0]["expires"]) - sent


def _gaps(schedule: Any) -> set[timedelta]:
    """The times between runs, by Celery's own schedule."""
    if not isinstance(schedule, crontab):
        return {schedule.run_every}
    now = [datetime(2026, 3, 2, tzinfo=timezone.utc)]
    schedule.nowfun = lambda: now[-1]
    for _ in range(60):
        _, left, _ = schedule.remaining_delta(now[-1])
        now.append(now[-1] + left)
    return {after - before for before, after in pairwise(now[1:])}


FIXED = [case for case in INVALID_CEL510 if case.fixed and ".from_string" not in case.fixed]


@pytest.mark.parametrize("case", FIXED, ids=range(len(FIXED)))
def test_cel510_what_is_fixed_expires_when_the_next_is_sent(case: Invalid) -> None:
    names: dict[str, Any] = {"__name__": "shop.tasks"}
    exec(str(case.fixed).replace("@app.task", "@app.task(shared=False)"), names)
    app = names["app"]
    app.conf.update(broker_url="memory://", timezone="UTC")
    scheduler = Scheduler(app, lazy=True)
    scheduler.merge_inplace(app.conf.beat_schedule)
    (entry,) = scheduler.schedule.values()
    (gap,) = _gaps(entry.schedule)
    assert abs(_expires(app, entry) - gap) < timedelta(seconds=30)
