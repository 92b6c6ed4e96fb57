"""An endpoint over HTTP: a real server, a real worker, and the command that wrote it."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.generate.scaffolds import KINDS, environment, scaffolded, worker
from tests.worker.running import CELERYLS, wait_for

TASKS = """\
from celery import shared_task


@shared_task
def add(number: int, other: float = 0.5, *, note: str = "", tags: list[str] | None = None):
    return [number + other, note, tags]


@shared_task(bind=True)
def broken(self):
    raise ValueError("the secret of " + self.name)
"""
REST = {
    **KINDS["django"],
    "mysite/settings.py": KINDS["django"]["mysite/settings.py"].replace(
        '["orders"]',
        '["rest_framework", "django.contrib.auth", "django.contrib.contenttypes", "orders"]',
    ),
}
SERVERS = {
    "fastapi": ("src/shop/tasks.py", "shop.celery_app", ["uvicorn", "shop.api:api", "--port"]),
    "flask": ("shop/tasks.py", "shop.celery_app", ["flask", "--app", "shop", "run", "--port"]),
    "flask_at_once": ("tasks.py", "celery_app", ["flask", "--app", "web:server", "run", "--port"]),
    "django": ("orders/tasks.py", "mysite", ["django", "runserver", "--noreload"]),
    "rest": ("orders/tasks.py", "mysite", ["django", "runserver", "--noreload"]),
}


def asked(url: str, body: Any = None, *, post: bool = False) -> tuple[int, Any]:
    """The status and the body, as JSON, of an answer."""
    data = None if not post else b"" if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"} if body is not None else {}
    request = urllib.request.Request(url, data, headers, method="POST" if post else "GET")
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        text = error.read()
        return error.code, json.loads(text) if text[:1] in (b"{", b"[") else text.decode()


@contextmanager
def serving(root: Path, command: list[str], path: str) -> Iterator[str]:
    """The project's own web server; its URL."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    named = environment(root, path)
    if command[0] == "django":
        named["DJANGO_SETTINGS_MODULE"] = "mysite.settings"
    log = root / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command, port],
            cwd=root,
            env=named,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def answers() -> bool:
        assert process.poll() is None, log.read_text()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", int(port))) == 0

    try:
        wait_for(answers, "the server's start")
        yield f"http://127.0.0.1:{port}"
    except BaseException:
        print(log.read_text())  # pytest shows it beside the failure
        raise
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


@pytest.mark.parametrize("kind", SERVERS)
def test_a_task_is_sent_and_its_state_is_told(tmp_path: Path, kind: str) -> None:
    file, app, command = SERVERS[kind]
    files = REST if kind == "rest" else KINDS[kind]
    framework = {"framework": "flask"} if kind.startswith("flask") else {}
    scaffolded(tmp_path, {**files, file: TASKS}, **framework)
    for task in ("add", "broken"):
        done = subprocess.run(
            [CELERYLS, "add", "endpoint", f"{file}::{task}", "--yes"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "Protect both routes" in done.stdout
        assert "into the web app:" not in done.stdout
        assert "urlpatterns:" not in done.stdout
    path = "src" if kind == "fastapi" else ""
    slash = "/" if kind in ("django", "rest") else ""
    with worker(tmp_path, app, path), serving(tmp_path, command, path) as url:
        add = f"{url}/tasks/add{slash}"

        def ended(sent: dict[str, str]) -> dict[str, Any]:
            found: dict[str, Any] = {}

            def is_there() -> bool:
                at = sent["status_url"]
                status, answer = asked(at if at.startswith("http") else url + at)
                assert status == 200, answer
                found.update(answer)
                return answer["state"] in ("SUCCESS", "FAILURE")

            wait_for(is_there, "the end of the task")
            return {key: value for key, value in found.items() if value is not None}

        status, sent = asked(add, {"number": 4, "tags": ["a"]}, post=True)
        assert status == 202, sent
        assert ended(sent) == {"state": "SUCCESS", "result": [4.5, "", ["a"]]}
        status, sent = asked(add, {"number": 4, "other": 2, "note": " "}, post=True)
        assert ended(sent) == {"state": "SUCCESS", "result": [6.0, " ", None]}
        status, sent = asked(f"{url}/tasks/broken{slash}", post=True)
        assert status == 202, sent
        # What the exception said stays inside.
        assert ended(sent) == {"state": "FAILURE", "error": "ValueError"}
        refused = 422 if kind == "fastapi" else 400
        for wrong in ({}, {"number": "x"}, {"number": 1, "tags": 1}, [1]):
            status, answer = asked(add, wrong, post=True)
            assert status == refused, (wrong, answer)
        if kind != "rest":  # which leaves out what it does not know
            status, answer = asked(add, {"number": 1, "countdown": 9}, post=True)
            assert (status, "countdown" in str(answer)) == (refused, True)
        unknown = "8e4f3d3a-6c0b-4f0e-9d3b-2f6a1c5b7e90"
        status, answer = asked(f"{url}/tasks/add/{unknown}{slash}")
        assert (status, answer["state"]) == (200, "PENDING")
        assert asked(f"{url}/tasks/add/no-id{slash}")[0] in (404, 422)
