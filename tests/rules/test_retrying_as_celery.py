"""What the rules about retries say, asked of Celery itself."""

from pathlib import Path
from typing import Any
from unittest.mock import Mock
from uuid import uuid4

import pytest
from billiard.einfo import ExceptionInfo
from celery import Celery, Signature, _state, states
from celery.app.trace import build_tracer
from celery.exceptions import (
    CeleryError,
    Ignore,
    Reject,
    Retry,
    SoftTimeLimitExceeded,
    TaskPredicate,
)
from celery.worker.request import Request
from hypothesis import given, settings
from hypothesis import strategies as st

from celeryls.rules.retrying.autoretry import number
from celeryls.syntax.expr import Const
from tests.celery_version import VERSION
from tests.rules.harness import check
from tests.worker.running import Project


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Celery:
    # Tasks of one test would be shared with the apps of the next.
    shared = set(_state._on_app_finalizers)
    monkeypatch.setattr(_state, "_on_app_finalizers", shared)
    return Celery("x", broker="memory://", backend="cache+memory://", set_as_current=False)


def _delay(app: Celery, retries: int = 0, **options: Any) -> Any:
    """How long a task that fails waits for its next try."""

    @app.task(bind=True, name=f"t{len(app.tasks)}", **options)
    def fails(self: Any) -> None:
        raise OSError

    return _when(fails, retries)


def _when(task: Any, retries: int = 0) -> Any:
    task.push_request(called_directly=False, is_eager=True, retries=retries, args=(), kwargs={})
    try:
        with pytest.raises(Retry) as caught:
            task.run()
    finally:
        task.pop_request()
    return caught.value.when


def test_cel201_retry_reads_no_option_of_automatic_retries(app: Celery) -> None:
    @app.task(bind=True, retry_backoff=7, retry_backoff_max=9, retry_kwargs={"countdown": 3})
    def by_hand(self: Any) -> None:
        raise self.retry()

    assert _when(by_hand) == 180


@pytest.mark.parametrize("option", ["autoretry_for", "dont_autoretry_for"])
@pytest.mark.parametrize("value", [OSError, None, True, 3])
def test_cel202_the_task_can_not_be_made(app: Celery, option: str, value: Any) -> None:
    @app.task(**{option: value})
    def f() -> None: ...

    with pytest.raises(TypeError, match="not iterable"):
        app.finalize()


@settings(max_examples=30)
@given(st.booleans() | st.integers(0, 5000) | st.floats(0, 5000), st.integers(1, 5000))
def test_cel203_a_first_delay_above_the_cap_is_never_waited(backoff: Any, most: int) -> None:
    app = Celery("x", broker="memory://", set_as_current=False)
    options = {"autoretry_for": (OSError,), "retry_jitter": False, "retry_backoff_max": most}
    first = number(Const(backoff)) or 0
    if not first:
        assert _delay(app, retry_backoff=backoff, **options) == 180
        return
    capped = int(max(1, first)) > most
    assert _delay(app, retry_backoff=backoff, **options) == (most if capped else int(max(1, first)))


def test_cel203_the_cap_is_ten_minutes(app: Celery) -> None:
    options = {"autoretry_for": (OSError,), "retry_jitter": False, "retry_backoff": 3600}
    assert [_delay(app, n, **options) for n in range(3)] == [600, 600, 600]


def test_cel204_the_backoff_replaces_the_countdown(app: Celery) -> None:
    def waits(**options: Any) -> Any:
        # Celery before 5.7 writes into the dict that it is given.
        return _delay(app, autoretry_for=(OSError,), retry_kwargs={"countdown": 42}, **options)

    assert waits(retry_backoff=True, retry_jitter=False) == 1
    assert waits(retry_backoff=False) == 42


def test_cel208_automatic_retries_are_delayed(app: Celery) -> None:
    assert _delay(app, autoretry_for=(OSError,)) == 180
    assert _delay(app, autoretry_for=(OSError,), default_retry_delay=5) == 5


class Worker:
    """One run of a task as a worker's process makes it, and what it leaves."""

    def __init__(self, app: Celery, monkeypatch: pytest.MonkeyPatch) -> None:
        self._app = app
        self.sent: list[Signature] = []
        monkeypatch.setattr(Signature, "apply_async", lambda s, *_, **__: self.sent.append(s))

    def run(self, task: Any, *args: Any) -> str:
        """The state that is stored, empty if nothing is."""
        self._app.finalize()
        trace = build_tracer(task.name, task, app=self._app)
        name = str(uuid4())
        trace(name, args, {}, {"id": name, "args": args, "kwargs": {}, "delivery_info": {}})
        stored = self._app.backend.get_task_meta(name)
        return "" if stored["status"] == states.PENDING else str(stored["status"])


