"""Which functions are tasks, however they are declared, and which only look like one."""

from pathlib import Path

import pytest

from celeryls.syntax.expr import UNKNOWN
from tests.project.reading import functions, one_task, project

_APP = "from celery import Celery\napp = Celery('shop')\n"

DECLARED = {
    "shared_task, bare": "from celery import shared_task\n@shared_task\ndef f(): ...\n",
    "shared_task, called": "from celery import shared_task\n@shared_task()\ndef f(): ...\n",
    "import as": "from celery import shared_task as job\n@job\ndef f(): ...\n",
    "module": "import celery\n@celery.shared_task\ndef f(): ...\n",
    "module as": "import celery as c\n@c.shared_task(bind=True)\ndef f(self): ...\n",
    "assigned alias": "from celery import shared_task\njob = shared_task\n@job\ndef f(): ...\n",
    "star import": "from celery import *\n@shared_task\ndef f(): ...\n",
    "submodule": "from celery.app import shared_task\n@shared_task\ndef f(): ...\n",
    "submodule by attribute": "import celery.app\n@celery.app.shared_task\ndef f(): ...\n",
    "fallback import": """\
try:
    from celery import shared_task
except ImportError:
    shared_task = None
@shared_task
def f(): ...
""",
    "import in an if": """\
if True:
    from celery import shared_task
@shared_task
def f(): ...
""",
    "app.task, bare": _APP + "@app.task\ndef f(): ...\n",
    "app.task, called": _APP + "@app.task()\ndef f(): ...\n",
    "another name of the app": (
        "import celery as c\nqueue_system = c.Celery()\n@queue_system.task\ndef f(): ...\n"
    ),
    "annotated app": (
        "from celery import Celery\napp: Celery = Celery('x')\n@app.task\ndef f(): ...\n"
    ),
    "app by an alias": _APP + "cel = app\n@cel.task\ndef f(): ...\n",
    "task by an alias": _APP + "task = app.task\n@task\ndef f(): ...\n",
    "current_app": "from celery import current_app\n@current_app.task\ndef f(): ...\n",
    "current_app as": "from celery import current_app as celery\n@celery.task\ndef f(): ...\n",
    "current_app by module": "import celery\n@celery.current_app.task\ndef f(): ...\n",
    "subclass": """\
from celery import Celery
class ShopCelery(Celery): ...
app = ShopCelery('x')
@app.task
def f(): ...
""",
    "factory": """\
from celery import Celery
def make():
    app = Celery('x')
    return app
app = make()
@app.task
def f(): ...
""",
    "app on a class": """\
from celery import Celery
class Ext:
    celery = Celery('x')
@Ext.celery.task
def f(): ...
""",
    "other decorators around": """\
import functools
from celery import shared_task
def other(f): return f
@other
@shared_task
@functools.lru_cache
def f(): ...
""",
    "async": "from celery import shared_task\n@shared_task\nasync def f(): ...\n",
    "configured, made in a way nobody can read": """\
from loader import import_string
app = import_string('celery.Celery')('x')
app.config_from_object('conf')
app.autodiscover_tasks()
@app.task
def f(): ...
""",
    "CRLF": "from celery import shared_task\r\n@shared_task\r\ndef f(): ...\r\n",
    "app by what it is called": (
        "from flask_celeryext import FlaskCeleryExt\n\n\ndef make_celery(app=None):\n"
        "    return FlaskCeleryExt(app).celery\n\n\ncelery = make_celery()\n\n\n"
        "@celery.task(name='n')\ndef f(): ...\n"
    ),
    "app behind a proxy": (
        "from lazy_object_proxy import Proxy\n\n\ndef get_celery():\n    return Kept().app\n\n\n"
        "celery_app: object = Proxy(get_celery)\n\n\n@celery_app.task\ndef f(): ...\n"
    ),
    "app of an unread factory": (
        "from vendor import create_celery_app\napp = create_celery_app('x')\n"
        "@app.task\ndef f(): ...\n"
    ),
    "in an if": "from celery import shared_task\nif 1:\n    @shared_task\n    def f(): ...\n",
}


@pytest.mark.parametrize("how", DECLARED)
def test_a_task_is_known_however_it_is_declared(how: str, tmp_path: Path) -> None:
    assert functions(project(tmp_path, {"tasks.py": DECLARED[how]})) == ["f"]


