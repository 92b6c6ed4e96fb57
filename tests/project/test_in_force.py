"""The options in force, and where each comes from: decorator, base, annotations, settings."""

from pathlib import Path

import pytest

from tests.project.reading import UNKNOWN, in_force, one_task, project

_APP = "from celery import Celery, Task\napp = Celery('x')\n"

# A file after the app, with one task; the option; what is in force.
FROM: dict[str, tuple[str, str, tuple[object, str]]] = {
    "decorator": ("@app.task(max_retries=5)\ndef f(): ...\n", "max_retries", (5, "decorator")),
    "default": ("@app.task\ndef f(): ...\n", "max_retries", (3, "default")),
    "default of retry_backoff": ("@app.task\ndef f(): ...\n", "retry_backoff", (False, "default")),
    "base": (
        "class B(Task):\n    max_retries = 7\n@app.task(base=B)\ndef f(): ...\n",
        "max_retries",
        (7, "base"),
    ),
    "base of a base": (
        "class A(Task):\n    max_retries = 7\nclass B(A): ...\n@app.task(base=B)\ndef f(): ...\n",
        "max_retries",
        (7, "base"),
    ),
    "nearest base": (
        "class A(Task):\n    max_retries = 7\nclass B(A):\n    max_retries = 8\n"
        "@app.task(base=B)\ndef f(): ...\n",
        "max_retries",
        (8, "base"),
    ),
    "base of the app": (
        "class B(app.Task):\n    max_retries = 7\n@app.task(base=B)\ndef f(): ...\n",
        "max_retries",
        (7, "base"),
    ),
    "decorator over base": (
        "class B(Task):\n    max_retries = 7\n@app.task(base=B, max_retries=1)\ndef f(): ...\n",
        "max_retries",
        (1, "decorator"),
    ),
    "base that computes": (
        "class B(Task):\n    @property\n    def max_retries(self): return 1\n"
        "@app.task(base=B)\ndef f(): ...\n",
        "max_retries",
        (UNKNOWN, "base"),
    ),
    "base that can't be read": (
        "from vendor import B\n@app.task(base=B)\ndef f(): ...\n",
        "max_retries",
        (UNKNOWN, "unknown"),
    ),
    "base by a call": (
        "@app.task(base=make())\ndef f(): ...\n",
        "max_retries",
        (UNKNOWN, "unknown"),
    ),
    "base over settings": (
        "app.conf.task_acks_late = False\nclass B(Task):\n    acks_late = True\n"
        "@app.task(base=B)\ndef f(): ...\n",
        "acks_late",
        (True, "base"),
    ),
    "annotations for all": (
        "app.conf.task_annotations = {'*': {'max_retries': 9}}\n@app.task\ndef f(): ...\n",
        "max_retries",
        (9, "annotations"),
    ),
    "annotations by name": (
        "app.conf.task_annotations = {'t.f': {'max_retries': 9}}\n@app.task\ndef f(): ...\n",
        "max_retries",
        (9, "annotations"),
    ),
    "annotations win over the decorator": (
        "app.conf.task_annotations = {'t.f': {'max_retries': 9}}\n"
        "@app.task(max_retries=1)\ndef f(): ...\n",
        "max_retries",
        (9, "annotations"),
    ),
    "annotations of another task": (
        "app.conf.task_annotations = {'t.g': {'max_retries': 9}}\n@app.task\ndef f(): ...\n",
        "max_retries",
        (3, "default"),
    ),
    "annotations of old": (
        "app.conf.CELERY_ANNOTATIONS = {'*': {'acks_late': True}}\n@app.task\ndef f(): ...\n",
        "acks_late",
        (True, "annotations"),
    ),
    "annotations in an object": (
        "class A:\n    def annotate(self, task): return {}\n"
        "app.conf.task_annotations = [A()]\n@app.task\ndef f(): ...\n",
        "acks_late",
        (UNKNOWN, "unknown"),
    ),
    "annotations that are computed": (
        "app.conf.task_annotations = make()\n@app.task\ndef f(): ...\n",
        "acks_late",
        (UNKNOWN, "unknown"),
    ),
    "setting of a time limit": (
        "app.conf.task_time_limit = 30\n@app.task\ndef f(): ...\n",
        "time_limit",
        (30, "settings"),
    ),
    "none is a value": ("@app.task\ndef f(): ...\n", "time_limit", (None, "default")),
    "a setting can't set it": (
        "app.conf.task_max_retries = 30\n@app.task\ndef f(): ...\n",
        "max_retries",
        (3, "default"),
    ),
    "unknown option": ("@app.task\ndef f(): ...\n", "nonsense", (UNKNOWN, "unknown")),
    "positional argument": ("@app.task(x)\ndef f(): ...\n", "acks_late", (UNKNOWN, "unknown")),
}


