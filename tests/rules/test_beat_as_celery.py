"""What CEL5xx say of schedule entries, asked of `celery.beat` itself."""

import inspect
from typing import Any

import pytest
from celery import Celery
from celery.beat import ScheduleEntry, Scheduler, _evaluate_entry_args

from celeryls.rules.scheduling.beat_entry_unknown_key import KEYS


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
