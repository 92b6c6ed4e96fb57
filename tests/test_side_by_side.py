"""The comparison is fair: mistakes are mistakes and look-alikes work, as Celery itself shows."""

import asyncio
import json
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import celery
import celery._state
import celery.app.builtins  # its tasks wait for an app, as shared ones do
import pytest
from benchmarks.side_by_side.items import HEADER, LOOK_ALIKES, MISTAKES
from benchmarks.side_by_side.run import HERE, digest
from celery import signals
from kombu.exceptions import ContentDisallowed
from kombu.serialization import dumps, loads, prepare_accept_content

SENT = "sent"
EAGER = {"M20", "M21", "M24", "L17"}
"""Blocks that wait for what they send; it is run at once."""

PROVEN: dict[str, tuple[str, Any, Any]] = {
    "M01": ("m01.delay()", TypeError, SENT),
    "M02": ("m02.delay(1)", TypeError, SENT),
    "M03": ("m03.max_retries", 3, 9),
    "M04": ("runs(m04, 1)", 4, 1),
    "M05": ("type(ended(m05.apply((1,)).result)).__name__", "coroutine", "NoneType"),
    "M06": ("m06.name", "shop.m06", "m06"),
    "M07": ("m07.delay(1)", AttributeError, SENT),
    "M08": ("m08.delay(1)", TypeError, SENT),
    "M09": ("None", AttributeError, None),
    "M10": ("m10.delay(1)", ValueError, SENT),
    "M11": ("None", TypeError, None),
    "M12": ("None", TypeError, None),
    "M14": ("None", TypeError, None),
    "M15": ("None", TypeError, None),
    "M16": ("None", TypeError, None),
    "M17": ("messages()[0].headers['eta'] is None", True, False),
    "M18": ("None", TypeError, None),
    "M19": ("None", "EncodeError", None),
    "M20": ("None", TypeError, None),
    "M21": ("None", AttributeError, None),
    "M22": ("as_in_prefork(m22)", RuntimeError, 2),
    "M23": ("messages()[0].headers['task'] in app.tasks", False, True),
    "M24": ("None", TypeError, None),
    "M25": ("None", TypeError, None),
    "M26": ("len(messages())", 0, 1),
    "M27": ("m27.max_retries", TypeError, 3),
    "M28": ("delay_of_retry(m28)", 180, 5),
    "M29": ("delay_of_retry(m29)", None, 9),
    "M30": ("delay_of_retry(m30)", TypeError, 180),
    "M31": ("len(M31.minute)", 60, 1),
    "M32": ("app.conf.beat_schedule['m32'].get('options', {}).get('expires')", None, 50),
    "M33": ("app.conf.beat_schedule['m33']['task'] in app.tasks", False, True),
    "M34": ("double.apply_async(M34['m34']['args'])", TypeError, SENT),
    "M35": ("app.conf.task_track_started", False, True),
    "M36": ("m36.queue in [queue.name for queue in app.conf.task_queues]", False, True),
    "M37": ("unpickled(app.conf.accept_content)", "loaded", "ContentDisallowed"),
    "M38": ("'hunter2' in app.conf.broker_url", True, False),
    "M39": ("app.backend.prepare_expires(app.conf.result_expires)", None, 3600),
    "M40": ("app.finalize() or m40.__name__ == m40_again.__name__", True, False),
}
"""What shows each mistake: an expression, and what comes of it after the wrong and the right code.

`None` as an expression: the code itself fails.  M13 needs a database: see Celery's documentation,
userguide/tasks.html#database-transactions.
"""
WORKING: dict[str, tuple[str, Any]] = {
    "L01": ("l01.delay()", SENT),
    "L02": ("l02.delay(1)", SENT),
    "L03": ("l03.delay(1)", SENT),
    "L04": ("L04.l04.delay(1)", SENT),
    "L05": ("l05.apply((1, 2, 3)).state", "SUCCESS"),
    "L06": ("use06(double.s())", TypeError),
    "L07": ("messages()[0].payload[1]", {"countdown": 10}),
    "L08": ("(len(L08.minute), len(L08.hour))", (1, 1)),
    "L09": ("len(L09.minute)", 60),
    "L10": ("[*l10(None)]", [1]),
    "L11": ("None", None),
    "L12": ("str(messages()[0].decode()[0][0][0])", "1.5"),
    "L13": ("l13.delay_once()", {}),
    "L14": ("l14.apply((1,)).get()", [1]),
    "L15": ("delay_of_retry(l15)", 9),
    "L16": ("delay_of_retry(l16)", 9),
    "L17": ("as_in_prefork(l17)", 2),
    "L18": ("app.finalize() or L18['l18']['task'] in app.tasks", True),
    "L19": ("messages()[0].headers['task']", "warehouse.tasks.restock"),
    "L20": ("L20.delay()", SENT),
}


