"""What a plan says: the files, how to call the task, what is left to do."""

from pathlib import Path

import pytest

from celeryls.forms import AnswerError
from celeryls.generate import NextStep, ProjectDraft, plan_task
from celeryls.text import Edit, Span
from tests.generate.projects import SHOP, after, project
from tests.generate.writing import spec


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
    assert plan.next_steps == (
        NextStep("Fill in the body of sync."),
        NextStep("Start a worker for its queue.", "celery -A shop.app worker -Q celery"),
    )


def test_a_file_may_be_new(tmp_path: Path) -> None:
    shop = project(tmp_path, SHOP)
    path = str(tmp_path / "shop/jobs/mail.py")
    plan = plan_task(shop, path, spec("sync"))
    assert plan.changes[0].is_new
    assert not (tmp_path / "shop/jobs").exists()


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
    (text,) = after(plan, shop).values()
    assert "from .app import app\n" in text
    assert "@app.task(\n    bind=True,\n    name='shop.sync',\n" in text
    assert "    autoretry_for=(ConnectionError, TimeoutError),\n" in text
    assert max(map(len, text.splitlines())) > 88
