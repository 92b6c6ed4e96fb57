"""Which decorator is written, and where what it needs comes from."""

from dataclasses import replace

import pytest

from celeryls.project.conventions import Conventions, DecoratorStyle
from tests.refactor.converting import SHOP, SHOP_APP, converted, outline

SYNC = "def sync(): ...\n"
MADE = "@{}(...)\ndef sync(self): ...\n"
OWN_APP = replace(SHOP_APP, app_module="shop.tasks")
UNNAMED_APP = Conventions(style=DecoratorStyle.APP_TASK, app_name="app")


@pytest.mark.parametrize(
    ("head", "after", "decorator"),
    [
        ("from celery import shared_task\n\n\n", None, "shared_task"),
        ("from celery import shared_task as task\n\n\n", None, "task"),
        ("import celery\n\n\n", None, "celery.shared_task"),
        (
            "from celery import chain\n\n\n",
            "from celery import chain, shared_task\n\n\n",
            "shared_task",
        ),
        (
            '"""Tasks."""\n\nimport os\n\n\n',
            '"""Tasks."""\n\nimport os\n\nfrom celery import shared_task\n\n\n',
            "shared_task",
        ),
        (
            "import os\n\nimport shop.x\n\n\n",
            "import os\n\nfrom celery import shared_task\n\nimport shop.x\n\n\n",
            "shared_task",
        ),
        # The name is taken.
        (
            "import os\n\nshared_task = None\n\n\n",
            "import os\n\nfrom celery import shared_task as celery_shared_task\n\n"
            "shared_task = None\n\n\n",
            "celery_shared_task",
        ),
    ],
)
def test_shared_task(head, after, decorator):
    assert outline(head + SYNC) == (after or head) + MADE.format(decorator)


@pytest.mark.parametrize(
    "below",
    [
        "from celery import shared_task\n",
        "from celery import Celery\n",
        "from celery import Celery, chain as c\n",
        "import celery\n",
    ],
)
def test_what_is_imported_below_the_function_comes_too_late(below):
    assert outline(f"{SYNC}\n\n{below}") == (
        f"from celery import shared_task\n\n\n{MADE.format('shared_task')}\n\n{below}"
    )


def test_an_import_for_type_checkers_is_not_there_when_it_is_needed():
    head = "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n"
    after, _ = converted(f"{head}    from celery import shared_task\n\n\n{SYNC}")
    assert "\nfrom celery import shared_task" in after


def test_a_function_with_the_name_of_the_decorator():
    after, _ = converted("def │shared_task(): ...\n")
    assert after.startswith("from celery import shared_task as celery_shared_task\n\n\n@celery_sha")


@pytest.mark.parametrize(
    ("head", "after", "decorator"),
    [
        ("from shop.celery_app import app\n\n\n", None, "app.task"),
        ("from .celery_app import app\n\n\n", None, "app.task"),
        ("from . import app\n\n\n", None, "app.task"),
        ("from shop import app\n\n\n", None, "app.task"),
        ("from shop.celery_app import app as celery\n\n\n", None, "celery.task"),
        (
            "import os\n\n\n",
            "import os\n\nfrom shop.celery_app import app\n\n\n",
            "app.task",
        ),
        # Another app has the name.
        (
            "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n",
            "from fastapi import FastAPI\n\nfrom shop.celery_app import app as shop_app\n\n"
            "app = FastAPI()\n\n\n",
            "shop_app.task",
        ),
        (
            "from shop.web import app\n\n\n",
            "from shop.celery_app import app as shop_app\nfrom shop.web import app\n\n\n",
            "shop_app.task",
        ),
        (
            "from .web import app\n\n\n",
            "from shop.celery_app import app as shop_app\n\nfrom .web import app\n\n\n",
            "shop_app.task",
        ),
    ],
)
def test_the_project_s_app(head, after, decorator):
    assert outline(head + SYNC, SHOP_APP) == (after or head) + MADE.format(decorator)


@pytest.mark.parametrize("conventions", [OWN_APP, UNNAMED_APP])
def test_an_app_made_in_the_file(conventions):
    head = 'from celery import Celery\n\napp = Celery("shop")\n\n\n'
    assert outline(head + SYNC, conventions) == head + MADE.format("app.task")


@pytest.mark.parametrize(
    ("text", "conventions"),
    [
        (f"from celery import Celery\n{SYNC}app = Celery()\n", OWN_APP),
        (f"from celery import Celery\n{SYNC}app = Celery()\n", UNNAMED_APP),
        # Whose app that is, nobody knows.
        (f"app = FastAPI()\n{SYNC}", UNNAMED_APP),
        (SYNC, UNNAMED_APP),
    ],
)
def test_an_app_out_of_reach(text, conventions):
    after, conversion = converted(text, conventions)
    assert "\n@shared_task(\n" in after
    assert conversion.notes[0] == "It is declared with shared_task: app can't be reached from here."


def test_no_app_at_all():
    after, conversion = converted(SYNC, replace(SHOP, style=DecoratorStyle.APP_TASK))
    assert "\n@shared_task(\n" in after
    assert "can't be reached" not in conversion.notes[0]


@pytest.mark.parametrize("module", ["shop", "shop.tasks"])
def test_relative_imports_of_a_package_itself(module):
    head = "from .celery_app import app\n\n\n"
    conventions = replace(SHOP_APP, module=module)
    assert outline(head + SYNC, conventions) == head + MADE.format("app.task")


@pytest.mark.parametrize("head", ["from .celery_app import app\n", "from . import app\n"])
def test_relative_imports_of_a_file_whose_module_is_not_known(head):
    conventions = replace(SHOP_APP, module=None)
    assert outline(f"{head}\n\n{SYNC}", conventions) == f"{head}\n\n{MADE.format('app.task')}"


def test_long_imports_are_wrapped_as_the_project_does():
    names = ", ".join(f"name_number_{n}" for n in range(5))
    text = f"from celery import {names}\n\n\n{SYNC}"
    assert f"import {names}, shared_task\n" in converted(text, replace(SHOP, line_length=120))[0]
    assert "import (\n" in converted(text, replace(SHOP, line_length=79))[0]
