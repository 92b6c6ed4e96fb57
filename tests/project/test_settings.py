"""Settings in every spelling, read from source, and the options that follow from them."""

from pathlib import Path

import pytest

from tests.project.reading import UNKNOWN, in_force, project

ON = (True, "settings")
OFF = (False, "default")
UNSURE = (UNKNOWN, "unknown")

# What stands after `app = Celery("shop")`, and what `acks_late` of its task is then.
ON_THE_APP: dict[str, tuple[str, tuple[object, str]]] = {
    "nothing": ("", OFF),
    "attribute": ("app.conf.task_acks_late = True\n", ON),
    "old name as attribute": ("app.conf.CELERY_ACKS_LATE = True\n", ON),
    "item": ("app.conf['task_acks_late'] = True\n", ON),
    "old name as item": ("app.conf['CELERY_ACKS_LATE'] = True\n", ON),
    "keyword": ("app.conf.update(task_acks_late=True)\n", ON),
    "dict": ("app.conf.update({'task_acks_late': True})\n", ON),
    "dict call": ("app.conf.update(dict(task_acks_late=True))\n", ON),
    "constant": ("C = {'task_acks_late': True}\napp.conf.update(C)\n", ON),
    "spread constant": ("C = {'task_acks_late': True}\napp.conf.update(**C)\n", ON),
    "spread in a dict": ("C = {'task_acks_late': True}\napp.conf.update({**C, 'x': 1})\n", ON),
    "value of a constant": ("LATE = True\napp.conf.task_acks_late = LATE\n", ON),
    "through a name of conf": ("conf = app.conf\nconf.task_acks_late = True\n", ON),
    "through another name": ("cel = app\ncel.conf.task_acks_late = True\n", ON),
    "typed": ("app.conf.task_acks_late: bool = True\n", ON),
    "turned off": ("app.conf.task_acks_late = False\n", (False, "settings")),
    "the last one wins": (
        "app.conf.task_acks_late = False\napp.conf.task_acks_late = True\n",
        ON,
    ),
    "another setting": ("app.conf.task_track_started = True\n", OFF),
    "of something else": ("class C: ...\nother = C()\nother.task_acks_late = True\n", OFF),
    "in an if": ("import os\nif os.name == 'x':\n    app.conf.task_acks_late = True\n", UNSURE),
    "constant in an if": (
        "import os\nC = {'task_acks_late': True}\nif os.name == 'x':\n    app.conf.update(C)\n",
        UNSURE,
    ),
    "in an if, another": ("if x:\n    app.conf.update({'task_track_started': True})\n", OFF),
    "computed": ("app.conf.task_acks_late = compute()\n", UNSURE),
    "environment": ("import os\napp.conf.task_acks_late = bool(os.environ['X'])\n", UNSURE),
    "of another library": ("from vendor import X\napp.conf.task_acks_late = X\n", UNSURE),
    "computed dict": ("app.conf.update(compute())\n", UNSURE),
    "computed spread": ("app.conf.update(**compute())\n", UNSURE),
    "computed key": ("app.conf[input()] = True\n", UNSURE),
    "in an if, then for sure": (
        "if x:\n    app.conf.task_acks_late = False\napp.conf.task_acks_late = True\n",
        ON,
    ),
    "written, then computed": ("app.conf.task_acks_late = True\napp.conf.update(x())\n", UNSURE),
    "default": ("app.conf.setdefault('task_acks_late', True)\n", UNSURE),
    "in a function": ("def set_up():\n    app.conf.task_acks_late = True\n", ON),
    "on a parameter": ("def set_up(it):\n    it.conf.task_acks_late = True\n", UNSURE),
    "object, on a parameter": (
        "class Config:\n    task_acks_late = True\n\n\ndef set_up(it):\n"
        "    config = choose(Config)\n    it.config_from_object(config)\n\n\nset_up(app)\n",
        UNSURE,
    ),
    "readable object, on a parameter": (
        "class Config:\n    task_acks_late = True\n\n\ndef set_up(it):\n"
        "    it.config_from_object(Config)\n\n\nset_up(app)\n",
        UNSURE,
    ),
    "object, by a name of a function": (
        "def set_up():\n    config = choose()\n    app.config_from_object(config)\n",
        UNSURE,
    ),
    "object, as a dict": ("app.config_from_object({'task_acks_late': True})\n", ON),
    "unreadable object": ("app.config_from_object('vendor.conf')\n", UNSURE),
    "computed object": ("app.config_from_object(choose())\n", UNSURE),
    "computed module name": ("app.config_from_object(f'conf.{ENV}')\n", UNSURE),
    "environment names the object": ("app.config_from_envvar('CELERY_CONF')\n", UNSURE),
}


@pytest.mark.parametrize("how", ON_THE_APP)
def test_settings_written_on_the_app(how: str, tmp_path: Path) -> None:
    statement, expected = ON_THE_APP[how]
    text = f"from celery import Celery\napp = Celery('shop')\n{statement}@app.task\ndef f(): ...\n"
    assert in_force(project(tmp_path, {"t.py": text}), "acks_late") == expected


