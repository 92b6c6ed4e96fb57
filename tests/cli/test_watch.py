"""`celeryls check --watch`, as somebody has it in a terminal beside the editor."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import SCRIPT
from tests.rules.harness import write

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")
GOOD = (
    "from celery import shared_task\n\n@shared_task(acks_late=True, max_retries=0)\ndef f(): ...\n"
)
BAD = GOOD + "f.delay(1)\n"


class Watching:
    """The running command, and the screens it has shown so far."""

    def __init__(self, folder: Path, log: Path, *paths: str) -> None:
        self.log = log
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [SCRIPT, "check", "--watch", *paths],
                cwd=folder,
                env={**os.environ, "HOME": str(folder.parent / "home")},
                stdout=out,
                stderr=subprocess.STDOUT,
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


@pytest.mark.parametrize("path", ["shop/worker", "shop/gen/t.py", "shop/gen", "home/t.py"])
def test_what_the_project_leaves_out_is_watched_if_it_is_named(path: str, tmp_path: Path) -> None:
    write(tmp_path, {"shop/.git/x": "", "shop/.gitignore": "gen/\n", "shop/worker": GOOD})
    write(tmp_path, {"shop/gen/t.py": GOOD, "home/t.py": GOOD})
    watching = Watching(tmp_path / "shop", tmp_path / "log", str(tmp_path / path))
    try:
        watching.shows("No problems found.", 1)
        file = tmp_path / path
        (file / "t.py" if file.is_dir() else file).write_text(BAD)
        watching.shows("takes no arguments, 1 given", 2)
    finally:
        watching.process.kill()
        watching.process.wait()


def test_ctrl_c_ends_it(watching: Watching) -> None:
    watching.shows("No problems found.", 1)
    watching.process.send_signal(signal.SIGINT)
    assert watching.process.wait(10) == 0
    assert "Traceback" not in watching.log.read_text()


def test_in_a_terminal_the_screen_is_cleared_and_the_key_ends_it(tmp_path: Path) -> None:
    write(tmp_path, {"tasks.py": GOOD, "pyproject.toml": ""})
    pid, terminal = pty.fork()
    if pid == 0:  # pragma: no cover
        os.chdir(tmp_path)
        os.environ["TERM"] = "xterm"
        os.execv(SCRIPT, [str(SCRIPT), "check", "--watch"])
    shown = ""

    def until(expected: str) -> str:
        nonlocal shown
        deadline = time.monotonic() + 30
        while expected not in shown.rpartition("\x1b[2J")[2]:
            assert time.monotonic() < deadline, shown
            if select.select([terminal], [], [], 1)[0]:
                shown += os.read(terminal, 4096).decode()
        return shown

    assert until("Ctrl-C").count("\x1b[2J") == 1
    (tmp_path / "tasks.py").write_text(BAD)
    # A file is empty for a moment while it is written, which may be seen as well.
    screens = until("1 given").split("\x1b[2J")
    assert len(screens) in (3, 4)
    assert "\x1b[1m" in screens[-1]  # colours
    until("Ctrl-C")
    os.write(terminal, b"\x03")
    assert os.waitstatus_to_exitcode(_end_of(pid)) == 0
    os.close(terminal)


def _end_of(pid: int) -> int:
    """The wait status of a child that is to end soon."""
    deadline = time.monotonic() + 30
    while True:
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            return status
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)


def test_a_file_that_did_not_change_is_not_read_again(tmp_path: Path) -> None:
    """A new mistake in one file of many: the others are not parsed anew."""
    write(tmp_path, {"tasks.py": GOOD, **{f"m{at}.py": GOOD for at in range(20)}})
    code = (
        "import sys\n"
        "from celeryls.project import workspace\n"
        "extract = workspace.extract\n"
        "def told(text):\n    print('read', len(text), flush=True)\n    return extract(text)\n"
        "workspace.extract = told\n"
        "from celeryls.cli import main\n"
        "sys.argv = ['celeryls', 'check', '--watch', '--no-cache']\nmain()\n"
    )
    log = tmp_path.parent / f"{tmp_path.name}.log"
    with log.open("wb") as out:
        started = subprocess.Popen(
            [sys.executable, "-c", code], cwd=tmp_path, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        _wait_for(log, "Ctrl-C")
        assert log.read_text().count("read ") == 21
        (tmp_path / "tasks.py").write_text(BAD)
        _wait_for(log, "1 given")
        assert log.read_text().count("read ") == 22
    finally:
        started.kill()
        started.wait()


def _wait_for(log: Path, expected: str) -> None:
    deadline = time.monotonic() + 30
    while expected not in log.read_text():
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.05)