@pytest.mark.parametrize("how", FROM)
def test_where_an_option_comes_from(how: str, tmp_path: Path) -> None:
    text, option, expected = FROM[how]
    assert in_force(project(tmp_path, {"t.py": _APP + text}), option) == expected


TASK_CLASSES = {
    "Celery('x', task_cls=B)": 7,
    "Celery('x', task_cls='base:B')": 7,
    "Celery('x', task_cls='base.B')": 7,
    "Own('x')": 7,
    "Celery('x', **options)": UNKNOWN,
    "Celery('x')": 3,
}


@pytest.mark.parametrize("constructor", TASK_CLASSES)
def test_the_apps_own_task_class(constructor: str, tmp_path: Path) -> None:
    base = "from celery import Task\nclass B(Task):\n    max_retries = 7\n"
    text = (
        "from celery import Celery\nfrom base import B\n"
        "class Own(Celery):\n    task_cls = B\n"
        f"app = {constructor}\n@app.task\ndef f(): ...\n"
    )
    read = project(tmp_path, {"base.py": base, "t.py": text})
    assert in_force(read, "max_retries")[0] == TASK_CLASSES[constructor]


ASSIGNED = {
    "app.Task = B\n": 7,
    "class C(app.Task):\n    max_retries = 8\napp.Task = C\n": 8,
    "TaskBase = app.Task\nclass C(TaskBase):\n    max_retries = 8\napp.Task = C\n": 8,
    "if x:\n    app.Task = B\n": UNKNOWN,
    "app.Task = made()\n": UNKNOWN,
    "app.Task = B\napp.Task = C\n": UNKNOWN,
    "other.Task = B\nother = 3\n": 3,
    "def make(celery):\n    celery.Task = B\n": 7,
    "def make(celery):\n    class C(B): ...\n    celery.Task = C\n": UNKNOWN,
    "class Own:\n    def f(self):\n        self.Task = B\n": 3,
}


@pytest.mark.parametrize("assigned", ASSIGNED)
def test_a_task_class_that_an_app_is_given_later(assigned: str, tmp_path: Path) -> None:
    base = "from celery import Task\nclass B(Task):\n    max_retries = 7\n"
    text = f"{_APP}from base import B\n{assigned}@app.task\ndef f(): ...\n"
    tests = "from t import app, B\nclass C(B): ...\napp.Task = C\n"
    read = project(tmp_path, {"base.py": base, "t.py": text, "tests/c.py": tests})
    assert in_force(read, "max_retries")[0] == ASSIGNED[assigned]


_ONE = "from celery import Celery\none = Celery('one')\none.conf.task_acks_late = True\n"
_SHARED = "from celery import shared_task\n@shared_task\ndef f(): ...\n"


DEFAULT = (False, "default")
_FACTORY = """\
from celery import Celery, Task
def init(flask):
    class FlaskTask(Task): ...
    made = Celery(flask.name, task_cls=FlaskTask)
    made.config_from_object(flask.config["CELERY"])
    flask.extensions["celery"] = made
    return made
"""


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("app.py", _FACTORY, (UNKNOWN, "unknown")),
        ("app.py", _FACTORY.replace("return made", "return flask"), (UNKNOWN, "unknown")),
        ("app.py", _FACTORY.replace("return made", "return flask").replace("_from_", "_"), DEFAULT),
        ("tests/app.py", _FACTORY, DEFAULT),
    ],
)
def test_a_factory_that_somebody_calls_somewhere(
    path: str, text: str, expected: tuple[object, str], tmp_path: Path
) -> None:
    assert in_force(project(tmp_path, {path: text, "t.py": _SHARED}), "acks_late") == expected


def test_apps_that_agree_say_what_a_shared_task_gets(tmp_path: Path) -> None:
    files = {"one.py": _ONE, "two.py": _ONE.replace("one", "two"), "t.py": _SHARED}
    assert in_force(project(tmp_path, files), "acks_late") == (True, "settings")


def test_apps_that_disagree_leave_it_unknown_for_shared_tasks(tmp_path: Path) -> None:
    two = "from celery import Celery\ntwo = Celery('two')\n"
    read = project(tmp_path, {"one.py": _ONE, "two.py": two, "t.py": _SHARED})
    assert in_force(read, "acks_late") == (UNKNOWN, "unknown")
    assert in_force(read, "track_started") == (False, "default")