class Unprintable:
    def __str__(self) -> str:
        raise OSError


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str, str], Any]]:
    """Run a block as a module `shop`, and say what comes of an expression."""
    # Only the name is imported; the block that uses it is not run.
    django = types.ModuleType("django.db")
    django.transaction = None  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "django.db", django)
    before = celery._state._tls.current_app
    finalizers = set(celery._state._on_app_finalizers)

    def forget() -> None:
        """Take back the shared tasks, which every later app would get."""
        celery._state._on_app_finalizers.clear()
        celery._state._on_app_finalizers.update(finalizers)

    def outcome(name: str, code: str, expression: str) -> Any:
        forget()
        namespace: dict[str, Any] = {"__name__": "shop", **HELPERS}
        exec(HEADER, namespace)
        app = namespace["app"]
        app.conf.update(broker_url="memory://", result_backend="cache+memory://")
        namespace["messages"] = lambda: messages(app)
        if name in EAGER:
            app.conf.update(task_always_eager=True, task_eager_propagates=True)
        messages(app)
        try:
            exec(code, namespace)
            result = eval(expression, namespace)
        except Exception as error:
            return type(error)
        return SENT if isinstance(result, celery.result.AsyncResult) else result

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield outcome
    celery._state._tls.current_app = before
    forget()


def messages(app: Any) -> list[Any]:
    """What was sent, taken from its queues."""
    found = []
    with app.connection_for_read() as connection:
        for queue in ("celery", "mail"):
            bound = app.amqp.queues[queue](connection.default_channel)
            bound.declare()
            while (message := bound.get(no_ack=True)) is not None:
                found.append(message)
    return found


def runs(task: Any, *args: Any) -> int:
    """How often a task runs, with its retries."""
    seen: list[Any] = []

    def count(**_: Any) -> None:
        seen.append(1)

    signals.task_prerun.connect(count)
    try:
        task.apply(args)
    finally:
        signals.task_prerun.disconnect(count)
    return len(seen)


def as_in_prefork(task: Any) -> Any:
    """Run a task as a worker process does, which marks itself so (celery/concurrency/prefork)."""
    celery._state._set_task_join_will_block(True)
    try:
        return task.apply((1,), throw=True).result
    finally:
        celery._state._set_task_join_will_block(False)


def delay_of_retry(task: Any) -> Any:
    """The seconds until a task is tried again, `None` if its worker is not told of a retry."""
    task.push_request(id="1", args=(1,), kwargs={}, called_directly=False, delivery_info={})
    try:
        task.run(Unprintable())
    except celery.exceptions.Retry as retry:
        return retry.when
    finally:
        task.pop_request()
    return None


def unpickled(accepted: list[str]) -> str:
    kind, encoding, data = dumps("loaded", serializer="pickle")
    try:
        return str(loads(data, kind, encoding, accept=prepare_accept_content(accepted)))
    except ContentDisallowed:
        return "ContentDisallowed"


def ended(result: Any) -> Any:
    """The same; a coroutine is closed, or Python warns that nobody awaited it."""
    if asyncio.iscoroutine(result):
        result.close()
    return result


HELPERS: dict[str, Any] = {
    one.__name__: one for one in (runs, as_in_prefork, delay_of_retry, unpickled, ended)
}


def _is(result: Any, expected: Any) -> bool:
    if isinstance(expected, type) and issubclass(expected, Exception):
        return isinstance(result, type) and issubclass(result, expected)
    return result == expected or getattr(result, "__name__", None) == expected is not None


@pytest.mark.parametrize("name", PROVEN)
def test_mistakes_are_mistakes(run: Callable[[str, str, str], Any], name: str) -> None:
    item = MISTAKES[int(name[1:]) - 1]
    expression, wrong, right = PROVEN[name]
    result = run(name, item.code, expression)
    assert _is(result, wrong), f"{item.title}: {result}"
    result = run(name, item.other, expression)
    assert _is(result, right), f"{item.title}, mended: {result}"


@pytest.mark.parametrize("name", WORKING)
def test_look_alikes_work(run: Callable[[str, str, str], Any], name: str) -> None:
    item = LOOK_ALIKES[int(name[1:]) - 1]
    expression, expected = WORKING[name]
    result = run(name, item.code, expression)
    assert _is(result, expected), f"{item.title}: {result}"


def test_all_are_tried() -> None:
    assert [*PROVEN] == [f"M{n:02}" for n in range(1, 41) if n != 13]
    assert [*WORKING] == [f"L{n:02}" for n in range(1, 21)]
    assert (len(MISTAKES), len(LOOK_ALIKES)) == (40, 20)


def test_the_others_were_asked_about_these() -> None:
    record = json.loads(Path(HERE, "peers.json").read_text("utf-8"))
    assert record["digest"] == digest(), "run benchmarks/side_by_side/run.py"
