"""`celeryls new` as a person at a terminal has it."""

import os
import pty
import select
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import SCRIPT, script
from tests.rules.harness import write

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")
TASKS = "from celery import shared_task\n\n\n@shared_task\ndef f(): ...\n"


class Terminal:
    """A command in a terminal of its own, and what it has shown so far."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.pid, self._terminal = pty.fork()
        if self.pid == 0:  # pragma: no cover
            os.chdir(folder)
            # What runs in the background of a shell ignores it, and so do its children.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.environ |= {"TERM": "dumb", "NO_COLOR": "1"}
            os.execv(SCRIPT, [str(SCRIPT), *arguments])
        self.shown = ""
        self._read = 0

    def until(self, expected: str) -> str:
        """Wait until something is shown that was not waited for yet; what came before it."""
        deadline = time.monotonic() + 30
        while (at := self.shown.find(expected, self._read)) < 0:
            assert time.monotonic() < deadline, self.shown
            if select.select([self._terminal], [], [], 1)[0]:
                self.shown += os.read(self._terminal, 4096).decode().replace("\r\n", "\n")
        before = self.shown[self._read : at]
        self._read = at + len(expected)
        return before

    def asks(self, question: str) -> bool:
        """Wait for the next question; whether it is this one.

        A plan has `> ` in it as well, so it counts only where the terminal waits.
        """
        deadline = time.monotonic() + 30
        while question not in self.shown and not self.shown[self._read :].endswith("> "):
            assert time.monotonic() < deadline, self.shown
            if select.select([self._terminal], [], [], 1)[0]:
                self.shown += os.read(self._terminal, 4096).decode().replace("\r\n", "\n")
        self._read = len(self.shown)
        return question in self.shown

    def answers(self, question: str, answer: str) -> str:
        """Type an answer once a question is there; what was shown before the question."""
        before = self.until(question)
        self.until("> ")
        self.types(f"{answer}\n")
        return before

    def types(self, text: str) -> None:
        os.write(self._terminal, text.encode())

    def interrupted(self) -> int:
        """Press Ctrl-C at a question, again and again: one that comes just as input begins is lost.

        It also throws away what was typed and not read yet, which readline then waits for.
        """
        return self.ends(pressing="\x03")

    def ends(self, pressing: str = "") -> int:
        deadline = time.monotonic() + 30
        pressed = 0.0
        while True:
            if pressing and time.monotonic() > pressed + 1:
                self.types(pressing)
                pressed = time.monotonic()
            found, status = os.waitpid(self.pid, os.WNOHANG)
            if found:
                os.close(self._terminal)
                return os.waitstatus_to_exitcode(status)
            if select.select([self._terminal], [], [], 0.1)[0]:
                try:
                    self.shown += os.read(self._terminal, 4096).decode().replace("\r\n", "\n")
                except OSError:  # it has closed its end
                    time.sleep(0.05)
            assert time.monotonic() < deadline, self.shown


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    write(tmp_path, {"pyproject.toml": "", "tasks.py": TASKS})
    started = Terminal(tmp_path, "new", "--set", "file=tasks.py")
    yield started


def _all_else(terminal: Terminal, question: str) -> None:
    """Take what is offered until a question, or the plan, is there."""
    while not terminal.asks(question):
        terminal.types("\n")


def test_answers_are_checked_at_once_and_one_can_go_back(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.answers("What is the task called?", "class")
    assert "class is a Python keyword" in terminal.answers("What is the task called?", "sync")
    terminal.answers("What does it do?", "Fetch")
    terminal.answers("What has it run?", "<")
    terminal.answers("What does it do?", "Fetch the stock")
    terminal.answers("What has it run?", "")
    terminal.answers("What does it take?", "shop_id: int")
    terminal.answers("What does it return?", "")
    terminal.answers("how often is it tried again?", "3")  # by its number
    terminal.answers("After how many seconds is it asked to stop?", "400")
    # Only now it is known that these don't go together.
    terminal.answers("After how many seconds is it killed?", "390")
    terminal.answers("Which queue does it go to?", "")
    terminal.answers("Does it get Prometheus metrics?", "")
    terminal.answers("Does it get a test?", "")
    before = terminal.answers("After how many seconds is it asked to stop?", "200")
    assert "The soft limit, 400 s, comes after the hard one, 390 s" in before
    plan = terminal.until("Write this?")
    assert "modify  tasks.py  the task sync" in plan
    assert "+def sync(self" in plan
    assert "call: sync.delay(shop_id=1)" in plan
    assert (tmp_path / "tasks.py").read_text() == TASKS
    terminal.types("y\n")
    assert terminal.ends() == 0
    assert "wrote tasks.py" in terminal.shown
    assert "next: Fill in the body of sync." in terminal.shown
    text = (tmp_path / "tasks.py").read_text()
    assert '"""Fetch the stock.' in text
    assert "max_retries=0" in text
    assert "soft_time_limit=200" in text


