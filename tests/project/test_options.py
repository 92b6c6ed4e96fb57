"""Options written in decorators: constants and spreads, here and in other modules."""

from pathlib import Path

import pytest

from tests.project.reading import UNKNOWN, in_force, one_task, plain, project

_HEAD = "from celery import shared_task\n"

# What stands before the decorator, its arguments, the option asked for, what is in force.
WRITTEN: dict[str, tuple[str, str, str, object]] = {
    "literal": ("", "acks_late=True", "acks_late", True),
    "negative": ("", "priority=-1", "priority", -1),
    "arithmetic": ("", "time_limit=60 * 5", "time_limit", 300),
    "constant": ("LIMIT = 10\n", "time_limit=LIMIT", "time_limit", 10),
    "constant of a constant": ("A = 10\nB = A\n", "time_limit=B + 1", "time_limit", 11),
    "final": ("LIMIT: int = 10\n", "time_limit=LIMIT", "time_limit", 10),
    "class attribute": ("class C:\n    LATE = True\n", "acks_late=C.LATE", "acks_late", True),
    "names of exceptions": ("", "autoretry_for=(OSError,)", "autoretry_for", ["OSError"]),
    "none": ("", "rate_limit=None", "rate_limit", None),
    "bound twice": ("LIMIT = 1\nLIMIT = 2\n", "time_limit=LIMIT", "time_limit", UNKNOWN),
    "bound twice alike": ("LIMIT = 1\nLIMIT = 1\n", "time_limit=LIMIT", "time_limit", 1),
    "counted up": ("LIMIT = 1\nLIMIT += 2\n", "time_limit=LIMIT", "time_limit", UNKNOWN),
    "loop": ("for LIMIT in (1, 2): pass\n", "time_limit=LIMIT", "time_limit", UNKNOWN),
    "computed": ("", "time_limit=int('5')", "time_limit", UNKNOWN),
    "computed inside": ("", "autoretry_for=(OSError, x())", "autoretry_for", UNKNOWN),
    "another library's value": ("from vendor import N\n", "max_retries=N", "max_retries", UNKNOWN),
    "another library's class": (
        "from vendor import Gone\n",
        "autoretry_for=(Gone,)",
        "autoretry_for",
        ["Gone"],
    ),
    "environment": (
        "import os\nLATE = os.environ.get('LATE')\n",
        "acks_late=LATE",
        "acks_late",
        UNKNOWN,
    ),
    "undefined": ("", "time_limit=NOWHERE", "time_limit", UNKNOWN),
    "spread": ("OPTS = {'acks_late': True}\n", "**OPTS", "acks_late", True),
    "spread of dict()": ("OPTS = dict(acks_late=True)\n", "**OPTS", "acks_late", True),
    "spread in place": ("", "**{'acks_late': True}", "acks_late", True),
    "spread of dict() in place": ("", "**dict(acks_late=True)", "acks_late", True),
    "spread in a spread": (
        "A = {'acks_late': True}\nB = {**A, 'max_retries': 1}\n",
        "**B",
        "acks_late",
        True,
    ),
    "spread in dict()": (
        "A = dict(acks_late=False)\nB = dict(A, acks_late=True)\n",
        "**B",
        "acks_late",
        True,
    ),
    "later wins": ("A = {'acks_late': False}\n", "**{**A, 'acks_late': True}", "acks_late", True),
    "two spreads": ("A = {'bind': True}\nB = {'acks_late': True}\n", "**A, **B", "acks_late", True),
    "union": ("A = {'acks_late': True}\nB = {'bind': True}\n", "**(A | B)", "acks_late", UNKNOWN),
    "spread of a call": ("def o(): return {}\n", "**o()", "acks_late", UNKNOWN),
    "spread of nothing known": ("", "**NOWHERE", "acks_late", UNKNOWN),
    "spread changed later": ("A = {}\nA['acks_late'] = True\n", "**A", "acks_late", UNKNOWN),
    "spread updated later": ("A = {}\nA.update(acks_late=True)\n", "**A", "acks_late", UNKNOWN),
    "spread with computed key": ("K = input()\n", "**{K: True}", "acks_late", UNKNOWN),
    "written beside a computed spread": ("", "acks_late=True, **x()", "acks_late", True),
    "not in the spread": ("A = {'bind': True}\n", "**A", "acks_late", False),
}


@pytest.mark.parametrize("how", WRITTEN)
def test_an_option_is_read_as_it_is_written(how: str, tmp_path: Path) -> None:
    before, arguments, option, expected = WRITTEN[how]
    text = f"{_HEAD}{before}@shared_task({arguments})\ndef f(self): ...\n"
    assert in_force(project(tmp_path, {"t.py": text}), option)[0] == expected


