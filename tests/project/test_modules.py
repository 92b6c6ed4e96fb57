"""Module names: where packages begin, `src/`, configured roots, scripts, and `unknown`."""

from pathlib import Path

import pytest

from celeryls.project.modules import Modules
from tests.project.reading import names, project

_MANAGE = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "proj.settings")\n'
_TASK = "from celery import shared_task\n@shared_task\ndef f(): ...\n"

_APP = "from celery import Celery\napp = Celery()\n"

# Files, `src`, the name of the task in the file that has one.
LAYOUTS: dict[str, tuple[dict[str, str], tuple[str, ...], str | None]] = {
    "a file in the folder": ({"tasks.py": _TASK}, (), "tasks.f"),
    "a package": ({"shop/__init__.py": "", "shop/tasks.py": _TASK}, (), "shop.tasks.f"),
    "the package itself": ({"shop/__init__.py": _TASK}, (), "shop.f"),
    "src": ({"src/shop/__init__.py": "", "src/shop/tasks.py": _TASK}, (), "shop.tasks.f"),
    "a file in src": ({"src/tasks.py": _TASK}, (), "tasks.f"),
    "a namespace package": ({"shop/tasks.py": _TASK}, (), "shop.tasks.f"),
    "a namespace package in src": ({"src/shop/tasks.py": _TASK}, (), "shop.tasks.f"),
    "a package in a folder": (
        {"backend/shop/__init__.py": "", "backend/shop/tasks.py": _TASK},
        (),
        "shop.tasks.f",
    ),
    "a script beside packages": (
        {"backend/shop/__init__.py": "", "backend/worker.py": _TASK},
        (),
        None,
    ),
    "a package that Python starts in": (
        {
            "backend/__init__.py": "",
            "backend/app/__init__.py": "",
            "backend/app/core.py": "TIMEOUT = 3\n",
            "backend/app/tasks.py": f"from app.core import TIMEOUT\n{_TASK}",
        },
        (),
        "app.tasks.f",
    ),
    "a package that Python starts in, as a test says": (
        {
            "backend/__init__.py": "",
            "backend/app/__init__.py": "",
            "backend/app/tasks.py": _TASK,
            "backend/tests/test_it.py": "from app.tasks import f\n",
        },
        (),
        "app.tasks.f",
    ),
    "a package that is imported by its own name too": (
        {
            "backend/__init__.py": "",
            "backend/app/__init__.py": "",
            "backend/app/core.py": "from backend.app import tasks\n",
            "backend/app/tasks.py": f"from app.core import tasks\n{_TASK}",
        },
        (),
        "backend.app.tasks.f",
    ),
    "files that import one another": (
        {
            "project/worker.py": _TASK,
            "project/main.py": "from worker import f\n",
            "project/tests/__init__.py": "",
        },
        (),
        "worker.f",
    ),
    "files that import one another, in a folder called as what they define": (
        {"app/worker.py": _TASK, "app/main.py": "from worker import f\napp.get(f)\n"},
        (),
        "worker.f",
    ),
    "files that import one another, of which a text has the full name": (
        {"app/worker.py": _TASK, "app/main.py": "from worker import f\nrun('app.worker')\n"},
        (),
        "app.worker.f",
    ),
    "files that import one another, and a file beside says where from": (
        {
            "app/worker.py": _TASK,
            "app/main.py": "from worker import f\n",
            "run.py": "from app.worker import f\n",
        },
        (),
        "app.worker.f",
    ),
    "a package with a wrong import": (
        {"shop/__init__.py": "", "shop/tasks.py": _TASK, "shop/x.py": "from tasks import f\n"},
        (),
        "shop.tasks.f",
    ),
    "files named as a library is": (
        {"project/redis.py": "X = 1\n", "project/tasks.py": f"from redis import Redis\n{_TASK}"},
        (),
        "project.tasks.f",
    ),
    "a file that is named as Celery is": (
        {
            "project/celery.py": "Celery = 1\n",
            "project/tasks.py": f"from celery import Celery\n{_TASK}",
        },
        (),
        "project.tasks.f",
    ),
    "a folder that programs run from": (
        {"demo/run.py": _APP, "demo/jobs/sums.py": "from run import app\n" + _TASK},
        (),
        "jobs.sums.f",
    ),
    "a folder with a script beside what it imports": (
        {"a/demo/settings.py": "", "a/demo/tasks.py": "import settings\n" + _TASK},
        (),
        "tasks.f",
    ),
    "a folder with a configuration that is named by a text": (
        {
            "a/demo/conf.py": "",
            "a/demo/tasks.py": _APP + "app.config_from_object('conf')\n" + _TASK,
        },
        (),
        "tasks.f",
    ),
    "a package that programs run from": (
        {
            "worker/__init__.py": "",
            "worker/manage.py": "",
            "worker/app.py": _APP,
            "worker/jobs/__init__.py": "",
            "worker/jobs/sums.py": "from app import app\n" + _TASK,
        },
        (),
        "jobs.sums.f",
    ),
    "a folder that is imported by its name too": (
        {
            "demo/settings.py": "",
            "demo/run.py": "import demo.tasks\n",
            "demo/tasks.py": "import settings\n" + _TASK,
        },
        (),
        "demo.tasks.f",
    ),
    "a folder with a file that is called like one of Python's": (
        {"demo/types.py": "", "demo/tasks.py": "import types\n" + _TASK},
        (),
        "demo.tasks.f",
    ),
    "a folder that imports from the workspace's": (
        {"util.py": "", "demo/util.py": "", "demo/tasks.py": "import util\n" + _TASK},
        (),
        "demo.tasks.f",
    ),
    "configured": ({"backend/tasks.py": _TASK}, ("backend",), "tasks.f"),
    "configured, deeper": ({"a/b/c/tasks.py": _TASK}, ("a/b",), "c.tasks.f"),
    "configured inside a package": (
        {"shop/__init__.py": "", "shop/tasks.py": _TASK},
        ("shop",),
        "tasks.f",
    ),
    "outside of what is configured": ({"tasks.py": _TASK}, ("backend",), None),
    "two roots fit": ({"a/b/tasks.py": _TASK}, ("a", "a/b"), None),
    "two roots, one fits": ({"a/tasks.py": _TASK, "b/x.py": ""}, ("a", "b"), "tasks.f"),
    "root with a slash": ({"backend/tasks.py": _TASK}, ("backend/",), "tasks.f"),
    "root by a dot": ({"backend/tasks.py": _TASK}, (".",), "backend.tasks.f"),
    "a migration": ({"shop/__init__.py": "", "shop/0001_a.py": _TASK}, (), "shop.0001_a.f"),
    "a name that is none": ({"my-tasks.py": _TASK}, (), None),
    "a folder that is none": ({"my-shop/tasks.py": _TASK}, (), None),
    "a package that Django is run in": (
        {
            "apps/__init__.py": "",
            "apps/manage.py": _MANAGE,
            "apps/proj/settings/base.py": "",
            "apps/shop/__init__.py": "",
            "apps/shop/tasks.py": _TASK,
        },
        (),
        "shop.tasks.f",
    ),
    "a file right in it": (
        {
            "apps/__init__.py": "",
            "apps/manage.py": _MANAGE,
            "apps/proj/settings.py": "",
            "apps/tasks.py": _TASK,
        },
        (),
        "tasks.f",
    ),
    "a package with a manage.py that is run from above": (
        {
            "proj/__init__.py": "",
            "proj/manage.py": _MANAGE,
            "proj/settings.py": "",
            "proj/tasks.py": _TASK,
        },
        (),
        "proj.tasks.f",
    ),
    "a package with a command of its own name": (
        {"shop/__init__.py": "", "shop/manage.py": "import click\n", "shop/tasks.py": _TASK},
        (),
        "shop.tasks.f",
    ),
    "a name beside the root": ({"backend2/tasks.py": _TASK}, ("backend",), None),
}


