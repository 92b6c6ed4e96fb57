"""From a task's name to the task, and back; the cursor is at `|`."""

from pathlib import Path

import pytest

from celeryls.ide.navigation import definition, references
from celeryls.project import Project
from tests.project.reading import project

TASKS = """\
from celery import shared_task


@shared_task
def charge(order_id): ...


@shared_task(name="refund")
def give_back(order_id): ...
"""
HEAD = "from shop.app import app\nfrom celery import signature\nfrom shop.tasks import charge\n\n"
APP = """\
from celery import Celery
app = Celery("shop")
app.conf.beat_schedule = {"x": {"task": "shop.tasks.charge", "schedule": 30}}
"""


def _read(root: Path, code: str) -> tuple[Project, str, int]:
    text = HEAD + code.replace("|", "", 1)
    files = {"shop/__init__.py": "", "shop/app.py": APP, "shop/tasks.py": TASKS}
    read = project(root, {**files, "shop/views.py": text})
    return read, str(root / "shop/views.py"), len(HEAD) + code.index("|")


DEFINITIONS = {
    'app.send_task("shop.tasks.ch|arge")': "charge",
    'app.send_task("|shop.tasks.charge")': "charge",
    'app.send_task("shop.tasks.charge|")': "charge",
    'app.send_task("re|fund", (1,))': "give_back",
    'signature("re|fund")': "give_back",
    'x = {"y": {"task": "re|fund", "schedule": 5}}': "give_back",
    'x = {"y": {"task": "shop.tasks.ch|arge", "schedule": 5}}': "charge",
    'app.conf.task_routes = {"shop.tasks.cha|rge": {"queue": "q"}}': "charge",
    'app.conf.task_routes = {"re|fund": "q"}': "give_back",
    'app.conf.task_routes = ([("refund|", "q")],)': "give_back",
    'app.conf.task_routes = [{"shop.*": "q"}, {"re|fund": {"queue": "refund"}}]': "give_back",
    'CELERY_ROUTES = {"re|fund": "q"}': "give_back",
    'app.conf.update(task_annotations={"re|fund": {"rate_limit": "1/s"}})': "give_back",
    "charge.de|lay(1)": "charge",
    "charge.|apply_async((1,))": "charge",
    "charge\\\n  .s|(1)": "charge",
    "on_commit(charge.de|lay)": "charge",
    # What a server for Python answers, or nobody.
    "cha|rge.delay(1)": None,
    "cha|rge(1)": None,
    "charge.delay(|1)": None,
    'def f():\n    name = "shop.tasks.charge"\n    app.send_task(na|me)': None,
    'print("re|fund")': None,
    # The queue may be called as a task is.
    'app.conf.task_routes = {"shop.tasks.charge": {"queue": "re|fund"}}': None,
    'app.conf.task_routes = {"shop.tasks.charge": "re|fund"}': None,
    'app.conf.task_routes = {"shop.tasks.ch|*": "q"}': None,
    'app.send_task("shop.tasks.|gone")': None,
    'app.se|nd_task("shop.tasks.charge")': None,
    "other.de|lay(1)": None,
    "# shop.tasks.ch|arge": None,
}


@pytest.mark.parametrize("code", DEFINITIONS)
def test_to_the_task(tmp_path: Path, code: str) -> None:
    read, path, offset = _read(tmp_path, code)
    found = [place.span.of(TASKS) for place in definition(read, path, offset)]
    assert found == [DEFINITIONS[code]] if DEFINITIONS[code] else found == []


def _shown(read: Project, path: str, offset: int, *, declaration: bool = False) -> list[str]:
    found = references(read, path, offset, declaration=declaration)
    return [place.span.of(read.text(place.path) or "") for place in found]


CODE = """\
charge.delay(1)
charge(2)
app.send_task("shop.tasks.charge")
"""


def test_from_a_text_or_a_method_to_all_uses(tmp_path: Path) -> None:
    everything = [
        '"shop.tasks.charge"',
        "charge.delay(1)",
        "charge",
        '"shop.tasks.charge"',
    ]
    for code in (
        CODE.replace(".delay", ".de|lay"),
        CODE.replace("shop.tasks", "shop.|tasks"),
    ):
        read, path, offset = _read(tmp_path, code)
        assert _shown(read, path, offset) == everything
        own = _shown(read, path, offset, declaration=True)
        assert own == ['"shop.tasks.charge"', "charge", *everything[1:]]


ROUTES = """\
app.conf.task_routes = {"shop.tasks.charge": {"queue": "refund"}, "shop.*": "q", **others}
app.conf.task_annotations = {"shop.tasks.charge": {"rate_limit": "1/s"}, "refund": {}}
"""


def test_keys_of_routes_and_annotations_are_references(tmp_path: Path) -> None:
    key = '"shop.tasks.charge"'
    read, path, offset = _read(tmp_path, ROUTES.replace("charge", "char|ge", 1))
    assert _shown(read, path, offset) == [key, key, key]
    read, path, offset = _read(tmp_path, ROUTES.replace('"refund": {}', '"re|fund": {}'))
    assert _shown(read, path, offset) == ['"refund"']
    at = TASKS.index("charge")
    found = references(read, str(tmp_path / "shop/tasks.py"), at)
    assert [Path(place.path).name for place in found] == ["app.py", "views.py", "views.py"]


def test_from_the_function_to_what_a_server_for_python_can_not_see(tmp_path: Path) -> None:
    read, _, _ = _read(tmp_path, f"{CODE}|")
    path = str(tmp_path / "shop/tasks.py")
    found = references(read, path, TASKS.index("charge"), declaration=True)
    places = [
        (Path(place.path).name, place.span.of(read.text(place.path) or "")) for place in found
    ]
    assert places == [
        ("app.py", '"shop.tasks.charge"'),
        ("views.py", '"shop.tasks.charge"'),
    ]
    assert references(read, path, TASKS.index("order_id")) == []


def test_a_half_typed_line(tmp_path: Path) -> None:
    read, path, offset = _read(tmp_path, "charge.de|lay(1)\nx = charge.delay(\n")
    assert [place.span.of(TASKS) for place in definition(read, path, offset)] == ["charge"]


def test_a_file_that_nobody_knows(tmp_path: Path) -> None:
    read, _, _ = _read(tmp_path, "|")
    assert definition(read, str(tmp_path / "gone.py"), 3) == []
    assert references(read, str(tmp_path / "gone.py"), 3) == []
