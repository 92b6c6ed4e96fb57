"""A project with a real worker, for tests: its broker and its results are folders."""

import base64
import json
import os
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

CELERYLS = str(Path(sysconfig.get_path("scripts")) / "celeryls")
PLACEHOLDER = "# The work goes here."
Found = TypeVar("Found")

APP = '''\
"""The app."""

from pathlib import Path

from celery import Celery

DATA = Path({data!r})
app = Celery("shop", broker={broker!r}, include=["shop.tasks"])
app.conf.result_backend = {backend!r}
app.conf.broker_transport_options = {options!r}
app.conf.worker_prefetch_multiplier = 1
app.conf.broker_connection_retry_on_startup = True
'''


def wait_for(ask: Callable[[], Found | None], what: str, seconds: float = 30) -> Found:
    """What `ask` gives once it gives something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = ask()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what} did not happen within {seconds} s")


class Project:
    """A package `shop` with an app, in a folder of its own."""

    def __init__(self, root: Path, broker: str = "filesystem://", **options: Any) -> None:
        self.root = root
        self.queue = root / "queue"
        for name in ("queue", "control", "results", "shop"):
            (root / name).mkdir()
        if broker == "filesystem://":
            options = {
                "data_folder_in": str(self.queue),
                "data_folder_out": str(self.queue),
                "control_folder": str(root / "control"),
            }
        (root / "pyproject.toml").write_text("")
        (root / "shop/__init__.py").write_text("")
        (root / "shop/app.py").write_text(
            APP.format(
                data=str(root),
                broker=broker,
                backend=f"file://{root / 'results'}",
                options=options,
            )
        )

    @property
    def tasks(self) -> Path:
        return self.root / "shop/tasks.py"

    def celeryls(self, *command: str) -> str:
        """Run the real command in the project; what it prints."""
        done = subprocess.run(
            [CELERYLS, *command], cwd=self.root, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def new(self, name: str, *, body: str, **answers: object) -> str:
        """Have a task written, and fill in its body; what the command prints."""
        pairs = [part for key, value in answers.items() for part in ("--set", f"{key}={value}")]
        printed = self.celeryls("new", name, "--yes", "--set", "file=shop/tasks.py", *pairs)
        lines = []
        for line in self.tasks.read_text().splitlines(keepends=True):
            if PLACEHOLDER in line:
                indent = line[: len(line) - len(line.lstrip())]
                line = "".join(f"{indent}{part}\n" for part in body.splitlines())
            lines.append(line)
        self.tasks.write_text("".join(lines))
        return printed

    def python(self, code: str, seconds: float = 60) -> str:
        """Run code in the project, as its web part would; what it prints."""
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=self.root,
            env={**os.environ, "PYTHONPATH": str(self.root)},
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def send(self, call: str) -> str:
        """Send a task without waiting for it; its id."""
        return self.python(f"import shop.app\nfrom shop import tasks\nprint(tasks.{call}.id)")

    def result(self, call: str) -> Any:
        """Send a task and wait for its result."""
        code = (
            "import json, shop.app\nfrom shop import tasks\n"
            f"print(json.dumps(tasks.{call}.get(timeout=30, interval=0.05)))"
        )
        return json.loads(self.python(code))

    def outcome(self, task: str) -> dict[str, Any]:
        """What the result backend has for a task; empty while it has nothing."""
        found = self.root / "results" / f"celery-task-meta-{task}"
        try:
            outcome: dict[str, Any] = json.loads(found.read_text())
        except (OSError, ValueError):
            return {}  # not there, or being written
        return outcome

    def state(self, task: str) -> str:
        """The state that the result backend has for a task."""
        return str(self.outcome(task).get("status", "PENDING"))

    def messages(self) -> list[dict[str, Any]]:
        """The headers and body of every message that waits in the broker's folder."""
        found = []
        for path in sorted(self.queue.glob("*.msg")):
            try:
                message = json.loads(path.read_text())
            except (OSError, ValueError):
                continue  # being written, or taken
            body = json.loads(base64.b64decode(message["body"]))
            found.append({**message["headers"], "body": body})
        return found

    @contextmanager
    def worker(self, *options: str) -> "Iterator[Worker]":
        """A real worker, which is gone afterwards however it went."""
        log = self.root / f"worker-{time.monotonic_ns()}.log"
        command = [sys.executable, "-m", "celery", "-A", "shop.app", "worker", "-l", "info"]
        with log.open("w") as output:
            process = subprocess.Popen(
                [*command, "--without-gossip", "--without-mingle", *options],
                cwd=self.root,
                env={**os.environ, "PYTHONPATH": str(self.root)},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        worker = Worker(process, log)
        try:
            wait_for(worker.started, "the worker's start")
            yield worker
        except BaseException:
            print(f"--- {log.name}\n{worker.log}")  # pytest shows it beside the failure
            raise
        finally:
            worker.kill()


class Worker:
    """A worker process and what it has said."""

    def __init__(self, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self.process = process
        self._log = log

    @property
    def log(self) -> str:
        return self._log.read_text()

    def started(self) -> bool:
        """Whether it takes tasks; fails at once if it has ended instead."""
        if " ready." in self.log:
            return True
        assert self.process.poll() is None, "the worker ended before it was ready"
        return False

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the main process alone."""
        self.process.send_signal(number)

    def kill(self) -> None:
        """End the worker and its children, without any farewell."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