def test_each_apps_own_tasks_follow_that_app(tmp_path: Path) -> None:
    task = "@one.task\ndef f(): ...\n"
    two = "from celery import Celery\ntwo = Celery('two')\n@two.task\ndef g(): ...\n"
    read = project(tmp_path, {"one.py": _ONE + task, "two.py": two})
    f, g = read.tasks()
    assert [read.effective(t, "acks_late").origin for t in (f, g)] == ["settings", "default"]


@pytest.mark.parametrize(
    ("loads", "option", "origin"),
    [
        (", include=['shop.tasks']", "", "unknown"),
        (", imports=['shop.more']", "", "unknown"),
        (")\none.autodiscover_tasks(['shop']", "", "unknown"),
        (")\none.autodiscover_tasks(", "", "unknown"),
        (")\none.conf.include = modules(", "", "unknown"),
        ("", "", "default"),
        (", include=['other.tasks']", "", "default"),
        (")\none.autodiscover_tasks(['other']", "", "default"),
        (", include=['shop.tasks']", "(shared=False)", "default"),
        (", include=['shop.tasks']", "(acks_late=False)", "decorator"),
    ],
)
def test_an_app_that_loads_a_task_of_another_has_a_say(
    loads: str, option: str, origin: str, tmp_path: Path
) -> None:
    files = {
        "one.py": f"from celery import Celery\none = Celery('one'{loads})\n"
        "one.conf.task_acks_late = True\n",
        "shop/__init__.py": "",
        "shop/tasks.py": "from celery import Celery\ntwo = Celery('two')\n"
        f"@two.task{option}\ndef f(): ...\n",
    }
    read = project(tmp_path, files)
    assert read.effective(one_task(read), "acks_late").origin == origin
    assert read.effective(one_task(read), "track_started").origin == "default"


def test_without_any_app_celerys_defaults_hold(tmp_path: Path) -> None:
    assert in_force(project(tmp_path, {"t.py": _SHARED}), "acks_late") == (False, "default")


def test_the_app_of_a_test_says_nothing_about_the_product(tmp_path: Path) -> None:
    files = {"tests/conftest.py": _ONE, "t.py": _SHARED}
    assert in_force(project(tmp_path, files), "acks_late") == (False, "default")


def test_the_app_of_a_test_holds_for_tasks_of_tests(tmp_path: Path) -> None:
    files = {"tests/conftest.py": _ONE, "tests/test_t.py": _SHARED}
    assert in_force(project(tmp_path, files), "acks_late") == (True, "settings")


def test_the_current_app_is_the_only_app(tmp_path: Path) -> None:
    text = "from celery import current_app\n@current_app.task\ndef f(): ...\n"
    read = project(tmp_path, {"one.py": _ONE, "t.py": text})
    assert in_force(read, "acks_late") == (True, "settings")


def test_an_app_of_an_installed_package_is_unknown(tmp_path: Path) -> None:
    text = "from vendor.celery import app\n@app.task\ndef f(): ...\n"
    read = project(tmp_path, {"t.py": text})
    assert one_task(read).app is not None
    assert in_force(read, "acks_late") == (UNKNOWN, "unknown")


def test_an_annotation_by_name_is_unknown_where_the_name_is(tmp_path: Path) -> None:
    text = (
        _APP + "app.conf.task_annotations = {'t.f': {'max_retries': 9}}\n"
        "@app.task(name=make())\ndef f(): ...\n"
    )
    read = project(tmp_path, {"t.py": text})
    assert in_force(read, "max_retries") == (UNKNOWN, "unknown")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", (5, "decorator")),
        ("TASK_ANNOTATIONS = find()\n", (UNKNOWN, "unknown")),
        ("class Config:\n    CELERY_ANNOTATIONS = find()\n", (UNKNOWN, "unknown")),
    ],
)
def test_settings_put_together_by_a_program_annotate_nothing_that_nobody_names(
    tmp_path: Path, more: str, expected: tuple[object, str]
) -> None:
    code = f"{_APP}app.conf.update(**config)\n{more}@app.task(max_retries=5)\ndef f(): ...\n"
    read = project(tmp_path, {"tasks.py": code})
    assert in_force(read, "max_retries") == expected
    assert in_force(read, "acks_late") == (UNKNOWN, "unknown")
