"""Run task: what is asked, and what is wrong with an answer."""

import re
from pathlib import Path

import pytest

from celeryls.ide import run_task
from celeryls.ide.dialogue import Place
from celeryls.ide.vocabulary import CannotDo
from tests.generate.projects import project
from tests.ide.running import asked, line

APP = "from celery import Celery\n\napp = Celery('shop', include=['shop.tasks'])\n"
TASKS = """\
from datetime import date
from typing import Literal, Optional
from uuid import UUID

from celery import shared_task


@shared_task
def every(
    a, b: int, c: float = 1.5, d: str = "x", e: bool = True, f: "Literal['eu', 'us']" = "us",
    g: Optional[str] = None, h: dict[str, int] = {}, i: UUID = None, j: list[int] | None = None,
    *, day: date, k=(1, 2), m: Order = None,
): ...


@shared_task
def nothing(): ...


def wrapped(function):
    return shared_task(bind=True)(lambda self, *args: function(*args))


@shared_task(queue="mail")
def first(x, y=2, /, z=3): ...
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    project(tmp_path, {"shop/__init__.py": "", "shop/app.py": APP, "shop/tasks.py": TASKS})
    return tmp_path


def test_a_question_for_each_parameter(root: Path) -> None:
    form = asked(root, "every")
    fields = {field.id.removeprefix("argument_"): field for field in form.fields}
    assert {name: (f.type.value, f.required, f.default) for name, f in fields.items()} == {
        "how": ("enum", False, "eagerly"),
        "a": ("string", True, None),
        "b": ("number", True, None),
        "c": ("number", False, 1.5),
        "d": ("string", False, "x"),
        "e": ("bool", False, True),
        "f": ("enum", False, "us"),
        "g": ("string", False, None),
        "h": ("string", False, None),
        "i": ("string", False, None),
        "j": ("string", False, None),
        "day": ("string", True, None),
        "k": ("string", False, None),
        "m": ("string", False, None),
    }
    assert "JSON" in fields["a"].help
    assert "own default" in fields["h"].help


def test_where_it_is_sent_is_asked_only_if_it_is(root: Path) -> None:
    assert [field.id for field in asked(root, "nothing").fields] == ["how"]
    assert asked(root, "nothing", {"how": "eagerly"}).complete
    second = asked(root, "nothing", {"how": "send"})
    assert [field.id for field in second.open] == ["queue", "countdown"]
    refused = asked(root, "nothing", {"how": "eagerly", "queue": "mail"})
    assert refused.errors == {"queue": "That is for tasks that are sent."}


def test_the_queue_of_the_task_is_offered(root: Path) -> None:
    form = asked(root, "first", {"how": "send", "argument_x": "1"})
    assert {field.id: field.default for field in form.open}["queue"] == "mail"


_FINE = {"argument_a": '"x"', "argument_b": 1, "argument_day": "2030-01-31"}
WRONG = [
    ({"argument_a": "eu"}, "argument_a", "text goes in quotes"),
    ({"argument_a": "NaN"}, "argument_a", "is not JSON"),
    ({"argument_a": ""}, "argument_a", "a needs a value"),
    ({"argument_b": "1.5"}, "argument_b", "is not of the type int"),
    ({"argument_b": "true"}, "argument_b", "is not of the type int"),
    ({"argument_h": "[1]"}, "argument_h", "is not of the type dict[str, int]"),
    ({"argument_i": "5"}, "argument_i", "is no UUID; give one such as"),
    ({"argument_day": "31.1.2030"}, "argument_day", "is no date; give one such as 2030-01-31"),
    ({"argument_f": "asia"}, "argument_f", "is not among the answers: eu, us"),
    ({"how": "later"}, "how", "is not among the answers: eagerly, send"),
    ({"how": "send", "countdown": "-1"}, "countdown", "number of seconds"),
    ({"how": "send", "countdown": "nan"}, "countdown", "number of seconds"),
    ({"how": "send", "queue": "--help"}, "queue", "is not the name of a queue"),
]


@pytest.mark.parametrize(("answers", "field", "says"), WRONG)
def test_what_is_wrong_is_said_at_its_field(
    root: Path, answers: dict[str, object], field: str, says: str
) -> None:
    form = asked(root, "every", {**_FINE, **answers})
    assert list(form.errors) == [field]
    assert says in form.errors[field]


def test_what_is_left_as_it_is_stays_with_the_task(root: Path) -> None:
    run = line(root, "every", a="[1]", b="2", c=1.5, d="x", e="yes", f="us", g="", day="2030-01-31")
    assert re.search(r'apply\(kwargs={"a": \[1\], "b": 2, "day": loads\([^)]*\)}\)', run.command)
    assert run.cwd == str(root)


def test_arguments_by_position(root: Path) -> None:
    assert "apply(args=[1])" in line(root, "first", x="1").command
    assert 'apply(args=[1, 5], kwargs={"z": 4})' in line(root, "first", x="1", y="5", z="4").command


def test_the_task_at_a_place(root: Path) -> None:
    path = str(root / "shop/tasks.py")
    snapshot = project(root, {})
    at = TASKS.index("def nothing") + 16
    run = run_task.line(snapshot, Place(path, at), {})
    assert run.title == "Run shop.tasks.nothing"
    run = run_task.line(snapshot, Place(path, None, {"task": "shop.tasks.nothing"}), {})
    assert run.title == "Run shop.tasks.nothing"
    with pytest.raises(CannotDo, match=r"shop/tasks.py has no task gone; it has every, nothing"):
        run_task.line(snapshot, Place(path, None, {"function": "gone"}), {})


def test_several_apps_are_offered_and_one_is_taken(root: Path) -> None:
    (root / "shop/other.py").write_text("from celery import Celery\n\nsecond = Celery('second')\n")
    (field,) = (field for field in asked(root, "nothing").fields if field.id == "app")
    assert [choice.value for choice in field.choices] == ["shop.app", "shop.other:second"]
    assert 'find_app("shop.other:second")' in line(root, "nothing", app="shop.other:second").command


def test_without_an_app_it_can_not_be_sent(tmp_path: Path) -> None:
    project(tmp_path, {"jobs.py": "from celery import shared_task\n\n@shared_task\ndef f(): ...\n"})
    assert [field.id for field in asked(tmp_path, "f").fields] == ["how", "app"]
    with pytest.raises(CannotDo, match="No app is known to send it with"):
        line(tmp_path, "f", how="send")
    assert line(tmp_path, "f", how="send", app="x.y:z").arguments == (
        *("celery", "-A", "x.y:z", "call", "jobs.f"),
    )
    assert "app" in asked(tmp_path, "f", {"app": "-A; rm"}).errors


def test_what_a_wrapper_takes_is_asked_as_a_whole(tmp_path: Path) -> None:
    text = (
        "from functools import wraps\nfrom celery import shared_task\n\n\n"
        "def task(function):\n    @shared_task\n    @wraps(function)\n"
        "    def inner(*args, **kwargs):\n        return function(*args, **kwargs)\n"
        "    return inner\n\n\n@task\ndef f(a, b): ...\n"
    )
    project(tmp_path, {"jobs.py": text})
    ids = [field.id for field in asked(tmp_path, "f").fields]
    assert ids == ["how", "app", "arguments", "keyword_arguments"]
    form = asked(tmp_path, "f", {"arguments": "{}", "keyword_arguments": "[]"})
    assert set(form.errors) == {"arguments", "keyword_arguments"}


def test_a_task_in_another_folder_than_the_first(tmp_path: Path) -> None:
    project(
        tmp_path,
        {
            "backend/pyproject.toml": "",
            "backend/shop/__init__.py": "",
            "backend/shop/celery.py": APP,
            "backend/shop/tasks.py": TASKS,
        },
    )
    run = line(tmp_path, "nothing")
    assert run.cwd == str(tmp_path / "backend")
