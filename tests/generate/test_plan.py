"""What a plan says: the files, how to call the task, what is left to do."""

import json
import shlex
from pathlib import Path

import pytest
from kombu.utils.json import dumps, loads

from celeryls.forms import AnswerError, Neighbour, Taken, parse_schedule
from celeryls.generate import Addition, NextStep, ProjectDraft, plan_task
from celeryls.text import Edit, Span
from tests.generate.layouts import DJANGO, MODULE_CONFIG, SRC
from tests.generate.projects import SHOP, after, project
from tests.generate.writing import spec

HOURLY = parse_schedule("every hour at :05")


def commands(plan):
    return {step.title: step.command for step in plan.next_steps if step.command}


def test_a_task_goes_into_the_file_and_the_plan_says_how_to_call_it(tmp_path: Path) -> None:
    shop = project(tmp_path, SHOP)
    plan = plan_task(shop, str(tmp_path / "shop/tasks.py"), spec("sync", "a: int"))
    (text,) = after(plan, shop).values()
    assert text.endswith(plan.code)
    assert [change.summary for change in plan.changes] == [("the task sync",)]
    assert plan.calls == (
        "sync.delay(a=1)",
        'sync.apply_async(kwargs={"a": 1}, countdown=10, expires=3600)',
        'sync.apply(kwargs={"a": 1})',
    )
    celery = "celery -A shop.app"
    assert plan.next_steps == (
        NextStep("Fill in the body of sync."),
        NextStep("Start a worker for its queue.", f"{celery} worker -Q celery"),
        NextStep("Send it from a shell.", f"{celery} call shop.tasks.sync --kwargs '{{\"a\": 1}}'"),
        NextStep("See what runs.", f"{celery} inspect active"),
        NextStep("Watch it in a browser; Flower has to be installed.", f"{celery} flower"),
        *(
            NextStep(
                title,
                f"celeryls add {what} shop/tasks.py::sync",
                Addition(what, str(tmp_path / "shop/tasks.py"), "sync"),
            )
            for what, title in [
                ("schedule", "Run it by the clock."),
                ("metrics", "Count its runs for Prometheus."),
                ("test", "Test it."),
            ]
        ),
    )


@pytest.mark.parametrize("what", ["schedule", "endpoint", "metrics", "test"])
def test_what_was_not_asked_for_can_be_added_later(what: str, tmp_path: Path) -> None:
    web = {**SHOP, "web.py": "from fastapi import FastAPI\n\napi = FastAPI()\n"}
    shop = project(tmp_path, web)
    chosen = {"schedule": HOURLY} if what == "schedule" else {"extras": (what,)}
    plans = [
        plan_task(shop, str(tmp_path / "shop/tasks.py"), spec("sync", **one))
        for one in ({}, chosen)
    ]
    offered = [[step.adds.what for step in plan.next_steps if step.adds] for plan in plans]
    assert offered[0] == ["schedule", "endpoint", "metrics", "test"]
    assert offered[1] == [other for other in offered[0] if other != what]


def test_a_file_may_be_new_and_its_folder_a_package(tmp_path: Path) -> None:
    shop = project(tmp_path, SHOP)
    path = str(tmp_path / "shop/jobs/mail.py")
    plan = plan_task(shop, path, spec("sync"))
    assert list(after(plan, shop)) == ["shop/jobs/mail.py", "shop/jobs/__init__.py", "shop/app.py"]
    assert [change.is_new for change in plan.changes] == [True, True, False]
    assert plan.notes[-1] == "No worker imported shop.jobs.mail, so shop/app.py now says so."
    assert not (tmp_path / "shop/jobs").exists()


def test_a_periodic_task_is_in_the_schedule_and_beat_in_the_next_steps(tmp_path: Path) -> None:
    shop = project(tmp_path, SHOP)
    wanted = spec("sync", "a: str", schedule=HOURLY, arguments=(("a", "it's"),))
    plan = plan_task(shop, str(tmp_path / "shop/tasks.py"), wanted)
    assert "\n".join(after(plan, shop)["shop/app.py"].splitlines()[1:]) == (
        "from celery.schedules import crontab\n\n"
        'app = Celery("shop", include=["shop.tasks"])\n'
        "app.conf.beat_schedule = {\n"
        '    "sync": {\n'
        '        "task": "shop.tasks.sync",\n'
        '        "schedule": crontab(minute=5),\n'
        '        "kwargs": {"a": "it\'s"},\n'
        "        # A run that has not begun by then is dropped, as the next one is near.\n"
        '        "options": {"expires": 3000},\n'
        "    },\n"
        "}"
    )
    assert plan.changes[1].summary == ("sync runs every hour at minute 5",)
    assert plan.notes[-1] == "It runs every hour at minute 5, UTC."
    assert commands(plan)["Start beat, once for all workers."] == "celery -A shop.app beat"
    words = shlex.split(commands(plan)["Send it from a shell."])
    assert json.loads(words[-1]) == {"a": "it's"}


