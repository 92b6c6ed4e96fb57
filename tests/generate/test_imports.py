"""Imports: merged, sorted, aliases respected."""

import ast
from textwrap import dedent

import pytest

from celeryls.syntax import parse
from celeryls.syntax.imports import add_import
from celeryls.text import apply_edits


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