@pytest.mark.parametrize("at_the_end", [False, True])
def test_ctrl_c_writes_nothing(at_the_end: bool, terminal: Terminal, tmp_path: Path) -> None:
    terminal.answers("What is the task called?", "sync")
    if at_the_end:
        _all_else(terminal, "Write this?")
    else:
        terminal.until("purpose > ")
    assert terminal.interrupted() == 130
    assert "Nothing was written." in terminal.shown
    assert (tmp_path / "tasks.py").read_text() == TASKS


def test_who_says_no_gets_nothing(terminal: Terminal, tmp_path: Path) -> None:
    terminal.answers("What is the task called?", "sync")
    _all_else(terminal, "Write this?")
    terminal.types("n\n")
    assert terminal.ends() == 130
    assert (tmp_path / "tasks.py").read_text() == TASKS


def test_what_changes_meanwhile_is_not_overwritten(terminal: Terminal, tmp_path: Path) -> None:
    terminal.answers("What is the task called?", "sync")
    _all_else(terminal, "Write this?")
    (tmp_path / "tasks.py").write_text("# mine\n")
    terminal.types("y\n")
    assert terminal.ends() == 2
    assert "tasks.py has changed meanwhile, so nothing was written" in terminal.shown
    assert (tmp_path / "tasks.py").read_text() == "# mine\n"


def test_a_number_that_no_answer_has_is_none(terminal: Terminal) -> None:
    terminal.answers("What is the task called?", "sync")
    _all_else(terminal, "Which queue does it go to?")
    terminal.types("30\n")
    terminal.until("Take a number from 1 to 5")
    terminal.types("5\n")
    terminal.answers("What is the queue called?", "30")
    _all_else(terminal, "Write this?")
    assert "30" in terminal.shown.rpartition("+def sync")[0]
    assert terminal.interrupted() == 130


def test_who_goes_back_finds_the_answer_there(terminal: Terminal) -> None:
    terminal.answers("What is the task called?", "sync")
    terminal.answers("What does it do?", "")
    terminal.answers("What has it run?", "periodic")
    terminal.answers("When does it run?", "sometimes")
    terminal.until("is no schedule")
    terminal.answers("schedule", "<")  # from an answer that was wrong, to the question before
    terminal.answers("type [periodic]", "")
    terminal.answers("schedule", "every 15 minutes")
    terminal.answers("What does it take?", "<")
    terminal.until("schedule [every 15 minutes] > ")
    assert terminal.interrupted() == 130


def test_without_an_app_one_is_offered_first(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": '[project]\nname = "shop"\n'})
    terminal = Terminal(tmp_path, "new", "sync")
    terminal.until("There is no Celery app in this project.")
    terminal.until("Set it up first?")
    terminal.types("\n")
    for question in ("framework", "broker", "queues", "file", "dependency"):
        terminal.answers(question, "")
    terminal.until("Write this?")
    terminal.types("\n")
    terminal.until("wrote celery_app.py")
    terminal.until("purpose > ")
    assert terminal.interrupted() == 130
    assert '"celery>=' in (tmp_path / "pyproject.toml").read_text()


def test_who_wants_no_app_gets_the_task_and_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": ""})
    terminal = Terminal(tmp_path, "new", "sync")
    terminal.until("Set it up first?")
    terminal.types("no\n")
    terminal.until("purpose > ")
    assert terminal.interrupted() == 130
    done = script(tmp_path, "new", "sync", "--yes")
    assert done.out.splitlines()[-2:] == [
        "next: Set up an app, of which there is none.",
        "    celeryls init",
    ]
