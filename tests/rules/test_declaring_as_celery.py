"""What the rules about declarations say of tasks, asked of Celery itself."""

import contextlib
import functools
import inspect
import typing
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, get_origin
from unittest.mock import Mock
from uuid import uuid4

import billiard.pool
import pydantic
import pytest
from billiard.einfo import ExceptionInfo
from billiard.exceptions import WorkerLostError
from celery import Celery, _state, shared_task
from celery.app.trace import build_tracer
from celery.exceptions import CDeprecationWarning
from celery.utils.time import rate
from celery.worker.request import Request
from hypothesis import given
from hypothesis import strategies as st

from celeryls import catalog
from celeryls.rules.declaring.double_task_decorator import REFUSED_SINCE
from celeryls.rules.declaring.handler_signature import HANDLERS
from celeryls.rules.declaring.invalid_rate_limit import is_rate
from celeryls.rules.declaring.soft_limit_above_hard import SETTINGS_SINCE, TASKS_OWN_SINCE
from tests.celery_version import VERSION


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Any:
    # Tasks of one test would be shared with the apps of the next.
    shared = set(_state._on_app_finalizers)
    monkeypatch.setattr(_state, "_on_app_finalizers", shared)
    return Celery("x", broker="memory://", backend="cache+memory://", set_as_current=False)


def _run(task: Any, *args: Any) -> Any:
    """What a worker's tracer makes of a task."""
    return task.apply(args, throw=True).get()


def test_cel109_nobody_awaits_a_coroutine(app: Any) -> None:
    @app.task
    async def fetch() -> None:
        raise AssertionError("it runs")

    result = _run(fetch)
    assert inspect.iscoroutine(result)
    result.close()


def test_cel110_nobody_runs_a_generator(app: Any) -> None:
    @app.task
    def export() -> Any:
        yield 1
        raise AssertionError("it runs")

    assert inspect.isgenerator(_run(export))


@contextmanager
def _manager() -> Iterator[None]:
    yield


def _logged(task: Any) -> Any:
    @functools.wraps(task)
    def inner(*args: Any) -> Any:
        return task(*args)

    return inner


@pytest.mark.parametrize("decorator", [_logged, _manager(), functools.cache, functools.lru_cache()])
def test_cel111_what_stands_above_a_task_hides_it(app: Any, decorator: Any) -> None:
    @decorator
    @app.task
    def above() -> None: ...

    app.finalize()
    assert not hasattr(above, "delay")


@pytest.mark.parametrize("decorator", [_logged, _manager()])
def test_cel111_below_it_the_task_keeps_its_name(app: Any, decorator: Any) -> None:
    @app.task
    @decorator
    def below() -> int:
        return 1

    assert below.name == f"{__name__}.below"
    assert _run(below) == 1


def test_cel111_no_task_can_be_made_of_a_cache(app: Any) -> None:
    @app.task
    @functools.cache
    def below() -> None: ...

    with pytest.raises(AttributeError):
        app.finalize()


@pytest.mark.parametrize("decorate", [lambda app: app.task, lambda app: app.task(bind=True)])
def test_cel112_no_task_can_be_made_of_a_staticmethod(app: Any, decorate: Any) -> None:
    class Orders:
        @decorate(app)
        @staticmethod
        def charge() -> None: ...

    with pytest.raises(AttributeError):
        app.finalize()


def test_cel112_above_the_task_it_works(app: Any) -> None:
    class Orders:
        @staticmethod
        @app.task
        def charge(order_id: int) -> int:
            return order_id

    assert _run(Orders.charge, 7) == 7
    assert _run(Orders().charge, 7) == 7


@pytest.mark.parametrize("values", [("name",), (3,), ({},), ((),), ("name", True), (print, 1)])
def test_cel114_options_are_taken_by_name(app: Any, values: Any) -> None:
    for decorator in (app.task, shared_task):
        with pytest.raises(TypeError):

            @decorator(*values)
            def charge() -> None: ...