MADE_WITH = {
    "Celery('x', task_acks_late=True)": ON,
    "Celery(task_acks_late=LATE)": ON,
    "Celery('x', **OPTIONS)": UNSURE,
    "Celery('x', task_track_started=True)": OFF,
    "Celery('x', config_source='conf')": UNSURE,
    "Celery('x', changes={'task_acks_late': True})": UNSURE,
    "Celery('x', changes=compute())": UNSURE,
    "Celery('x', task_acks_late=compute())": UNSURE,
    "Celery('x', broker='redis://', include=['a'])": OFF,
}


@pytest.mark.parametrize("constructor", MADE_WITH)
def test_settings_given_to_the_constructor(constructor: str, tmp_path: Path) -> None:
    text = f"from celery import Celery\nLATE = True\napp = {constructor}\n@app.task\ndef f(): ...\n"
    read = project(tmp_path, {"t.py": text, "conf.py": "task_acks_late = True\n"})
    assert in_force(read, "acks_late") == MADE_WITH[constructor]


OBJECTS = {
    "app.config_from_object('shop.conf')",
    "app.config_from_object(obj='shop.conf')",
    "app.config_from_object('shop.conf', silent=True)",
    "app.config_from_object('shop.conf:Config')",
    "app.config_from_object('shop.conf.Config')",
    "import shop.conf\napp.config_from_object(shop.conf)",
    "from shop import conf\napp.config_from_object(conf)",
    "from shop import conf as c\napp.config_from_object(c)",
    "from . import conf\napp.config_from_object(conf)",
    "from .conf import Config\napp.config_from_object(Config)",
    "from .conf import Config\napp.config_from_object(Config())",
    "from .conf import Derived\napp.config_from_object(Derived)",
    "from .conf import config\napp.config_from_object(config)",
    "MODULE = 'shop.conf'\napp.config_from_object(MODULE)",
    "app.config_from_object('shop.starred')",
    "app.config_from_object('shop.passed_on')",
    "app.config_from_object('shop.spaced', namespace='SHOP')",
    "app.config_from_object('shop.spaced', False, False, 'SHOP')",
    "app.config_from_object('shop.old')",
}


@pytest.mark.parametrize("statement", sorted(OBJECTS))
def test_settings_in_an_object_elsewhere(statement: str, tmp_path: Path) -> None:
    app = "from celery import Celery\napp = Celery('shop')\n"
    read = project(
        tmp_path,
        {
            "shop/__init__.py": "",
            "shop/conf.py": (
                "task_acks_late = True\n"
                "class Config:\n    task_acks_late = True\n"
                "class Derived(Config): ...\n"
                "config = Config()\n"
            ),
            "shop/starred.py": "from .conf import *\n",
            "shop/passed_on.py": "from .conf import task_acks_late\n",
            "shop/spaced.py": "SHOP_TASK_ACKS_LATE = True\n",
            "shop/old.py": "CELERY_ACKS_LATE = True\n",
            "shop/app.py": f"{app}{statement}\n@app.task\ndef f(): ...\n",
        },
    )
    assert in_force(read, "acks_late") == ON


_SHARED = "from celery import shared_task\n@shared_task\ndef f(): ...\n"


def _django(settings: dict[str, str], module: str = "proj.settings", tasks: str = _SHARED) -> dict:
    return {
        "proj/__init__.py": "from .celery import app as celery_app\n",
        "proj/celery.py": f"""\
import os
from celery import Celery
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "{module}")
app = Celery("proj")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
""",
        "shop/__init__.py": "",
        "shop/tasks.py": tasks,
        **settings,
    }


DJANGO: dict[str, tuple[dict[str, str], tuple[object, str]]] = {
    "one module": ({"proj/settings.py": "CELERY_TASK_ACKS_LATE = True\n"}, ON),
    "lower case does not count": ({"proj/settings.py": "celery_task_acks_late = True\n"}, OFF),
    "without the namespace": ({"proj/settings.py": "TASK_ACKS_LATE = True\n"}, OFF),
    "old name": ({"proj/settings.py": "CELERY_ACKS_LATE = True\n"}, ON),
    "package": (
        {
            "proj/settings/__init__.py": "from .base import *\n",
            "proj/settings/base.py": "CELERY_TASK_ACKS_LATE = True\n",
        },
        ON,
    ),
    "package, overridden": (
        {
            "proj/settings/__init__.py": "from .base import *\nCELERY_TASK_ACKS_LATE = True\n",
            "proj/settings/base.py": "CELERY_TASK_ACKS_LATE = False\n",
        },
        ON,
    ),
    "environment": (
        {"proj/settings.py": "import os\nCELERY_TASK_ACKS_LATE = os.getenv('X', '1') == '1'\n"},
        UNSURE,
    ),
    "conditional": (
        {
            "proj/settings.py": (
                "CELERY_TASK_ACKS_LATE = False\nif DEBUG:\n    CELERY_TASK_ACKS_LATE = True\n"
            )
        },
        UNSURE,
    ),
    "try": (
        {
            "proj/settings.py": (
                "CELERY_TASK_ACKS_LATE = True\ntry:\n    from .local import *\n"
                "except ImportError:\n    pass\n"
            ),
            "proj/local.py": "DEBUG = True\n",
        },
        ON,
    ),
    "settings in a class": (
        {"proj/settings.py": "class Base:\n    CELERY_TASK_ACKS_LATE = True\n"},
        UNSURE,
    ),
    "written on both sides": (
        {"proj/settings.py": "CELERY_TASK_ACKS_LATE = True\nCELERY_TASK_ACKS_LATE = False\n"},
        UNSURE,
    ),
}


