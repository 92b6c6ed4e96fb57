"""What a workspace has of Celery, and where its tasks go, from its files alone."""

import os
from pathlib import Path
from typing import Any

import pytest

from celeryls.project.detection import Framework, default_task_file, detect
from tests.project.reading import project
from tests.rules.harness import write

MANAGE = (
    'import os\n\n\ndef main():\n    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "{}")\n'
    "    from django.core.management import execute_from_command_line\n"
)
DJANGO_APP = (
    "import os\n\nfrom celery import Celery\n\n"
    'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "{}")\n'
    'app = Celery("proj")\n'
    'app.config_from_object("django.conf:settings", namespace="CELERY")\n'
    "app.autodiscover_tasks()\n"
)
APP = 'from celery import Celery\n\napp = Celery("shop")\n'
TASK = "from celery import shared_task\n\n\n@shared_task\ndef first():\n    pass\n"
MODEL = "from django.db import models\n"
INSTALLED = 'INSTALLED_APPS = ["django.contrib.auth"]\n'

DJANGO = {
    "manage.py": MANAGE.format("proj.settings"),
    "proj/__init__.py": "",
    "proj/settings.py": INSTALLED + 'CELERY_BROKER_URL = "redis://localhost"\n',
    "proj/celery.py": DJANGO_APP.format("proj.settings"),
}


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)


def look(root: Path, files: dict[str, str]) -> dict[str, Any]:
    """What is detected, paths relative to the folder."""
    found = detect(project(root, files))
    plain: dict[str, Any] = {}
    for name in found.__slots__:
        value = getattr(found, name)
        if isinstance(value, str) and os.path.isabs(value):
            value = os.path.relpath(value, root)
        plain[name] = value
    plain["framework"] = found.framework.value
    plain["apps"] = [f"{os.path.relpath(app.path or '', root)}:{app.name}" for app in found.apps]
    return plain


def test_an_empty_folder(tmp_path: Path) -> None:
    assert look(tmp_path, {}) == {
        "declared_in": None,
        "installed": False,
        "dependency_file": None,
        "framework": "plain",
        "apps": [],
        "celery_version": None,
        "broker": None,
        "backend": None,
        "rest_framework": False,
        "django_settings": None,
        "package": None,
    }


def test_a_django_project(tmp_path: Path) -> None:
    files = {**DJANGO, "requirements.txt": "celery[redis]==5.4.0\ndjangorestframework\n"}
    assert look(tmp_path, files) == {
        "declared_in": "requirements.txt",
        "installed": False,
        "dependency_file": "requirements.txt",
        "framework": "django",
        "apps": ["proj/celery.py:app"],
        "celery_version": (5, 4),
        "broker": "redis",
        "backend": None,
        "rest_framework": True,
        "django_settings": "proj/settings.py",
        "package": "proj",
    }


def test_a_django_project_without_celery(tmp_path: Path) -> None:
    files = {
        "manage.py": MANAGE.format("config.settings.local"),
        "config/__init__.py": "",
        "config/settings/__init__.py": "",
        "config/settings/base.py": INSTALLED + "REST = 1\n",
        "config/settings/local.py": "from .base import *\n",
        "config/settings/production.py": "from .base import *\n",
        "config/wsgi.py": MANAGE.format("config.settings.production"),
        "shop/__init__.py": "",
        "shop/models.py": MODEL,
        "shop/api.py": "from rest_framework import views\n",
        "pyproject.toml": '[project]\nname = "acme-shop"\ndependencies = ["django"]\n',
    }
    found = look(tmp_path, files)
    # Two modules are named, both of which build on a third.
    assert found["django_settings"] == "config/settings/base.py"
    assert (found["framework"], found["package"], found["rest_framework"]) == (
        "django",
        "config",
        True,
    )
    assert (found["declared_in"], found["dependency_file"]) == (None, "pyproject.toml")


def test_settings_that_share_nothing_are_not_certain(tmp_path: Path) -> None:
    files = {
        **DJANGO,
        "manage.py": MANAGE.format("proj.settings_local"),
        "proj/settings_local.py": INSTALLED,
    }
    assert look(tmp_path, files)["django_settings"] is None


