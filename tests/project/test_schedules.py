"""Schedules and routes, in every spelling."""

from pathlib import Path

import pytest

from celeryls.project.schedules import shown
from tests.project.reading import in_force, project

_APP = """\
from celery import Celery
from celery.schedules import crontab
from datetime import timedelta
app = Celery("shop")
@app.task
def add(x): ...
"""
_ENTRY = "{'task': 'tasks.add', 'schedule': 30.0}"

SPELLINGS = {
    "conf": f"app.conf.beat_schedule = {{'a': {_ENTRY}}}\n",
    "update": f"app.conf.update(beat_schedule={{'a': {_ENTRY}}})\n",
    "item": f"app.conf.beat_schedule['a'] = {_ENTRY}\n",
    "update of the schedule": f"app.conf.beat_schedule.update({{'a': {_ENTRY}}})\n",
    "django": f"CELERY_BEAT_SCHEDULE = {{'a': {_ENTRY}}}\n",
    "celery 3": f"CELERYBEAT_SCHEDULE = {{'a': {_ENTRY}}}\n",
    "of django's settings": f"settings.CELERY_BEAT_SCHEDULE['a'] = {_ENTRY}\n",
    "built by a function": f"def build():\n    return {{'a': {_ENTRY}}}\n",
    "dict()": "app.conf.beat_schedule = {'a': dict(task='tasks.add', schedule=30.0)}\n",
    "constant": "NAME = 'tasks.add'\nS = {'a': {'task': NAME, 'schedule': 30.0}}\n",
    "name of the task": "S = {'a': {'task': add.name, 'schedule': 30.0}}\n",
    "add_periodic_task": "app.add_periodic_task(30.0, add.s(1), name='a')\n",
    "in a handler": (
        "@app.on_after_configure.connect\ndef setup(sender, **kw):\n"
        "    sender.add_periodic_task(30.0, add.s(1), name='a')\n"
    ),
}


@pytest.mark.parametrize("code", SPELLINGS.values(), ids=SPELLINGS)
def test_a_schedule_is_found(tmp_path: Path, code: str) -> None:
    (found,) = project(tmp_path, {"tasks.py": _APP + code}).schedules()
    assert (found.name, shown(found.when)) == ("a", "every 30 s")
    assert [task.name for task in found.tasks] == ["tasks.add"]


WHEN = {
    "crontab": ("crontab(hour=7, minute=30)", "crontab(hour=7, minute=30)"),
    "timedelta": ("timedelta(minutes=5)", "timedelta(minutes=5)"),
    "arithmetic": ("60 * 60", "every 3600 s"),
    "constant": ("EVERY", "every 90 s"),
    "from the environment": ("float(os.environ.get('X', 5))", "unknown, by default every 5 s"),
    "computed": ("f()", "f()"),
}


@pytest.mark.parametrize(("written", "expected"), WHEN.values(), ids=WHEN)
def test_when_it_runs(tmp_path: Path, written: str, expected: str) -> None:
    code = f"import os\nEVERY = 90\nS = {{'a': {{'task': 'x', 'schedule': {written}}}}}\n"
    (found,) = project(tmp_path, {"tasks.py": _APP + code}).schedules()
    assert shown(found.when) == expected
    assert (found.task_name, found.tasks) == ("x", ())


def test_what_only_looks_like_a_schedule(tmp_path: Path) -> None:
    code = "X = {'task': 'a', 'plan': 1}\nY = {'schedule': 1}\nf(schedule=1)\n"
    assert list(project(tmp_path, {"tasks.py": _APP + code}).schedules()) == []


ROUTES = {
    "exact": ("{'tasks.add': {'queue': 'q'}}", ("q", "settings")),
    "text": ("{'tasks.add': 'q'}", ("q", "settings")),
    "pattern": ("{'tasks.*': {'queue': 'q'}}", ("q", "settings")),
    "exact before pattern": ("{'tasks.*': 'p', 'tasks.add': 'q'}", ("q", "settings")),
    "first pattern": ("{'t*': 'q', 'tasks.*': 'p'}", ("q", "settings")),
    "another task": ("{'other.*': 'q'}", (None, "default")),
    "pairs": ("([('tasks.*', {'queue': 'q'})],)", ("q", "settings")),
    "several": ("[{'other.*': 'p'}, {'tasks.*': 'q'}]", ("q", "settings")),
    "queue object": ("{'tasks.add': {'queue': Queue('q')}}", ("q", "settings")),
    "function": ("(route_task,)", ("<unknown>", "unknown")),
    "regular expression": ("{re.compile('x'): 'q'}", ("<unknown>", "unknown")),
    "routing key only": ("{'tasks.add': {'routing_key': 'k'}}", (None, "default")),
}


@pytest.mark.parametrize(("routes", "expected"), ROUTES.values(), ids=ROUTES)
def test_the_queue_by_routes(tmp_path: Path, routes: str, expected: tuple[str | None, str]) -> None:
    code = f"import re\nfrom kombu import Queue\ndef route_task(*a): ...\n{_APP}"
    read = project(tmp_path, {"tasks.py": f"{code}app.conf.task_routes = {routes}\n"})
    assert in_force(read, "queue") == expected


def test_the_tasks_own_queue_counts_more(tmp_path: Path) -> None:
    code = _APP.replace("@app.task", "@app.task(queue='own')")
    read = project(tmp_path, {"tasks.py": code + "app.conf.task_routes = {'tasks.*': 'q'}\n"})
    assert in_force(read, "queue") == ("own", "decorator")
