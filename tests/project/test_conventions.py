"""How a project writes its tasks, as a new one is to look."""

from pathlib import Path

import pytest

from celeryls.project.conventions import Conventions, DecoratorStyle
from tests.project.reading import project

APP = 'from celery import Celery\n\napp = Celery("shop")\n'
BASE = "from celery import Task\n\n\nclass Audited(Task):\n    abstract = True\n"


def shared(*tasks: str, head: str = "from celery import shared_task\n") -> str:
    """A module with tasks: `first`, `second`…, each with the options given."""
    names = ("first", "second", "third", "fourth", "fifth")
    code = [
        f"\n\n@shared_task({options})\ndef {name}():\n    pass\n"
        for name, options in zip(names, tasks, strict=False)
    ]
    return head + "".join(code)


def conventions(root: Path, files: dict[str, str], path: str = "shop/new/tasks.py") -> Conventions:
    files = {"shop/__init__.py": "", "shop/new/__init__.py": "", **files}
    return project(root, files).conventions(str(root / path))


# Tasks of `shop/orders/tasks.py`, and the name that `sync` in `shop/new/tasks.py` gets.
NAMES: dict[str, tuple[tuple[str, ...], str | None]] = {
    "no task at all": ((), "shop.new.tasks.sync"),
    "names left out": (("", ""), None),
    "mostly left out": (("", "", 'name="shop.orders.tasks.third"'), None),
    "the module's": (
        ('name="shop.orders.tasks.first"', 'name="shop.orders.tasks.second"'),
        "shop.new.tasks.sync",
    ),
    "the package's": (
        ('name="shop.orders.first"', 'name="shop.orders.second"'),
        "shop.new.sync",
    ),
    "the inner package's": (('name="orders.first"', 'name="orders.second"'), "new.sync"),
    "the outer package's": (('name="shop.first"', 'name="shop.second"'), "shop.sync"),
    "one for all": (('name="jobs.first"', 'name="jobs.second"'), "jobs.sync"),
    "bare": (('name="first"', 'name="second"'), "sync"),
    "some left out": (('name="jobs.first"', 'name="jobs.second"', ""), "jobs.sync"),
    "one alone is no habit": (('name="jobs.first"',), "shop.new.tasks.sync"),
    "no pattern": (
        ('name="a.first"', 'name="b.second"', 'name="c.third"'),
        "shop.new.tasks.sync",
    ),
    "names of another kind": (
        ('name="make-first"', 'name="do the second"'),
        "shop.new.tasks.sync",
    ),
    "nearly all": (
        (
            *('name="jobs.first"', 'name="jobs.second"', 'name="jobs.third"'),
            *('name="jobs.fourth"', 'name="old"'),
        ),
        "jobs.sync",
    ),
    "computed": (("name=NAME", "name=NAME"), "shop.new.tasks.sync"),
}


@pytest.mark.parametrize("how", NAMES)
def test_names_follow_the_habit(how: str, tmp_path: Path) -> None:
    tasks, name = NAMES[how]
    files = {"shop/orders/__init__.py": "", "shop/orders/tasks.py": shared(*tasks)}
    assert conventions(tmp_path, files).explicit_name("sync") == name


def test_names_with_dashes(tmp_path: Path) -> None:
    tasks = "from celery import shared_task\n" + "".join(
        f"@shared_task(name='{name}')\ndef {function}(): ...\n"
        for name, function in (("make-it", "make_it"), ("do-it", "do_it"), ("send", "send"))
    )
    files = {"shop/orders/__init__.py": "", "shop/orders/tasks.py": tasks}
    assert conventions(tmp_path, files).explicit_name("sync_all") == "sync-all"


def test_without_a_module_no_name_can_be_told() -> None:
    assert Conventions().explicit_name("sync") is None
    assert Conventions(name_prefix="jobs.").explicit_name("sync") == "jobs.sync"


def test_the_names_of_tests_are_no_habit(tmp_path: Path) -> None:
    files = {"tests/test_tasks.py": shared("", "", "")}
    assert conventions(tmp_path, files).explicit_name("sync") == "shop.new.tasks.sync"


@pytest.mark.parametrize(
    ("tasks", "base"),
    [
        (("base=Audited",) * 3, ("shop.base", "Audited")),
        (("base=Audited",) * 2, None),
        (("base=Audited",) * 3 + ("",), None),
        (("base=Audited", "base=Audited", "base=Other"), None),
        (("**AUDITED",) * 3, None),
        (("base=make()",) * 3, None),
    ],
)
def test_the_base_that_nearly_all_tasks_have(
    tasks: tuple[str, ...], base: tuple[str, str] | None, tmp_path: Path
) -> None:
    head = (
        "from celery import shared_task\nfrom shop.base import Audited\nfrom shop.x import Other\n"
        "AUDITED = {'base': Audited}\n"
    )
    files = {"shop/base.py": BASE, "shop/tasks.py": shared(*tasks, head=head)}
    assert conventions(tmp_path, files).base == base