def test_cel115_no_instance_reaches_a_task(app: Any) -> None:
    class Order:
        @app.task
        def charge(self, amount: int) -> None: ...

        @app.task(bind=True)
        def refund(self, amount: int) -> Any:
            return self, amount

    with pytest.raises(TypeError, match="missing 1 required positional argument: 'amount'"):
        Order().charge.delay(5)
    assert Order.charge.name == f"{__name__}.charge"
    assert _run(Order().refund, 5) == (Order.refund, 5)


_NUMBER = st.text("0123456789. e+-naif_", max_size=4)
_PERIOD = st.text("smhdSMH /in", max_size=2)


@given(
    st.builds("{}{}{}".format, _NUMBER, st.sampled_from(["", "/"]), _PERIOD) | st.text(max_size=4)
)
def test_cel117_celery_reads_the_same_rates(text: str) -> None:
    try:
        rate(text)
    except (KeyError, ValueError):
        assert not is_rate(text)
    else:
        assert is_rate(text)


def test_cel118_a_task_with_a_soft_limit_above_is_not_sent(app: Any) -> None:
    app.conf.task_time_limit = 30

    @app.task(soft_time_limit=60, time_limit=50)
    def both() -> None: ...

    @app.task(soft_time_limit=60)
    def one_from_the_settings() -> None: ...

    @app.task(soft_time_limit=60, time_limit=0)
    def zero() -> None: ...

    @app.task(soft_time_limit=60, time_limit=60)
    def equal() -> None: ...

    for task, since in ((both, TASKS_OWN_SINCE), (one_from_the_settings, SETTINGS_SINCE)):
        if since > VERSION:
            task.delay()
            continue
        with pytest.raises(ValueError, match="less than or equal"):
            task.delay()
    zero.delay()
    equal.delay()


def test_cel119_for_a_pool_of_processes_zero_is_as_good_as_none() -> None:
    source = inspect.getsource(billiard.pool.Pool.apply_async)
    assert "timeout = timeout or self.timeout" in source
    assert "soft_timeout = soft_timeout or self.soft_timeout" in source


@pytest.mark.parametrize("late", [False, True])
def test_cel120_a_lost_worker_matters_to_late_tasks_only(app: Any, late: bool) -> None:
    @app.task(acks_late=late, reject_on_worker_lost=True)
    def charge() -> None: ...

    app.set_current()
    message = Mock(
        headers={"id": "1", "task": charge.name},
        payload=([], {}, {}),
        content_type="application/json",
        content_encoding="utf-8",
    )
    rejected = Mock()
    request = Request(message, app=app, task=charge, on_ack=Mock(), on_reject=rejected)
    try:
        raise WorkerLostError("killed")
    except WorkerLostError:
        request.on_failure(ExceptionInfo())
    assert rejected.called is late


@pytest.mark.parametrize("handler", HANDLERS)
def test_cel122_handlers_are_called_with_so_many(app: Any, handler: str) -> None:
    calls = []

    def handle(self: Any, *args: Any, **kwargs: Any) -> None:
        calls.append((len(args), kwargs))

    @app.task(base=type("Loud", (app.Task,), {handler: handle}), bind=True, max_retries=1)
    def charge(self: Any, how: str) -> None:
        if how == "fails":
            raise OSError
        if how == "again":
            raise self.retry()

    for how in ("succeeds", "fails", "again"):
        trace = build_tracer(charge.name, charge, app=app)
        with contextlib.suppress(Exception):
            trace(how, (how,), {}, {"id": how, "args": (how,), "kwargs": {}, "delivery_info": {}})
    assert calls
    assert all(call == (len(HANDLERS[handler]), {}) for call in calls)


def test_cel126_of_two_tasks_of_a_name_one_is_kept(app: Any) -> None:
    def plain(function: Any) -> Any:
        def wrapper() -> Any:
            return function()

        return wrapper

    @app.task
    @plain
    def one() -> int:
        return 1

    @app.task
    @plain
    def two() -> int:
        return 2

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        app.finalize()
    assert one.name == two.name == f"{__name__}.wrapper"
    assert _run(one) == _run(two)


