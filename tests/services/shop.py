"""A project that is set up as a user does it, with `celeryls init` and `celeryls new`, and run."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.services.brokers import Broker, free_port
from tests.worker.running import CELERYLS, PLACEHOLDER, Worker, wait_for

PYTHON = (sys.executable, "-B")
"""Without bytecode: tests change files twice in the second that Python tells them apart by."""
CELERY = ("celery", "-A", "celery_app")

TASKS: Mapping[str, tuple[Mapping[str, str], str]] = {
    "price": (
        {"parameters": "product_id: int, count: int = 1", "returns": "int", "retry": "none"},
        "note('price')\nresult: int = product_id * count",
    ),
    "total": (
        {"type": "chained", "after": "price", "returns": "int", "retry": "simple"},
        "note('total')\nif result < 0:\n    raise ConnectionError\nresult_: int = result + 1",
    ),
    "notify": (
        {"queue": "high_priority", "retry": "exponential", "returns": "status"},
        "note('notify')\nif self.request.retries == 1:\n    raise ConnectionError",
    ),
    "fetch": (
        {
            "parameters": "names: list[str]",
            "returns": "list[str]",
            "retry": "custom",
            "retry_delay": "1",
            "max_retries": "2",
            "retry_on": "LookupError",
        },
        "if note('fetch') < 2:\n    raise LookupError\nresult: list[str] = names[::-1]",
    ),
    "crunch": (
        {
            "parameters": "seconds: int",
            "returns": "nothing",
            "queue": "io_bound",
            "soft_time_limit": "1",
            "time_limit": "20",
        },
        "note('crunch')\ntime.sleep(seconds)",
    ),
    "report": (
        {"type": "periodic", "schedule": "every 1 second", "returns": "status"},
        "note('report')",
    ),
    # What is not one of the six: bodies for what goes wrong around a task.
    "wait": (
        {"returns": "status"},
        "note('wait')\nwhile not (NOTES / 'finish').exists():\n    time.sleep(0.05)",
    ),
    "poison": ({"returns": "status"}, "note('poison')\nos.kill(os.getpid(), signal.SIGKILL)"),
}
"""By name: the answers that differ from the default ones, and what the body is filled with."""

NEUTRAL = {"result: int = 0", "result_: int = 0", "result: list[str] = []"}
"""What the generated code begins with, until there is work."""
IMPORTS = "import os\nimport signal\nimport time\nfrom pathlib import Path\n"
HELPER = '''\
NOTES = Path(__file__).resolve().parent / "notes"


def note(task: str) -> int:
    """Leave a line for each run, with its time; how many there were before."""
    path = NOTES / task
    before = len(path.read_text().splitlines()) if path.exists() else 0
    with path.open("a") as file:
        file.write(f"{time.time()}\\n")
    return before
'''


def write_shop(root: Path) -> Path:
    """Have the project written in an empty folder, and fill in the bodies of its tasks."""
    _celeryls(root, "init", "plain", "--yes")
    for name, (answers, _) in TASKS.items():
        pairs = [part for key, text in answers.items() for part in ("--set", f"{key}={text}")]
        _celeryls(root, "new", name, "--yes", *pairs)
    _fill_in(root / "tasks.py")
    (root / "notes").mkdir()
    return root


def _celeryls(root: Path, *command: str) -> None:
    _run([CELERYLS, *command], root, dict(os.environ))


def _fill_in(path: Path) -> None:
    lines: list[str] = []
    task = ""
    for line in path.read_text().splitlines(keepends=True):
        if line.startswith("def "):
            task = line[4:].partition("(")[0]
        if line.startswith("logger ="):
            line += HELPER
        if PLACEHOLDER in line:
            indent = line[: len(line) - len(line.lstrip())]
            line = "".join(f"{indent}{part}\n" for part in TASKS[task][1].splitlines())
        elif line.strip() in NEUTRAL:
            continue
        lines.append(line)
    text = "".join(lines).replace("\nimport secrets\n", f"\n{IMPORTS}import secrets\n", 1)
    assert IMPORTS in text
    path.write_text(text)


def _run(command: list[str], root: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        command,
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class Shop:
    """The project in a folder, and the broker that its processes are told of."""

    def __init__(self, root: Path, broker: Broker) -> None:
        self.root = root
        self.broker = broker
        self.app = root / "celery_app.py"
        self.variables: dict[str, str] = {}
        """What its processes get in their environment besides the broker."""

    def change_app(self, old: str, new: str) -> None:
        """Change one setting of the scaffold as a user would, by hand."""
        text = self.app.read_text()
        assert old in text
        self.app.write_text(text.replace(old, new, 1))

    def environment(self) -> dict[str, str]:
        """What all its processes run with."""
        named = {k: v for k, v in os.environ.items() if not k.startswith("CELERY_")}
        own = self.broker.environment(self.root / "results")
        return {**named, **own, **self.variables, "PYTHONPATH": str(self.root)}

    def celeryls(self, *command: str) -> None:
        """Run the real command in the project."""
        _celeryls(self.root, *command)

    def python(self, code: str) -> str:
        """Run code as another part of the project would; what it prints."""
        begin = "import json\nfrom celery_app import app\nimport tasks\n"
        return _run([*PYTHON, "-c", begin + code], self.root, self.environment()).strip()

    def send(self, call: str) -> str:
        """Send a task without waiting for it; its id."""
        return self.python(f"from tasks import *\nprint({call}.id)")

    def outcome(self, task: str) -> dict[str, Any]:
        """The `state` of a task and its `result`, as text if it is an exception."""
        code = (
            f"found = app.AsyncResult({task!r})\n"
            "print(json.dumps({'state': found.state, 'result': found.result}, default=repr))"
        )
        outcome: dict[str, Any] = json.loads(self.python(code))
        return outcome

    def done(self, task: str, seconds: float = 30) -> dict[str, Any]:
        """The outcome of a task, once it is done for good."""
        code = (
            f"found = app.AsyncResult({task!r})\n"
            f"found.get(timeout={seconds}, interval=0.05, propagate=False)\n"
            "print(json.dumps({'state': found.state, 'result': found.result}, default=repr))"
        )
        outcome: dict[str, Any] = json.loads(self.python(code))
        return outcome

    def runs(self, task: str) -> list[float]:
        """When each run of a task began, in seconds since the epoch."""
        path = self.root / "notes" / task
        return [float(line) for line in path.read_text().splitlines()] if path.exists() else []

    @contextmanager
    def worker(self, *options: str) -> Iterator[Worker]:
        """A real worker with one process for tasks, which is gone afterwards however it went."""
        # RabbitMQ has one queue for each name to control it by, and no two workers may have it.
        name = ("-n", f"{time.monotonic_ns()}@%h")
        command = ["worker", *name, "-l", "info", "-c", "1", "--without-gossip", "--without-mingle"]
        with self._running("worker", *CELERY, *command, *options) as running:
            wait_for(running.started, "the worker's start", 60)
            yield running

    @contextmanager
    def beat(self) -> Iterator[Worker]:
        """A real beat."""
        with self._running("beat", *CELERY, "beat", "-l", "info") as running:
            yield running

    @contextmanager
    def web(self) -> Iterator[str]:
        """A real server of the FastAPI app `api.api`; its URL."""
        port = free_port()
        with self._running("web", "uvicorn", "api:api", "--port", str(port)) as running:
            wait_for(lambda: "Application startup complete" in running.log, "the server's start")
            yield f"http://127.0.0.1:{port}"

    @contextmanager
    def _running(self, name: str, *command: str) -> Iterator[Worker]:
        log = self.root / f"{name}-{time.monotonic_ns()}.log"
        with log.open("w") as output:
            process = subprocess.Popen(
                [*PYTHON, "-m", *command],
                cwd=self.root,
                env=self.environment(),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        running = Worker(process, log)
        try:
            yield running
        except BaseException:
            print(f"--- {log.name}\n{running.log}")  # pytest shows it beside the failure
            raise
        finally:
            running.kill()
