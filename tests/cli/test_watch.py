"""`celeryls check --watch`, as somebody has it in a terminal beside the editor."""

import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import SCRIPT
from tests.rules.harness import write

GOOD = (
    "from celery import shared_task\n\n@shared_task(acks_late=True, max_retries=0)\ndef f(): ...\n"
)
BAD = GOOD + "f.delay(1)\n"


class Watching:
    """The running command, and the screens it has shown so far."""

    def __init__(self, folder: Path, log: Path) -> None:
        self.log = log
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [SCRIPT, "check", "--watch"], cwd=folder, stdout=out, stderr=subprocess.STDOUT
            )

    def shows(self, expected: str, runs: int) -> str:
        """Wait for a number of runs; the last one says what is expected."""
        deadline = time.monotonic() + 30
        while True:
            screens = self.log.read_text().split("Watching for changes; Ctrl-C ends it.\n")
            if len(screens) > runs and expected in screens[-2]:
                return screens[-2]
            assert time.monotonic() < deadline, screens
            assert self.process.poll() is None, screens
            time.sleep(0.05)


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[Watching]:
    folder = tmp_path / "shop"
    write(folder, {"tasks.py": GOOD, "pyproject.toml": ""})
    started = Watching(folder, tmp_path / "log")
    yield started
    started.process.kill()


def test_it_checks_again_when_anything_changes(watching: Watching, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    watching.shows("No problems found.", 1)
    (folder / "tasks.py").write_text(BAD)
    watching.shows("takes no arguments, 1 given", 2)
    (folder / "more.py").write_text("from tasks import f\nf.delay(2)\n")
    watching.shows("more.py:2:1: error", 3)
    (folder / "pyproject.toml").write_text('[tool.celeryls]\nignore = ["CEL301"]\n')
    watching.shows("No problems found.", 4)
    (folder / "pyproject.toml").write_text("")
    watching.shows("Found 2 problems", 5)
    (folder / "more.py").unlink()
    assert "more.py" not in watching.shows("Found 1 problem", 6)


def test_half_a_configuration_does_not_end_it(watching: Watching, tmp_path: Path) -> None:
    watching.shows("No problems found.", 1)
    (tmp_path / "shop/pyproject.toml").write_text("[tool.celer")
    time.sleep(1.5)
    (tmp_path / "shop/pyproject.toml").write_text("")
    (tmp_path / "shop/tasks.py").write_text(BAD)
    watching.shows("takes no arguments, 1 given", 2)


def test_ctrl_c_ends_it(watching: Watching) -> None:
    watching.shows("No problems found.", 1)
    watching.process.send_signal(signal.SIGINT)
    assert watching.process.wait(10) == 0
    assert "Traceback" not in watching.log.read_text()