@pytest.mark.parametrize("ignored", [False, True])
def test_cel125_nothing_is_a_result_too(app: Any, ignored: bool) -> None:
    @app.task(ignore_result=ignored)
    def sync() -> None: ...

    app.finalize()
    name = str(uuid4())
    build_tracer(sync.name, sync, app=app)(name, (), {}, {"id": name, "delivery_info": {}})
    stored = app.backend.get(app.backend.get_key_for_task(name))
    assert (stored is None) is ignored


class _Item(pydantic.BaseModel):
    price: int


class _Order(_Item): ...


_OPTIONAL, _UNION = typing.Optional, typing.Union


@pytest.mark.parametrize(
    ("annotation", "made"),
    [
        (_Item, True),
        (_OPTIONAL[_Item], True),
        (_Item | None, True),
        (Annotated[_Item, 1], True),
        (list[_Item], False),
        (_Item | _Order, False),
        (_UNION[_Item, _Order, None], False),
        (_OPTIONAL[list[_Item]], False),
        (Annotated[_UNION[_Item, int], 1], False),
    ],
)
def test_cel124_celery_makes_a_model_of_nothing_else(app: Any, annotation: Any, made: bool) -> None:
    def ship(x: Any) -> bool:
        return isinstance(x, _Item)

    ship.__annotations__["x"] = annotation
    task = app.task(ship, pydantic=True)
    since = (5, 6) if get_origin(annotation) is Annotated else (5, 5)
    assert _run(task, {"price": 3}) is (made and since <= VERSION)


def test_cel113_a_shared_task_is_not_shared_again(app: Any) -> None:
    def charge() -> None: ...

    if VERSION < REFUSED_SINCE:
        return
    shared = shared_task(charge)
    with pytest.raises(TypeError, match="more than once"):
        shared_task(shared)


def test_cel113_a_task_of_an_app_is_registered_twice(app: Any) -> None:
    @app.task(max_retries=1)
    @app.task(max_retries=2)
    def charge() -> None: ...

    @app.task(name="a")
    @app.task(name="b")
    def refund() -> int:
        return 1

    assert charge.name == "celery.local.charge"
    assert f"{__name__}.charge" in app.tasks
    assert _run(refund) == _run(app.tasks["b"]) == 1


@pytest.mark.parametrize(
    "option", ["queue", "exchange", "exchange_type", "routing_key", "delivery_mode", "priority"]
)
def test_cel107_celery_warns_of_it(app: Any, option: str) -> None:
    @app.task(**{option: None})
    def send() -> None: ...

    since = catalog.task_options()[option].deprecated
    assert since is not None
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        app.finalize()
    ours = [w for w in caught if f"'{option}' task attribute" in str(w.message)]
    assert bool(ours) is (since <= VERSION)
    assert all(w.category is CDeprecationWarning for w in ours)


def test_cel107_celery_warns_of_no_other_option(app: Any) -> None:
    names = {n for n, o in catalog.task_options().items() if o.kind == "execution"}
    deprecated = {n for n in names if catalog.task_options()[n].deprecated}

    @app.task(**dict.fromkeys(names - deprecated))
    def send() -> None: ...

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        app.finalize()


@pytest.mark.parametrize("value", [True, False, None])
def test_cel108_two_options_say_what_one_did(app: Any, value: bool | None) -> None:
    @app.task(acks_on_failure_or_timeout=value)
    def one() -> None: ...

    @app.task(acks_on_failure=value, acks_on_timeout=value)
    def two() -> None: ...

    for name in ("acks_on_failure", "acks_on_timeout"):
        if name in catalog.task_options(VERSION):
            assert getattr(one, name) == getattr(two, name)
        else:
            assert not hasattr(one, name)
