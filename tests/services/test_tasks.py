"""Six tasks that `celeryls new` wrote, on real brokers: results, retries, the soft limit, beat."""

from datetime import datetime, timedelta, timezone
from signal import SIGTERM

import pytest

from tests.services.shop import TASKS, Shop
from tests.worker.running import wait_for

pytestmark = pytest.mark.services


def test_results_are_right_and_come_from_the_right_queue(shop: Shop) -> None:
    calls = {
        "price.delay(7, count=3)": 21,
        "(price.s(7, 3) | total.s()).delay()": 22,
        "notify.delay()": {"status": "success"},
        "crunch.delay(0)": None,
        "report.delay()": {"status": "success"},
    }
    with shop.worker("-Q", "default"), shop.worker("-Q", "high_priority,io_bound") as special:
        for call, result in calls.items():
            sent = shop.send(call)
            assert shop.done(sent) == {"state": "SUCCESS", "result": result}, call
        assert special.log.count(" received") == 2
    assert {name: len(shop.runs(name)) for name in TASKS if shop.runs(name)} == {
        "price": 2,
        "total": 1,
        "notify": 1,
        "crunch": 1,
        "report": 1,
    }
    for queue in ("default", "high_priority", "io_bound"):
        assert shop.broker.left(queue) == 0


def test_the_message_of_a_retry_has_the_promised_eta_in_its_own_queue(shop: Shop) -> None:
    before = datetime.now(timezone.utc)
    with shop.worker() as worker:
        simple = shop.send("total.delay(-1)")
        exponential = shop.send("notify.apply_async(retries=1)")
        wait_for(lambda: worker.log.count("retry: Retry in") == 2, "both retries")
        after = datetime.now(timezone.utc)
        # The worker holds a message whose time has not come: stopping puts it back.
        worker.signal(SIGTERM)
        worker.process.wait(20)
    for queue, task, retries, least, most in (
        ("default", simple, 1, 60, 60),
        ("high_priority", exponential, 2, 60, 120),
    ):
        assert shop.outcome(task)["state"] == "RETRY"
        message = shop.broker.take(queue)
        assert (message["id"], message["retries"]) == (task, retries)
        eta = datetime.fromisoformat(message["eta"])
        assert before + timedelta(seconds=least) <= eta <= after + timedelta(seconds=most)


def test_a_task_that_fails_twice_succeeds_after_the_delays_it_promises(shop: Shop) -> None:
    with shop.worker() as worker:
        outcome = shop.done(shop.send("fetch.delay(['ä', '\U0001f600'])"))
        assert outcome == {"state": "SUCCESS", "result": ["\U0001f600", "ä"]}
        assert worker.log.count("retry: Retry in") == 2
    first, second, third = shop.runs("fetch")
    assert second - first >= 0.9
    assert third - second >= 0.9


def test_after_its_last_retry_a_task_fails_with_the_error_itself(shop: Shop) -> None:
    with shop.worker() as worker:
        outcome = shop.done(shop.send("total.apply_async((-1,), retries=3)"))
        assert outcome == {"state": "FAILURE", "result": "ConnectionError()"}
        assert "retry: Retry in" not in worker.log
    assert shop.broker.left("default") == 0


def test_the_soft_limit_is_noticed_and_ends_the_task(shop: Shop) -> None:
    with shop.worker("-Q", "io_bound") as worker:
        outcome = shop.done(shop.send("crunch.delay(30)"))
        assert outcome["state"] == "FAILURE"
        assert "SoftTimeLimitExceeded" in outcome["result"]
        assert worker.log.count("Soft time limit reached") == 1
        assert "WorkerLost" not in worker.log  # the process lives on, and was not killed
    assert len(shop.runs("crunch")) == 1
    assert shop.broker.left("io_bound") == 0


def test_beat_sends_a_periodic_task_each_second(shop: Shop) -> None:
    with shop.worker() as worker, shop.beat() as beat:
        wait_for(lambda: len(shop.runs("report")) >= 4, "four runs")
        beat.kill()
        sent = beat.log.count("Sending due task report")
        wait_for(lambda: len(shop.runs("report")) >= sent, "as many runs as beat has sent")
        wait_for(lambda: worker.log.count("succeeded") >= sent, "their end")
    runs = shop.runs("report")
    assert len(runs) - sent in {0, 1}  # beat may be killed between sending and saying so
    assert 0.5 < (runs[-1] - runs[0]) / (len(runs) - 1) < 2
