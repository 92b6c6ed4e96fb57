"""Code lenses: what stands above a task."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from celeryls.ide.code_lenses import CallersLens, callers_lens, code_lenses
from celeryls.project import Project
from tests.project.reading import project

APP = """\
from celery import Celery
from celery.schedules import crontab

app = Celery("shop")
app.conf.task_routes = {"shop.tasks.routed": {"queue": "io_bound"}}
app.conf.beat_schedule = {
    "often": {"task": "shop.tasks.twice", "schedule": 30},
    "seldom": {"task": "shop.tasks.twice", "schedule": 3600},
    **{"a": {"task": "shop.tasks.thrice", "schedule": 1}},
    "b": {"task": "shop.tasks.thrice", "schedule": 2},
    "c": {"task": "shop.tasks.thrice", "schedule": 3},
    "night": {"task": "shop.tasks.queued", "schedule": crontab(hour=3, minute=0)},
    "d": {"task": "shop.tasks.somehow", "schedule": somewhen()},
}
"""
TASKS = """\
from celery import shared_task


@shared_task(
    queue="slow",
)
@other
def queued(): ...


@shared_task
def routed(): ...


@shared_task
def twice(): ...


@shared_task
def thrice(): ...


@shared_task
def somehow(): ...


@shared_task(queue="celery")
def plain(): ...


@shared_task(queue=somewhere())
def unknown(): ...


def no_task(): ...
"""
FILES = {"shop/__init__.py": "", "shop/app.py": APP, "shop/tasks.py": TASKS}


def _lenses(root: Path, files: Mapping[str, str]) -> dict[str, list[tuple[str, str, str]]]:
    """By task: kind, title and what the lens stands above."""
    read = project(root, files)
    path = str(root / "shop/tasks.py")
    found: dict[str, list[tuple[str, str, str]]] = {}
    for lens in code_lenses(read, path):
        above = lens.span.of(read.text(path) or "")
        found.setdefault(lens.task.decl.name, []).append((lens.kind, lens.title, above))
    return found


def test_what_is_known_and_not_trivial_stands_above_a_task(tmp_path: Path) -> None:
    found = _lenses(tmp_path, FILES)
    known = {
        name: [title for kind, title, _ in lenses if kind == "known"]
        for name, lenses in found.items()
    }
    assert known == {
        "queued": ["every day at 03:00 · queue slow"],
        "routed": ["queue io_bound"],
        "twice": ["every 30 seconds, every 60 minutes"],
        "thrice": ["3 schedules"],
        "somehow": ["scheduled"],
        "plain": [],
        "unknown": [],
    }
    for lenses in found.values():
        assert [lens[0] for lens in lenses if lens[0] != "known"] == ["callers", "run"]
        assert ("run", "Run task…") in [lens[:2] for lens in lenses]


def test_it_stands_above_the_first_decorator_and_within_a_line(tmp_path: Path) -> None:
    assert {lens[2] for lens in _lenses(tmp_path, FILES)["queued"]} == {"@shared_task("}


def test_a_file_without_tasks_has_none(tmp_path: Path) -> None:
    read = project(tmp_path, FILES)
    assert code_lenses(read, str(tmp_path / "shop/app.py")) == []
    assert code_lenses(read, str(tmp_path / "not/there.py")) == []


def test_a_task_without_a_known_name_can_not_be_run(tmp_path: Path) -> None:
    tasks = "from celery import shared_task\n\n\n@shared_task(name=made())\ndef charge(): ...\n"
    found = _lenses(tmp_path, {"shop/tasks.py": tasks})
    assert [lens[0] for lens in found["charge"]] == ["callers"]


def test_a_half_typed_line_leaves_those_of_other_tasks(tmp_path: Path) -> None:
    tasks = TASKS + "\n\n@shared_task(bind=\ndef more("
    assert _lenses(tmp_path, {**FILES, "shop/tasks.py": tasks}).keys() >= {"queued", "plain"}


USES = {
    "nobody": ("", "no callers found"),
    "sends": ("charge.delay(1)", "1 caller"),
    "sends twice": ("charge.delay(1)\ncharge.apply_async((1,))", "2 callers"),
    "calls": ("charge(1)", "1 caller"),
    "signs": ("charge.s(1)", "1 caller"),
    "by name": ("from celery import signature\nsignature('shop.tasks.charge')", "1 caller"),
    "as a value": ("later(charge)", "passed on as a value"),
    "both": ("later(charge)\ncharge.delay()", "1 caller"),
    "by the clock": (
        "def f(sender):\n    sender.add_periodic_task(5, charge.s(1))\n",
        "no callers found",
    ),
    "another": ("refund.delay()", "no callers found"),
}


def _callers(read: Project, root: Path, name: str) -> CallersLens | None:
    path = str(root / "shop/tasks.py")
    return callers_lens(read, path, (path, name))


@pytest.mark.parametrize("how", USES)
def test_who_calls_a_task(tmp_path: Path, how: str) -> None:
    code, title = USES[how]
    tasks = "from celery import shared_task\n@shared_task\ndef charge(x): ...\n"
    text = f"import celery\nfrom shop.tasks import charge\n{code}\n"
    files = {"shop/__init__.py": "", "shop/tasks.py": tasks, "shop/views.py": text}
    found = _callers(project(tmp_path, files), tmp_path, "charge")
    assert found is not None
    assert found.title == title
    assert {caller.path for caller in found.callers} <= {str(tmp_path / "shop/views.py")}
    for caller in found.callers:
        assert "charge" in caller.span.of(text)


def test_there_may_be_no_such_task_any_more(tmp_path: Path) -> None:
    read = project(tmp_path, FILES)
    assert _callers(read, tmp_path, "gone") is None


def test_callers_follow_what_is_typed(tmp_path: Path) -> None:
    tasks = "from celery import shared_task\n@shared_task\ndef charge(x): ...\n"
    read = project(tmp_path, {"shop/__init__.py": "", "shop/tasks.py": tasks})
    views = str(tmp_path / "shop/views.py")
    steps = (
        ("charge(1)", "1 caller"),
        ("charge(1)\n\n\ndef f():\n    charge(2)", "2 callers"),
        ("refund(1)", "no callers found"),
        ("charge.delay()", "1 caller"),
    )
    for code, title in steps:
        read = read.with_text(views, f"from shop.tasks import charge\n{code}\n")
        found = _callers(read, tmp_path, "charge")
        assert found is not None
        assert found.title == title
    path = str(tmp_path / "shop/tasks.py")
    read = read.with_text(path, tasks.replace("charge", "refund"))
    read = read.with_text(views, "from shop.tasks import refund\nrefund(1)\n")
    found = _callers(read, tmp_path, "refund")
    assert found is not None
    assert found.title == "1 caller"