@pytest.mark.parametrize(
    ("files", "file", "app"),
    [
        (DJANGO, "shop/tasks.py", "-A proj"),
        (MODULE_CONFIG, "tasks.py", "-A worker:queueing"),
        (SRC, "src/shop/tasks.py", "--workdir=src -A shop.app"),
    ],
)
def test_the_app_is_named_as_celery_finds_it(
    files: dict[str, str], file: str, app: str, tmp_path: Path
) -> None:
    plan = plan_task(project(tmp_path, files), str(tmp_path / file), spec("sync"))
    assert commands(plan)["See what runs."] == f"celery {app} inspect active"


def test_an_older_celery_gets_the_queue_from_the_task(tmp_path: Path) -> None:
    files = {**SHOP, "pyproject.toml": SHOP["pyproject.toml"].replace("5.7", "5.4")}
    shop = project(tmp_path, files)
    plan = plan_task(shop, str(tmp_path / "shop/tasks.py"), spec("sync", queue="mail"))
    assert list(after(plan, shop)) == ["shop/tasks.py"]
    assert commands(plan)["Start a worker for its queue."].endswith("worker -Q mail -n mail@%h")
    # `celery call` does not look at the task.
    assert commands(plan)["Send it from a shell."].endswith("shop.tasks.sync --queue=mail")


def test_a_route_that_matches_already_is_enough(tmp_path: Path) -> None:
    routes = 'app.conf.task_routes = {"shop.tasks.*": {"queue": "mail"}}\n'
    shop = project(tmp_path, {**SHOP, "shop/app.py": SHOP["shop/app.py"] + routes})
    plan = plan_task(shop, str(tmp_path / "shop/tasks.py"), spec("sync", queue="mail"))
    assert list(after(plan, shop)) == ["shop/tasks.py"]
    plan = plan_task(shop, str(tmp_path / "shop/tasks.py"), spec("sync"))
    assert commands(plan)["Start a worker for its queue."].endswith("worker -Q mail -n mail@%h")


def test_a_queue_that_task_queues_lacks_is_told(tmp_path: Path) -> None:
    queues = 'app.conf.task_queues = [Queue("celery")]\n'
    text = "from kombu import Queue\n" + SHOP["shop/app.py"] + queues
    shop = project(tmp_path, {**SHOP, "shop/app.py": text})
    plan = plan_task(shop, str(tmp_path / "shop/tasks.py"), spec("sync", queue="mail"))
    assert plan.notes[-1].startswith("The setting task_queues does not have mail: add it there")


FETCH = Neighbour("shop.tasks.fetch", "fetch", (Taken("order_id", "int", True),), "str")
TOUCH = Neighbour("shop.tasks.touch", "touch", (), "None")
NOTIFY = Neighbour(
    "n", "notify", (Taken("text", "str", True), Taken("to", "str", True), Taken("x", "int", False))
)


@pytest.mark.parametrize(
    ("wanted", "chain"),
    [
        (
            spec("sync", "result: str", after=FETCH),
            "chain(fetch.s(order_id=1), sync.s()).delay()",
        ),
        (
            spec("sync", "result: str, depth: int", returns="str", after=FETCH, before=NOTIFY),
            'chain(fetch.s(order_id=1), sync.s(depth=1), notify.s(to="...")).delay()',
        ),
        (spec("sync", "a: int", after=TOUCH), "chain(touch.s(), sync.si(a=1)).delay()"),
        (spec("sync", "a: int", before=TOUCH), "chain(sync.s(a=1), touch.si()).delay()"),
    ],
)
def test_a_chained_task_is_called_in_its_chain(wanted, chain: str, tmp_path: Path) -> None:
    shop = project(tmp_path, SHOP)
    plan = plan_task(shop, str(tmp_path / "shop/tasks.py"), wanted)
    assert plan.calls[0] == chain


def test_samples_arrive_as_the_types_that_they_are_for(tmp_path: Path) -> None:
    types = "int float bool str bytes datetime date time UUID Decimal dict list"
    parameters = ", ".join(f"p{number}: {name}" for number, name in enumerate(types.split()))
    plan = plan_task(
        project(tmp_path, SHOP), str(tmp_path / "shop/tasks.py"), spec("sync", parameters)
    )
    given = shlex.split(commands(plan)["Send it from a shell."])[-1]
    arrived = loads(dumps(json.loads(given)))
    assert [type(value).__name__ for value in arrived.values()] == types.split()


UNCERTAIN = {
    "computed": "app.conf.{key} = make()\n",
    "twice": "app.conf.{key} = {{}}\napp.conf.{key} = {{}}\n",
    "conditional": "if debug:\n    app.conf.{key} = {{}}\n",
    "part by part": 'app.conf.{key}["a"] = {{"task": "x"}}\n',
    "from outside": "app.conf.update(load())\n",
    "old names": 'app.conf.update({{"CELERY_ACKS_LATE": True}})\n',
}


