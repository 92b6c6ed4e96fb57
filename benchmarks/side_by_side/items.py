"""Forty mistakes and twenty correct look-alikes, as blocks of one file.

A mistake is a pair of code: wrong, and right.  A look-alike is a pair too: code that resembles a
mistake and is none, and the same without what resembles it.  Names are unique, so that all blocks
stand in one file.  That each is what it is said to be is tried with
Celery in `tests/test_side_by_side.py`.
"""

from typing import NamedTuple

HEADER = """\
from __future__ import annotations

import datetime
import decimal
import functools
from typing import Any

from celery import Celery, Task, chain, group, shared_task
from celery.exceptions import Reject, Retry
from celery.schedules import crontab
from django.db import transaction
from kombu import Queue

app = Celery("shop", include=["shop"])
app.conf.task_queues = [Queue("celery"), Queue("mail")]
app.conf.result_backend = "redis://cache.example/1"


@shared_task(name="shop.double")
def double(x: int) -> int:
    return 2 * x
"""


class Item(NamedTuple):
    """One block: in the file of mistakes and look-alikes, and in the file to compare with."""

    title: str
    code: str
    other: str


def _task(name: str, body: str = "return None", options: str = "", params: str = "x: int") -> str:
    # The stubs know what a shared task takes; of one of an app's they say `Task[Any, Any]`.
    return f"@shared_task{options}\ndef {name}({params}) -> Any:\n    {body}\n"


def _call(
    name: str, wrong: str, right: str, params: str = "x: int", options: str = ""
) -> tuple[str, str]:
    task = _task(name, params=params, options=options)
    return f"{task}\n\n{wrong}\n", f"{task}\n\n{right}\n"


def _line(wrong: str, right: str) -> tuple[str, str]:
    return f"{wrong}\n", f"{right}\n"


def _retry(name: str, wrong: str, right: str, options: str = "(bind=True)") -> tuple[str, str]:
    def task(body: str) -> str:
        lines = "\n".join(f"    {line}" for line in body.splitlines())
        return f"@app.task{options}\ndef {name}(self: Task[Any, Any], x: int) -> Any:\n{lines}\n"

    return task(wrong), task(right)