@pytest.fixture
def worker(app: Celery, monkeypatch: pytest.MonkeyPatch) -> Worker:
    return Worker(app, monkeypatch)


def _swallowing(app: Celery, caught: type[BaseException], raises: Any) -> Any:
    @app.task(bind=True)
    def swallows(self: Any) -> str:
        try:
            raises(self)
        except caught:
            return "on"
        return "never"

    return swallows


@pytest.mark.parametrize("caught", [Exception, BaseException, Retry, TaskPredicate])
def test_cel209_a_retry_that_is_caught_runs_again_and_succeeds(
    app: Celery, worker: Worker, caught: type[BaseException]
) -> None:
    assert worker.run(_swallowing(app, caught, lambda task: task.retry())) == "SUCCESS"
    assert len(worker.sent) == 1


@pytest.mark.parametrize("caught", [OSError, Ignore, Reject])
def test_cel209_let_through_it_is_a_retry(
    app: Celery, worker: Worker, caught: type[BaseException]
) -> None:
    assert worker.run(_swallowing(app, caught, lambda task: task.retry())) == "RETRY"
    assert len(worker.sent) == 1


def test_cel209_with_throw_it_returns(app: Celery, worker: Worker) -> None:
    @app.task(bind=True)
    def goes_on(self: Any) -> None:
        assert isinstance(self.retry(throw=False), Retry)

    assert worker.run(goes_on) == "SUCCESS"
    assert len(worker.sent) == 1


@pytest.mark.parametrize("raised", [Ignore(), Reject("no", requeue=False)])
def test_cel210_what_is_caught_is_stored_as_a_success(
    app: Celery, worker: Worker, raised: Exception
) -> None:
    def raises(task: Any) -> None:
        raise raised

    assert worker.run(_swallowing(app, Exception, raises)) == "SUCCESS"


@pytest.mark.parametrize("raised", [Ignore(), Reject("no", requeue=False)])
def test_cel210_let_through_nothing_is_stored(
    app: Celery, worker: Worker, raised: Exception
) -> None:
    def raises(task: Any) -> None:
        raise raised

    assert worker.run(_swallowing(app, OSError, raises)) == ""


def test_cel213_retry_raises_by_itself(app: Celery, worker: Worker) -> None:
    @app.task(bind=True)
    def goes_on(self: Any) -> None:
        self.retry()
        raise AssertionError("it runs")

    assert worker.run(goes_on) == "RETRY"


@pytest.mark.parametrize("says", [True, False])
def test_cel214_the_last_failure_is_the_exception_that_is_given(app: Celery, says: bool) -> None:
    @app.task(bind=True, max_retries=2)
    def fails(self: Any) -> None:
        try:
            raise OSError("the cause")
        except OSError as exc:
            raise self.retry(**({"exc": exc} if says else {})) from None

    expected = OSError if says else fails.MaxRetriesExceededError
    assert type(fails.apply().result) is expected


@pytest.mark.parametrize(
    ("args", "kwargs"), [((), {}), ((1,), {}), ((), {"x": 1}), ((1,), {"y": 2})]
)
def test_cel215_an_exception_is_no_list_of_arguments(
    app: Celery, args: tuple[int, ...], kwargs: dict[str, int]
) -> None:
    @app.task(bind=True)
    def fails(self: Any, x: int = 0, y: int = 0) -> None:
        try:
            raise OSError
        except OSError as exc:
            self.retry(exc)

    fails.push_request(called_directly=False, retries=0, args=args, kwargs=kwargs)
    try:
        with pytest.raises((TypeError, Reject)):
            fails.run(*args, **kwargs)
    finally:
        fails.pop_request()


@pytest.mark.parametrize(("requeue", "late", "again"), [(True, True, True), (True, False, False)])
def test_cel216_what_was_acknowledged_is_not_put_back(
    app: Celery, requeue: bool, late: bool, again: bool
) -> None:
    @app.task(acks_late=late)
    def rejects() -> None: ...

    app.set_current()
    rejected, failed = _reject(app, rejects, Reject("no", requeue=requeue))
    assert rejected is again
    assert not failed


def test_cel216_what_is_given_up_is_a_failure_without_acks_late_too(app: Celery) -> None:
    @app.task
    def rejects() -> None: ...

    app.set_current()
    assert _reject(app, rejects, Reject("no", requeue=False)) == (False, VERSION >= (5, 7))


