"""What CEL309 and CEL313 say of messages, asked of what a worker reads in them."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from celery import Celery
from celery.worker.request import Request
from kombu.message import Message
from kombu.utils.json import dumps, loads


def _read(app: Celery, eta: datetime) -> Any:
    """The request that a worker makes of a message with an `eta`."""
    made = app.amqp.as_task_v2("the-id", "remind", eta=eta, expires=eta)
    headers = {**made.headers, "expires": None}
    body = dumps(made.body)
    message = Message(
        body, headers=headers, content_type="application/json", content_encoding="utf-8"
    )
    message.delivery_info = {}
    message.properties = made.properties
    return Request(message, app=app, task=app.tasks["remind"], hostname="here")


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Tokyo"])
def test_cel309_a_time_without_a_zone_is_utc(zone: str) -> None:
    app = Celery("x", broker="memory://", set_as_current=False)
    app.conf.timezone = zone

    @app.task(name="remind", shared=False)
    def remind() -> None: ...

    naive = datetime(2030, 7, 1, 12)
    assert _read(app, naive).eta == naive.replace(tzinfo=timezone.utc)
    tokyo = naive.replace(tzinfo=timezone(timedelta(hours=9)))
    assert _read(app, tokyo).eta == tokyo


@pytest.mark.parametrize(
    ("sent", "read"),
    [({1: "a"}, {"1": "a"}), ({None: 1}, {"null": 1}), ((1, 2), [1, 2]), ([{1: 2}], [{"1": 2}])],
)
def test_cel313_what_json_makes_of_it(sent: Any, read: Any) -> None:
    assert loads(dumps(sent)) == read