@pytest.mark.parametrize(
    ("files", "framework"),
    [
        ({"main.py": "from fastapi import FastAPI\n\napi = FastAPI()\n"}, "fastapi"),
        ({"shop/__init__.py": "from flask import Flask\n\n\ndef create_app(): ...\n"}, "flask"),
        ({"app.py": "import flask\n"}, "flask"),
        ({"shop/deep/web.py": "    from flask_login import current_user\n"}, "flask"),
        ({"shop/tasks.py": "from flask import current_app\n" + TASK}, "flask"),
        ({"shop/models.py": MODEL}, "django"),
        ({"requirements.txt": "fastapi\n"}, "fastapi"),
        ({"pyproject.toml": '[project]\ndependencies = ["Flask>=3"]\n'}, "flask"),
        # One that is only mentioned, or used in tests.
        ({"shop.py": '"""Not for import flask."""\nname = "fastapi"\n'}, "plain"),
        ({"tests/test_web.py": "from flask import Flask\n"}, "plain"),
        ({"shop.py": "from .flask import x\n"}, "plain"),
        # More of one than of the other.
        (
            {
                "a.py": "import fastapi\n",
                "b.py": "import fastapi\n",
                "old.py": "import flask\n",
            },
            "fastapi",
        ),
    ],
)
def test_the_framework(files: dict[str, str], framework: str, tmp_path: Path) -> None:
    assert look(tmp_path, files)["framework"] == framework


def test_the_broker_and_the_backend(tmp_path: Path) -> None:
    cases = {
        'broker="redis://localhost", backend="rpc://"': ("redis", "rpc"),
        'broker="sentinel://a;sentinel://b"': ("redis", None),
        'broker="pyamqp://guest@localhost//", backend="db+sqlite:///results.db"': ("amqp", "db"),
        'broker="sqs://"': ("sqs", None),
        'broker="filesystem://", backend="file:///tmp/x"': ("filesystem", "file"),
        'broker=os.environ.get("BROKER", "redis://localhost")': ("redis", None),
        'broker=os.environ["BROKER"]': (None, None),
        'broker=f"redis://{HOST}:6379"': ("redis", None),
        'broker=env("URL", default="amqp://localhost"), backend="django-db"': (
            "amqp",
            "django-db",
        ),
        'broker="localhost"': (None, None),
        "": (None, None),
    }
    for number, (given, kinds) in enumerate(cases.items()):
        text = (
            f'import os\n\nfrom celery import Celery\n\nHOST = get()\napp = Celery("a", {given})\n'
        )
        found = look(tmp_path / str(number), {"app.py": text})
        assert (found["broker"], found["backend"]) == kinds, given


def test_the_broker_of_a_configuration_that_the_program_hands_on(tmp_path: Path) -> None:
    files = {
        "config.py": (
            'REDIS = "redis://localhost"\n\n\nclass Config:\n    CELERY_BROKER_URL = REDIS\n'
        ),
        "app.py": APP + "app.conf.update(flask.config)\n",
    }
    assert look(tmp_path, files)["broker"] == "redis"


def test_what_tests_take_in_place_of_a_broker_does_not_count(tmp_path: Path) -> None:
    files = {
        **DJANGO,
        "proj/settings.py": (
            'if TESTING:\n    CELERY_BROKER_URL = "memory://"\nelse:\n'
            '    CELERY_BROKER_URL = "amqp://localhost"\n'
        ),
    }
    assert look(tmp_path, files)["broker"] == "amqp"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".env", "DEBUG=1\nCELERY_BROKER_URL='redis://:secret@localhost/0'\n"),
        (".env.example", "BROKER_URL=redis://localhost\n"),
        (
            "compose.yml",
            "services:\n  worker:\n    environment:\n"
            "      - CELERY_BROKER_URL=${CELERY_BROKER_URL:-redis://redis:6379/0}\n",
        ),
        (
            "docker-compose.yml",
            "services:\n  worker:\n    environment:\n      CELERY_BROKER_URL: redis://redis:6379/0\n",
        ),
    ],
)
def test_the_broker_of_the_environment(name: str, text: str, tmp_path: Path) -> None:
    assert look(tmp_path, {"app.py": APP, name: text})["broker"] == "redis"


def test_celery_is_installed(tmp_path: Path) -> None:
    (tmp_path / ".venv/lib/python3.12/site-packages/celery-5.5.1.dist-info").mkdir(parents=True)
    found = look(tmp_path, {})
    assert (found["installed"], found["celery_version"]) == (True, (5, 5))


def test_the_apps_of_tests_do_not_count(tmp_path: Path) -> None:
    files = {"shop/app.py": APP, "tests/conftest.py": APP, "shop/__init__.py": ""}
    assert look(tmp_path, files)["apps"] == ["shop/app.py:app"]


def test_a_part_of_a_repository_has_its_own_dependencies(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": '[project]\nname = "all"\ndependencies = ["ruff"]\n',
        "backend/requirements.txt": "celery\n",
        "backend/shop/__init__.py": "",
        "backend/shop/app.py": APP,
    }
    found = look(tmp_path, files)
    assert found["declared_in"] == found["dependency_file"] == "backend/requirements.txt"
    without = {
        "backend/manage.py": MANAGE.format("proj.settings"),
        "backend/requirements.txt": "django\n",
        "frontend/package.json": "{}",
    }
    assert look(tmp_path / "b", without)["dependency_file"] == "backend/requirements.txt"


