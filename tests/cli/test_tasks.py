"""`celeryls tasks`: the JSON contract."""

import pytest

from tests.cli.running import Run, script
from tests.rules.harness import write

_FILES = {
    "shop/__init__.py": "",
    "shop/celery.py": "from celery import Celery\napp = Celery('shop')\n",
    "shop/tasks.py": """\
from celery import shared_task
from .celery import app

# \N{PILE OF POO}
@shared_task(
    bind=True,
    rate_limit=None,
    autoretry_for=(OSError,),
    max_retries=compute(),
)
def charge(self, order_id): ...


@app.task(name=compute())
def second(): ...
""",
    "shop/views.py": (
        "from shop.tasks import charge\n\n\ndef view(request):\n"
        "    charge.delay(1)\n    charge.apply_async((1,), countdown=5)\n"
    ),
}


def test_an_item_is_exactly_what_is_promised(run: Run) -> None:
    write(run.folder, _FILES)
    charge, second = run("tasks", "--output-format", "json").json
    effective, origins = charge.pop("effective"), charge.pop("origins")
    assert charge == {
        "name": "shop.tasks.charge",
        "path": "shop/tasks.py",
        "line": 5,
        "def_line": 11,
        "function": "charge",
        "qualified_name": "charge",
        "bind": True,
        "kind": "shared_task",
        "options": {"bind": True, "rate_limit": None, "autoretry_for": ["OSError"]},
        "callers": [
            {"path": "shop/views.py", "line": 5, "method": "delay"},
            {"path": "shop/views.py", "line": 6, "method": "apply_async"},
        ],
        "schedules": [],
        "registered": False,
    }
    assert effective.keys() == origins.keys()
    assert (effective["rate_limit"], origins["rate_limit"]) == (None, "default")
    assert (effective["acks_late"], origins["acks_late"]) == (False, "default")
    assert (effective["autoretry_for"], origins["autoretry_for"]) == (["OSError"], "decorator")
    assert "max_retries" not in effective
    assert "name" not in second
    assert (second["kind"], second["app"], second["bind"]) == ("app.task", "app", False)


def test_what_is_unknown_is_absent(run: Run) -> None:
    text = (
        "from celery import shared_task\nfrom vendor import N, O\n"
        "@shared_task(max_retries=N, time_limit=int('1'), once={'keys': [x()]})\ndef f(): ...\n"
        "@shared_task(**O)\ndef g(): ...\n"
    )
    write(run.folder, {"t.py": text})
    f, g = run("tasks", "--output-format", "json").json
    assert f["options"] == {}
    assert not {"max_retries", "time_limit"} & f["effective"].keys()
    assert "computed" not in str(f)
    assert not {"name", "bind"} & g.keys()
    assert g["effective"] == g["origins"] == {}


def test_the_text_says_what_is_set(run: Run) -> None:
    write(run.folder, _FILES)
    out = run("tasks").out
    assert "\n  charge                 " in out
    assert "line 11  2 calls  " in out
    assert "second (name unknown)  line 15  0 calls  no worker imports it" in out
    assert out.endswith("\n2 tasks\n")


@pytest.mark.parametrize("folder", ["docs", "empty"])
def test_no_tasks(folder: str, run: Run) -> None:
    write(run.folder, {f"{folder}/x.py": "x = 1\n"})
    assert run("tasks", "--output-format", "json").json == []
    assert run("tasks").out == "0 tasks\n"


def test_line_is_what_python_says(run: Run) -> None:
    text = (
        "from celery import shared_task\nseen = []\n"
        "def note(f):\n    seen.append(f.__code__.co_firstlineno)\n    return f\n\n"
        "@shared_task\n@note\n# between\n@note\ndef f(): ...\n"
    )
    write(run.folder, {"t.py": text})
    scope: dict = {"__name__": "t"}
    exec(compile(text, "t.py", "exec"), scope)
    (item,) = run("tasks", "--output-format", "json").json
    assert item["line"] == scope["seen"][0]