ELSEWHERE = {
    "absolute": ("from shop.celery import app", "app.task"),
    "absolute as": ("from shop.celery import app as celery_app", "celery_app.task"),
    "relative": ("from .celery import app", "app.task"),
    "relative module": ("from . import celery", "celery.app.task"),
    "attribute chain": ("import shop.celery", "shop.celery.app.task"),
    "module as": ("import shop.celery as c", "c.app.task"),
    "through the package": ("from shop import app", "app.task"),
    "through the package, as": ("from shop import celery_app as a", "a.task"),
    "the package itself": ("import shop", "shop.celery_app.task"),
    "by star": ("from shop.celery import *", "app.task"),
    "dot": ("from . import celery_app", "celery_app.task"),
}


@pytest.mark.parametrize("how", ELSEWHERE)
def test_an_app_of_another_module_is_found(how: str, tmp_path: Path) -> None:
    statement, decorator = ELSEWHERE[how]
    read = project(
        tmp_path,
        {
            "shop/__init__.py": "from .celery import app\nfrom .celery import app as celery_app\n",
            "shop/celery.py": _APP,
            "shop/tasks.py": f"{statement}\n@{decorator}(name='n')\ndef f(): ...\n",
        },
    )
    task = one_task(read)
    assert task.kind == "app.task"
    assert task.app is not None
    assert (task.app.path, task.app.name) == (str(tmp_path / "shop/celery.py"), "app")


def test_an_app_is_found_through_three_packages_that_pass_it_on(tmp_path: Path) -> None:
    read = project(
        tmp_path,
        {
            "a/__init__.py": "from a.b import app as one\n",
            "a/b/__init__.py": "from .c import *\n",
            "a/b/c/__init__.py": "from ...core import celery_app as app\n",
            "core.py": "from celery import Celery\ncelery_app = Celery()\n",
            "a/core.py": "from celery import Celery\ncelery_app = Celery()\n",
            "use.py": "import a\n@a.one.task\ndef f(): ...\n",
        },
    )
    task = one_task(read)
    assert task.app is not None
    assert task.app.path == str(tmp_path / "a/core.py")


def test_an_app_made_inside_a_function_has_tasks(tmp_path: Path) -> None:
    text = """\
from celery import Celery
def setup(name):
    celery = Celery(name)
    @celery.task(bind=True)
    def work(self): ...
    return celery
"""
    read = project(tmp_path, {"shop.py": text})
    assert functions(read) == ["setup.<locals>.work"]
    assert one_task(read).bind is True


def test_tasks_in_classes_and_functions_are_found(tmp_path: Path) -> None:
    text = """\
from celery import shared_task
class A:
    @staticmethod
    @shared_task
    def inner(): ...
    class B:
        @shared_task()
        def deep(): ...
def outer():
    @shared_task
    def nested(): ...
"""
    assert functions(project(tmp_path, {"t.py": text})) == [
        "A.inner",
        "A.B.deep",
        "outer.<locals>.nested",
    ]


BY_CONVENTION = {
    "a class of that name": "from flask_celery import Celery\napp = Celery()\n",
    "a class of a module": "import vendor\napp = vendor.Celery('shop', task_acks_late=False)\n",
    "a class of a package that is not read": (
        "from lib.celery import NotifyCelery\napp = NotifyCelery()\n"
    ),
    "an annotation": (
        "from celery import Celery\nfrom lib import Proxy\napp: Celery = Proxy(lambda: 1)\n"
    ),
    "a quoted annotation": (
        "import celery\nfrom lib import Proxy\napp: 'celery.Celery' = Proxy(lambda: 1)\n"
    ),
}


@pytest.mark.parametrize("how", BY_CONVENTION)
def test_an_app_by_convention_has_tasks_of_which_little_is_known(how: str, tmp_path: Path) -> None:
    read = project(tmp_path, {"app.py": BY_CONVENTION[how] + "@app.task\ndef f(): ...\n"})
    task = one_task(read)
    assert (task.decl.name, [task.app]) == ("f", list(read.apps))
    # What the class or whoever configures the app decides can't be read.
    assert read.effective(task, "acks_late").value == UNKNOWN
    assert read.effective(task, "max_retries").value == UNKNOWN