BY_HAND = "try:\n    print(x)\nexcept OSError as exc:\n    raise self.retry(exc=exc)"
MISTAKES = (
    Item(
        "a bound task without self",
        _task("m01", options="(bind=True)", params=""),
        _task("m01", options="(bind=True)", params="self: Any"),
    ),
    Item(
        "self without bind=True",
        _task("m02", params="self: Any, x: int"),
        _task("m02", options="(bind=True)", params="self: Any, x: int"),
    ),
    Item(
        "a misspelt option: max_retires",
        _task("m03", options="(max_retires=9)"),
        _task("m03", options="(max_retries=9)"),
    ),
    Item(
        "programming errors are retried too",
        _task("m04", "return len(x)  # type: ignore", "(autoretry_for=(Exception,))"),
        _task("m04", "return len(x)  # type: ignore", "(autoretry_for=(OSError,))"),
    ),
    Item(
        "an async task",
        "@app.task\nasync def m05(x: int) -> None: ...\n",
        "@app.task\ndef m05(x: int) -> None: ...\n",
    ),
    Item(
        "a name that follows the module, and changes when the task moves",
        _task("m06"),
        _task("m06", options='(name="m06")'),
    ),
    Item(
        "a decorator above the task decorator",
        "def twice(f: Any) -> Any:\n    @functools.wraps(f)\n    def inner(*a: Any) -> Any:\n        return f(*a), f(*a)\n    return inner\n\n\n@twice\n@app.task\ndef m07(x: int) -> Any: ...\n",
        "def twice(f: Any) -> Any:\n    @functools.wraps(f)\n    def inner(*a: Any) -> Any:\n        return f(*a), f(*a)\n    return inner\n\n\n@app.task\n@twice\ndef m07(x: int) -> Any: ...\n",
    ),
    Item(
        "the name by position",
        '@app.task("m08")\ndef m08(x: int) -> None: ...\n',
        '@app.task(name="m08")\ndef m08(x: int) -> None: ...\n',
    ),
    Item("a misspelt method: dealy", *_call("m09", "m09.dealy(1)", "m09.delay(1)")),
    Item(
        "the soft limit above the hard one",
        _task("m10", options="(soft_time_limit=60, time_limit=30)"),
        _task("m10", options="(soft_time_limit=30, time_limit=60)"),
    ),
    Item("an argument too many", *_call("m11", "m11.delay(1, 2)", "m11.delay(1)")),
    Item("an argument missing", *_call("m12", "m12.delay()", "m12.delay(1)")),
    Item(
        "a task that is sent before the transaction is committed",
        *_call(
            "m13",
            "def view13(order: Any) -> None:\n    with transaction.atomic():\n        order.save()\n        m13.delay(order.pk)",
            "def view13(order: Any) -> None:\n    with transaction.atomic():\n        order.save()\n    m13.delay(order.pk)",
        ),
    ),
    Item(
        "args without the comma",
        *_call("m14", "m14.apply_async(args=(1))", "m14.apply_async(args=(1,))"),
    ),
    Item(
        "apply_async called like delay",
        *_call("m15", "m15.apply_async(1, 2)", "m15.apply_async((1,))"),
    ),
    Item(
        "countdown handed to delay",
        *_call("m16", "m16.delay(1, countdown=10)", "m16.apply_async((1,), countdown=10)"),
    ),
    Item(
        "a misspelt call option: count_down",
        *_call(
            "m17", "m17.apply_async((1,), count_down=10)", "m17.apply_async((1,), countdown=10)"
        ),
    ),
    Item(
        "a timedelta as countdown",
        *_call(
            "m18",
            "m18.apply_async((1,), countdown=datetime.timedelta(hours=1))",
            "m18.apply_async((1,), countdown=3600)",
        ),
    ),
    Item(
        "a set as argument, which JSON has not",
        *_call("m19", "m19.delay({1, 2})", "m19.delay([1, 2])", params="x: Any"),
    ),
    Item(
        "an argument of the wrong type",
        _task("m20", "return x + 1") + '\n\nm20.delay("one")\n',
        _task("m20", "return x + 1") + "\n\nm20.delay(1)\n",
    ),
    Item(
        "a result used as another type",
        "@shared_task\ndef m21(x: int) -> int:\n    return x\n\n\nM21 = m21.delay(1).get(timeout=9).upper()\n",
        "@shared_task\ndef m21(x: int) -> int:\n    return x\n\n\nM21 = m21.delay(1).get(timeout=9).bit_length()\n",
    ),
    Item(
        "waiting for a task inside a task",
        _task("m22", "return double.delay(x).get()"),
        _task("m22", "return double(x)"),
    ),
    Item(
        "a task that is sent by a misspelt name",
        *_call("m23", 'app.send_task("shop.m23s", (1,))', 'app.send_task("shop.m23", (1,))'),
    ),
    Item(
        "a chain whose step takes no result",
        _task("m24", params="") + "\n\nchain(double.s(1), m24.s()).delay()\n",
        _task("m24", params="") + "\n\nchain(double.s(1), m24.si()).delay()\n",
    ),
    Item(
        "delay inside a group",
        *_call(
            "m25", "group(m25.delay(1), m25.delay(2)).delay()", "group(m25.s(1), m25.s(2)).delay()"
        ),
    ),
    Item("a signature that is never sent", *_call("m26", "m26.s(1)", "m26.s(1).delay()")),
    Item(
        "autoretry_for without a tuple",
        _task("m27", options="(autoretry_for=OSError, retry_backoff=True)"),
        _task("m27", options="(autoretry_for=(OSError,), retry_backoff=True)"),
    ),
    Item(
        "retry_backoff with retries by hand",
        _retry("m28", BY_HAND, "", "(bind=True, retry_backoff=True)")[0],
        _retry("m28", BY_HAND, "", "(bind=True, default_retry_delay=5)")[0],
    ),
    Item(
        "a retry that the except around it swallows",
        *_retry(
            "m29",
            "try:\n    raise self.retry(countdown=9)\nexcept Exception:\n    return None",
            "try:\n    raise self.retry(countdown=9)\nexcept Retry:\n    raise\nexcept Exception:\n    return None",
        ),
    ),
    Item(
        "the exception as retry's first argument",
        *_retry(
            "m30",
            "try:\n    print(x)\nexcept OSError as exc:\n    raise self.retry(exc)",
            "try:\n    print(x)\nexcept OSError as exc:\n    raise self.retry(exc=exc)",
        ),
    ),
    Item(
        "crontab(hour=3): sixty times",
        *_line("M31 = crontab(hour=3)", "M31 = crontab(hour=3, minute=0)"),
    ),
    Item(
        "a schedule whose tasks never expire, when no worker runs",
        *_line(
            'app.conf.beat_schedule = {"m32": {"task": "shop.double", "schedule": 60.0, "args": (1,)}}',
            'app.conf.beat_schedule = {"m32": {"task": "shop.double", "schedule": 60.0, "args": (1,), "options": {"expires": 50}}}',
        ),
    ),
    Item(
        "a schedule of a task that is nowhere",
        *_line(
            'app.conf.beat_schedule = {"m33": {"task": "shop.doubles", "schedule": 60.0, "args": (1,)}}',
            'app.conf.beat_schedule = {"m33": {"task": "shop.double", "schedule": 60.0, "args": (1,)}}',
        ),
    ),
    Item(
        "schedule args without the comma",
        *_line(
            'M34 = {"m34": {"task": "shop.double", "schedule": 60.0, "args": (1)}}',
            'M34 = {"m34": {"task": "shop.double", "schedule": 60.0, "args": (1,)}}',
        ),
    ),
    Item(
        "a misspelt setting",
        *_line("app.conf.task_track_startd = True", "app.conf.task_track_started = True"),
    ),
    Item(
        "a queue that no worker reads: mial",
        _task("m36", options='(queue="mial")'),
        _task("m36", options='(queue="mail")'),
    ),
    Item(
        "pickled messages are accepted",
        *_line(
            'app.conf.accept_content = ["json", "pickle"]', 'app.conf.accept_content = ["json"]'
        ),
    ),
    Item(
        "a password in the source",
        *_line(
            'app.conf.broker_url = "redis://:hunter2@cache.example/0"',
            'app.conf.broker_url = "redis://cache.example/0"',
        ),
    ),
    Item(
        "results are kept for ever",
        *_line("app.conf.result_expires = None", "app.conf.result_expires = 3600"),
    ),
    Item(
        "two tasks of one name",
        '@app.task(name="m40")\ndef m40(x: int) -> None: ...\n\n\n@app.task(name="m40")\ndef m40_again(x: int) -> None: ...\n',
        '@app.task(name="m40")\ndef m40(x: int) -> None: ...\n\n\n@app.task(name="m40_again")\ndef m40_again(x: int) -> None: ...\n',
    ),
)


