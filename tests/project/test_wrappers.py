"""Decorators of a project's own, call forms and registered classes: what becomes a task by them."""

from pathlib import Path

import pytest

from celeryls.project import Task
from tests.project.reading import UNKNOWN, names, one_task, plain, project, workspace

_APP = "from celery import Celery, Task, shared_task\nfrom functools import partial, wraps\n"
_APP += "app = Celery('shop')\n"

WRAPPERS: dict[str, tuple[str, dict[str, object]]] = {
    "function that returns a decorator": (
        "def job(name, **kw): return app.task(name=name, bind=True, **kw)\n"
        "@job('n', acks_late=True)\ndef f(self): ...\n",
        {"name": "n", "bind": True, "acks_late": True},
    ),
    "defaults of parameters": (
        "def job(name, queue='low', retries=None):\n"
        "    return shared_task(name=name, queue=queue, max_retries=retries)\n"
        "@job('n', retries=5)\ndef f(): ...\n",
        {"name": "n", "queue": "low", "max_retries": 5},
    ),
    "used bare": (
        "def task(*args, **kw): return app.task(*args, **kw)\n@task\ndef f(): ...\n",
        {},
    ),
    "setdefault": (
        "def job(**kw):\n    kw.setdefault('acks_late', True)\n"
        "    kw.setdefault('queue', 'low')\n    return app.task(**kw)\n"
        "@job(queue='high')\ndef f(): ...\n",
        {"queue": "high", "acks_late": True},
    ),
    "set if missing": (
        "def job(**kw):\n    if 'bind' not in kw:\n        kw['bind'] = False\n"
        "    return app.task(**kw)\n@job()\ndef f(): ...\n",
        {"bind": False},
    ),
    "changed in ways that are not known": (
        "def job(**kw):\n    if x: kw['queue'] = y()\n    return app.task(**kw)\n"
        "@job(bind=True)\ndef f(self): ...\n",
        {"bind": True, "queue": UNKNOWN},
    ),
    "renamed in a loop": (
        "def job(**kw):\n    for arg in 'queue', 'priority':\n        if arg in kw:\n"
        "            kw['default_{0}'.format(arg)] = kw.pop(arg)\n    return app.task(**kw)\n"
        "@job(name='n', queue='x')\ndef f(): ...\n",
        {
            "name": "n",
            "queue": UNKNOWN,
            "priority": UNKNOWN,
            "default_queue": UNKNOWN,
            "default_priority": UNKNOWN,
        },
    ),
    "defaults in a dict": (
        "DEFAULTS = {'acks_late': True, 'max_retries': 5}\n"
        "def job(**kw): return app.task(**{**DEFAULTS, **kw})\n"
        "@job(max_retries=9)\ndef f(): ...\n",
        {"acks_late": True, "max_retries": 9},
    ),
    "inner function": (
        "def job(**kw):\n    def decorate(fn): return app.task(bind=True, **kw)(fn)\n"
        "    return decorate\n@job(queue='x')\ndef f(self): ...\n",
        {"bind": True, "queue": "x"},
    ),
    "inner task around the function": (
        "def job(*args, **kw):\n    def decorate(fn):\n"
        "        @shared_task(acks_late=True, **kw)\n        @wraps(fn)\n"
        "        def wrapper(*a, **k): return fn(*a, **k)\n        return wrapper\n"
        "    if args: return decorate(args[0])\n    return decorate\n"
        "@job\ndef f(): ...\n",
        {"acks_late": True},
    ),
    "with or without parentheses": (
        "def job(fn=None, **kw):\n    if fn is None: return partial(job, **kw)\n"
        "    return app.task(acks_late=True, **kw)(fn)\n@job(queue='x')\ndef f(): ...\n",
        {"acks_late": True, "queue": "x"},
    ),
    "through another wrapper": (
        "def task(**kw): return app.task(bind=True, **kw)\n"
        "def job(name): return task(name=name)\n@job('n')\ndef f(self): ...\n",
        {"bind": True, "name": "n"},
    ),
    "partial": (
        "job = partial(shared_task, bind=True)\n@job(queue='x')\ndef f(self): ...\n",
        {"bind": True, "queue": "x"},
    ),
    "made by a factory": (
        "def make(**defaults):\n    def job(fn): return app.task(**defaults)(fn)\n"
        "    return job\njob = make(acks_late=True)\n@job\ndef f(): ...\n",
        {"acks_late": True},
    ),
}


