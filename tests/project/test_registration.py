"""Whether a worker imports a task's module."""

from pathlib import Path

import pytest

from tests.project.reading import project

_APP = "from celery import Celery\napp = Celery('shop'{})\n"
_TASK = "from celery import shared_task\n@shared_task\ndef f(): ...\n"
_DJANGO = {
    "shop/celery.py": "import os\nfrom celery import Celery\n"
    "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n"
    "app = Celery('shop')\napp.config_from_object('django.conf:settings', namespace='CELERY')\n"
    "app.autodiscover_tasks()\n",
}

CASES: dict[str, tuple[dict[str, str], bool | None]] = {
    "include": ({"shop/celery.py": _APP.format(", include=['shop.tasks']")}, True),
    "not included": ({"shop/celery.py": _APP.format("")}, False),
    "imports": (
        {"shop/celery.py": _APP.format("") + "app.conf.imports = ('shop.tasks',)\n"},
        True,
    ),
    "computed include": ({"shop/celery.py": _APP.format(", include=find()")}, None),
    "discovered": (
        {"shop/celery.py": _APP.format("") + "app.autodiscover_tasks(['shop'])\n"},
        True,
    ),
    "discovered by a function": (
        {"shop/celery.py": _APP.format("") + "app.autodiscover_tasks(lambda: ['shop'])\n"},
        True,
    ),
    "discovered under another name": (
        {
            "shop/celery.py": _APP.format("")
            + "app.autodiscover_tasks(['shop'], related_name='jobs')\n"
        },
        False,
    ),
    "discovered somewhere": (
        {"shop/celery.py": _APP.format("") + "app.autodiscover_tasks(find())\n"},
        None,
    ),
    "imported by the app": (
        {"shop/celery.py": _APP.format("") + "from shop import tasks\n"},
        True,
    ),
    "imported by what is imported": (
        {
            "shop/celery.py": _APP.format("") + "from . import more\n",
            "shop/more.py": "from .tasks import (\n    f,\n)\n",
        },
        True,
    ),
    "imported in a function": (
        {"shop/celery.py": _APP.format("") + "def later():\n    from shop import tasks\n"},
        None,
    ),
    "imported by name": (
        {"shop/celery.py": _APP.format("") + "import importlib\nimportlib.import_module(name)\n"},
        None,
    ),
    "imported by a name that is written out": (
        {
            "shop/celery.py": _APP.format("")
            + "from importlib import import_module\nimport_module('shop.tasks')\n"
        },
        None,
    ),
    "another is imported by a name that is written out": (
        {
            "shop/celery.py": _APP.format("")
            + "from werkzeug.utils import import_string\nimport_string('shop:create_app')\n",
        },
        False,
    ),
    "an object is imported by the path of it": (
        {
            "shop/celery.py": _APP.format("")
            + "from django.utils.module_loading import import_string\n"
            + "import_string('shop.tasks.f')\n",
        },
        None,
    ),
    "imported by name under another name": (
        {
            "shop/celery.py": _APP.format("")
            + "from importlib import import_module as load\nload('shop.tasks')\n"
        },
        None,
    ),
    "a worker's module of its own": (
        {
            "shop/celery.py": _APP.format(""),
            "worker.py": "from shop.celery import app\nimport shop.tasks\n",
        },
        None,
    ),
    "no app": ({}, None),
    "django's apps": (
        {**_DJANGO, "shop/settings.py": "INSTALLED_APPS = ['django.contrib.auth', 'shop']\n"},
        True,
    ),
    "not one of django's apps": (
        {**_DJANGO, "shop/settings.py": "INSTALLED_APPS = ['django.contrib.auth']\n"},
        False,
    ),
    "an app's configuration": (
        {**_DJANGO, "shop/settings.py": "INSTALLED_APPS = ['shop.apps.ShopConfig']\n"},
        True,
    ),
    "ready": (
        {
            **_DJANGO,
            "shop/settings.py": "INSTALLED_APPS = ['other']\n",
            "other/__init__.py": "",
            "other/apps.py": "class C:\n    def ready(self):\n        from shop import tasks\n",
        },
        True,
    ),
    "apps that are not known": (
        {**_DJANGO, "shop/settings.py": "INSTALLED_APPS = find()\n"},
        None,
    ),
}


@pytest.mark.parametrize(("files", "expected"), CASES.values(), ids=CASES)
def test_whether_a_worker_knows_it(
    tmp_path: Path, files: dict[str, str], expected: bool | None
) -> None:
    read = project(tmp_path, {"shop/__init__.py": "", "shop/tasks.py": _TASK, **files})
    task = next(task for task in read.tasks() if task.decl.name == "f")
    assert read.is_registered(task) is expected


@pytest.mark.parametrize(
    ("option", "expected"), [("", True), ("(shared=True)", True), ("(shared=False)", False)]
)
def test_a_task_of_another_app_is_made_for_all_if_it_is_shared(
    option: str, expected: bool, tmp_path: Path
) -> None:
    files = {
        "one/__init__.py": "",
        "one/app.py": _APP.format(", include=['one.tasks']"),
        "one/tasks.py": f"from two.app import app\n@app.task{option}\ndef f(): ...\n",
        "two/__init__.py": "",
        "two/app.py": _APP.format(""),
    }
    read = project(tmp_path, files)
    (task,) = read.tasks()
    assert read.is_registered(task) is expected


def test_a_class_is_registered_with_its_own_app_only(tmp_path: Path) -> None:
    files = {
        "one/__init__.py": "",
        "one/app.py": _APP.format(", include=['one.tasks']"),
        "one/tasks.py": (
            "from celery import Task\nfrom two.app import app\n"
            "class F(Task):\n    def run(self): ...\napp.register_task(F())\n"
        ),
        "two/__init__.py": "",
        "two/app.py": _APP.format(""),
    }
    read = project(tmp_path, files)
    (task,) = read.tasks()
    assert read.is_registered(task) is not True
