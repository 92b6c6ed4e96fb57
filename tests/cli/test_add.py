"""`celeryls add`: a schedule and other things for a task that exists, and what is refused."""

import subprocess
from pathlib import Path

import pytest

from celeryls.config.load import load
from celeryls.engine import Selection
from celeryls.ide.actions import Place, actions, resolve
from celeryls.text import Span, apply_edits
from tests.generate.projects import SHOP, project
from tests.rules.harness import write
from tests.worker.running import CELERYLS


def add(root: Path, *arguments: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [CELERYLS, "add", *arguments], cwd=root, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


def test_a_schedule(tmp_path: Path) -> None:
    write(tmp_path, SHOP)
    before = (tmp_path / "shop/app.py").read_text()
    given = ("schedule", "shop/tasks.py::first", "--yes", "--set", "schedule=every 10 minutes")
    code, out, _ = add(tmp_path, *given, "--set", "arguments=order_id=7", "--dry-run")
    assert (code, (tmp_path / "shop/app.py").read_text()) == (0, before)
    assert '+        "schedule": timedelta(minutes=10),' in out
    code, out, _ = add(tmp_path, *given, "--set", "arguments=order_id=7")
    assert code == 0
    assert "celery -A shop.app beat" in out
    (entry,) = project(tmp_path, {}).schedules()
    assert entry.name == "first"
    assert '"kwargs": {"order_id": 7}' in (tmp_path / "shop/app.py").read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("schedule", "shop/tasks.py::first", "--yes"), "schedule: Say when it runs"),
        (("schedule", "shop/tasks.py::first", "--set", "schedule=soon"), "schedule: "),
        (
            ("schedule", "shop/tasks.py::first", "--set", "schedule=every hour"),
            "arguments: Each run needs a value for order_id",
        ),
        (
            (
                *("schedule", "shop/tasks.py::first", "--set", "schedule=every hour"),
                *("--set", "arguments=shop=1"),
            ),
            "takes order_id",
        ),
        (("endpoint", "shop/tasks.py::first"), "needs FastAPI, Flask or Django"),
        (("endpoint", "shop/tasks.py::first", "--set", "schedule=x"), "no such field: schedule"),
        (("test", "shop/tasks.py::second"), "has no task second; it has first."),
        (("test", "shop/tasks.py"), "FILE::TASK"),
        (("test", "../../x.py::first"), "does not exist"),
        (("endpoint", "shop/tasks.py::first; import os"), "has no task"),
    ],
)
def test_what_is_refused_is_so_in_one_line(
    tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    write(tmp_path, SHOP)
    texts = {path: path.read_text() for path in tmp_path.rglob("*.py")}
    code, _, err = add(tmp_path, *arguments)
    assert code == 2
    assert message in err
    assert err.count("\n") == 1
    assert {path: path.read_text() for path in tmp_path.rglob("*.py")} == texts


def test_who_adds_a_second_schedule_is_told_of_the_first(tmp_path: Path) -> None:
    write(tmp_path, SHOP)
    given = ("schedule", "shop/tasks.py::first", "--yes", "--set", "arguments=order_id=1")
    _, out, _ = add(tmp_path, *given, "--set", "schedule=hourly")
    assert "already" not in out
    _, out, _ = add(tmp_path, *given, "--set", "schedule=daily at 03:00")
    assert "note: first is run by the clock already, by shop/app.py:" in out


def test_a_new_task_gets_them_too(tmp_path: Path) -> None:
    write(tmp_path, SHOP | {"shop/web.py": "from fastapi import FastAPI\n\napp = FastAPI()\n"})
    done = subprocess.run(
        [
            *(CELERYLS, "new", "second", "--yes", "--set", "file=shop/tasks.py"),
            *("--set", "parameters=number: int", "--set", "endpoint=yes", "--set", "test=yes"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "    number: int\n" in (tmp_path / "shop/second_endpoint.py").read_text()
    assert "app.include_router(second_router)" in (tmp_path / "shop/web.py").read_text()
    assert "wrote tests/" in done.stdout


@pytest.mark.parametrize("asks", [True, False])
def test_on_the_head_of_a_task_and_when_invoked_they_are_offered(
    tmp_path: Path, asks: bool
) -> None:
    web = {"shop/web.py": "from fastapi import FastAPI\n\napp = FastAPI()\n"}
    snapshot = project(tmp_path, SHOP | web)
    path = str(tmp_path / "shop/tasks.py")
    text = SHOP["shop/tasks.py"]
    rules = Selection(load(tmp_path).config)

    def offered(at: int, *, invoked: bool) -> dict[str, str | None]:
        place = Place(snapshot, path, text, Span(at, at), rules, invoked=invoked, asks=asks)
        return {
            action.kind: action.command
            for action in actions(place)
            if action.kind.startswith("refactor.extract.celery.")
            and action.title.startswith("Add ")
        }

    head, body = text.index("first"), text.index("print")
    kinds = {f"refactor.extract.celery.{each}" for each in ("endpoint", "metrics", "test")}
    asked = {"refactor.extract.celery.schedule"} if asks else set()
    assert set(offered(head, invoked=True)) == kinds | asked
    assert offered(head, invoked=False) == offered(body, invoked=True) == {}
    data = {"action": "add", "path": path, "addition": "endpoint", "task": "first"}
    edits = resolve(snapshot, data, rules)
    written = {
        Path(at).name: apply_edits(snapshot.text(at) or "", changed)
        for at, changed in edits.items()
    }
    assert set(written) == {"first_endpoint.py", "web.py", "app.py"}
