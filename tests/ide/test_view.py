"""The tree of a project: what stands where, what is in force, and where each of it goes."""

from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path

import pytest

from celeryls import catalog
from celeryls.ide.graph import graph_of, is_named
from celeryls.ide.shown_values import shown_value
from celeryls.ide.spots import Spot
from celeryls.ide.view import View, view_of
from celeryls.project import Project
from celeryls.syntax.expr import parse_expr
from tests.generate.projects import project

NOW = datetime(2030, 1, 31, 22, 15, tzinfo=timezone.utc)
SHOP = {
    "shop/__init__.py": "",
    "shop/app.py": """\
import os
from celery import Celery
from celery.schedules import crontab

app = Celery("shop", broker="amqp://ada:hunter2@mq:5672//", include=["shop.tasks"])
app.conf.update(timezone="Europe/Vienna", task_time_limit=os.getpid())
app.conf.task_acks_late = True
app.conf.beat_schedule = {
    "prices": {"task": "shop.tasks.refresh", "schedule": crontab(hour=3, minute=30)},
    "often": {"task": "shop.tasks.refresh", "schedule": 90},
    "gone": {"task": "shop.tasks.gone", "schedule": when()},
}
""",
    "shop/tasks.py": """\
from celery import shared_task
from .app import app


@shared_task(bind=True, max_retries=5, queue=QUEUE, autoretry_for=(OSError,))
def refresh(self):
    store.delay(1)


@app.task(name="keep", acks_late=False)
def store(number):
    def later():
        refresh.apply_async()
""",
    "tests/test_shop.py": "from shop.tasks import store\n\ndef test(): store.delay(2)\n",
}


def _view(root: Path, files: Mapping[str, str]) -> tuple[Project, View]:
    snapshot = project(root, dict(files))
    return snapshot, view_of(snapshot, NOW)


def _under(snapshot: Project, spot: Spot | None) -> str:
    """The file of a spot, and the text under it."""
    assert spot is not None
    return f"{snapshot.relative(spot.path)}: {spot.span.of(snapshot.text(spot.path) or '')}"


def test_an_app_has_its_tasks_and_the_shared_ones(tmp_path: Path) -> None:
    snapshot, view = _view(tmp_path, SHOP)
    (app,) = view.apps
    assert (app.module, _under(snapshot, app.spot)) == ("shop.app", "shop/app.py: app")
    assert [(t.task.name, _under(snapshot, t.spot), t.registered) for t in app.tasks] == [
        ("shop.tasks.refresh", "shop/tasks.py: refresh", True),
        ("keep", "shop/tasks.py: store", True),
    ]
    assert view.shared == ()


def test_options_that_differ_from_celerys_defaults(tmp_path: Path) -> None:
    snapshot, view = _view(tmp_path, SHOP)
    refresh, store = view.apps[0].tasks
    assert {
        o.name: (o.value, o.origin, _under(snapshot, o.spot) if o.spot else None)
        for o in refresh.options
    } == {
        "acks_late": ("True", "settings", "shop/app.py: task_acks_late"),
        "autoretry_for": ("(OSError,)", "decorator", "shop/tasks.py: autoretry_for"),
        "max_retries": ("5", "decorator", "shop/tasks.py: max_retries"),
        # It is written, and nobody knows what it comes to.
        "queue": (None, "unknown", "shop/tasks.py: queue"),
    }
    assert {o.name: o.value for o in store.options} == {"acks_late": "False"}


def test_call_sites_are_those_of_production(tmp_path: Path) -> None:
    snapshot, view = _view(tmp_path, SHOP)
    refresh, store = view.apps[0].tasks
    assert [(c.method, c.within) for c in store.callers] == [("delay", "refresh")]
    assert [(c.method, c.within) for c in refresh.callers] == [
        ("apply_async", "store.<locals>.later")
    ]
    (caller,) = store.callers
    assert _under(snapshot, Spot(caller.path, caller.span)) == "shop/tasks.py: store.delay(1)"


