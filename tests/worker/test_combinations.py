"""Every two choices of a new task, in an app that celeryls set up, on a real worker.

`make test` tries them with the newest Celery, `make test-celery` with each other one.
"""

import json
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.generate.pairwise import missing
from tests.generate.scaffolds import worker
from tests.worker.combinations import DELAYS, KIND, TIMING, Made, Scaffolded, rows
from tests.worker.running import Worker, wait_for

FRAMEWORKS = KIND["framework"]


@dataclass(frozen=True)
class Run:
    """What came of all tasks of a project, by the kind of call and the task's function."""

    project: Scaffolded
    outcomes: dict[str, dict[str, Any]]
    sent: dict[str, str]
    held: dict[str, tuple[str, dict[str, Any]]]
    log: str

    def of(self, call: str, task: Made) -> dict[str, Any]:
        return self.outcomes[f"{call} {task.function}"]

    def failed(self, task: str, attempt: int) -> float:
        """When an attempt failed, in seconds since the epoch."""
        return (self.project.root / f"failed/{task}-{attempt}").stat().st_mtime


@pytest.fixture(scope="module", params=FRAMEWORKS)
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Scaffolded:
    root: Path = tmp_path_factory.mktemp(request.param) / "project"
    (root / ".git").mkdir(parents=True)
    project = Scaffolded(root, request.param)
    project.init()
    for number, row in enumerate(rows()):
        if row["framework"] == request.param:
            project.new(number, row)
    return project


@pytest.fixture(scope="module")
def run(project: Scaffolded) -> Run:
    """One worker takes all tasks: first those that end, then those that are to be retried late."""
    calls, chains, entries = [], [], []
    later = []
    for task in project.made:
        name, last = task.function, task.max_retries
        calls.append((f"work {name}", name, {"item_id": 3}, 0))
        calls.append((f"bug {name}", name, {"item_id": 3, "trouble": "bug"}, 0))
        calls.append((f"slow {name}", name, {"item_id": 3, "trouble": "slow"}, 0))
        calls.append((f"last {name}", name, {"item_id": 3, "trouble": "down"}, last))
        if task.waits:
            calls.append((f"again {name}", name, {"item_id": 3, "trouble": "down once"}, 0))
            calls.append((f"down {name}", name, {"item_id": 3, "trouble": "down"}, 0))
        else:
            down = {"item_id": 3, "trouble": "down"}
            later += [(f"{attempt} {name}", name, down, attempt) for attempt in range(last)]
        if task.chain:
            chains.append((f"chain {name}", task.chain))
        if task.row["type"] == "periodic":
            entries.append((f"beat {name}", name.replace("_", "-")))
    for _ in range(3):
        found = attempt_run(project, (calls, chains, entries), later)
        if found is not None:
            return found
    raise AssertionError("three workers found a message that was not written yet")


def attempt_run(
    project: Scaffolded, first: tuple[list[Any], list[Any], list[Any]], later: list[Any]
) -> Run | None:
    """Send all and wait for it; `None` if the worker read a message before it was written.

    The transport makes a file before it locks and fills it, and a worker that finds it empty ends
    (kombu 5.7, `transport/filesystem.py`).  So nothing is sent while it reads, but by tasks.
    """
    shutil.rmtree(project.root / ".celery/messages", ignore_errors=True)
    sent = project.send(*first)
    layout = project.layout
    # A worker that takes few messages at a time looks for more of these files once a second.
    options = ("-c", "4", "--prefetch-multiplier", "30")
    process: Worker | None = None
    try:
        with worker(project.root, layout.app, layout.path, *options) as process:
            outcomes = project.outcomes(process, sent, "SUCCESS", "FAILURE")
            process.signal(signal.SIGSTOP)
            late = project.send(later)
            process.signal(signal.SIGCONT)
            outcomes |= project.outcomes(process, late, "RETRY")
            # A message that was on its way as the worker stopped has been missing afterwards.
            wait_for(
                lambda: all(process.log.count(f"[{id_}] received") > 1 for id_ in late.values()),
                "the arrival of every retry",
            )
            # The worker holds a message whose time has not come: stopping puts it back.
            process.signal(signal.SIGTERM)
            process.process.wait(30)
    except AssertionError:
        if process is not None and "Unrecoverable error: JSONDecodeError" in process.log:
            return None
        raise
    # So it does with one that it has just finished with and not acknowledged yet.
    messages = sorted(project.messages(), key=lambda found: found[1]["retries"])
    held = {headers["id"]: (queue, headers) for queue, headers in messages}
    return Run(project, outcomes, sent | late, held, process.log)


def test_every_two_choices_meet() -> None:
    assert missing(rows(), KIND) == []


def test_each_is_registered_under_the_promised_name(project: Scaffolded) -> None:
    # As a worker does, which imports no module of its own accord.
    code = "app.loader.import_default_modules()\nprint(*(n for n in app.tasks if 'task_' in n))"
    assert {*project.python(code).split()} == {task.name for task in project.made}


