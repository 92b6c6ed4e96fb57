"""The endpoint of a task: what tools say of it, where it is put, what can't have one."""

import subprocess
import sys
from pathlib import Path

import pytest

from celeryls.config.load import load
from celeryls.engine import Selection, check_file
from celeryls.forms import AnswerError
from celeryls.generate.extras.plan import plan_extra
from celeryls.project import Project
from tests.generate.projects import after, project
from tests.generate.test_tools import SELECTED
from tests.rules.harness import write

APP = 'from celery import Celery\n\napp = Celery("shop", backend="rpc://")\n'
WEB = {
    "fastapi": "from fastapi import FastAPI\n\napp = FastAPI()\n",
    "flask": (
        "from flask import Flask\n\n\ndef create_app() -> Flask:\n    app = Flask(__name__)\n"
        "    return app\n"
    ),
}
TASKS = """\
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from celery import shared_task

from shop.celery import app

if TYPE_CHECKING:
    from celery import Task

LIMIT = 3


@app.task(ignore_result=True)
def nothing() -> None:
    print(LIMIT)


@app.task(ignore_result=True)
def a_task_with_quite_a_long_name_of_some_sort(number: int) -> None:
    print(number)


@shared_task(bind=True, ignore_result=True)
def everything(
    self: Task[Any, Any],
    copy: int,
    model_name: str,
    mode: Literal["a", "b"] = "a",
    anything: Any = None,
    *,
    limit: int = LIMIT,
    either: int | str | None = None,
    many: dict[str, list[int]] | None = None,
    a_parameter_with_a_rather_long_name: list[str] | None = None,
) -> None:
    print(self, copy, model_name, mode, anything, limit, either, many)
    print(a_parameter_with_a_rather_long_name)
"""
NAMES = ("nothing", "a_task_with_quite_a_long_name_of_some_sort", "everything")


def shop(root: Path, kind: str, tasks: str = TASKS, settings: str = "") -> Project:
    web = {"shop/web.py": WEB[kind]} if kind in WEB else {}
    if kind in ("django", "rest"):
        installed = '["rest_framework"]' if kind == "rest" else "[]"
        web = {
            "manage.py": (
                'import os\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.conf")\n'
            ),
            "shop/conf.py": f'ROOT_URLCONF = "shop.urls"\nINSTALLED_APPS = {installed}\n',
            "shop/urls.py": "from django.urls import path\n\nurlpatterns = [\n    # ours\n]\n",
        }
    files = {
        "pyproject.toml": '[project]\nname = "shop"\n' + settings,
        "shop/__init__.py": "",
        "shop/celery.py": APP,
        "shop/tasks.py": tasks,
        **web,
    }
    return project(root, files)


def added(snapshot: Project, name: str) -> tuple[dict[str, str], tuple[str, ...]]:
    task = next(each for each in snapshot.tasks() if each.decl.name == name)
    plan = plan_extra(snapshot, task, "endpoint")
    return after(plan, snapshot), plan.notes


@pytest.mark.parametrize("length", [79, 100])
@pytest.mark.parametrize("kind", ["fastapi", "flask", "django", "rest"])
def test_tools_and_our_own_rules_find_nothing(tmp_path: Path, kind: str, length: int) -> None:
    snapshot = shop(tmp_path, kind, settings=f"[tool.ruff]\nline-length = {length}\n")
    for name in NAMES:
        files, _ = added(snapshot, name)
        write(tmp_path, files)
        snapshot = project(tmp_path, {})
    new = [str(tmp_path / f"shop/{name}_endpoint.py") for name in NAMES]
    options = ["--isolated", "--no-cache", f"--config=line-length={length}"]
    run("ruff", "check", *options, f"--select={SELECTED}", *new, cwd=tmp_path)
    run("ruff", "format", "--check", "--diff", *options, str(tmp_path / "shop"), cwd=tmp_path)
    run("ruff", "check", *options, "--select=E,F,I", str(tmp_path / "shop"), cwd=tmp_path)
    selection = Selection(load(tmp_path).config)
    for path in new:
        assert list(check_file(snapshot, path, snapshot.text(path) or "", selection) or ()) == []
    if kind in WEB:
        run("mypy", "--strict", f"--cache-dir={tmp_path / 'mypy'}", ".", cwd=tmp_path)


@pytest.mark.parametrize(
    ("kind", "file", "line"),
    [
        ("fastapi", "shop/web.py", "app.include_router(nothing_router)"),
        ("flask", "shop/web.py", "    app.register_blueprint(nothing_blueprint)"),
        ("django", "shop/urls.py", '    path("tasks/nothing/", include("shop.nothing_endpoint")),'),
    ],
)
def test_it_is_put_into_the_web_app(tmp_path: Path, kind: str, file: str, line: str) -> None:
    files, notes = added(shop(tmp_path, kind), "nothing")
    assert line in files[file].splitlines()
    assert not any("Put it into" in note for note in notes)
    assert any("Protect both routes" in note for note in notes)
    assert any("stays PENDING" in note for note in notes)


def test_the_app_of_a_shared_task_is_that_of_all_threads(tmp_path: Path) -> None:
    files, _ = added(shop(tmp_path, "fastapi"), "everything")
    assert files["shop/celery.py"].splitlines()[-1] == "app.set_default()"
    assert "app.AsyncResult" in files["shop/everything_endpoint.py"]


def test_where_it_is_not_certain_the_line_is_said(tmp_path: Path) -> None:
    head = "from celery import shared_task\nfrom shop.web import app\n"
    tasks = f"{head}\n\n@shared_task\ndef t(): pass\n"
    files, notes = added(shop(tmp_path, "fastapi", tasks), "t")
    # It would be imported by what it imports.
    assert "shop/web.py" not in files
    assert any("app.include_router(router)" in note for note in notes)


@pytest.mark.parametrize(
    ("kind", "signature", "message"),
    [
        ("fastapi", "*ids", "takes *ids"),
        ("fastapi", "**options", "takes **options"),
        ("flask", "a, /", "takes a"),
        ("flask", "when: datetime", "when: datetime, which JSON does not carry"),
        ("django", "order: Order", "order: Order, which JSON does not carry"),
        ("plain", "", "needs FastAPI, Flask or Django"),
    ],
)
def test_what_can_not_be_done_is_said(
    tmp_path: Path, kind: str, signature: str, message: str
) -> None:
    head = "from datetime import datetime\nfrom celery import shared_task\n"
    tasks = f"{head}from x import Order\n\n\n@shared_task\ndef t({signature}): pass\n"
    with pytest.raises(AnswerError) as refused:
        added(shop(tmp_path, kind, tasks), "t")
    assert message in refused.value.message
    assert "\n" not in refused.value.message


def test_a_second_one_is_refused(tmp_path: Path) -> None:
    files, _ = added(shop(tmp_path, "flask"), "nothing")
    write(tmp_path, files)
    with pytest.raises(AnswerError, match="nothing is overwritten"):
        added(project(tmp_path, {}), "nothing")


def run(*arguments: str, cwd: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
