"""What the rules about calls say of a call, asked of Celery itself."""

import re
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from celery import Celery
from celery.exceptions import TimeoutError
from celery.result import denied_join_result
from kombu.exceptions import EncodeError

from celeryls.rules.calling.cases.call_arguments import INVALID as INVALID_CEL301
from tests.rules.harness import unmark


def _last(code: str) -> str:
    """The last line of a case, without marks."""
    return unmark(code)[0].rstrip("\n").rpartition("\n")[2].strip()


@pytest.fixture
def task() -> Any:
    app = Celery("x", broker="memory://", set_as_current=False)

    @app.task(name="charge", shared=False)
    def charge(order_id: int, amount: int = 1) -> None: ...

    return charge


FAILS = {
    "CEL301 missing": lambda t: t.delay(),
    "CEL301 too many": lambda t: t.delay(1, 2, 3),
    "CEL301 unknown": lambda t: t.delay(1, total=2),
    "CEL301 twice": lambda t: t.delay(1, order_id=2),
    "CEL301 apply_async": lambda t: t.apply_async(args=(1, 2, 3)),
    "CEL302 number": lambda t: t.apply_async(args=(1)),
    "CEL302 text": lambda t: t.apply_async(args="abc"),
    "CEL302 dict": lambda t: t.apply_async(args={1: 2}),
    "CEL303": lambda t: t.apply_async(1, 2),
    "CEL304": lambda t: t.delay(1, countdown=10),
    "CEL306 countdown": lambda t: t.apply_async((1,), countdown=timedelta(1)),
    "CEL306 expires": lambda t: t.apply_async((1,), expires=timedelta(1)),
    "CEL306 eta": lambda t: t.apply_async((1,), eta=60),
    "CEL306 eta, a timedelta": lambda t: t.apply_async((1,), eta=timedelta(1)),
}


@pytest.mark.parametrize("call", FAILS.values(), ids=FAILS)
def test_celery_refuses_it(task: Any, call: Any) -> None:
    with pytest.raises((TypeError, AttributeError, ValueError)):
        call(task)


WORKS = {
    "signatures are not checked": lambda t: (t.s(), t.si(1, 2, 3)),
    "CEL305: unknown options are accepted": lambda t: t.apply_async((1,), count_down=5),
    "CEL307: so is what never runs": lambda t: t.apply_async((1,), countdown=60, expires=30),
    "CEL308: and both times": lambda t: t.apply_async((1,), countdown=60, eta=None),
    "a list": lambda t: t.apply_async([1]),
    "no arguments but keywords": lambda t: t.apply_async(kwargs={"order_id": 1}),
}


@pytest.mark.parametrize("call", WORKS.values(), ids=WORKS)
def test_celery_takes_it(task: Any, call: Any) -> None:
    call(task)


def test_results_are_not_to_be_had_within_a_task(task: Any) -> None:
    with denied_join_result():  # as it is in a worker process, see celery/concurrency/prefork.py
        ran = task.apply((1,))
        with pytest.raises(RuntimeError, match=r"Never call result\.get\(\) within a task"):
            ran.get()
        assert ran.result is None


MENDED = [
    pytest.param(before, after, id=before)
    for case in INVALID_CEL301
    for before, after in [(_last(case.code), _last(case.fixed or ""))]
    if re.match(r"\w+\.(delay|apply_async)\(.*\)$", before) and after and "*" not in before
]


@pytest.mark.parametrize(("before", "after"), MENDED)
def test_cel301_celery_takes_what_was_mended(before: str, after: str) -> None:
    app = Celery("x", broker="memory://", set_as_current=False)
    names: dict[str, Any] = {"f": abs, "make": list, "y": [], **dict.fromkeys("abc", 1)}
    names |= {"order_id": 1, "shared_task": partial(app.task, shared=False)}
    tasks = INVALID_CEL301[0].code.partition("@")
    exec("".join(tasks[1:]).partition("«")[0], names)
    with pytest.raises(TypeError):
        eval(before, names)
    eval(after, names)


def test_cel318_a_result_has_no_join_and_takes_a_timeout() -> None:
    app = Celery("x", broker="memory://", backend="cache+memory://", set_as_current=False)

    @app.task(name="count", shared=False)
    def count() -> None: ...

    result = count.delay()
    assert not hasattr(result, "join")
    with pytest.raises(TimeoutError):
        result.get(timeout=0.1)
    count.apply().get(timeout=10)


class Row:
    """What an object of a model is to Kombu."""


class CarriedRow:
    def __json__(self) -> int:
        return 1


def test_cel312_json_carries_no_objects(task: Any) -> None:
    with pytest.raises(EncodeError):
        task.delay(Row())
    with pytest.raises(EncodeError):
        task.apply_async(kwargs={"order_id": Row()})
    task.delay(CarriedRow())