@pytest.mark.parametrize(("code", "options"), WRAPPERS.values(), ids=WRAPPERS)
def test_a_decorator_of_ones_own(tmp_path: Path, code: str, options: dict[str, object]) -> None:
    task = one_task(project(tmp_path, {"shop/__init__.py": "", "shop/tasks.py": _APP + code}))
    assert task.kind == "wrapper"
    assert {name: plain(value) for name, value in task.options.items()} == options
    assert task.complete
    assert task.name == options.get("name", "shop.tasks.f")
    assert not task.is_plain


NOT_TASKS = {
    "plain decorator": "def deco(fn):\n    @wraps(fn)\n    def inner(): return fn()\n"
    "    return inner\n@deco\ndef f(): ...\n",
    "returns its argument": "def deco(fn): return fn\n@deco\ndef f(): ...\n",
    "sends a task": "@app.task\ndef g(): ...\ndef deco(fn): return g.delay(fn)\n"
    "@deco\ndef f(): ...\n",
    "decorates with something else": "from invoke import task\ndef job(**kw): return task(**kw)\n"
    "@job()\ndef f(): ...\n",
    "without end": "def job(**kw): return job(**kw)\n@job()\ndef f(): ...\n",
}


@pytest.mark.parametrize("code", NOT_TASKS.values(), ids=NOT_TASKS)
def test_a_decorator_that_makes_no_task(tmp_path: Path, code: str) -> None:
    found = project(tmp_path, {"shop/__init__.py": "", "shop/tasks.py": _APP + code}).tasks()
    assert [task.decl.name for task in found if task.decl.name == "f"] == []


def test_a_decorator_of_another_file_and_a_base_beside_it(tmp_path: Path) -> None:
    read = project(
        tmp_path,
        {
            "shop/__init__.py": "",
            "shop/core.py": _APP
            + "class Base(Task):\n    acks_late = True\n"
            + "def job(name, **kw): return app.task(name=name, base=Base, **kw)\n",
            # No word of Celery in here.
            "shop/mail.py": "from .core import job\n@job('mail')\ndef send(): ...\n",
            "shop/other.py": "def job(): ...\n",
        },
    )
    task = one_task(read)
    assert task.name == "mail"
    found = read.effective(task, "acks_late")
    assert (plain(found.value), found.origin) == (True, "base")
    assert not any(path.endswith("other.py") for path in read.files)


def test_a_wrapper_that_is_written_later_is_seen_after_a_scan(tmp_path: Path) -> None:
    opened = workspace(
        tmp_path,
        {
            "shop/__init__.py": "",
            "shop/core.py": _APP,
            "shop/mail.py": "from .core import job\n@job('mail')\ndef send(): ...\n",
        },
    )
    assert names(opened.snapshot()) == []
    core = tmp_path / "shop/core.py"
    core.write_text(_APP + "def job(name): return app.task(name=name)\n")
    opened.scan()
    assert names(opened.snapshot()) == ["mail"]


def test_a_configured_decorator(tmp_path: Path) -> None:
    files = {
        "shop/__init__.py": "",
        "shop/core.py": "from celery import Celery\njob = make_it_somehow()\n",
        "shop/mail.py": "import celery\nfrom shop.core import job\n@job('x')\ndef f(): ...\n",
        "shop/far.py": "import celery\nfrom lib.tasks import job\n@job\ndef g(): ...\n",
    }
    assert names(project(tmp_path, files)) == []
    read = project(tmp_path, files, task_decorators=("shop.core.job", "lib.tasks.job"))
    assert [(task.decl.name, task.kind, task.name) for task in read.tasks()] == [
        ("g", "wrapper", None),
        ("f", "wrapper", None),
    ]


FORMS: dict[str, tuple[str, str]] = {
    "app.task(f)": ("def f(): ...\nsend = app.task(f)\n", "shop.tasks.f"),
    "app.task(f, name=)": ("def f(): ...\nsend = app.task(f, name='n')\n", "n"),
    "app.task(name=)(f)": ("def f(): ...\nsend = app.task(name='n')(f)\n", "n"),
    "shared_task(f)": ("def f(): ...\nsend = shared_task(f)\n", "shop.tasks.f"),
    "as a statement": ("def f(): ...\napp.task(f)\n", "shop.tasks.f"),
    "partial of shared_task": (
        "def f(): ...\njob = partial(shared_task, name='n')\nsend = job(f)\n",
        "n",
    ),
}