def test_each_goes_to_its_queue(project: Scaffolded) -> None:
    names = [task.name for task in project.made]
    code = (
        f"import json, {project.layout.module}\n"
        "def queue(name):\n"
        "    options = dict(app.tasks[name]._get_exec_options())\n"
        "    return app.amqp.router.route(options, name)['queue'].name\n"
        f"print(json.dumps([queue(name) for name in {names}]))"
    )
    found = json.loads(project.python(code))
    assert found == [task.row["queue"] for task in project.made]


def test_each_periodic_one_is_scheduled(project: Scaffolded) -> None:
    code = (
        "import json\nfound = {}\n"
        "for entry in app.conf.beat_schedule.values():\n"
        "    when = entry['schedule']\n"
        "    kind = type(when).__name__\n"
        "    fields = 'minute hour day_of_month month_of_year day_of_week'.split()\n"
        "    said = when.total_seconds() if kind == 'timedelta' else "
        "[str(getattr(when, '_orig_' + f)) for f in fields]\n"
        "    found[entry['task']] = [kind, said, entry['kwargs']]\n"
        "print(json.dumps(found))"
    )
    expected = {
        task.name: [*TIMING[int(task.function.removeprefix("task_")) % 3], {"item_id": 5}]
        for task in project.made
        if task.row["type"] == "periodic"
    }
    assert json.loads(project.python(code)) == expected != {}


def test_results_are_right(run: Run) -> None:
    for task in run.project.made:
        found = run.of("work", task)
        assert (found["status"], found["result"]) == ("SUCCESS", task.result(3)), task.row


def test_what_beat_sends_runs_with_its_arguments(run: Run) -> None:
    tasks = [task for task in run.project.made if task.row["type"] == "periodic"]
    assert tasks
    for task in tasks:
        found = run.of("beat", task)
        assert (found["status"], found["result"]) == ("SUCCESS", task.result(5)), task.row


def test_a_chain_hands_its_results_on(run: Run) -> None:
    tasks = [task for task in run.project.made if task.row["type"] == "chained"]
    assert tasks
    for task in tasks:
        found = run.of("chain", task)
        assert (found["status"], found["result"]) == ("SUCCESS", task.chained), task.row


def test_the_soft_limit_is_noticed_and_ends_the_task(run: Run) -> None:
    for task in run.project.made:
        found = run.of("slow", task)
        assert found["status"] == "FAILURE"
        assert found["result"]["exc_type"] == "SoftTimeLimitExceeded", task.row
        assert (
            f"{task.name}[{run.sent[f'slow {task.function}']}]: Soft time limit reached" in run.log
        )


def test_what_is_not_worth_a_retry_fails_at_once(run: Run) -> None:
    for task in run.project.made:
        found = run.of("bug", task)
        assert (found["status"], found["result"]["exc_type"]) == ("FAILURE", "ValueError"), task.row


def test_after_the_last_retry_it_fails_with_the_error_itself(run: Run) -> None:
    for task in run.project.made:
        found = run.of("last", task)
        assert (found["status"], found["result"]["exc_type"]) == (
            "FAILURE",
            "ConnectionError",
        ), task.row
        assert run.sent[f"last {task.function}"] not in run.held


def late(run: Run) -> Iterator[tuple[Made, int]]:
    for task in run.project.made:
        if not task.waits:
            yield from ((task, attempt) for attempt in range(task.max_retries))


def test_the_message_of_a_retry_has_the_promised_eta(run: Run) -> None:
    assert len([*late(run)]) == len(run.held) > 0
    for task, attempt in late(run):
        id_ = run.sent[f"{attempt} {task.function}"]
        queue, message = run.held[id_]
        assert (message["retries"], queue) == (attempt + 1, task.row["queue"])
        least, most = DELAYS[task.row["retry"]][attempt]
        # It was asked for after the attempt had failed and before that was on record.
        failed, known = run.failed(id_, attempt), run.project.outcome_file(id_).stat().st_mtime
        eta = datetime.fromisoformat(message["eta"]).timestamp()
        assert failed + least <= eta <= known + most, (task.row, attempt)


def test_short_delays_are_waited_for(run: Run) -> None:
    tasks = [task for task in run.project.made if task.waits]
    assert tasks
    for task in tasks:
        again = run.of("again", task)
        assert (again["status"], again["result"]) == ("SUCCESS", task.result(3)), task.row
        assert run.of("down", task)["status"] == "FAILURE"
        id_ = run.sent[f"down {task.function}"]
        times = [run.failed(id_, attempt) for attempt in range(task.max_retries + 1)]
        for attempt, (least, _) in enumerate(DELAYS[task.row["retry"]]):
            assert times[attempt + 1] - times[attempt] >= least - 0.01, (task.row, attempt)
