"""Whole plans, over projects of many kinds: what they promise holds, and nothing new is found.

What celeryls concludes is compared with what a real Celery has after importing the app.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from celeryls.engine import Selection, check_file
from celeryls.forms import Neighbour, Taken, TaskSpec, parse_schedule
from celeryls.generate import Plan, plan_task
from celeryls.project import Project
from celeryls.syntax import parse
from celeryls.syntax.expr import Const
from celeryls.text import apply_edits
from tests.generate.layouts import APPS, FILES, LAYOUTS
from tests.generate.projects import after, project
from tests.generate.test_tools import IGNORED, SELECTED
from tests.generate.writing import spec
from tests.rules.harness import write

PLACES = [(layout, path) for layout, paths in FILES.items() for path in paths]
FETCH = Neighbour("fetch", "fetch", (Taken("order_id", "int", True),), "dict[str, int]")
NOTIFY = Neighbour("notify", "notify", (Taken("text", "str", True),), "None")
WANTED = {
    "one-time": spec("sync_stock", "shop_id: int", queue="io_bound"),
    "default queue": spec("sync_stock", "when: datetime, note: str = ''"),
    "interval": spec("sync_stock", schedule=parse_schedule("every 10 minutes")),
    "crontab": spec(
        "sync_stock",
        "shop_id: int, region: str, depth: int = 3",
        schedule=parse_schedule("weekdays at 18:00"),
        arguments=(("shop_id", 3), ("region", "eu")),
        queue="io_bound",
    ),
    "long": spec(
        "sync_everything_that_was_changed_in_the_shop_since",
        "kinds: list[str], where: dict[str, Any]",
        schedule=parse_schedule("every 2 hours at minute 5"),
        arguments=(
            ("kinds", ["orders", "returns", "customers", "products"]),
            ("where", {"region": "eu", "shops": [1, 2, 3], "note": 'say "hi"'}),
        ),
        queue="a_queue_that_has_quite_a_long_name_as_well",
    ),
    "chained": spec(
        "sync_stock", "order: dict[str, int]", returns="str", after=FETCH, before=NOTIFY
    ),
}


def found_in(snapshot: Project, path: str) -> list[tuple[str, str]]:
    """What the rules that are on find in a file: codes and messages."""
    text = snapshot.text(path)
    if text is None or path not in snapshot.files:
        return []
    found = check_file(snapshot, path, text, Selection(snapshot.config))
    assert found is not None
    return sorted((item.rule.code, item.finding.message) for item in found)


def carried_out(snapshot: Project, plan: Plan) -> Project:
    for change in plan.changes:
        text = apply_edits(snapshot.text(change.path) or "", change.edits)
        assert not parse(text).broken
        snapshot = snapshot.with_text(change.path, text)
    return snapshot


@pytest.mark.parametrize("wanted", WANTED)
@pytest.mark.parametrize(("layout", "file"), PLACES)
def test_what_is_promised_holds_and_nothing_new_is_found(
    layout: str, file: str, wanted: str, tmp_path: Path
) -> None:
    before = project(tmp_path, LAYOUTS[layout])
    asked, path = WANTED[wanted], str(tmp_path / file)
    plan = plan_task(before, path, asked)
    now = carried_out(before, plan)
    (task,) = (task for task in now.tasks_in(path) if task.decl.name == asked.name)
    assert now.is_registered(task)
    for change in plan.changes:
        new = [
            one for one in found_in(now, change.path) if one not in found_in(before, change.path)
        ]
        assert new == []
    if asked.queue != "default":
        assert now.effective(task, "queue").value == Const(asked.queue)
    scheduled = [entry for entry in now.schedules() if task in entry.tasks]
    assert len(scheduled) == (1 if asked.schedule is not None else 0)
    assert not any("by hand" in note for note in plan.notes)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, str, str, TaskSpec]]:
    """Every wish in every place, carried out on disk: folder, layout, file, wish."""
    found = []
    for layout, file in PLACES:
        for asked in WANTED.values():
            root = tmp_path_factory.mktemp("plan")
            snapshot = project(root, LAYOUTS[layout])
            write(root, after(plan_task(snapshot, str(root / file), asked), snapshot))
            found.append((root, layout, file, asked))
    return found


def test_ruff_finds_nothing_in_what_was_changed(
    written: list[tuple[Path, str, str, TaskSpec]],
) -> None:
    roots = [str(root) for root, *_ in written]
    options = ["--isolated", "--no-cache", "--config=line-length=88"]
    # The files in the folder itself are in no package, and were before.
    ignored = f"{IGNORED},INP"
    select = (f"--select={SELECTED}", f"--ignore={ignored}")
    for root in roots:  # what is first-party depends on the folder
        _run("ruff", "check", *options, *select, ".", folder=root)
    _run("ruff", "format", "--check", "--diff", *options, *roots)


def _run(*command: str, folder: str | None = None) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_mypy_finds_nothing_in_settings(
    written: list[tuple[Path, str, str, TaskSpec]], tmp_path: Path
) -> None:
    settings = {"plain": "shop/app.py", "settings": "shop/app.py", "module": "celeryconfig.py"}
    texts = {
        (root / settings[layout]).read_text()
        for root, layout, _, asked in written
        if layout in settings and asked.schedule is not None
    }
    assert len(texts) > 5
    for number, text in enumerate(sorted(texts)):
        (tmp_path / f"settings_{number}.py").write_text(text)
    _run("mypy", "--strict", ".", folder=str(tmp_path))


ASKED = """
import importlib, json, sys
module, _, name = sys.argv[1].partition(":")
app = getattr(importlib.import_module(module), name)
app.loader.import_default_modules()
route = app.amqp.router.route({}, sys.argv[2])
queue = getattr(app.tasks[sys.argv[2]], "queue", None) or route["queue"].name
entries = {key: [entry["task"], entry.get("kwargs"), entry["options"]["expires"],
                 str(entry["schedule"])]
           for key, entry in app.conf.beat_schedule.items() if entry["task"] == sys.argv[2]}
print(json.dumps([queue, entries]))
"""


def test_a_real_celery_has_it_all(written: list[tuple[Path, str, str, TaskSpec]]) -> None:
    running = []
    for root, layout, file, asked in written:
        every = asked is WANTED["crontab"] or file == FILES[layout][0]
        if layout not in APPS or not every or asked.after is not None:
            continue  # Django is not there
        source = root / "src" if layout == "src" else root
        name = f"{file.removeprefix('src/').removesuffix('.py').replace('/', '.')}.{asked.name}"
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", ASKED, APPS[layout], name],
            cwd=source, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        running.append((process, name, asked))
        if len(running) == 2:
            _compare(*running.pop(0))
    for one in running:
        _compare(*one)


def _compare(process: "subprocess.Popen[str]", name: str, asked: TaskSpec) -> None:
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    queue, entries = json.loads(out)
    if asked.queue != "default":
        assert queue == asked.queue
    if asked.schedule is None:
        assert entries == {}
        return
    ((_key, (task, kwargs, expires, schedule)),) = entries.items()
    assert task == name
    assert kwargs == (dict(asked.arguments) or None)
    assert 0 < expires < asked.schedule.gap
    shown = {"10 minutes": "0:10:00", "18:00": "0 18 * * mon-fri", "minute 5": "5 */2 * * *"}
    assert any(end in str(asked.schedule) and text in schedule for end, text in shown.items())