NOT_TASKS = {
    "of something named as Celery's parts are": (
        "from lib import CeleryIntegration\napp = CeleryIntegration()\n@app.task\ndef f(): ...\n"
    ),
    "annotated as an app of something else": (
        "from lib import Celery\napp: Celery = make()\n@app.task\ndef f(): ...\n"
    ),
    "invoke": "from invoke import task\n@task\ndef celery(c): ...\n",
    "invoke by module": "import invoke  # celery\n@invoke.task\ndef f(c): ...\n",
    "luigi": "import luigi  # celery\n@luigi.task\ndef f(): ...\n",
    "airflow": "from airflow.decorators import task  # celery\n@task\ndef f(): ...\n",
    "own decorator": "def task(f): return f  # celery\n@task\ndef f(): ...\n",
    "own shared_task": "def shared_task(f): return f\n@shared_task\ndef f(): ...\n",
    "shared_task of another library": "from huey import shared_task\n@shared_task\ndef f(): ...\n",
    "app of another library's own name": (
        "from celery_farm import Farm\napp = Farm()\n@app.task\ndef f(): ...\n"
    ),
    "class of Celery's that is no app": (
        "from celery.x import NoCelery\napp = NoCelery()\n@app.task\ndef f(): ...\n"
    ),
    "app of another library": "from faust import App\napp = App()\n@app.task\ndef f(): ...\n",
    "app nobody defines": "@app.task\ndef f(): ...\n",
    "app of an unread module": "from vendor import app\n@app.task\ndef f(): ...\n",
    "app of an unread factory of other things": (
        "from vendor import make_app  # celery\ncelery_app = make_app()\n"
        "@celery_app.task\ndef f(): ...\n"
    ),
    "web app with celery in its factory's name": (
        "from vendor import with_celery_on\napp = with_celery_on()\n@app.task\ndef f(): ...\n"
    ),
    "object of a class called celery": (
        "class CeleryStandIn:\n    def task(self, f): return f\n\n\n"
        "celery = CeleryStandIn()\n\n\n@celery.task\ndef f(): ...\n"
    ),
    "object of celery, imported by a string": (
        "from importlib import import_module\ncelery = import_module('celery')\n"
        "@celery.task\ndef f(): ...\n"
    ),
    "parameter": "def g(app):\n    @app.task\n    def f(): ...\n",
    "hidden by a parameter": (_APP + "def g(app):\n    @app.task\n    def f(): ...\n"),
    "other attribute": _APP + "@app.on_after_configure.connect\ndef f(**k): ...\n",
    "other attribute of celery": (
        "import celery\n@celery.signals.worker_init.connect\ndef f(): ...\n"
    ),
    "a string": "x = '''\nfrom celery import shared_task\n@shared_task\ndef f(): ...\n'''\n",
    "a comment": "# from celery import shared_task\n# @shared_task\ndef f(): ...\n",
    "module called celery, of the project's own": "import celery.nothing\n@task\ndef f(): ...\n",
}


@pytest.mark.parametrize("what", NOT_TASKS)
def test_what_only_looks_like_a_task_is_none(what: str, tmp_path: Path) -> None:
    assert functions(project(tmp_path, {"tasks.py": NOT_TASKS[what]})) == []


def test_a_local_module_named_celery_does_not_hide_celery(tmp_path: Path) -> None:
    """`shop/celery.py` with `from celery import Celery` in it: the usual Django layout."""
    read = project(
        tmp_path,
        {
            "shop/__init__.py": "from .celery import app\n",
            "shop/celery.py": _APP + "@app.task\ndef debug(): ...\n",
        },
    )
    assert [task.name for task in read.tasks()] == ["shop.celery.debug"]


def test_a_function_declared_twice_by_decorators_is_one_task(tmp_path: Path) -> None:
    text = "from celery import shared_task\n@shared_task\n@shared_task(bind=True)\ndef f(): ...\n"
    assert len(list(project(tmp_path, {"t.py": text}).tasks())) == 1


def test_a_class_whose_name_is_not_known_is_called_by_its_own(tmp_path: Path) -> None:
    source = """\
from celery import Celery, Task

app = Celery("shop")

class Named(Task):
    def __init_subclass__(cls, name):
        cls.name = name

class Receipt(Named, name="receipts"):
    def run(self): ...

app.register_task(Receipt())
"""
    task = one_task(project(tmp_path, {"shop.py": source}))
    assert (task.name, task.label) == (None, "Receipt")
