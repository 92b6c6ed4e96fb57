"""The names that a written task uses: what is there already, and what is imported."""

from dataclasses import replace

import pytest

from celeryls.forms import NO_RETRY, AnswerError, Retry, RetryKind
from celeryls.project.conventions import Conventions, DecoratorStyle
from tests.generate.writing import SHOP, SHOP_APP, spec, write


def test_the_app_is_imported_where_it_is():
    assert "\nfrom shop.celery_app import app\n" in write("", spec(), SHOP_APP)


@pytest.mark.parametrize(
    "text",
    [
        "from .celery_app import app\n",
        "from shop import app\n",
        "from shop.celery_app import app\n",
    ],
)
def test_the_app_that_is_there_is_used(text):
    found = write(text, spec(), SHOP_APP)
    assert found.count("import app\n") == 1
    assert "@app.task(" in found


def test_an_app_of_another_kind_is_not_taken_for_celerys():
    found = write("from fastapi import FastAPI\n\napp = FastAPI()\n", spec(), SHOP_APP)
    assert "from shop.celery_app import app as shop_app\n" in found
    assert "@shop_app.task(" in found


def test_without_an_app_shared_task_it_is():
    assert "@shared_task(" in write("", spec(), Conventions(DecoratorStyle.APP_TASK))


@pytest.mark.parametrize(
    ("text", "logger"),
    [
        ("import logging\n\nlogger = logging.getLogger(__name__)\n", "logger"),
        ("from shop.log import logger\n", "logger"),
        ("import structlog\n\nLOG = structlog.get_logger()\n", "LOG"),
        ("def logger(): ...\n", "task_logger"),
        ("", "logger"),
    ],
)
def test_the_logger_that_is_there_is_used(text, logger):
    found = write(text, spec())
    assert f'    {logger}.info("Started", extra=context)\n' in found
    expected = 0 if text.strip() and not text.startswith("def") else 1
    assert found.count("get_task_logger(__name__)") == expected


@pytest.mark.parametrize(
    ("text", "annotation", "written", "imported"),
    [
        ("", "UUID", "UUID", "from uuid import UUID\n"),
        ("import uuid\n", "UUID", "uuid.UUID", "import uuid\n"),
        ("import datetime\n", "datetime", "datetime.datetime", "import datetime\n"),
        ("import datetime as dt\n", "date | None", "dt.date | None", "import datetime as dt\n"),
        ("from datetime import datetime\n", "datetime", "datetime", "import datetime\n"),
        ("", "datetime.datetime", "datetime.datetime", "import datetime\n"),
        ("from datetime import datetime\n", "datetime.datetime", "datetime", "import datetime\n"),
        ("from shop import models\n", "models.Order", "models.Order", "import models\n"),
        ("", "shop.models.Order", "shop.models.Order", "import shop.models\n"),
        ("", "shop.models.Order.Id", "shop.models.Order.Id", "import shop.models\n"),
        ("import typing as t\n", "list", "list[t.Any]", "import typing as t\n"),
        ("from x import *\n", "Order", "Order", "from x import *\n"),
        (
            "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from x import Order\n",
            "Order | None",
            '"Order | None"',
            "from x import Order\n",
        ),
    ],
)  # fmt: skip
def test_types_are_found_where_they_are(text, annotation, written, imported):
    found = write(text, spec("sync", f"thing: {annotation}", retry=NO_RETRY))
    assert f"thing: {written}" in found
    assert found.count(imported) == 1


@pytest.mark.parametrize(
    ("text", "exception", "written"),
    [
        ("", "requests.ConnectionError", "requests.ConnectionError"),
        ("import requests as r\n", "requests.Timeout", "r.Timeout"),
        ("from requests import Timeout\n", "requests.Timeout", "Timeout"),
        ("class Busy(Exception): ...\n", "Busy", "Busy"),
        ("from shop import errors\n", "errors.Busy", "errors.Busy"),
    ],
)
def test_exceptions_are_found_where_they_are(text, exception, written):
    retry = Retry(RetryKind.CUSTOM, retry_on=(exception,))
    assert f"    except {written} as exc:\n" in write(text, spec(retry=retry))


def test_exceptions_that_are_nowhere_are_refused():
    for name, parameters in (("Busy", ""), ("ConnectionError", "ConnectionError: int")):
        with pytest.raises(AnswerError) as caught:
            write("", spec("x", parameters, retry=Retry(RetryKind.CUSTOM, retry_on=(name,))))
        assert caught.value.field == "retry_on"


def test_secrets_are_not_logged():
    found = write(
        "", spec("x", "user_id: int, password: str, api_key: int, card_number: str, note: str")
    )
    logged = found[found.index("context = {") : found.index("try:")]
    assert '"user_id": user_id' in logged
    for name in ("password", "api_key", "card_number", "note"):
        assert name not in logged


def test_types_that_only_a_checker_sees_are_fine_with_lazy_annotations():
    text = (
        "from __future__ import annotations\n\nfrom typing import TYPE_CHECKING\n\n"
        "if TYPE_CHECKING:\n    from typing import Any\n\n    from celery import Task\n"
    )
    found = write(text, spec("sync", retry=NO_RETRY), SHOP)
    assert "def sync(self: Task[Any, Any]) -> dict[str, Any]:" in found
    assert found.count("import Task") == 1
    assert found.count("import Any") == 1


BASE = replace(SHOP, base=("shop.base", "Audited"))


@pytest.mark.parametrize(
    ("head", "has", "base"),
    [
        ("", "from shop.base import Audited\n", "Audited"),
        ("from shop.base import Audited as A\n", "from shop.base import Audited as A\n", "A"),
        ("from .base import Audited\n", "from .base import Audited\n", "Audited"),
        ("from shop import base\n\nAudited = base.x\n", "Audited as ShopAudited", "ShopAudited"),
    ],
)
def test_the_base_is_imported(head, has, base):
    text = write(head, spec(), BASE)
    assert has in text
    assert f"    base={base},\n" in text
    assert sum("import" in line and "Audited" in line for line in text.splitlines()) == 1


def test_a_task_stands_below_the_base_and_the_errors_that_its_decorator_names():
    head = "from celery import Task\n\n\nclass Audited(Task): ...\n\n\nclass Gone(Exception): ...\n"
    retry = Retry(RetryKind.CUSTOM, 3, 1, True, ("Gone",))
    own = replace(SHOP, base=("shop.tasks", "Audited"), autoretry=True)
    text = write("│" + head, spec(retry=retry), own)
    assert text.index("class Gone") < text.index("autoretry_for=(Gone,)")
    assert "    base=Audited,\n" in text
    assert "shop.tasks import" not in text


def test_the_app_is_imported_as_the_project_does_it():
    dots = replace(SHOP_APP, relative_imports=True)
    assert "from .celery_app import app\n" in write("", spec(), dots)
    # One that is there already stays the only one.
    text = write("from shop.celery_app import app\n", spec(), dots)
    assert text.count("celery_app") == 1


def test_celery_is_named_as_the_project_does_it():
    text = write("", spec(), replace(SHOP, celery_module=True))
    assert "import celery\n" in text
    assert "@celery.shared_task(\n" in text


def test_self_has_a_type_unless_the_tasks_that_there_are_give_it_none():
    bare = replace(SHOP, typed_self=False)
    text = write("", spec(parameters="a: int"), bare)
    assert "def sync(self, a: int) -> dict[str, Any]:" in text
    assert "Task" not in text
    for conventions in (SHOP, replace(bare, strict_types=True)):
        assert 'self: "Task[Any, Any]"' in write("", spec(), conventions)