def test_the_installed_script(run: Run) -> None:
    write(run.folder, _FILES)
    assert len(script(run.folder, "tasks", "shop", "--output-format", "json").json) == 2


_MORE = {
    **_FILES,
    "shop/celery.py": (
        "from celery import Celery\napp = Celery('shop', include=['shop.tasks'])\n"
        "app.conf.beat_schedule = {'x': {'task': 'shop.tasks.charge', 'schedule': 60}}\n"
    ),
    "shop/more.py": (
        "from celery import shared_task\n@shared_task\ndef lost(): ...\n"
        "@shared_task\ndef named(): ...\nCOMMANDS = {'named': 1}\n"
        "@shared_task\ndef passed(): ...\nALL = [passed]\n"
    ),
}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), ["lost", "named", "passed", "charge", "second"]),
        (("--name", "shop.tasks.*"), ["charge"]),
        (("--name", "lost"), ["lost"]),
        (("--unused",), ["lost", "second"]),
        (("--unregistered",), ["lost", "named", "passed"]),
        (("--unscheduled",), ["lost", "named", "passed", "second"]),
        (("--unscheduled", "--name", "s*"), ["lost", "named", "passed", "second"]),
    ],
)
def test_filters(run: Run, options: tuple[str, ...], expected: list[str]) -> None:
    write(run.folder, _MORE)
    found = run("tasks", *options, "--output-format", "json").json
    assert [item["function"] for item in found] == expected


def test_schedules_and_calls_of_every_kind(run: Run) -> None:
    text = (
        "from celery import Celery\napp = Celery('x')\n@app.task\ndef f(): ...\n"
        "def send(task): task.delay()\n"
        "f()\nsend(f)\napp.send_task('t.f')\napp.signature('t.f')\n"
        "S = {'s': {'task': 't.f', 'schedule': 60}}\napp.add_periodic_task(f(), f.s())\n"
    )
    write(run.folder, {"t.py": text})
    (item,) = run("tasks", "--output-format", "json").json
    assert item["callers"] == [
        {"path": "t.py", "line": 6, "method": "call"},
        {"path": "t.py", "line": 7, "method": "helper", "via": "send"},
        {"path": "t.py", "line": 8, "method": "send_task"},
        {"path": "t.py", "line": 9, "method": "signature"},
        {"path": "t.py", "line": 11, "method": "call"},
        {"path": "t.py", "line": 11, "method": "s"},
    ]
    assert item["schedules"] == [
        {"name": "s", "schedule": "every 60 s", "path": "t.py", "line": 10},
        {"schedule": "f()", "path": "t.py", "line": 11},
    ]


def test_names_do_not_command_the_terminal_and_columns_stand_below_each_other(run: Run) -> None:
    text = (
        "from celery import shared_task\n"
        "@shared_task(name='\\x1b[31m\\ud800', acks_late=True)\ndef f(): ...\n"
        "@shared_task\ndef größe_漢字(): ...\n@shared_task\ndef g(): ...\n"
    )
    write(run.folder, {"t.py": text, "u\x1b.py": text})
    lines = run("tasks", "t.py").out.splitlines()
    assert lines[:4] == [
        "t.py",
        "  f (␛[31m\ufffd)  line 3  0 calls  acks_late=true",
        "  größe_漢字  line 5  0 calls",
        "  g           line 7  0 calls",
    ]
    assert "\nu␛.py\n" in run("tasks").out


def test_where_none_is_found_a_decorator_that_may_make_some_is_named(run: Run) -> None:
    task = "import celery\nfrom lib import queue\n\n\n@queue.task(name='x')\ndef f(): ...\n"
    write(run.folder, {"shop/__init__.py": "", "shop/tasks.py": task})
    out = run("tasks").out
    assert out.startswith("0 tasks\nnote: @queue.task in shop/tasks.py may make tasks")
    write(run.folder, {"celeryls.toml": 'task-decorators = ["lib.queue.task"]\n'})
    assert run("tasks").out.endswith("1 task\n")
