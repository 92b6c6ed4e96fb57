"""From an empty folder to a running app, as a new user types it.

    python scripts/first_minute.py

Every command is the real one, in a terminal of its own; the worker, its beat and the web part are
real processes.  Prints what a terminal shows, long output cut, and what differs from run to run
masked, so that the README can have it.  Exits 1 if anything is not as promised.
"""

import contextlib
import json
import os
import pty
import re
import select
import shlex
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCRIPTS = Path(sysconfig.get_path("scripts"))
CHARACTERS_A_MINUTE = 200
"""What somebody types who is no typist: 40 words."""
PATIENCE = 60
SHOWN_LOG = (" ready.", "beat: Starting", " received", " succeeded in ")
"""What is shown of a worker's log: the first line with each, in this order."""
MASKS = (
    (re.compile(r"^\[[\d:, -]+: "), "["),
    (re.compile(r"PoolWorker-\d+"), "PoolWorker-1"),
    (re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "…"),
    (re.compile(r"in [\d.e-]+s:"), "in …s:"),
    (re.compile(r"\S+@\S+ ready"), "celery@… ready"),
)


class NotAsPromised(Exception):
    """A step did something else than it should."""


@dataclass
class Terminal:
    """What was typed and what was shown, in a folder."""

    folder: Path
    shown: str = ""
    typed: int = 0

    def run(self, command: str, *answers: str) -> None:
        """Type a command and an answer to each of its questions; it has to succeed."""
        self._types(command)
        process, screen = _in_terminal(self.folder, command)
        text = ""
        left = list(answers)
        for chunk in _read(screen):
            text += chunk
            if left and text.endswith(("> ", "]: ")):
                answer = left.pop(0)
                self.typed += len(answer) + 1
                os.write(screen, f"{answer}\n".encode())
        os.close(screen)
        if process.wait(PATIENCE) != 0 or left:
            raise NotAsPromised(f"{command} ended with {process.returncode}:\n{text}")
        lines = [line.rstrip() for line in _without_diffs(text).splitlines()]
        self.shown += "\n".join(lines) + "\n"

    @contextlib.contextmanager
    def running(self, command: str, ready: Callable[[str], bool]) -> Iterator[Path]:
        """Type a command that goes on, in a terminal beside this one; its output's file."""
        self._types(command)
        log = self.folder.parent / f"{shlex.split(command)[0]}.log"
        with log.open("w") as output:
            process = subprocess.Popen(
                _argv(command),
                cwd=self.folder,
                env=_environment(),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            _wait(lambda: ready(log.read_text()), f"{command} is not ready", process, log)
            yield log
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def shows(self, text: str) -> None:
        self.shown += text if text.endswith("\n") else text + "\n"

    def _types(self, command: str) -> None:
        self.typed += len(command) + 1
        self.shown += f"$ {command}\n"


def _argv(command: str) -> list[str]:
    name, *arguments = shlex.split(command)
    return [str(SCRIPTS / name), *arguments]


def _environment() -> dict[str, str]:
    """The environment without what says something about another project, or about colours."""
    own = ("VIRTUAL_ENV", "FORCE_COLOR", "CELERY_BROKER_URL", "CELERY_RESULT_BACKEND")
    kept = {name: value for name, value in os.environ.items() if name not in own}
    return {**kept, "NO_COLOR": "1", "TERM": "dumb", "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}


def _in_terminal(folder: Path, command: str) -> "tuple[subprocess.Popen[bytes], int]":
    screen, keyboard = pty.openpty()
    process = subprocess.Popen(
        _argv(command),
        cwd=folder,
        env=_environment(),
        stdin=keyboard,
        stdout=keyboard,
        stderr=keyboard,
        start_new_session=True,
    )
    os.close(keyboard)
    return process, screen


def _read(screen: int) -> Iterator[str]:
    """What appears, piece by piece, until the command has ended."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if not select.select([screen], [], [], 1)[0]:
            continue
        try:
            piece = os.read(screen, 65536)
        except OSError:  # the other end is closed
            return
        if not piece:
            return
        yield piece.decode().replace("\r\n", "\n")
    raise NotAsPromised("no end in sight")


def _without_diffs(text: str) -> str:
    """The text with an ellipsis in place of each run of diffs."""
    lines: list[str] = []
    inside = False
    for line in text.splitlines():
        if line.startswith("--- "):
            if not inside:
                lines.append("… what is in them")
            inside = True
        elif inside and line.startswith(("+", "-", " ", "@", "\\")):
            continue
        else:
            inside = False
            lines.append(line)
    return "\n".join(lines) + "\n"


def _wait(
    done: Callable[[], object], what: str, process: "subprocess.Popen[bytes]", log: Path
) -> None:
    end = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > end or process.poll() is not None:
            raise NotAsPromised(f"{what}\n{log.read_text()[-2000:]}")
        time.sleep(0.1)


def _masked(line: str) -> str:
    for pattern, mask in MASKS:
        line = pattern.sub(mask, line)
    return line


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def first_minute(folder: Path) -> Terminal:
    """The whole way; what was typed and shown."""
    (folder / ".git").mkdir()
    terminal = Terminal(folder)
    terminal.run("celeryls init fastapi", *[""] * 4)
    terminal.shows("")
    terminal.run(
        "celeryls new refresh_prices --set schedule='every 2 seconds' --set endpoint=yes --yes"
    )
    terminal.shows("")
    worker = "celery -A celery_app worker -B -l info"
    with terminal.running(worker, lambda text: "succeeded" in text) as log:
        lines = log.read_text().splitlines()
        for part in SHOWN_LOG:
            terminal.shows(_masked(next(line for line in lines if part in line)))
        terminal.shows("")
        port = _free_port()
        with terminal.running(f"uvicorn main:app --port {port}", lambda text: "running on" in text):
            _send_and_ask(terminal, f"http://127.0.0.1:{port}")
        terminal.shown = terminal.shown.replace(f" --port {port}", "")
    return terminal


def _send_and_ask(terminal: Terminal, server: str) -> None:
    """Send the task by its endpoint, and ask for it until it has run."""
    status, body = _request("POST", f"{server}/tasks/refresh_prices")
    terminal.shows(_masked(f"POST /tasks/refresh_prices  {status}  {json.dumps(body)}"))
    end = time.monotonic() + PATIENCE
    while True:
        status, answer = _request("GET", server + body["status_url"])
        if answer["state"] == "SUCCESS":
            break
        if time.monotonic() > end or answer["state"] not in ("PENDING", "STARTED"):
            raise NotAsPromised(f"the task that was sent is {answer}")
        time.sleep(0.1)
    terminal.shows(_masked(f"GET {body['status_url']}  {status}  {json.dumps(answer)}"))


def _request(method: str, url: str) -> tuple[int, dict[str, Any]]:
    asked = urllib.request.Request(url, method=method)
    with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
        return answer.status, json.loads(answer.read())


def transcript(tries: int = 3) -> Terminal:
    """What was typed and shown, in a folder that is gone afterwards.  Raises `NotAsPromised`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve() / "shop"
        folder.mkdir()
        try:
            terminal = first_minute(folder)
        except NotAsPromised as error:
            # Once in a while, on a busy machine, a worker takes a message of kombu's filesystem
            # transport that is still being written, and ends.
            if tries == 1 or "JSONDecodeError" not in str(error):
                raise
            return transcript(tries - 1)
    if terminal.typed > CHARACTERS_A_MINUTE:
        raise NotAsPromised(f"{terminal.typed} characters are more than a minute's typing")
    return terminal


def main() -> int:
    began = time.monotonic()
    try:
        terminal = transcript()
    except NotAsPromised as error:
        print(f"Not as promised: {error}", file=sys.stderr)
        return 1
    print(terminal.shown, end="")
    seconds = time.monotonic() - began
    print(f"{terminal.typed} characters typed, done in {seconds:.0f} s.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
