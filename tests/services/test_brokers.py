"""What is generated, on a real Redis and a real RabbitMQ.

kombu's filesystem transport removes a message when it is read, so late acknowledgement against
SIGKILL can't be shown there.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.services.conftest import VISIBILITY_TIMEOUT
from tests.worker.running import Project, wait_for

pytestmark = pytest.mark.services


def _body(begun: Path, finish: Path) -> str:
    return (
        "import time\nfrom pathlib import Path\n"
        f"Path({str(begun)!r}).touch()\n"
        f"while not Path({str(finish)!r}).exists():\n    time.sleep(0.05)"
    )


def _kill_in_the_middle(project: Project, begun: Path) -> str:
    """Send the task, kill the worker that has begun it; the task's id.

    SIGKILL goes to the worker and its pool, as when a machine dies.  The pool is prefork: with
    solo, acknowledging waits for the task to end, whatever its options say.
    """
    with project.worker("--pool", "prefork", "-c", "1") as worker:
        sent = project.send("sync.delay()")
        wait_for(begun.exists, "the task's start")
        worker.kill()
    assert project.state(sent) != "SUCCESS"
    return sent


def test_a_new_task_survives_the_death_of_its_worker(project: Project, tmp_path: Path) -> None:
    begun, finish = tmp_path / "begun", tmp_path / "finish"
    project.new("sync", body=_body(begun, finish))
    sent = _kill_in_the_middle(project, begun)
    finish.touch()
    time.sleep(VISIBILITY_TIMEOUT + 1)
    with project.worker("--pool", "solo"):
        wait_for(lambda: project.state(sent) == "SUCCESS", "the second worker's success", 60)


def test_without_late_acknowledgement_the_task_is_lost(project: Project, tmp_path: Path) -> None:
    begun, finish = tmp_path / "begun", tmp_path / "finish"
    project.new("sync", body=_body(begun, finish))
    text = project.tasks.read_text()
    assert "acks_late=True" in text
    project.tasks.write_text(text.replace("acks_late=True", "acks_late=False"))
    sent = _kill_in_the_middle(project, begun)
    finish.touch()
    time.sleep(VISIBILITY_TIMEOUT + 1)
    with project.worker("--pool", "solo") as worker:
        # A later task is done, so the queue was looked at, and the first one was not in it.
        assert project.result("sync.delay()")["status"] == "success"
        assert sent not in worker.log
    assert project.state(sent) != "SUCCESS"


def test_tasks_run_and_what_they_return_comes_back(project: Project) -> None:
    project.new("add", body="pass", parameters="a: int, b: int", returns="int")
    project.new("label", body="pass", parameters="text: str", returns="list[str]")
    project.new("touch", body="pass", returns="nothing", retry="none")
    text = project.tasks.read_text()
    for neutral, filled in (("int = 0", "int = a + b"), ("list[str] = []", "list[str] = [text]")):
        assert text.count(f"result: {neutral}\n") == 1
        text = text.replace(f"result: {neutral}", f"result: {filled}")
    project.tasks.write_text(text)
    with project.worker("--pool", "solo"):
        assert project.result("add.delay(1, b=2)") == 3
        assert project.result("label.delay('é')") == ["é"]
        assert project.result("touch.delay()") is None


def test_a_retry_waits_and_then_it_ends_with_the_error(project: Project) -> None:
    answers = {"max_retries": 1, "retry_delay": 1, "backoff": "no", "retry_on": "OSError"}
    project.new("fetch", body="raise OSError('down')", **answers)
    with project.worker("--pool", "solo") as worker:
        began = time.monotonic()
        sent = project.send("fetch.delay()")
        wait_for(lambda: project.state(sent) == "FAILURE", "the last attempt", 60)
        assert time.monotonic() - began > 1
        assert worker.log.count("Attempt failed") == 2


def test_the_soft_time_limit_is_handled(project: Project) -> None:
    limits = {"soft_time_limit": 1, "time_limit": 20, "retry": "none"}
    project.new("crawl", body="import time\ntime.sleep(15)", **limits)
    with project.worker("--pool", "prefork", "-c", "1") as worker:
        sent = project.send("crawl.delay()")
        wait_for(lambda: project.state(sent) == "FAILURE", "the end of the task", 60)
        assert "Soft time limit reached" in worker.log


def test_a_task_that_kills_its_process_does_not_come_back_for_ever(
    project: Project, tmp_path: Path
) -> None:
    """As generated: without `reject_on_worker_lost` a lost process ends its task."""
    runs = tmp_path / "runs"
    body = (
        f"import os, signal\nwith open({str(runs)!r}, 'a') as file:\n    file.write('x')\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    project.new("poison", body=body, retry="none")
    project.new("fine", body="pass", returns="int")
    with project.worker("--pool", "prefork", "-c", "1"):
        sent = project.send("poison.delay()")
        wait_for(lambda: project.state(sent) == "FAILURE", "its end", 60)
        time.sleep(VISIBILITY_TIMEOUT + 1)
        # The worker goes on, and the message is gone.
        assert project.result("fine.delay()") == 0
    assert runs.read_text() == "x"


def test_a_real_beat_fires_what_is_periodic(project: Project, tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    body = f"with open({str(runs)!r}, 'a') as file:\n    file.write('x')"
    project.new("tick", body=body, type="periodic", schedule="every 1 second")
    with project.worker("--pool", "solo"), _beat(project):
        wait_for(lambda: runs.exists() and len(runs.read_text()) > 2, "the third run", 60)


@contextmanager
def _beat(project: Project) -> Iterator[None]:
    command = [sys.executable, "-m", "celery", "-A", "shop.app", "beat", "--max-interval", "1"]
    with (project.root / "beat.log").open("w") as out:
        process = subprocess.Popen(
            command,
            cwd=project.root,
            env={**os.environ, "PYTHONPATH": str(project.root)},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        yield
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(10)