def _reject(app: Celery, task: Any, raised: Exception) -> tuple[bool, bool]:
    """Whether the broker hears of what a task raised, and whether a failure is stored."""
    message = Mock(
        headers={"id": str(uuid4()), "task": task.name},
        payload=([], {}, {}),
        content_type="application/json",
        content_encoding="utf-8",
    )
    rejected = Mock()
    request = Request(message, app=app, task=task, on_ack=Mock(), on_reject=rejected)
    request.on_accepted(1, 0.0)
    try:
        raise raised
    except Exception:
        request.on_failure(ExceptionInfo())
    stored = app.backend.get_task_meta(request.id)
    return rejected.called, stored["status"] == states.FAILURE


@pytest.mark.parametrize(("caught", "state"), [(Exception, "SUCCESS"), (KeyError, "FAILURE")])
def test_cel212_what_is_caught_is_a_success(
    app: Celery, worker: Worker, caught: type[Exception], state: str
) -> None:
    def fails(task: Any) -> None:
        raise OSError

    assert worker.run(_swallowing(app, caught, fails)) == state


@pytest.mark.parametrize("retries", [0, 3, 100_000])
def test_cel206_none_is_for_ever(app: Celery, retries: int) -> None:
    options = {"autoretry_for": (Exception,), "max_retries": None}
    assert _delay(app, retries, **options) == 180


def test_cel207_a_soft_time_limit_is_retried_too_unless_it_is_named(app: Celery) -> None:
    @app.task(autoretry_for=(Exception,))
    def everything() -> None:
        raise SoftTimeLimitExceeded

    @app.task(autoretry_for=(Exception,), dont_autoretry_for=(SoftTimeLimitExceeded,))
    def nearly() -> None:
        raise SoftTimeLimitExceeded

    assert _when(everything) == 180
    with pytest.raises(SoftTimeLimitExceeded):
        _when(nearly)


def test_cel218_what_holds_by_itself_does_not_by_hand(app: Celery) -> None:
    @app.task(bind=True, autoretry_for=(OSError,), retry_backoff=7, retry_jitter=False)
    def both(self: Any, by_hand: bool) -> None:
        if by_hand:
            raise self.retry()
        raise OSError

    for by_hand, delay in ((True, 180), (False, 7)):
        both.push_request(called_directly=False, is_eager=True, args=(by_hand,), kwargs={})
        with pytest.raises(Retry) as caught:
            both.run(by_hand)
        both.pop_request()
        assert caught.value.when == delay


@pytest.mark.parametrize("given", [{}, {"max_retries": None}, {"max_retries": 5}])
def test_cel217_none_is_the_limit_of_the_task(app: Celery, given: dict[str, Any]) -> None:
    tries = 0

    @app.task(bind=True, max_retries=2)
    def fails(self: Any) -> None:
        nonlocal tries
        tries += 1
        raise self.retry(countdown=0, **given)

    fails.apply()
    assert tries == (given.get("max_retries") or 2) + 1


def test_cel211_the_soft_time_limit_is_an_exception_and_comes_once(tmp_path: Path) -> None:
    assert issubclass(SoftTimeLimitExceeded, Exception)
    assert not issubclass(SoftTimeLimitExceeded, CeleryError)
    project = Project(tmp_path)
    project.tasks.write_text(
        """\
import time
from shop.app import app

@app.task(soft_time_limit=1)
def swallows():
    caught, end = 0, time.monotonic() + 3
    while time.monotonic() < end:
        try:
            time.sleep(0.1)
        except Exception:
            caught += 1
    return caught
"""
    )
    with project.worker("--concurrency=1"):
        assert project.result("swallows.delay()") == 1


@pytest.mark.parametrize(
    ("options", "body", "expected"),
    [
        ("autoretry_for=OSError", "pass", {"CEL202"}),
        ("bind=True", "self.retry(exc)", {"CEL215"}),
        ("bind=True", "try: self.retry(exc=exc)\n        except Exception: ...", {"CEL209"}),
        ("bind=True", "self.retry()", {"CEL213", "CEL214"}),
    ],
)
def test_one_mistake_is_one_finding(
    tmp_path: Path, options: str, body: str, expected: set[str]
) -> None:
    code = (
        f"from celery import shared_task\n\n@shared_task({options})\ndef f(self):\n"
        f"    try: ...\n    except OSError as exc:\n        {body}\n"
    )
    found = check(tmp_path, {"shop/tasks.py": code}, "shop/tasks.py")
    assert {item.finding.code for item in found if item.finding.code[:4] == "CEL2"} == expected
