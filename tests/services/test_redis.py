"""Late acknowledgement against SIGKILL, on a real Redis.

kombu's filesystem transport removes a message when it is read, so this can't be shown there.
"""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.worker.running import Project, wait_for

pytestmark = pytest.mark.services
VISIBILITY_TIMEOUT = 3
"""Seconds after which Redis hands an unacknowledged message to another worker."""


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    server = shutil.which("redis-server")
    assert server, "redis-server is not installed: run `make services` as root"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(tmp_path)]
    process = subprocess.Popen([server, *options], stdout=subprocess.DEVNULL)

    def answers() -> bool:
        with socket.socket() as connection:
            return connection.connect_ex(("127.0.0.1", port)) == 0

    try:
        wait_for(answers, "Redis")
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.kill()
        process.wait(10)


@pytest.fixture
def project(tmp_path: Path, redis_url: str) -> Project:
    root = tmp_path / "project"
    root.mkdir()
    return Project(root, redis_url, visibility_timeout=VISIBILITY_TIMEOUT)


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
