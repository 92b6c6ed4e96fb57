"""What celeryls writes, on a real worker: results, retries, limits, a cold shutdown."""

import signal
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.worker.running import Project, wait_for

SOLO = ("--pool", "solo")
FAIL_ONCE = """\
from pathlib import Path
mark = Path({mark!r})
if not mark.exists():
    mark.touch()
    raise ConnectionError("down")"""
FAIL_ALWAYS = 'raise ConnectionError("down")'


@pytest.fixture
def project(tmp_path: Path) -> Project:
    root = tmp_path / "project"
    root.mkdir()
    return Project(root)


@pytest.mark.parametrize("retry", ["none", "simple", "exponential"])
def test_a_new_task_gives_its_result(project: Project, retry: str) -> None:
    project.new("sync", body="pass", retry=retry, parameters="product_id: int, note: str = ''")
    with project.worker(*SOLO):
        expected = {"status": "success", "product_id": 7}
        assert project.result("sync.delay(7, note='x')").items() >= expected.items()


def test_a_new_task_is_retried_after_the_delay_it_promises(
    project: Project, tmp_path: Path
) -> None:
    mark = tmp_path / "failed"
    body = FAIL_ONCE.format(mark=str(mark))
    project.new("sync", body=body, retry="custom", retry_delay=1, backoff="yes")
    with project.worker(*SOLO) as worker:
        sent = project.send("sync.delay()")
        wait_for(lambda: project.state(sent) == "SUCCESS", "the success")
        assert worker.log.count("Retry in 1s") == 1
    done = datetime.fromisoformat(project.outcome(sent)["date_done"])
    if done.tzinfo is None:  # older versions of Celery write UTC without saying so
        done = done.replace(tzinfo=timezone.utc)
    assert done.timestamp() - mark.stat().st_mtime >= 0.9


def test_a_new_task_gives_up_after_its_last_retry_with_the_error_itself(
    project: Project,
) -> None:
    project.new("sync", body=FAIL_ALWAYS, max_retries=2)
    with project.worker(*SOLO) as worker:
        sent = project.send("sync.apply_async(retries=2)")
        wait_for(lambda: project.state(sent) == "FAILURE", "the failure")
        assert "Retry in" not in worker.log
    assert project.outcome(sent)["result"]["exc_type"] == "ConnectionError"


@pytest.mark.parametrize("celery", ["celery>=5.3", "celery>=5.7"])
def test_a_new_task_runs_from_its_queue(project: Project, celery: str) -> None:
    (project.root / "pyproject.toml").write_text(
        f'[project]\nname = "shop"\nversion = "1"\ndependencies = ["{celery}"]\n'
    )
    project.new("sync", body="pass", retry="none", queue="high_priority")
    # Before 5.7 the decorator names the queue, from then on the settings do.
    assert ("task_routes" in (project.root / "shop/app.py").read_text()) == (celery[-1] == "7")
    with project.worker(*SOLO, "-Q", "high_priority"):
        assert project.result("sync.delay()")["status"] == "success"


@pytest.mark.parametrize(
    ("retry", "attempt", "least", "most"),
    [
        ("simple", 0, 60, 60),
        ("exponential", 0, 30, 60),
        ("exponential", 1, 60, 120),
        ("exponential", 2, 120, 240),
    ],
)
def test_the_message_of_a_retry_has_the_promised_eta(
    project: Project, retry: str, attempt: int, least: int, most: int
) -> None:
    project.new("sync", body=FAIL_ALWAYS, retry=retry)
    with project.worker(*SOLO) as worker:
        before = datetime.now(timezone.utc)
        project.send(f"sync.apply_async(retries={attempt})")
        wait_for(lambda: "retry: Retry in" in worker.log, "the retry")
        after = datetime.now(timezone.utc)
        # The worker holds a message whose time has not come: stopping puts it back.
        worker.signal(signal.SIGTERM)
        worker.process.wait(20)
        (message,) = wait_for(project.messages, "the message of the retry")
    assert message["retries"] == attempt + 1
    # The retry was asked for between `before` and `after`, however slow the machine is.
    eta = datetime.fromisoformat(message["eta"])
    assert before + timedelta(seconds=least) <= eta <= after + timedelta(seconds=most)


def test_a_task_without_retry_fails_at_once(project: Project) -> None:
    project.new("sync", body=FAIL_ALWAYS, retry="none")
    with project.worker(*SOLO) as worker:
        sent = project.send("sync.delay()")
        wait_for(lambda: project.state(sent) == "FAILURE", "the failure")
        assert "Retry in" not in worker.log


def test_a_converted_function_gives_its_result_and_retries_by_itself(
    project: Project, tmp_path: Path
) -> None:
    mark = str(tmp_path / "failed")
    body = FAIL_ONCE.format(mark=mark).replace("\n", "\n    ")
    project.tasks.write_text(
        "import shop.app\n\n\n"
        f"def restock(product_id: int, *, count: int = 10) -> int:\n    {body}\n"
        "    return product_id * count\n\n\n"
        "def caller() -> int:\n    return restock(3)\n"
    )
    project.celeryls("convert", "shop/tasks.py::restock", "--set", "retry_delay=1")
    # Full jitter takes the countdown of the first retry to 0 or 1 s.
    with project.worker(*SOLO) as worker:
        assert project.result("restock.delay(3, count=4)") == 12
        assert worker.log.count("retry: Retry in") == 1
    assert project.python("import shop.app\nfrom shop import tasks\nprint(tasks.caller())") == "30"


def test_the_soft_limit_is_noticed_and_ends_the_task(project: Project) -> None:
    project.new(
        "sync",
        body="import time\ntime.sleep(20)",
        retry="none",
        soft_time_limit=1,
        time_limit=15,
    )
    with project.worker("--pool", "prefork", "-c", "1") as worker:
        sent = project.send("sync.delay()")
        wait_for(lambda: project.state(sent) == "FAILURE", "the soft limit")
        assert "Soft time limit reached" in worker.log


def test_a_cold_shutdown_loses_nothing(project: Project, tmp_path: Path) -> None:
    begun, finish = tmp_path / "begun", tmp_path / "finish"
    project.new(
        "sync",
        body=(
            "import time\nfrom pathlib import Path\n"
            f"Path({str(begun)!r}).touch()\n"
            f"while not Path({str(finish)!r}).exists():\n    time.sleep(0.05)"
        ),
    )
    with project.worker("--pool", "prefork", "-c", "1") as first:
        sent = project.send("sync.delay()")
        wait_for(begun.exists, "the task's start")
        first.signal(signal.SIGQUIT)
        first.process.wait(30)
    assert project.state(sent) != "SUCCESS"
    finish.touch()
    with project.worker(*SOLO):
        wait_for(lambda: project.state(sent) == "SUCCESS", "the second worker's success")