def _looks(name: str, like: str, plain: str = "") -> tuple[str, str]:
    return like, plain or _task(name)


LOOK_ALIKES = (
    Item(
        "a bound task with *args",
        *_looks("l01", _task("l01", options="(bind=True)", params="*args: Any")),
    ),
    Item(
        "self by another name",
        *_looks("l02", _task("l02", options="(bind=True)", params="task: Any, x: int")),
    ),
    Item(
        "bind=True in a spread constant",
        *_looks(
            "l03",
            'OPTIONS: dict[str, Any] = {"bind": True}\n\n\n'
            + _task("l03", options="(**OPTIONS)", params="self: Any, x: int"),
            "OPTIONS: dict[str, Any] = {}\n\n\n" + _task("l03"),
        ),
    ),
    Item(
        "staticmethod above the task",
        "class L04:\n    @staticmethod\n    @app.task\n    def l04(x: int) -> None: ...\n",
        "class L04:\n    pass\n\n\n@app.task\ndef l04(x: int) -> None: ...\n",
    ),
    Item(
        "arguments that are not checked",
        *_call(
            "l05",
            "l05.delay(1, 2, 3)",
            "l05.delay(1)",
            options="(typing=False)",
            params="*args: Any",
        ),
    ),
    Item(
        "a local name that hides the task",
        _task("l06") + "\n\ndef use06(l06: Any) -> None:\n    l06.delay(1, 2, 3)\n",
        _task("l06") + "\n\ndef use06(other: Any) -> None:\n    other.delay(1, 2, 3)\n",
    ),
    Item(
        "a parameter called countdown",
        *_call(
            "l07", "l07.delay(1, countdown=10)", "l07.delay(1, 10)", params="x: int, countdown: int"
        ),
    ),
    Item("a crontab by position", *_line("L08 = crontab(0, 3)", "L08 = crontab(minute=0, hour=3)")),
    Item(
        "every minute of an hour, on purpose",
        *_line('L09 = crontab(hour=3, minute="*")', "L09 = crontab(hour=3, minute=0)"),
    ),
    Item(
        "another library's task",
        "class Runner:\n    def task(self, f: Any) -> Any:\n        return f\n\n\nrunner = Runner()\n\n\n@runner.task\ndef l10(self: Any) -> None:\n    yield 1\n",
        "class Runner:\n    def task(self, f: Any) -> Any:\n        return f\n\n\nrunner = Runner()\n\n\ndef l10(self: Any) -> None:\n    yield 1\n",
    ),
    Item(
        "another object's delay",
        "class Timer:\n    def delay(self, seconds: int, countdown: int) -> None: ...\n\n\nTimer().delay(1, countdown=2)\n",
        "class Timer:\n    def delay(self, seconds: int, countdown: int) -> None: ...\n",
    ),
    Item(
        "a Decimal and a date, which kombu writes",
        *_call(
            "l12",
            'l12.delay((decimal.Decimal("1.5"), datetime.date(2026, 1, 1)))',
            "l12.delay(1)",
            params="x: Any",
        ),
    ),
    Item(
        "an option that the base reads",
        "class Once(Task):  # type: ignore[type-arg]\n    once: Any = None\n\n    def delay_once(self) -> Any:\n        return self.once\n\n\n@app.task(base=Once, once={})\ndef l13(x: int) -> None: ...\n",
        "class Once(Task):  # type: ignore[type-arg]\n    once: Any = None\n\n    def delay_once(self) -> Any:\n        return self.once\n\n\n@app.task(base=Once)\ndef l13(x: int) -> None: ...\n",
    ),
    Item(
        "yield in an inner function",
        _task("l14", "def rows() -> Any:\n        yield x\n    return list(rows())"),
        _task("l14", "return [x]"),
    ),
    Item(
        "a retry that is let through",
        *_retry(
            "l15",
            "try:\n    raise self.retry(countdown=9)\nexcept Retry:\n    raise\nexcept Exception:\n    return None",
            "raise self.retry(countdown=9)",
        ),
    ),
    Item(
        "a narrow except around a retry",
        *_retry(
            "l16",
            "try:\n    raise self.retry(countdown=9)\nexcept ValueError:\n    return None",
            "raise self.retry(countdown=9)",
        ),
    ),
    Item(
        "apply().result inside a task",
        _task("l17", "return double.apply((x,)).result"),
        _task("l17", "return double(x)"),
    ),
    Item(
        "a schedule of one of Celery's own tasks",
        *_line(
            'L18 = {"l18": {"task": "celery.backend_cleanup", "schedule": crontab(hour=4, minute=0)}}',
            "L18: dict[str, Any] = {}",
        ),
    ),
    Item(
        "a task of another service by name",
        *_line('app.send_task("warehouse.tasks.restock", (1,))', "L19 = None"),
    ),
    Item("a signature that is kept", *_call("l20", "L20 = l20.s(1)", "L20 = None")),
)