def test_the_base_of_another_package(tmp_path: Path) -> None:
    head = "from celery import shared_task\nfrom celery_once import QueueOnce\n"
    files = {"shop/tasks.py": shared(*["base=QueueOnce"] * 3, head=head)}
    assert conventions(tmp_path, files).base == ("celery_once", "QueueOnce")


BY_HAND = (
    "\n\n@shared_task(bind=True)\ndef by_hand(self):\n    try:\n        work()\n"
    "    except OSError as exc:\n        raise self.retry(exc=exc)\n"
)


@pytest.mark.parametrize(
    ("text", "autoretry"),
    [
        (shared(), False),
        (shared("", ""), False),
        (shared("autoretry_for=(OSError,), retry_backoff=True"), True),
        (shared("autoretry_for=(OSError,)") + BY_HAND, False),
        (shared("autoretry_for=(OSError,)", "autoretry_for=(OSError,)") + BY_HAND, True),
        (shared("autoretry_for=()", "autoretry_for=()"), False),
        (
            "from celery import Task, shared_task\n\n\nclass Base(Task):\n"
            "    autoretry_for = (OSError,)\n\n\n@shared_task(base=Base)\ndef first():\n    pass\n",
            True,
        ),
    ],
)
def test_whether_celery_retries_by_itself(text: str, autoretry: bool, tmp_path: Path) -> None:
    assert conventions(tmp_path, {"shop/tasks.py": text}).autoretry is autoretry


def test_a_file_goes_on_as_it_began(tmp_path: Path) -> None:
    own = "from shop.app import app\n\n\n@app.task\ndef first():\n    pass\n"
    files = {
        "shop/app.py": APP,
        "shop/a.py": shared("", "", ""),
        "shop/new/tasks.py": own,
    }
    assert conventions(tmp_path, files).style is DecoratorStyle.APP_TASK
    assert conventions(tmp_path, files, "shop/b.py").style is DecoratorStyle.SHARED_TASK


def test_the_app_of_the_project_and_not_of_its_tests(tmp_path: Path) -> None:
    files = {
        "shop/app.py": APP,
        "tests/conftest.py": APP,
        "tests/test_x.py": "from tests.conftest import app\n\n\n@app.task\ndef x(): ...\n",
    }
    found = conventions(tmp_path, files)
    assert (found.app_module, found.app_name) == ("shop.app", "app")


def test_the_first_task_is_the_apps_unless_django_has_it(tmp_path: Path) -> None:
    assert conventions(tmp_path / "a", {"shop/app.py": APP}).style is DecoratorStyle.APP_TASK
    django = APP + 'app.config_from_object("django.conf:settings", namespace="CELERY")\n'
    for name, files in (("b", {"shop/app.py": django}), ("c", {"shop/x.py": ""})):
        assert conventions(tmp_path / name, files).style is DecoratorStyle.SHARED_TASK


def test_celery_through_its_module(tmp_path: Path) -> None:
    text = "import celery\n\n\n@celery.shared_task\ndef first():\n    pass\n"
    assert conventions(tmp_path, {"shop/tasks.py": text}).celery_module
    assert not conventions(tmp_path / "b", {"shop/tasks.py": shared("")}).celery_module


def test_queues_of_tasks_and_of_settings(tmp_path: Path) -> None:
    app = (
        "from celery import Celery\nfrom kombu import Queue\n\napp = Celery('shop')\n"
        "app.conf.task_routes = {'shop.*': {'queue': 'orders'}, 'mail.*': 'mail'}\n"
        "app.conf.task_queues = (Queue('bulk'), Queue('orders'), Queue(NAME))\n"
        "app.conf.task_default_queue = 'main'\n"
    )
    files = {"shop/app.py": app, "shop/tasks.py": shared("queue='io'")}
    assert conventions(tmp_path, files).queues == ("bulk", "io", "mail", "main", "orders")


RELATIVE = "from celery import shared_task\n\nfrom .models import Order\nfrom ..web import api\n"
ABSOLUTE = "from celery import shared_task\n\nfrom shop.orders.models import Order\n"


