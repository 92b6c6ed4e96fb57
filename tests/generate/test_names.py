"""Imports: merged, sorted, aliases respected."""

import ast
from dataclasses import replace
from textwrap import dedent

import pytest

from celeryls.forms import NO_RETRY, AnswerError, Retry, RetryKind
from celeryls.project.conventions import Conventions, DecoratorStyle
from celeryls.syntax import parse
from celeryls.syntax.imports import add_import
from celeryls.text import apply_edits
from tests.generate.writing import SHOP, SHOP_APP, spec, write


def added(text, module, name=None, **rest):
    """The text with an import added, and the name to use."""
    text = dedent(text)
    found = add_import(parse(text), module, name, **rest)
    return apply_edits(text, found.edits), found.local_name


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("from celery import shared_task\n", "shared_task"),
        ("from celery import shared_task as st\n", "st"),
        ("import celery\n", "celery.shared_task"),
        ("import celery as c\n", "c.shared_task"),
        (
            "try:\n    from celery import shared_task\nexcept ImportError:\n    pass\n",
            "shared_task",
        ),
    ],
)
def test_what_is_there_is_used(text, local):
    assert added(text, "celery", "shared_task") == (text, local)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from celery import Celery\n", "from celery import Celery, shared_task\n"),
        ("from celery import signature\n", "from celery import shared_task, signature\n"),
        ("from celery import (Celery)\n", "from celery import (Celery, shared_task)\n"),
        (
            "from celery import (\n    Celery,\n    signature,\n)\n",
            "from celery import (\n    Celery,\n    shared_task,\n    signature,\n)\n",
        ),
        (
            "from celery import (\n    Celery,\n    chain,  # first\n)\n",
            "from celery import (\n    Celery,\n    chain,  # first\n    shared_task,\n)\n",
        ),
        (
            "from celery import (\n    Celery,\n    chain  # last\n)\n",
            "from celery import (\n    Celery,\n    chain,  # last\n    shared_task,\n)\n",
        ),
        (
            "from celery import (\n    Celery,\n    chain\n)\n",
            "from celery import (\n    Celery,\n    chain,\n    shared_task,\n)\n",
        ),
        (
            "from celery import (\n    Celery,\n    chain)\n",
            "from celery import (\n    Celery,\n    chain,\n    shared_task)\n",
        ),
        (
            "from celery import (\n    Celery, chain,\n    group,\n)\n",
            "from celery import (\n    Celery, chain,\n    group, shared_task,\n)\n",
        ),
        (
            "from celery import (Celery, chain,)\n",
            "from celery import (Celery, chain, shared_task,)\n",
        ),
        ("from celery import Celery  # app\n", "from celery import Celery, shared_task  # app\n"),
        (
            "from celery import Celery, \\\n    chain\n",
            "from celery import Celery, \\\n    chain, shared_task\n",
        ),
        (
            "from celery import Celery as C\n",
            "from celery import Celery as C\nfrom celery import shared_task\n",
        ),
        ("from celery import *\n", "from celery import *\nfrom celery import shared_task\n"),
        (
            "from .celery import app\n",
            "from celery import shared_task\n\nfrom .celery import app\n",
        ),
        ("import os\n", "import os\n\nfrom celery import shared_task\n"),
        (
            "import zlib\n\nimport yaml\n",
            "import zlib\n\nimport yaml\nfrom celery import shared_task\n",
        ),
        (
            "from billiard import x\nfrom kombu import y\n",
            "from billiard import x\nfrom celery import shared_task\nfrom kombu import y\n",
        ),
        (
            "# about kombu\nfrom kombu import y\n",
            "# about kombu\nfrom celery import shared_task\nfrom kombu import y\n",
        ),
        (
            "import os\n\n# about kombu\nfrom kombu import y\n",
            "import os\n\nfrom celery import shared_task\n# about kombu\nfrom kombu import y\n",
        ),
        (
            "import os\nfrom kombu import y\n",
            "import os\nfrom celery import shared_task\nfrom kombu import y\n",
        ),
        (
            "from shop import x\n",
            "from celery import shared_task\n\nfrom shop import x\n",
        ),
        (
            "if TYPE_CHECKING:\n    from celery import chain\n",
            "from celery import shared_task\n\nif TYPE_CHECKING:\n    from celery import chain\n",
        ),
        (
            "try:\n    from celery import chain\nexcept ImportError:\n    chain = None\n",
            "from celery import shared_task\n\n"
            "try:\n    from celery import chain\nexcept ImportError:\n    chain = None\n",
        ),
        (
            "def f():\n    from celery import shared_task\n",
            "from celery import shared_task\n\n\ndef f():\n    from celery import shared_task\n",
        ),
    ],
)
def test_a_name_finds_its_place(before, after):
    found, local = added(before, "celery", "shared_task", first_party={"shop"})
    assert found == after
    assert local == "shared_task"
    ast.parse(found)