def test_a_lock_file_declares_where_nothing_else_does(tmp_path: Path) -> None:
    lock = '[[package]]\nname = "celery"\nversion = "5.5.3"\n'
    files = {"uv.lock": lock, "pyproject.toml": '[project]\ndependencies = ["celery-redbeat"]\n'}
    assert look(tmp_path, files)["declared_in"] == "uv.lock"
    files["pyproject.toml"] = '[project]\ndependencies = ["celery"]\n'
    assert look(tmp_path, files)["declared_in"] == "pyproject.toml"


@pytest.mark.parametrize(
    ("files", "package"),
    [
        ({"shop/__init__.py": "", "tests/__init__.py": "", "docs/conf.py": ""}, "shop"),
        ({"src/shop/__init__.py": "", "src/shop/x.py": ""}, "shop"),
        (
            {
                "pyproject.toml": '[project]\nname = "my-shop"\n',
                "my_shop/__init__.py": "",
                "other/__init__.py": "",
                "other/a.py": "",
                "other/b.py": "",
            },
            "my_shop",
        ),
        ({"main.py": "", "tasks.py": TASK}, None),
        ({"a/__init__.py": "", "b/__init__.py": ""}, None),
        ({"a/__init__.py": "", "b/__init__.py": "", "b/app.py": APP}, "b"),
        ({"manage.py": MANAGE.format("settings"), "settings.py": INSTALLED}, None),
        (
            {
                "manage.py": MANAGE.format("acme.config.settings.base"),
                "acme/__init__.py": "",
                "acme/config/__init__.py": "",
                "acme/config/settings/__init__.py": "",
                "acme/config/settings/base.py": INSTALLED,
            },
            "acme.config",
        ),
    ],
)
def test_the_main_package(files: dict[str, str], package: str | None, tmp_path: Path) -> None:
    assert look(tmp_path, files)["package"] == package


@pytest.mark.parametrize(
    ("files", "near", "expected"),
    [
        ({}, None, "tasks.py"),
        ({"shop/__init__.py": ""}, None, "shop/tasks.py"),
        ({"shop/__init__.py": "", "shop/tasks/__init__.py": ""}, None, "shop/tasks/__init__.py"),
        ({"shop/__init__.py": "", "shop/workers/__init__.py": ""}, None, "shop/workers/tasks.py"),
        ({"shop/__init__.py": "", "shop/app.py": APP}, None, "shop/tasks.py"),
        (
            {"shop/__init__.py": "", "shop/app.py": APP.replace(")", ', include=["shop.jobs"])')},
            None,
            "shop/jobs.py",
        ),
        ({"tasks.py": APP + "\n\n@app.task\ndef first(): ...\n"}, None, "tasks.py"),
        # The file that holds most of them, but for those of tests.
        (
            {"a/tasks.py": TASK, "a/jobs.py": TASK + TASK, "tests/x.py": TASK * 4},
            None,
            "a/jobs.py",
        ),
        # `debug_task` beside the app of Django is no habit.
        (
            {
                **DJANGO,
                "proj/celery.py": DJANGO_APP.format("proj.settings")
                + "\n\n@app.task\ndef debug_task(): ...\n",
                "orders/__init__.py": "",
                "orders/models.py": MODEL,
            },
            None,
            "orders/tasks.py",
        ),
        # Each Django app has tasks of its own.
        (
            {
                **DJANGO,
                "mail/__init__.py": "",
                "mail/models.py": MODEL,
                "mail/tasks.py": TASK,
                "orders/__init__.py": "",
                "orders/apps.py": "",
                "orders/views/__init__.py": "",
                "orders/views/cart.py": "",
            },
            "orders/views/cart.py",
            "orders/tasks.py",
        ),
        (
            {"mail/tasks.py": TASK + TASK, "orders/tasks/a.py": TASK, "orders/views.py": ""},
            "orders/views.py",
            "orders/tasks/a.py",
        ),
        (
            {"mail/workers/send.py": TASK, "orders/views.py": ""},
            "orders/views.py",
            "mail/workers/send.py",
        ),
    ],
)  # fmt: skip
def test_where_a_task_goes(
    files: dict[str, str], near: str | None, expected: str, tmp_path: Path
) -> None:
    shop = project(tmp_path, files)
    found = default_task_file(shop, None if near is None else str(tmp_path / near))
    assert os.path.relpath(found, tmp_path) == expected


def test_hostile_files_end_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": "[[[", "setup.cfg": "\x00[", "manage.py": "def (\n"})
    (tmp_path / "requirements.txt").write_bytes(b"\xff\xfe\x00celery\n")
    (tmp_path / ".env").mkdir()
    (tmp_path / "Pipfile").mkdir()
    assert detect(project(tmp_path, {})).framework is Framework.PLAIN
