"""Generated tasks as Celery sees them: options, retry delays, the soft limit."""

import itertools
import logging
from dataclasses import replace

import pytest
from celery import Celery
from celery.exceptions import Retry as RetryLater
from celery.exceptions import SoftTimeLimitExceeded

from celeryls.forms import EXPONENTIAL, NO_RETRY, SIMPLE, Retry, RetryKind
from tests.generate.writing import SHOP, spec, write

NUMBERS = itertools.count()
ITSELF = replace(SHOP, autoretry=True)
WORK = "        # The work goes here."


@pytest.fixture
def make():
    """Run generated code in an app of its own, with `work` in its place; gives the task."""
    app = Celery("shop", broker="memory://", set_as_current=True)
    app.conf.result_backend = "cache+memory://"

    def made(wanted, work="pass", conventions=SHOP):
        # Shared tasks outlive their app, so every one needs a name of its own.
        wanted = replace(wanted, name=f"{wanted.name}_{next(NUMBERS)}")
        text = write("", wanted, conventions)
        assert text.count(WORK) == 1
        text = text.replace(WORK, f"        {work}\n{WORK}")
        names = {"__name__": "shop.tasks"}
        exec(compile(text, "shop/tasks.py", "exec"), names)
        app.finalize()
        return app.tasks[f"shop.tasks.{wanted.name}"]

    yield made
    app.close()


def run(task, *args, retries=0):
    """Run as a worker does, after so many retries."""
    task.push_request(args=args, kwargs={}, retries=retries, id="some-id", called_directly=False)
    try:
        return task.run(*args)
    finally:
        task.pop_request()


def test_options(make):
    task = make(spec("a", "x: int"))
    assert (task.acks_late, task.max_retries, task.default_retry_delay) == (True, 3, 60)
    assert (task.soft_time_limit, task.time_limit) == (300, 360)
    assert task.name.startswith("shop.tasks.a_")


@pytest.mark.parametrize(
    ("returns", "value"),
    [
        ("status", {"status": "success", "order_id": 7}),
        ("nothing", None),
        ("int", 0),
        ("list[str]", []),
        ("Decimal | None", None),
        ('Literal["a", "b"]', "a"),
    ],
)
def test_it_runs_as_it_is(make, returns, value):
    assert run(make(spec("b", "order_id: int", returns=returns)), 7) == value


def test_a_value_that_nobody_can_guess_is_left_to_be_written(make):
    with pytest.raises(NotImplementedError, match="Return Decimal here"):
        run(make(spec("c", returns="Decimal")))


@pytest.mark.parametrize(
    ("base", "retries", "least", "most"),
    [(60, 0, 30, 60), (60, 1, 60, 120), (60, 2, 120, 240), (60, 9, 300, 600), (1, 0, 1, 1),
     (1, 1, 1, 2), (1, 90, 300, 600), (900, 50, 1800, 3600)],
)  # fmt: skip
def test_delays_grow_with_jitter_up_to_a_cap(make, base, retries, least, most):
    retry = EXPONENTIAL if base == 60 else Retry(RetryKind.CUSTOM, 100, base, True)
    task = make(spec("d", retry=retry), "raise ConnectionError('gone')")
    task.max_retries = 100
    delays = set()
    for _ in range(20):
        with pytest.raises(RetryLater) as caught:
            run(task, retries=retries)
        delays.add(caught.value.when)
    assert all(least <= delay <= most for delay in delays)
    assert len(delays) > 1 or least == most


def test_simple_retry_is_always_a_minute_later(make):
    task = make(spec("e", retry=SIMPLE), "raise TimeoutError")
    for retries in range(3):
        with pytest.raises(RetryLater) as caught:
            run(task, retries=retries)
        assert caught.value.when == 60
    with pytest.raises(TimeoutError):
        run(task, retries=3)


@pytest.mark.parametrize(
    ("base", "retries", "most"),
    [(60, 0, 60), (60, 1, 120), (60, 2, 240), (60, 9, 600), (900, 50, 3600)],
)
def test_celery_itself_retries_after_growing_delays(make, base, retries, most):
    retry = EXPONENTIAL if base == 60 else Retry(RetryKind.CUSTOM, 100, base, True)
    task = make(spec("j", retry=retry), "raise ConnectionError('gone')", ITSELF)
    assert (task.max_retries, task.retry_jitter) == (retry.max_retries, True)
    task.max_retries = 100
    delays = [_delay(task, retries) for _ in range(40)]
    # Full jitter: anything up to the delay.  All 40 in one half is as good as impossible.
    assert min(delays) < most / 2 < max(delays) <= most


def test_celery_itself_retries_a_minute_later(make):
    task = make(spec("k", retry=SIMPLE), "raise TimeoutError", ITSELF)
    assert [_delay(task, retries) for retries in range(3)] == [60, 60, 60]
    with pytest.raises(TimeoutError):
        run(task, retries=3)


@pytest.mark.parametrize("conventions", [SHOP, ITSELF])
@pytest.mark.parametrize("retry_on", [("ConnectionError",), ("Exception",)])
def test_the_soft_limit_is_never_retried(make, conventions, retry_on):
    retry = Retry(RetryKind.CUSTOM, 3, 1, True, retry_on)
    task = make(spec("l", retry=retry), "raise SoftTimeLimitExceeded", conventions)
    with pytest.raises(SoftTimeLimitExceeded):
        run(task)


def _delay(task, retries):
    with pytest.raises(RetryLater) as caught:
        run(task, retries=retries)
    return caught.value.when


@pytest.mark.parametrize("conventions", [SHOP, ITSELF])
def test_bugs_are_not_retried(make, conventions):
    with pytest.raises(ZeroDivisionError):
        run(make(spec("f"), "1 / 0", conventions))


def test_without_retry_nothing_is(make):
    task = make(spec("g", retry=NO_RETRY), "raise ConnectionError")
    assert task.max_retries == 0
    with pytest.raises(ConnectionError):
        run(task)


def test_the_soft_limit_is_logged_and_ends_the_task(make, caplog):
    task = make(spec("h", "order_id: int"), "raise SoftTimeLimitExceeded")
    logging.getLogger("shop.tasks").propagate = True
    with caplog.at_level(logging.INFO), pytest.raises(SoftTimeLimitExceeded):
        run(task, 7, retries=2)
    record = next(r for r in caplog.records if r.message == "Soft time limit reached")
    assert (record.task_id, record.order_id, record.retries) == ("some-id", 7, 2)


def test_keys_that_log_records_have_are_no_trouble(make):
    parameters = "name: int, args: int, msg: int, module: int, process: int, message: int"
    assert run(make(spec("i", parameters)), 1, 2, 3, 4, 5, 6) == {"status": "success"}
