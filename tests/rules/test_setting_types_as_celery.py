"""What CEL605 and CEL611 say of values of settings, asked of Celery itself."""

import ssl
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from billiard.pool import TASK, Pool, Worker
from celery import Celery
from kombu import pools
from kombu.exceptions import SerializerNotInstalled

from celeryls.rules.configuring.wrong_setting_type import LISTS, NUMBERS
from tests.celery_version import VERSION


@pytest.fixture(autouse=True)
def _pools_of_others() -> Iterator[None]:
    """The limit of pools is one for the whole process, and kombu keeps a wrong one."""
    before, known = pools.get_limit(), [*pools._all_pools()]
    limits = [pool._limit for pool in known]
    yield
    pools._limit[0] = before
    for pool, limit in zip(known, limits, strict=True):
        pool._limit = limit
    pools.reset()


def _app(**settings: Any) -> Celery:
    app = Celery("read", broker="memory://", backend="cache+memory://", set_as_current=False)
    app.conf.update(settings)
    return app


def _send(**settings: Any) -> None:
    app = _app(**settings)

    @app.task(shared=False)
    def clean() -> None: ...

    clean.delay()


def _work(**limits: Any) -> None:
    """One job in the loop of a process of a pool."""
    job = TASK, (1, None, abs, (1,), {})
    child = SimpleNamespace(
        **{"maxtasks": None, "max_memory_per_child": None, **limits},
        outq=SimpleNamespace(put=lambda message: None),
        inqW_fd=None,
        synqW_fd=None,
        synq=None,
        prepare_result=lambda result: result,
        wait_for_job=iter([job]).__next__,
        wait_for_syn=None,
        _ensure_messages_consumed=lambda completed: None,
    )
    Worker.workloop(child)


_USES = {
    "broker_pool_limit": lambda value: _send(broker_pool_limit=value),
    "task_protocol": lambda value: _send(task_protocol=value),
    "task_repr_maxlevels": lambda value: _send(task_repr_maxlevels=value),
    "task_time_limit": lambda value: _send(task_time_limit=value, task_soft_time_limit=1),
    "task_soft_time_limit": lambda value: _send(task_soft_time_limit=value, task_time_limit=9),
    "worker_max_tasks_per_child": lambda value: _work(maxtasks=value),
    "worker_max_memory_per_child": lambda value: _work(max_memory_per_child=value),
    "worker_concurrency": lambda value: Pool(processes=value),
}


@pytest.mark.parametrize("key", sorted(NUMBERS))
def test_a_number_as_a_text_fails(key: str) -> None:
    if key.startswith("task_") and key != "task_protocol" and VERSION < (5, 7):
        return  # not yet where a task is sent
    with pytest.raises((TypeError, KeyError)):
        _USES[key]("2")


def test_what_is_said_to_be_converted_is() -> None:
    assert _app(result_expires="3600").backend.expires == 3600


def test_words_are_no_number() -> None:
    with pytest.raises(ValueError, match="1 day"):
        assert _app(result_expires="1 day").backend.expires


@pytest.mark.parametrize("key", sorted(LISTS))
def test_a_text_is_taken_for_its_characters(key: str) -> None:
    with pytest.raises(SerializerNotInstalled, match="for j"):
        assert _app(**{key: "json"}).backend.accept


@pytest.mark.parametrize("said", ["", "?ssl_cert_reqs=CERT_REQUIRED"])
def test_a_rediss_backend_must_say_what_to_do_with_certificates(said: str) -> None:
    app = Celery("read", backend=f"rediss://localhost/0{said}", set_as_current=False)
    if said:
        assert app.backend.connparams["ssl_cert_reqs"] is ssl.CERT_REQUIRED
    else:
        with pytest.raises(ValueError, match="must have parameter ssl_cert_reqs"):
            assert app.backend


def test_a_setting_says_it_too() -> None:
    app = Celery("read", backend="rediss://localhost/0", set_as_current=False)
    app.conf.redis_backend_use_ssl = {"ssl_cert_reqs": ssl.CERT_REQUIRED}
    assert app.backend.connparams["ssl_cert_reqs"] is ssl.CERT_REQUIRED


def test_a_rediss_broker_need_not_say_it() -> None:
    app = Celery("read", broker="rediss://localhost/0", set_as_current=False)
    assert app.connection_for_write().as_uri().startswith("rediss://")