@pytest.mark.parametrize(
    ("head", "settings", "relative"),
    [
        (RELATIVE, "", True),
        (ABSOLUTE, "", False),
        (RELATIVE, '[tool.ruff.lint.flake8-tidy-imports]\nban-relative-imports = "all"\n', False),
    ],
)
def test_how_the_project_imports_its_own(
    head: str, settings: str, relative: bool, tmp_path: Path
) -> None:
    files = {
        "shop/orders/__init__.py": "",
        "shop/orders/tasks.py": shared("", head=head),
        "pyproject.toml": settings,
    }
    assert conventions(tmp_path, files).relative_imports is relative


@pytest.mark.parametrize(
    ("tasks", "typed"),
    [
        ("@shared_task\ndef f(): ...\n", None),
        ("@shared_task(bind=True)\ndef f(self, x: int): ...\n", False),
        ("@shared_task(bind=True)\ndef f(self: 'Task', x: int): ...\n", True),
    ],
)
def test_whether_self_has_a_type(tasks: str, typed: bool | None, tmp_path: Path) -> None:
    files = {"shop/tasks.py": f"from celery import shared_task\n{tasks}"}
    assert conventions(tmp_path, files).typed_self is typed


def test_how_the_file_itself_imports_goes_first(tmp_path: Path) -> None:
    files = {
        "shop/orders/__init__.py": "",
        "shop/orders/tasks.py": shared("", head=ABSOLUTE),
        "shop/orders/mail.py": "from .models import Order\n",  # nothing of Celery is in it
        "shop/orders/new.py": "import json\n",
    }
    shop = project(tmp_path, files)
    assert shop.conventions(str(tmp_path / "shop/orders/mail.py")).relative_imports
    assert not shop.conventions(str(tmp_path / "shop/orders/new.py")).relative_imports


@pytest.mark.parametrize(
    ("module", "is_package", "of", "written"),
    [
        ("shop.orders.tasks", False, "shop.orders.base", ".base"),
        ("shop.orders.tasks", False, "shop.celery", "..celery"),
        ("shop.orders.tasks", False, "shop", ".."),
        ("shop.tasks", False, "shop", "."),
        ("shop.tasks", False, "other.celery", "other.celery"),
        ("shop.a.b.tasks", False, "shop.celery", "shop.celery"),
        ("shop.tasks", True, "shop.tasks.base", ".base"),
        ("shop.tasks", True, "shop.celery", "..celery"),
        ("tasks", False, "celery_app", "celery_app"),
        ("shopping.tasks", False, "shop.celery", "shop.celery"),
        (None, False, "shop.celery", "shop.celery"),
    ],
)
def test_a_module_as_a_relative_import_names_it(
    module: str | None, is_package: bool, of: str, written: str
) -> None:
    found = Conventions(module=module, is_package=is_package, relative_imports=True)
    assert found.relative(of) == written
    assert Conventions(module=module).relative(of) == of


def test_whether_files_begin_with_lazy_annotations(tmp_path: Path) -> None:
    lazy = "from __future__ import annotations\n\nfrom celery import shared_task\n"
    files = {"shop/a.py": shared("", head=lazy), "shop/b.py": shared("", head=lazy)}
    assert conventions(tmp_path, {**files, "shop/c.py": shared("")}).lazy_annotations
    files["shop/b.py"] = shared("")
    assert not conventions(tmp_path / "b", files).lazy_annotations
    setting = '[tool.ruff.lint.isort]\nrequired-imports = ["from __future__ import annotations"]\n'
    assert conventions(tmp_path / "c", {"pyproject.toml": setting}).lazy_annotations


def test_quotes(tmp_path: Path) -> None:
    single = shared("queue='a'", "queue='a'", "queue='a'")
    double = shared('queue="a"', 'queue="a"', 'queue="a"')
    # A new file does as the others do, one that is there as it does itself.
    files = {"shop/a.py": single, "shop/b.py": single, "shop/c.py": double}
    assert conventions(tmp_path, files).quotes == "'"
    assert conventions(tmp_path, files, "shop/c.py").quotes == '"'
    # Strings that had no choice, docstrings and comments say nothing.
    forced = 'A = "it\'s"\nB = "it\'s"\nC = "it\'s"\n# "a" "b" "c"\n"""A "d" and "e" here."""\n'
    assert conventions(tmp_path, {**files, "shop/d.py": forced}, "shop/d.py").quotes == "'"
    assert conventions(tmp_path / "b", {}).quotes == '"'
    # What the formatter is told counts for more.
    ruff = '[tool.ruff]\nline-length = 100\n[tool.ruff.format]\nquote-style = "double"\n'
    found = conventions(tmp_path / "c", {**files, "pyproject.toml": ruff})
    assert (found.quotes, found.line_length) == ('"', 100)