SHARED = {
    "from import": ("from shop.consts import OPTS", "**OPTS"),
    "from import as": ("from shop.consts import OPTS as O", "**O"),
    "relative": ("from .consts import OPTS", "**OPTS"),
    "module": ("from shop import consts", "**consts.OPTS"),
    "dotted": ("import shop.consts", "**shop.consts.OPTS"),
    "passed on": ("from shop import OPTS", "**OPTS"),
    "star": ("from shop.consts import *", "**OPTS"),
    "value": ("from shop.consts import LATE", "acks_late=LATE"),
    "built upon": ("from shop.consts import OPTS", "**{**OPTS, 'bind': True}"),
}


@pytest.mark.parametrize("how", SHARED)
def test_constants_of_other_modules_are_followed(how: str, tmp_path: Path) -> None:
    """Also of modules that have no trace of Celery, which are read when needed."""
    statement, arguments = SHARED[how]
    read = project(
        tmp_path,
        {
            "shop/__init__.py": "from .consts import OPTS\n",
            "shop/consts.py": "LATE = True\nOPTS = dict(acks_late=LATE)\n",
            "shop/tasks.py": f"{_HEAD}{statement}\n@shared_task({arguments})\ndef f(): ...\n",
        },
    )
    assert in_force(read, "acks_late") == (True, "decorator")


def test_a_name_of_the_function_around_hides_the_constant(tmp_path: Path) -> None:
    text = f"""{_HEAD}
LATE = True
def make(LATE):
    @shared_task(acks_late=LATE)
    def f(): ...
"""
    assert in_force(project(tmp_path, {"t.py": text}), "acks_late")[0] == UNKNOWN


BOUND = {
    "": False,
    "bind=True": True,
    "bind=False": False,
    "**{'bind': True}": True,
    "bind=flag()": None,
    "**flag()": None,
    "lambda: 1": None,
}


@pytest.mark.parametrize("arguments", BOUND)
def test_binding_is_known_or_known_to_be_unknown(arguments: str, tmp_path: Path) -> None:
    text = f"{_HEAD}@shared_task({arguments})\ndef f(self): ...\n"
    assert one_task(project(tmp_path, {"t.py": text})).bind is BOUND[arguments]


NAMES = {
    "": "shop.tasks.f",
    "name='x.y'": "x.y",
    "name=None": "shop.tasks.f",
    "name=PREFIX + 'f'": "pre.f",
    "name=f'{PREFIX}f'": "pre.f",
    "name=compute()": None,
    "**unknown": None,
}


@pytest.mark.parametrize("arguments", NAMES)
def test_the_registered_name(arguments: str, tmp_path: Path) -> None:
    text = f"{_HEAD}PREFIX = 'pre.'\n@shared_task({arguments})\ndef f(): ...\n"
    read = project(tmp_path, {"shop/__init__.py": "", "shop/tasks.py": text})
    assert one_task(read).name == NAMES[arguments]


SPREADS = {
    "shared by two": ("from vendor import O\n", "O", ["shop.tasks.f", "shop.tasks.g"]),
    "a default without a name": (
        "O = getattr(settings, 'O', dict(max_retries=5))\n",
        "O",
        ["shop.tasks.f", "shop.tasks.g"],
    ),
    "a default with a name": ("O = getattr(settings, 'O', {'name': 'x'})\n", "{**O}", [None] * 2),
    "made anew each time": ("", "options()", [None, None]),
}


@pytest.mark.parametrize(("before", "spread", "names"), SPREADS.values(), ids=SPREADS)
def test_what_tasks_share_does_not_name_them(
    before: str, spread: str, names: list[str | None], tmp_path: Path
) -> None:
    tasks = "".join(f"@shared_task(**{spread})\ndef {name}(): ...\n" for name in "fg")
    files = {"shop/__init__.py": "", "shop/tasks.py": f"{_HEAD}{before}{tasks}"}
    found = list(project(tmp_path, files).tasks())
    assert [task.name for task in found] == names
    assert not any(task.complete for task in found)


def test_an_app_with_names_of_its_own_leaves_the_name_unknown(tmp_path: Path) -> None:
    text = """\
from celery import Celery
class App(Celery):
    def gen_task_name(self, name, module): return name
app = App()
@app.task
def f(): ...
"""
    assert one_task(project(tmp_path, {"t.py": text})).name is None


def test_options_of_a_task_are_those_written(tmp_path: Path) -> None:
    decorator = "@shared_task(bind=True, **{'queue': 'q'}, once={'keys': ['a']})"
    text = f"{_HEAD}{decorator}\ndef f(): ...\n"
    task = one_task(project(tmp_path, {"t.py": text}))
    assert {name: plain(value) for name, value in task.options.items()} == {
        "bind": True,
        "queue": "q",
        "once": {"keys": ["a"]},
    }
    assert task.complete