HEADED = """\
# Standard Library
import json

# Third Party
import requests
from zeep import Client

"""


def test_an_import_goes_below_the_heading_of_its_section():
    text, _ = added(HEADED, "celery", "shared_task")
    assert text == HEADED.replace("# Third Party\n", "# Third Party\nimport X\n").replace(
        "import X\nimport requests\n", "import requests\nfrom celery import shared_task\n"
    )
    text, _ = added(HEADED.replace("import requests\n", ""), "celery", "shared_task")
    assert "\n# Third Party\nfrom celery import shared_task\nfrom zeep" in text


def test_a_comment_that_is_no_heading_stays_with_its_import():
    text, _ = added("import json\n\n# Old.\nfrom zeep import Client\n", "celery", "shared_task")
    assert text == (
        "import json\n\nfrom celery import shared_task\n# Old.\nfrom zeep import Client\n"
    )


def test_a_line_that_gets_too_long_is_broken_as_formatters_do():
    text = (
        "from celery.utils.log import aaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbb  # x\n"
    )
    found, _ = added(text, "celery.utils.log", "get_task_logger", line_length=88)
    assert found == (
        "from celery.utils.log import (\n    aaaaaaaaaaaaaaaaaaaaaaa,\n"
        "    bbbbbbbbbbbbbbbbbbbbbbbbbbb,\n    get_task_logger,\n)  # x\n"
    )


@pytest.mark.parametrize(
    ("text", "module", "name", "local"),
    [
        ("def shared_task(): ...\n", "celery", "shared_task", "celery_shared_task"),
        ("from shop.models import Task\n", "celery", "Task", "CeleryTask"),
        ("secrets = 1\n", "secrets", None, "secrets_module"),
        ("from datetime import datetime\n", "datetime", None, "datetime_module"),
        ("import requests.adapters\n", "requests.exceptions", None, "requests.exceptions"),
        ("import requests.exceptions\n", "requests.exceptions", None, "requests.exceptions"),
        ("import requests.exceptions as e\n", "requests.exceptions", "Timeout", "e.Timeout"),
        ("requests = 1\n", "requests.exceptions", None, "requests_exceptions"),
    ],
)
def test_names_that_are_taken_get_an_alias(text, module, name, local):
    found, used = added(text, module, name)
    assert used == local
    names = {}
    for node in ast.parse(found).body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {alias.asname or alias.name: node for alias in node.names}
    assert local in names or local.partition(".")[0] in names


def test_an_import_for_types_only_serves_types():
    text = "if TYPE_CHECKING:\n    from celery import Task\n"
    assert added(text, "celery", "Task", typing_only=True) == (text, "Task")
    assert added(text, "celery", "Task")[0] != text


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


@pytest.mark.parametrize(
    ("before", "after", "local"),
    [
        ("from .celery import app\n", "from .celery import app\n", "app"),
        ("from .celery import app as a\n", "from .celery import app as a\n", "a"),
        ("from .celery import bpp\n", "from .celery import app, bpp\n", "app"),
        (
            "from ..celery import app\n",
            "from ..celery import app\nfrom .celery import app as celery_app\n",
            "celery_app",
        ),
        ("import os\n", "import os\n\nfrom .celery import app\n", "app"),
        (
            "from shop.b import b\n\nfrom .z import z\n",
            "from shop.b import b\n\nfrom .celery import app\nfrom .z import z\n",
            "app",
        ),
        (
            "from ..z import z\n",
            "from ..z import z\nfrom .celery import app\n",
            "app",
        ),
        ("from . import z\n", "from . import z\nfrom .celery import app\n", "app"),
    ],
)
def test_relative_imports(before, after, local):
    assert added(before, ".celery", "app", first_party={"shop"}) == (after, local)


def test_a_package_may_be_what_is_imported_from():
    assert added("from .a import b\n", ".", "app") == (
        "from . import app\nfrom .a import b\n",
        "app",
    )
    assert added("app = 1\n", ".", "app")[1] == "own_app"


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