def test_schedules_say_when_in_the_time_of_the_app(tmp_path: Path) -> None:
    snapshot, view = _view(tmp_path, SHOP)
    prices, often, gone = view.entries
    assert (prices.name, prices.tasks) == ("prices", ("shop.tasks.refresh",))
    assert prices.words == "every day at 03:30"
    assert [run.isoformat() for run in prices.runs] == [
        "2030-02-01T03:30:00+01:00",
        "2030-02-02T03:30:00+01:00",
        "2030-02-03T03:30:00+01:00",
    ]
    assert prices.zone == "Europe/Vienna"
    assert _under(snapshot, prices.spot).startswith('shop/app.py: {"task": "shop.tasks.refresh"')
    assert (often.words, often.runs, often.zone) == ("every 90 seconds", (), None)
    # The task is not there, and when it would run can't be known.
    assert (gone.tasks, gone.words, gone.runs) == (("shop.tasks.gone",), "when()", ())
    assert view.apps[0].tasks[0].entries == (prices, often)


def test_settings_that_are_written_with_their_places(tmp_path: Path) -> None:
    snapshot, view = _view(tmp_path, SHOP)
    found = {
        s.key: (s.value, s.origin, [_under(snapshot, spot) for spot in s.spots])
        for s in view.apps[0].settings
        if s.key != "beat_schedule"
    }
    assert found == {
        "broker_url": ("'amqp://ada:********@mq:5672//'", "settings", ["shop/app.py: app"]),
        "include": ("['shop.tasks']", "settings", ["shop/app.py: app"]),
        "task_acks_late": ("True", "settings", ["shop/app.py: task_acks_late"]),
        "task_time_limit": (None, "unknown", ["shop/app.py: task_time_limit"]),
        "timezone": ("'Europe/Vienna'", "settings", ["shop/app.py: timezone"]),
    }


def test_settings_of_django(tmp_path: Path) -> None:
    files = {
        "site/__init__.py": "",
        "site/settings.py": "CELERY_TASK_ACKS_LATE = True\nCELERY_RESULT_BACKEND = env('X')\n"
        "TASK_TRACK_STARTED = True\n",
        "site/celery.py": "import os\nfrom celery import Celery\n"
        "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')\n"
        "app = Celery('site')\n"
        "app.config_from_object('django.conf:settings', namespace='CELERY')\n",
    }
    snapshot, view = _view(tmp_path, files)
    assert {
        s.key: (s.value, [_under(snapshot, spot) for spot in s.spots])
        for s in view.apps[0].settings
    } == {
        "task_acks_late": ("True", ["site/settings.py: CELERY_TASK_ACKS_LATE"]),
        "result_backend": (None, ["site/settings.py: CELERY_RESULT_BACKEND"]),
    }


def test_two_apps_each_have_their_own(tmp_path: Path) -> None:
    files = {
        "one.py": "from celery import Celery\nONE = Celery('one')\nONE.conf.timezone = 'UTC'\n"
        "@ONE.task\ndef a(): ...\n",
        "two.py": "from celery import Celery, shared_task\n\nif True:\n    two = Celery('two')\n"
        "two.config_from_object('conf')\n@two.task\ndef b(): ...\n@shared_task\ndef c(): ...\n",
        "three.py": "from celery import Celery\nthree = Celery('3')\n"
        "three.config_from_object('conf')\n",
        "conf.py": "task_acks_late = True\n",
    }
    snapshot, view = _view(tmp_path, files)
    assert {
        (a.module, a.app.name): ([t.task.label for t in a.tasks], [s.key for s in a.settings])
        for a in view.apps
    } == {
        ("one", "ONE"): (["one.a"], ["timezone"]),
        # What two apps read is a setting of each.
        ("two", "two"): (["two.b"], ["task_acks_late"]),
        ("three", "three"): ([], ["task_acks_late"]),
    }
    assert [t.task.label for t in view.shared] == ["two.c"]
    two = next(a for a in view.apps if a.app.name == "two")
    assert _under(snapshot, two.spot) == "two.py: two"


def test_an_app_of_a_package_that_can_not_be_read(tmp_path: Path) -> None:
    text = "from elsewhere.celery import app\n\n@app.task\ndef f(): ...\n"
    _, view = _view(tmp_path, {"jobs.py": text})
    (app,) = view.apps
    assert (app.app.name, app.module, app.spot) == ("elsewhere.celery.app", None, None)
    assert [task.task.label for task in app.tasks] == ["jobs.f"]


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"a.py": "print('celery')\n"},
        {"tests/test_a.py": "from celery import Celery\napp = Celery()\n@app.task\ndef f(): ...\n"},
    ],
)
def test_without_celery_there_is_nothing(tmp_path: Path, files: dict[str, str]) -> None:
    _, view = _view(tmp_path, files)
    assert view.empty


