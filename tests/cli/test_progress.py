"""The progress bar: for people who wait, and for nobody else."""

import os
import pty
import select
import sys
import time
from pathlib import Path

import pytest

from tests.cli.running import SCRIPT, script
from tests.rules.harness import write

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")
TASK = "from celery import shared_task\n@shared_task\ndef f(): ...\n"


def _in_a_terminal(folder: Path, slow: float, **environment: str) -> str:
    """What `celeryls tasks` writes to a terminal, if each file takes `slow` seconds to read."""
    code = (
        "import time\n"
        "from celeryls.project import workspace\n"
        "read = workspace.Workspace._read\n"
        f"def slowly(*a, **k):\n    time.sleep({slow})\n    return read(*a, **k)\n"
        "workspace.Workspace._read = slowly\n"
        "from celeryls.cli import main\nimport sys\nsys.argv = ['celeryls', 'tasks']\nmain()\n"
    )
    pid, terminal = pty.fork()
    if pid == 0:  # pragma: no cover
        os.chdir(folder)
        os.environ.update({"TERM": "xterm", "COLUMNS": "80", **environment})
        os.execv(sys.executable, [sys.executable, "-c", code])
    written = b""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        ready, _, _ = select.select([terminal], [], [], 1)
        if not ready:
            continue
        try:
            more = os.read(terminal, 4096)
        except OSError:
            break
        if not more:
            break
        written += more
    os.waitpid(pid, 0)
    os.close(terminal)
    return written.decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, {f"m{at}.py": TASK for at in range(160)})
    return tmp_path


def test_a_bar_for_who_waits_and_gone_afterwards(folder: Path) -> None:
    out = _in_a_terminal(folder, 0.012, CI="")
    assert "Reading" in out
    assert "/160" in out
    after = out.rpartition("\x1b[K")[2]
    assert "Reading" not in after
    assert after.rstrip().endswith("160 tasks")


def test_none_for_who_does_not(folder: Path) -> None:
    assert "Reading" not in _in_a_terminal(folder, 0, CI="")


def test_none_in_ci(folder: Path) -> None:
    assert "Reading" not in _in_a_terminal(folder, 0.012, CI="true")


def test_none_in_a_pipe(folder: Path) -> None:
    assert SCRIPT.exists()
    assert script(folder, "tasks").err == ""
