"""What `celeryls add` gives a task, on real brokers: an endpoint over HTTP, metrics to scrape."""

import json
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urljoin

import pytest

from tests.services.brokers import free_port
from tests.services.shop import Shop
from tests.worker.running import wait_for

pytestmark = pytest.mark.services
API = '"""The API."""\n\nfrom fastapi import FastAPI\n\napi = FastAPI()\n'


def _asked(url: str, body: object = None) -> tuple[int, Any]:
    """The status and the JSON of an answer; a body is posted."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_an_endpoint_sends_its_task_and_tells_what_came_of_it(shop: Shop) -> None:
    (shop.root / "requirements.txt").write_text("celery\nfastapi\nuvicorn\n")
    (shop.root / "api.py").write_text(API)
    for task in ("price", "poison"):
        shop.celeryls("add", "endpoint", f"tasks.py::{task}", "--yes")
    with shop.worker(), shop.web() as url:

        def outcome(task: str, body: object) -> Any:
            status, sent = _asked(f"{url}/tasks/{task}", body)
            assert status == 202, sent

            def ended() -> Any:
                status, told = _asked(urljoin(url, sent["status_url"]))
                assert status == 200, told
                return told if told["state"] in {"SUCCESS", "FAILURE"} else None

            return wait_for(ended, "the end of the task")

        told = outcome("price", {"product_id": 7, "count": 3})
        assert (told["state"], told["result"]) == ("SUCCESS", 21)
        told = outcome("poison", {})
        assert (told["state"], told["error"]) == ("FAILURE", "WorkerLostError")
        assert _asked(f"{url}/tasks/price", {"product_id": "x"})[0] == 422
    assert len(shop.runs("price")) == 1


def test_metrics_of_all_processes_are_scraped_from_the_worker(shop: Shop) -> None:
    shop.celeryls("add", "metrics", "tasks.py::price", "--yes")
    port = free_port()
    shop.variables["CELERY_METRICS_PORT"] = str(port)

    def sample(name: str, task: str) -> float:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=20) as answer:
            lines: list[str] = answer.read().decode().splitlines()
        begin = f'{name}{{task="tasks.{task}"}} '
        return sum(float(line.removeprefix(begin)) for line in lines if line.startswith(begin))

    with shop.worker():
        for number in (1, 2):
            shop.done(shop.send(f"price.delay({number})"))
        shop.done(shop.send("poison.delay()"))
        shop.done(shop.send("total.apply_async((-1,), retries=3)"))
        # What ran in a process that is gone is still counted.
        wait_for(lambda: sample("celery_task_failed_total", "total"), "the last count")
        assert sample("celery_task_started_total", "price") == 2
        assert sample("celery_task_seconds_count", "price") == 2
        assert sample("celery_task_failed_total", "price") == 0
        assert sample("celery_task_started_total", "poison") == 1
        assert sample("celery_task_failed_total", "poison") == 1
        assert sample("celery_task_failed_total", "total") == 1