def test_a_line_that_is_half_typed_hides_no_more_than_itself(tmp_path: Path) -> None:
    broken = SHOP["shop/tasks.py"].replace(
        "    store.delay(1)", "    store.delay(1\n    x = store."
    )
    _, view = _view(tmp_path, {**SHOP, "shop/tasks.py": broken})
    assert [t.task.label for t in view.apps[0].tasks] == ["shop.tasks.refresh", "keep"]


VALUES = {
    "('a',)": "('a',)",
    "{'x': crontab(hour=3), **{}}": None,
    "[kombu.Queue('mail', durable=True)]": "[Queue('mail', durable=True)]",
    "{'password': 'x', 'n': 1}": "{'password': '********', 'n': 1}",
    "['redis://:secret@h:1/0', 'amqp://u:p@h']": "['redis://:********@h:1/0', "
    "'amqp://u:********@h']",
    "'https://h/x:y@z'": "'https://h/x:y@z'",
    "set()": "set()",
    "f(*a)": None,
    "1 if x else 2": None,
}


@pytest.mark.parametrize("source", VALUES)
def test_values_are_shown_without_their_secrets(source: str) -> None:
    assert shown_value(parse_expr(source)) == VALUES[source]


def test_a_secret_goes_by_its_name_too() -> None:
    assert shown_value(parse_expr("'x'"), "s3_secret_access_key") == "'********'"
    assert shown_value(parse_expr("'x'"), "task_default_queue") == "'x'"
    assert len(str(shown_value(parse_expr(repr("x" * 500))))) == 120


def test_each_node_of_the_graph_has_a_place(tmp_path: Path) -> None:
    files = {**SHOP, "shop/views.py": "\n\nfrom .tasks import store\ndef view(): store.delay(3)\n"}
    snapshot = project(tmp_path, files)
    graph = graph_of(snapshot)
    spots = {node.label: _under(snapshot, node.spot) for node in graph.nodes.values()}
    assert spots["shop.tasks.refresh"] == "shop/tasks.py: refresh"
    assert spots["shop.views"] == "shop/views.py: "
    assert spots["crontab(hour=3, minute=30)"].startswith('shop/app.py: {"task"')
    whens = {node.label: node.when for node in graph.nodes.values() if node.kind == "schedule"}
    assert whens["crontab(hour=3, minute=30)"] == "every day at 03:30"
    near = graph.around(lambda node: is_named(node, "ref*"), 1)
    assert set(near.nodes) == set(graph.nodes) - {"module shop.views"}


_EVERYWHERE = {
    "routes": "app.conf.task_routes = {'shop.tasks.*': {'queue': 'slow'}}\n",
    "annotations": "app.conf.task_annotations = {'*': {'rate_limit': '1/s', 'priority': 3}}\n",
    "computed annotations": "app.conf.task_annotations = annotations()\n",
    "failures": "app.conf.task_acks_on_failure_or_timeout = False\n",
    "a setting of nothing": "app.conf.task_soft_time_limit = None\n",
    "computed": "app.conf.update(settings())\n",
}


@pytest.mark.parametrize("more", _EVERYWHERE)
def test_no_option_in_force_is_left_out(tmp_path: Path, more: str) -> None:
    tasks = """\
from celery import Task, shared_task
from .app import app

class Base(Task):
    max_retries = 9
    acks_on_failure_or_timeout = False

class Slow(Base):
    queue = "slow"

@app.task(base=Slow)
def a(): ...
@shared_task(**options)
def b(): ...
@app.task(base=Unknown, ignore_result=True)
def c(): ...
"""
    files = {
        **SHOP,
        "shop/app.py": SHOP["shop/app.py"] + _EVERYWHERE[more],
        "shop/more.py": tasks,
    }
    snapshot, view = _view(tmp_path, files)
    checked = 0
    for node in view.apps[0].tasks:
        shown = {option.name: option.origin for option in node.options}
        for name, known in catalog.task_options().items():
            effective = snapshot.effective(node.task, name)
            if known.kind in ("handler", "decorator") or effective.origin == "default":
                assert name not in shown
            elif effective.known:
                assert shown.pop(name) == effective.origin
                checked += 1
        assert set(shown.values()) <= {"unknown"}
    # Computed annotations may say anything of every option.
    assert (checked > 5) == (more != "computed annotations")
