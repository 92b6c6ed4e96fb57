"""The lines of "Run task", typed into a shell: a real Celery runs them, here or on a worker."""

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from celeryls.forms.run_form import RunSpec
from celeryls.generate.run_line import run_line
from tests.generate.projects import project
from tests.generate.scaffolds import KINDS, scaffolded
from tests.ide.running import found, line, typed
from tests.worker.running import Project, wait_for

HARD = 'it\'s "hard" \\ $HOME `id` %PATH% !! \n\t; é😀\x1b[31m'
"""What shells, terminals and JSON each read in a way of their own."""
TASKS = """\
import json
from datetime import datetime
from decimal import Decimal

from celery import shared_task


@shared_task
def plain(text: str, *rest, number: int = 3, ratio: float = 0.5, flag=False, **more):
    return ascii([text, list(rest), number, ratio, flag, more])


@shared_task(bind=True, queue="mail")
def bound(self, order_id: int, /, when: datetime, price: Decimal | None = None):
    return repr([self.request.is_eager, order_id, when, price])


@shared_task
def fails():
    raise ValueError("no such order")
"""


@pytest.fixture
def shop(tmp_path: Path) -> Project:
    root = tmp_path / "a shop"
    root.mkdir()
    made = Project(root)
    made.tasks.write_text(TASKS)
    return made


def _python(code: str, folder: str) -> str:
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _said(printed: str) -> Any:
    return ast.literal_eval(printed.splitlines()[-1])


def test_arguments_arrive_as_they_were_given(shop: Project) -> None:
    run = line(
        shop.root,
        "plain",
        text=HARD,
        number=-7,
        flag='{"a": [1, null, true, "x"]}',
        arguments='["r", 1.5]',
        keyword_arguments='{"k": "it\'s"}',
    )
    assert _said(typed(run)) == [
        HARD,
        ["r", 1.5],
        -7,
        0.5,
        {"a": [1, None, True, "x"]},
        {"k": "it's"},
    ]
    assert run.title == "Run shop.tasks.plain"
    assert run.command.isprintable()
    assert run.arguments[:2] == ("python", "-c")


def test_what_json_lacks_is_what_the_task_expects(shop: Project) -> None:
    run = line(shop.root, "bound", order_id=5, when="2030-01-31T12:00:00", price="1.50")
    printed = typed(run)
    assert printed == "[True, 5, datetime.datetime(2030, 1, 31, 12, 0), Decimal('1.50')]"
    # What is left out is the function's own default.
    run = line(shop.root, "bound", order_id=5, when="2030-01-31T12:00:00", price="")
    assert typed(run).endswith(", None]")


def test_an_error_is_seen_with_where_it_came_from(shop: Project) -> None:
    run = line(shop.root, "fails")
    done = subprocess.run(
        [sys.executable, *run.arguments[1:]],
        cwd=run.cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "ValueError: no such order" in done.stderr
    assert "in fails" in done.stderr


def test_a_worker_gets_what_is_sent(shop: Project) -> None:
    run = line(shop.root, "plain", how="send", text=HARD, number=9, arguments="[1]")
    assert run.arguments[:5] == ("celery", "-A", "shop.app", "call", "shop.tasks.plain")
    with shop.worker():
        sent = typed(run)
        wait_for(lambda: shop.state(sent) == "SUCCESS", "the task's success")
    assert _said(shop.outcome(sent)["result"]) == [HARD, [1], 9, 0.5, False, {}]


def test_it_goes_to_the_queue_of_the_task_and_later(shop: Project) -> None:
    sent = typed(
        line(
            shop.root,
            "bound",
            how="send",
            order_id="5",
            when="2030-01-31T12:00:00",
            countdown=3600,
        )
    )
    (message,) = shop.messages()
    assert message["id"] == sent
    assert message["eta"] is not None
    assert message["body"][0][0] == 5
    assert [path.name for path in shop.queue.glob("*.mail.msg")] != []


def test_a_task_that_no_worker_imports_is_imported_for_it(shop: Project) -> None:
    (shop.root / "shop/extra.py").write_text(
        "from celery import shared_task\n\n\n@shared_task\ndef extra():\n    return 'here'\n"
    )
    assert typed(line(shop.root, "extra")) == "here"


def test_without_an_app_the_module_is_enough(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "jobs.py").write_text(
        "from celery import shared_task\n\n\n@shared_task\ndef add(a, b=2):\n    return a + b\n"
    )
    assert typed(line(tmp_path, "add", a="40")) == "42"
    (tmp_path / "made.py").write_text("from celery import Celery\n\nmain = [Celery()][0]\n")
    run = line(tmp_path, "add", a="40", b="3", app="made:main")
    assert typed(run) == "43"


FRAMEWORKS = {
    "django": (
        "orders/tasks.py",
        "from celery import shared_task\nfrom django.apps import apps\n"
        "from django.conf import settings\n\n\n@shared_task\ndef where(more: str):\n"
        "    return f'{settings.TIME_ZONE} {apps.ready} {more}'\n",
        "Europe/Vienna True yes",
    ),
    "flask": (
        "shop/tasks.py",
        "from celery import shared_task\nfrom flask import current_app\n\n\n"
        "@shared_task\ndef where(more: str):\n"
        "    return current_app.config['GREETING'] + ' ' + more\n",
        "hello yes",
    ),
    "fastapi": (
        "src/shop/tasks.py",
        "from celery import shared_task\nfrom shop.api import api\n\n\n"
        "@shared_task\ndef where(more: str):\n    return f'{type(api).__name__} {more}'\n",
        "FastAPI yes",
    ),
}


@pytest.mark.parametrize("kind", FRAMEWORKS)
def test_a_task_finds_its_framework_as_on_a_worker(tmp_path: Path, kind: str) -> None:
    root = tmp_path / "a project"
    root.mkdir()
    path, text, printed = FRAMEWORKS[kind]
    scaffolded(root, {**KINDS[kind], path: text})
    assert typed(line(root, "where", more="yes")) == printed
    sent = typed(line(root, "where", how="send", more="yes"))
    assert re.fullmatch(r"[0-9a-f-]{36}", sent)


def test_for_windows_nothing_needs_a_quote_within_quotes(shop: Project) -> None:
    snapshot = project(shop.root, {})
    app = snapshot.apps[0]
    spec = RunSpec("eagerly", kwargs={"text": HARD, "flag": {"a": None}})
    run = run_line(snapshot, found(snapshot, "plain"), app, spec, windows=True)
    code = run.arguments[-1]
    assert run.command == f'python -c "{code}"'
    assert not set(code) & set('"%$`!')
    assert code.isascii()
    # Python takes it for the same.
    assert _said(_python(code, run.cwd)) == [HARD, [], 3, 0.5, {"a": None}, {}]
    send = RunSpec("send", kwargs={"text": "x"}, queue="mail", countdown=60)
    run = run_line(snapshot, found(snapshot, "plain"), app, send, windows=True)
    assert run.command.count('"') == 2
    sent = _python(run.arguments[-1], run.cwd)
    (message,) = shop.messages()
    assert message["id"] == sent