@pytest.mark.parametrize("how", DJANGO)
def test_settings_of_django(how: str, tmp_path: Path) -> None:
    settings, expected = DJANGO[how]
    assert in_force(project(tmp_path, _django(settings)), "acks_late") == expected


def test_the_settings_module_is_named_elsewhere(tmp_path: Path) -> None:
    files = _django({"proj/dev.py": "X = 1\n", "proj/prod.py": "CELERY_TASK_ACKS_LATE = True\n"})
    files["proj/celery.py"] = files["proj/celery.py"].replace("os.environ.setdefault", "str")
    files["manage.py"] = (
        "import os  # celery\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'proj.prod')\n"
    )
    assert in_force(project(tmp_path, files), "acks_late") == ON


def test_settings_modules_that_disagree_leave_it_unknown(tmp_path: Path) -> None:
    files = _django(
        {
            "proj/dev.py": "CELERY_TASK_ACKS_LATE = False\n",
            "proj/prod.py": "CELERY_TASK_ACKS_LATE = True\n",
        }
    )
    files["proj/celery.py"] = files["proj/celery.py"].replace("os.environ.setdefault", "str")
    assert in_force(project(tmp_path, files), "acks_late") == UNSURE


def test_the_settings_object_by_import(tmp_path: Path) -> None:
    files = _django({"proj/settings.py": "CELERY_TASK_ACKS_LATE = True\n"})
    files["proj/celery.py"] = files["proj/celery.py"].replace(
        'app.config_from_object("django.conf:settings"',
        "from django.conf import settings\napp.config_from_object(settings",
    )
    assert in_force(project(tmp_path, files), "acks_late") == ON


def test_what_is_written_on_the_app_wins_over_the_object(tmp_path: Path) -> None:
    files = _django({"proj/settings.py": "CELERY_TASK_ACKS_LATE = False\n"})
    files["proj/celery.py"] += "app.conf.task_acks_late = True\n"
    assert in_force(project(tmp_path, files), "acks_late") == ON


def test_writes_in_several_files_that_disagree_leave_it_unknown(tmp_path: Path) -> None:
    """Which of them runs last is for Python's imports to say."""
    files = _django({"proj/settings.py": ""})
    files["proj/a.py"] = "from proj.celery import app\napp.conf.task_acks_late = True\n"
    files["proj/b.py"] = "from proj.celery import app\napp.conf.task_acks_late = False\n"
    assert in_force(project(tmp_path, files), "acks_late") == UNSURE


def test_settings_in_tests_do_not_count(tmp_path: Path) -> None:
    files = _django({"proj/settings.py": ""})
    files["tests/conftest.py"] = "from proj.celery import app\napp.conf.task_acks_late = True\n"
    assert in_force(project(tmp_path, files), "acks_late") == OFF


@pytest.mark.parametrize(
    "statement", ["config_from_object(read())", "conf.update(read())", "conf.task_acks_late = True"]
)
@pytest.mark.parametrize("made", ["Celery('other')", "celery.Celery('other')"])
def test_an_app_that_a_function_makes_for_itself_is_no_other(
    made: str, statement: str, tmp_path: Path
) -> None:
    other = f"import celery\nfrom celery import Celery\ndef go():\n    app = {made}\n"
    read = project(
        tmp_path,
        {
            "shop/__init__.py": "",
            "shop/other.py": f"{other}    app.{statement}\n",
            "shop/app.py": "from celery import Celery, shared_task\napp = Celery('shop')\n"
            "@app.task\ndef f(): ...\n",
            "shop/shared.py": "from celery import shared_task\n@shared_task\ndef g(): ...\n",
        },
    )
    known = {task.decl.name: read.effective(task, "acks_late") for task in read.tasks()}
    assert known["f"].origin == "default"
    # It may be the current one when that is called.
    assert known["g"].origin == "unknown"


def test_what_a_function_is_given_may_be_any_app(tmp_path: Path) -> None:
    read = project(
        tmp_path,
        {
            "shop/__init__.py": "",
            "shop/other.py": "import celery\ndef go(app):\n    app.config_from_object(read())\n",
            "shop/app.py": "from celery import Celery\napp = Celery('shop')\n"
            "@app.task\ndef f(): ...\n",
        },
    )
    assert in_force(read, "acks_late") == UNSURE