@pytest.mark.parametrize(("code", "name"), FORMS.values(), ids=FORMS)
def test_a_call_makes_a_task_of_a_function(tmp_path: Path, code: str, name: str) -> None:
    read = project(tmp_path, {"shop/__init__.py": "", "shop/tasks.py": _APP + code})
    task = one_task(read)
    assert (task.name, task.decl.name, task.decorator) == (name, "f", None)
    assert read.site(task).def_line == 4


def test_a_call_makes_a_task_of_a_function_in_another_file(tmp_path: Path) -> None:
    files = {
        "shop/__init__.py": "",
        "shop/work.py": "x = 1\n\n\ndef f(a, *, b): ...\n",
        "shop/tasks.py": _APP + "from shop import work\nsend = app.task(work.f)\nsend.delay(1)\n",
    }
    read = project(tmp_path, files)
    task = one_task(read)
    assert (task.name, task.path, read.site(task).def_line) == (
        "shop.work.f",
        str(tmp_path / "shop/work.py"),
        4,
    )
    (dispatch,) = read.dispatches(str(tmp_path / "shop/tasks.py"))
    assert dispatch.tasks == (task,)


CLASSES: dict[str, tuple[str, str | None]] = {
    "class": ("class T(Task):\n    def run(self, x): ...\napp.register_task(T)\n", "shop.tasks.T"),
    "instance": (
        "class T(app.Task):\n    name = 'n'\n    def run(self): ...\napp.register_task(T())\n",
        "n",
    ),
    "assigned": (
        "class T(Task):\n    def run(self): ...\nT = app.register_task(T())\n",
        "shop.tasks.T",
    ),
    "inherited run": (
        "class B(Task):\n    abstract = True\n    def run(self): ...\n"
        "class T(B): ...\nt = T()\napp.register_task(t)\n",
        "shop.tasks.T",
    ),
    "computed name": (
        "class T(Task):\n    name = f()\n    def run(self): ...\napp.register_task(T())\n",
        None,
    ),
}


@pytest.mark.parametrize(("code", "name"), CLASSES.values(), ids=CLASSES)
def test_a_registered_class_is_a_task(tmp_path: Path, code: str, name: str | None) -> None:
    task = one_task(project(tmp_path, {"shop/__init__.py": "", "shop/tasks.py": _APP + code}))
    assert (task.name, task.kind, task.bind, task.decl.name) == (name, "class", True, "run")


def test_a_class_that_nobody_registers_is_a_base(tmp_path: Path) -> None:
    code = _APP + "class T(Task):\n    def run(self): ...\n"
    assert list(project(tmp_path, {"tasks.py": code}).tasks()) == []


def test_the_name_under_a_factorys_class_is_unknown(tmp_path: Path) -> None:
    code = (
        "from celery import Celery\n"
        "class Own(Celery):\n    def gen_task_name(self, name, module): ...\n"
        "def make_app(): return Own('x')\napp = make_app()\n@app.task\ndef f(): ...\n"
    )
    task: Task = one_task(project(tmp_path, {"tasks.py": code}))
    assert task.name is None


def test_a_folder_that_is_imported_by_name_is_a_package(tmp_path: Path) -> None:
    files = {
        "galaxy/work/__init__.py": _APP + "from galaxy.work import x\n",
        "galaxy/work/x.py": "from galaxy.work import app\n@app.task\ndef f(): ...\n",
        "backend/shop/__init__.py": "",
        "backend/shop/tasks.py": "from shop import x\n" + _APP + "@app.task\ndef g(): ...\n",
    }
    assert sorted(map(str, names(project(tmp_path, files)))) == ["galaxy.work.x.f", "shop.tasks.g"]


def test_a_method_of_an_object_may_be_named_as_a_decorator(tmp_path: Path) -> None:
    files = {
        "shop/__init__.py": "from lib import Queue\nqueue = Queue()  # celery\n",
        "shop/tasks.py": "from shop import queue\n@queue.task\ndef f(): ...\n",
    }
    assert names(project(tmp_path, files)) == []
    read = project(tmp_path, files, task_decorators=("shop.queue.task",))
    assert [task.decl.name for task in read.tasks()] == ["f"]
