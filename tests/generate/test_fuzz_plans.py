"""Whatever people answer, in any field: a refusal in one line, or a plan that is sound.

From the form to the plan, over a project with an app, tasks and settings.
"""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from celeryls.engine import Selection, check_file
from celeryls.forms import FIELD_IDS, AnswerError
from celeryls.ide import create_task
from celeryls.ide.dialogue import Place
from celeryls.project import Project
from celeryls.syntax import parse
from celeryls.text import apply_edits
from tests.generate.layouts import LAYOUTS
from tests.generate.projects import project
from tests.generate.test_fuzz import NAME, PARAMETERS, TEXT, TYPE

FILE = st.sampled_from(
    ["shop/tasks.py", "shop/new.py", "shop/a/b/c.py", "../x.py", "/etc/x.py", "out/x.py", "shop",
     "shop/app.py/x.py", "a b/x.py", "class/x.py", "file:///etc/x.py", "shop/\u0430.py", "x.py\n",
     "shop//tasks.py", "./shop/./new.py", "shop/celery.py", "~/x.py", "C:\\x.py", "a" * 300 + ".py"]
)  # fmt: skip
SCHEDULE = st.sampled_from(
    ["every 10 minutes", "hourly", "daily at 3", "*/15 * * * *", "minute=0 hour=3", "0 0 31 2 *",
     "every monday at 7:30", "1 s", "366 days", "minute=0)", "0 0 * * mon#1"]
)  # fmt: skip
TASK = st.sampled_from(
    [
        "fetch",
        "shop.tasks.fetch",
        "notify",
        "shop.tasks.notify",
        "none",
        "",
        "nowhere",
        "os; import",
    ]
)
VALUES = st.sampled_from(
    ["", "a=1", 'a="x", b=[1, {"c": None}]', "a=f()", "a=1, a=2", "**x", "1", "a=1); import os; (",
     'a="""', "a=1e999", "a={1}"]
)  # fmt: skip
ODD = st.none() | st.integers() | st.booleans() | st.lists(TEXT, max_size=2) | st.just("x" * 10_000)
ANSWERS = st.fixed_dictionaries(
    {"name": st.one_of(st.just("sync_stock"), NAME)},
    optional={
        "purpose": TEXT,
        "type": st.sampled_from(["one-time", "periodic", "chained"]) | TEXT,
        "schedule": SCHEDULE | TEXT,
        "after": TASK | TEXT,
        "before": TASK | TEXT,
        "parameters": st.sampled_from(["a: int", "a: int, b: list[Any] = None", "result: dict"])
        | PARAMETERS,
        "arguments": VALUES | TEXT,
        "returns": TYPE | st.sampled_from(["str", "nothing", "status", "set[int]"]) | TEXT,
        "retry": st.sampled_from(["none", "simple", "exponential", "custom"]),
        "queue": st.sampled_from(["default", "mail", "io_bound"]) | TEXT,
        "file": FILE | TEXT,
        "app": st.just("shop.app:app") | TEXT,
    },
)


@pytest.fixture(scope="module", params=["plain", "settings"])
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("shop")
    outside = tmp_path_factory.mktemp("outside")
    snapshot = project(root, LAYOUTS[request.param])
    (root / "out").symlink_to(outside)
    return snapshot


def listing(folder: Path) -> list[tuple[str, bytes]]:
    return [
        (os.path.join(at, name), Path(at, name).read_bytes())
        for at, _, names in os.walk(folder)
        for name in names
    ]


def codes(snapshot: Project, path: str) -> list[str]:
    text = snapshot.text(path)
    if text is None or path not in snapshot.files:
        return []
    found = check_file(snapshot, path, text, Selection(snapshot.config)) or ()
    return sorted(item.finding.message for item in found)


@given(ANSWERS)
@settings(
    deadline=None,
    max_examples=250,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example({"name": "sync_stock", "schedule": "hourly", "parameters": "a: int", "arguments": "a=1"})
@example({"name": "sync_stock", "after": "fetch", "before": "notify", "returns": "str"})
@example({"name": "sync_stock", "queue": "mail", "file": "shop/a/b/c.py", "schedule": "1 s"})
@example({"name": "sync_stock", "file": "out/x.py"})
def test_any_answers(shop: Project, answers: dict[str, object]) -> None:
    root = shop.folder
    before = listing(root)
    place = Place(str(root / "shop/tasks.py"), None, {"folder": str(root)})
    form = create_task.form(shop, place, answers)
    for message in form.errors.values():
        assert message.isprintable()
        assert len(message) < 600
    if form.spec is None:
        assert form.open
        return
    try:
        plan = create_task.plan(shop, place, form.spec)
    except AnswerError as error:
        assert error.message.isprintable()
        return
    finally:
        assert listing(root) == before
    now = shop
    for change in plan.changes:
        assert os.path.realpath(change.path).startswith(f"{os.path.realpath(root)}{os.sep}")
        assert change.is_new != os.path.exists(change.path)
        text = apply_edits(now.text(change.path) or "", change.edits)
        assert not parse(text).broken
        now = now.with_text(change.path, text)
    for change in plan.changes:
        known = codes(shop, change.path)
        assert [one for one in codes(now, change.path) if one not in known] == []
    for line in (*plan.notes, *plan.calls):
        assert line.isprintable()
    for step in plan.next_steps:
        assert (step.command or "").isprintable()
    tasks = [task for change in plan.changes for task in now.tasks_in(change.path)]
    (task,) = (task for task in tasks if task.decl.name == form.spec.name)
    scheduled = [entry for entry in now.schedules() if task in entry.tasks]
    assert len(scheduled) == (form.spec.schedule is not None)


@given(st.sampled_from(FIELD_IDS), ODD)
@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_answers_of_any_kind(shop: Project, field: str, answer: object) -> None:
    place = Place(str(shop.folder / "shop/tasks.py"))
    for kind in ("one-time", "periodic", "chained"):
        form = create_task.form(shop, place, {"name": "x", "type": kind, field: answer})
        assert form.spec is not None or form.open
        assert all(message.isprintable() for message in form.errors.values())
