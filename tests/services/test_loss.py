"""What becomes of a message whose worker or process dies, or that can't be read, on real brokers.

kombu's filesystem transport removes a message when it is read, so this can't be shown there.
"""

import time

import pytest

from tests.services.shop import Shop
from tests.worker.running import wait_for

pytestmark = pytest.mark.services
VISIBILITY_TIMEOUT = 3
"""Seconds after which Redis hands an unacknowledged message to another worker."""


@pytest.fixture
def hasty(shop: Shop) -> Shop:
    """A shop whose Redis waits for seconds and not for the hour that is right elsewhere."""
    shop.change_app('"visibility_timeout": 3600', f'"visibility_timeout": {VISIBILITY_TIMEOUT}')
    return shop


def _kill_in_the_middle(shop: Shop) -> str:
    """Send the task, kill the worker that has begun it; the task's id.

    SIGKILL goes to the worker and its pool, as when a machine dies.  The pool is prefork: with
    solo, acknowledging waits for the task to end, whatever its options say.
    """
    with shop.worker() as worker:
        sent = shop.send("wait.delay()")
        wait_for(lambda: shop.runs("wait"), "the task's start")
        worker.kill()
    (shop.root / "notes/finish").touch()
    assert shop.outcome(sent)["state"] != "SUCCESS"
    if shop.broker.kind == "redis":
        time.sleep(VISIBILITY_TIMEOUT + 1)
    return sent


def test_a_task_survives_the_death_of_its_worker(hasty: Shop) -> None:
    sent = _kill_in_the_middle(hasty)
    # RabbitMQ has it back as soon as the connection is gone.
    assert hasty.broker.left("default") == 1
    with hasty.worker():
        assert hasty.done(sent)["state"] == "SUCCESS"
    assert len(hasty.runs("wait")) == 2
    assert hasty.broker.left("default") == 0


def test_without_late_acknowledgement_the_task_is_lost(hasty: Shop) -> None:
    path = hasty.root / "tasks.py"
    text = path.read_text()
    path.write_text(text.replace("acks_late=True", "acks_late=False"))
    assert path.read_text() != text
    sent = _kill_in_the_middle(hasty)
    with hasty.worker() as worker:
        # A later task is done, so the queue was looked at, and the first one was not in it.
        assert hasty.done(hasty.send("wait.delay()"))["state"] == "SUCCESS"
        assert sent not in worker.log
    assert hasty.outcome(sent)["state"] != "SUCCESS"


def test_a_task_that_kills_its_process_runs_once(shop: Shop) -> None:
    with shop.worker():
        outcome = shop.done(shop.send("poison.delay()"))
        assert outcome["state"] == "FAILURE"
        assert "WorkerLostError" in outcome["result"]
        # The worker is well, and by the time that this is done a message would have come back.
        assert shop.done(shop.send("price.delay(2)"))["result"] == 2
    assert len(shop.runs("poison")) == 1
    assert shop.broker.left("default") == 0


def test_it_would_run_for_ever_with_the_setting_that_the_scaffold_warns_of(shop: Shop) -> None:
    shop.change_app("task_reject_on_worker_lost=False", "task_reject_on_worker_lost=True")
    with shop.worker():
        shop.send("poison.delay()")
        wait_for(lambda: len(shop.runs("poison")) >= 4, "the fourth run")


def test_what_can_not_be_read_is_discarded_and_obeyed_by_nobody(shop: Shop) -> None:
    pickled = b"cposix\nsystem\n(S'touch notes/obeyed'\ntR."
    for number, (body, content_type) in enumerate(
        (
            (b"{not json", "application/json"),
            (b"\xff\xfe", "application/json"),
            (pickled, "application/x-python-serialize"),
            (b"[[1], {}, {}]", "application/x-nobody-knows"),
        )
    ):
        headers = {"lang": "py", "task": "tasks.price", "id": f"odd-{number}"}
        shop.broker.put("default", body, content_type, headers)
    with shop.worker() as worker:
        # It comes after them, and the worker has one process.
        assert shop.done(shop.send("price.delay(2)"))["result"] == 2
        assert worker.log.count("Can't decode message body") == 2
        assert worker.log.count("Received invalid task message: Refusing to deserialize") == 2
    assert shop.broker.left("default") == 0
    assert len(shop.runs("price")) == 1
    assert not (shop.root / "notes/obeyed").exists()


def test_a_task_that_nobody_knows_is_discarded(shop: Shop) -> None:
    with shop.worker() as worker:
        shop.python("app.send_task('tasks.gone', (1,))")
        assert shop.done(shop.send("price.delay(2)"))["result"] == 2
        assert worker.log.count("Received unregistered task of type 'tasks.gone'") == 1
    assert shop.broker.left("default") == 0