@pytest.mark.parametrize("how", LAYOUTS)
def test_the_name_begins_where_the_module_does(how: str, tmp_path: Path) -> None:
    files, src, expected = LAYOUTS[how]
    assert names(project(tmp_path, files, src=src)) == [expected]


def test_a_relative_import_works_where_the_name_is_known_from_the_packages(tmp_path: Path) -> None:
    files = {
        "backend/shop/__init__.py": "",
        "backend/shop/app.py": "from celery import Celery\ncelery = Celery()\n",
        "backend/shop/sub/__init__.py": "",
        "backend/shop/sub/tasks.py": "from ..app import celery\n@celery.task\ndef f(): ...\n",
    }
    assert names(project(tmp_path, files)) == ["shop.sub.tasks.f"]


def test_a_relative_import_beyond_the_top_means_nothing(tmp_path: Path) -> None:
    text = "from ....app import celery\n@celery.task\ndef f(): ...\n"
    assert names(project(tmp_path, {"shop/__init__.py": "", "shop/t.py": text})) == []


def test_an_import_is_found_from_another_source_root(tmp_path: Path) -> None:
    files = {
        "core/app.py": "from celery import Celery\ncelery = Celery()\n",
        "web/tasks.py": "from app import celery\n@celery.task\ndef f(): ...\n",
    }
    assert names(project(tmp_path, files, src=("core", "web"))) == ["tasks.f"]


def test_a_module_beside_wins_over_a_package_of_the_folder(tmp_path: Path) -> None:
    files = {
        "a/pkg/__init__.py": "",
        "a/pkg/app.py": "from celery import Celery\nx = Celery()\n",
        "a/pkg/t.py": "from pkg.app import x\n@x.task(name='a')\ndef f(): ...\n",
        "b/pkg/__init__.py": "",
        "b/pkg/app.py": "from celery import Celery\nx = Celery()\n",
        "b/pkg/t.py": "from pkg.app import x\n@x.task(name='b')\ndef f(): ...\n",
    }
    apps = [task.app.path for task in project(tmp_path, files).tasks() if task.app]
    assert apps == [str(tmp_path / "a/pkg/app.py"), str(tmp_path / "b/pkg/app.py")]


@pytest.mark.parametrize("package", ["site", "vendor"])
def test_a_base_class_in_site_packages_is_read(package: str, tmp_path: Path) -> None:
    site = ".venv/lib/python3.12/site-packages"
    files = {
        f"{site}/{package}/__init__.py": "from .tasks import Base\n",
        f"{site}/{package}/tasks.py": "from celery import Task\nclass Base(Task):\n    x = 1\n",
        "t.py": (
            f"from celery import shared_task\nfrom {package} import Base\n"
            "@shared_task(base=Base)\ndef f(): ...\n"
        ),
    }
    (task,) = project(tmp_path, files).tasks()
    assert task.base.complete
    assert task.base.attribute("x") is not None


def test_a_test_is_one_by_its_place_in_the_project(tmp_path: Path) -> None:
    modules = Modules(tmp_path / "test" / "tests")
    inside = {
        "shop/tasks.py": False,
        "shop/tests/tasks.py": True,
        "test_shop.py": True,
        "conftest.py": True,
        "shop/contest.py": False,
    }
    for name, expected in inside.items():
        assert modules.is_test(str(tmp_path / "test" / "tests" / name)) is expected, name