@pytest.mark.parametrize("how", UNCERTAIN)
def test_what_is_not_certain_is_left_to_be_done_by_hand(how: str, tmp_path: Path) -> None:
    for key, wanted, told in (
        ("task_routes", spec("sync", queue="mail"), '"shop.tasks.sync": {"queue": "mail"}'),
        ("beat_schedule", spec("sync", schedule=HOURLY), '"schedule": crontab(minute=5)}'),
    ):
        text = SHOP["shop/app.py"] + UNCERTAIN[how].format(key=key)
        shop = project(tmp_path, {**SHOP, "shop/app.py": text})
        plan = plan_task(shop, str(tmp_path / "shop/tasks.py"), wanted)
        assert list(after(plan, shop)) == ["shop/tasks.py"]
        assert told in plan.notes[-1]
        assert "by hand" in plan.notes[-1]


def test_without_an_app_nothing_is_said_of_workers(tmp_path: Path) -> None:
    files = {path: text for path, text in SHOP.items() if path != "shop/app.py"}
    plan = plan_task(project(tmp_path, files), str(tmp_path / "shop/tasks.py"), spec("sync"))
    assert any(note.startswith("No Celery app was found") for note in plan.notes)
    assert commands(plan) == {"Set up an app, of which there is none.": "celeryls init"}


def test_the_app_that_was_chosen_is_the_one_that_is_changed(tmp_path: Path) -> None:
    other = 'from celery import Celery\n\napp = Celery("other", include=["shop.tasks"])\n'
    shop = project(tmp_path, {**SHOP, "shop/other.py": other})
    path = str(tmp_path / "shop/tasks.py")
    plan = plan_task(shop, path, spec("sync", queue="mail", app="shop.other:app"))
    assert list(after(plan, shop)) == ["shop/tasks.py", "shop/other.py"]
    assert commands(plan)["See what runs."] == "celery -A shop.other inspect active"
    with pytest.raises(AnswerError, match="There is no app shop"):
        plan_task(shop, path, spec("sync", app="shop.x:app"))


def test_settings_are_quoted_as_those_beside_them(tmp_path: Path) -> None:
    text = SHOP["shop/app.py"].replace('"', "'")
    shop = project(tmp_path, {**SHOP, "shop/app.py": text})
    wanted = spec("sync", queue="mail", schedule=HOURLY)
    found = after(plan_task(shop, str(tmp_path / "shop/jobs.py"), wanted), shop)["shop/app.py"]
    assert "include=['shop.tasks', 'shop.jobs'])" in found
    assert "    'shop.jobs.sync': {'queue': 'mail'},\n" in found
    assert '"' not in found


def test_settings_that_only_sound_like_celerys_do_not_draw_others(tmp_path: Path) -> None:
    files = {
        **DJANGO,
        "proj/base.py": "USER_AGENTS_CACHE = 'default'\nSHOP = {'USE_CELERY': True}\n",
        "proj/settings.py": f"from .base import *\n\n{DJANGO['proj/settings.py']}",
    }
    proj = project(tmp_path, files)
    wanted = spec("sync", schedule=HOURLY)
    texts = after(plan_task(proj, str(tmp_path / "shop/tasks.py"), wanted), proj)
    assert "proj/base.py" not in texts
    assert "CELERY_TASK_ACKS_LATE = True\nCELERY_BEAT_SCHEDULE = {\n" in texts["proj/settings.py"]


def test_steps_see_what_the_steps_before_them_wrote(tmp_path: Path) -> None:
    draft = ProjectDraft(project(tmp_path, SHOP))
    path = str(tmp_path / "shop/jobs.py")
    draft.create(path, "from shop.app import app\n\n\n@app.task\ndef later(): ...\n", "new")
    (task,) = draft.project.tasks_named("shop.jobs.later")
    assert task.app is not None
    assert draft.project.is_registered(task) is False
    init = str(tmp_path / "shop/app.py")
    text = draft.text(init) or ""
    at = text.index('"shop.tasks"')
    draft.edit(init, (Edit(Span(at, at), '"shop.jobs", '),), "the worker imports it")
    (task,) = draft.project.tasks_named("shop.jobs.later")
    assert draft.project.is_registered(task) is True
    with pytest.raises(AnswerError, match="exists"):
        draft.create(path, "", "again")
    with pytest.raises(AnswerError, match="can't be changed"):
        draft.edit(path, (Edit(Span(0, 0), "def"),), "broken")


def test_a_new_task_looks_like_those_of_the_project(tmp_path: Path) -> None:
    task = (
        "\n\n@app.task(name='shop.{0}', autoretry_for=(OSError,), retry_backoff=True)\n"
        "def {0}() -> None:\n    print('{0}')\n"
    )
    shop = project(
        tmp_path,
        {
            **SHOP,
            "pyproject.toml": SHOP["pyproject.toml"] + "[tool.ruff]\nline-length = 100\n",
            "shop/tasks.py": "from .app import app\n" + task.format("one") + task.format("two"),
        },
    )
    plan = plan_task(shop, str(tmp_path / "shop/mail.py"), spec("sync"))
    text = after(plan, shop)["shop/mail.py"]
    assert "from .app import app\n" in text
    assert "@app.task(\n    bind=True,\n    name='shop.sync',\n" in text
    assert "    autoretry_for=(ConnectionError, TimeoutError),\n" in text
    assert max(map(len, text.splitlines())) > 88
