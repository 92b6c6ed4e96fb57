"""The outline of a file as Celery sees it, and the search for tasks by name."""

from pathlib import Path

import pytest

from celeryls.ide.symbols import document_symbols, workspace_symbols
from tests.project.reading import project

FILES = {
    "shop/__init__.py": "",
    "shop/app.py": """\
from celery import Celery
from celery.schedules import crontab

app: Celery = Celery("shop")
app.conf.beat_schedule = {
    "nightly": {"task": "shop.tasks.charge", "schedule": crontab(hour=3, minute=0)},
}


@app.on_after_configure.connect
def set_up(sender, **kwargs):
    sender.add_periodic_task(30, app.signature("refund"), name="often")
""",
    "shop/tasks.py": """\
from celery import Task, shared_task
from shop.app import app


def helper():
    return 1


@shared_task(
    bind=True,
)
def charge(self, order_id): ...


@app.task(name="refund")
def give_back(): ...


class Report(Task):
    name = "report"

    def run(self): ...


app.register_task(Report())
""",
    "shop/plain.py": "def charge_card(): ...\n",
}


def _outline(root: Path, name: str) -> list[tuple[str, str, str, str]]:
    read = project(root, FILES)
    path = str(root / name)
    text = read.text(path) or ""
    found = document_symbols(read, path)
    for symbol in found:
        assert symbol.span.start <= symbol.selection.start <= symbol.selection.end
        assert symbol.selection.end <= symbol.span.end
    return [
        (symbol.kind, symbol.name, symbol.detail, symbol.span.of(text).partition("\n")[0])
        for symbol in found
    ]


def test_the_outline_has_tasks_with_their_registered_names_and_nothing_else(tmp_path: Path) -> None:
    assert _outline(tmp_path, "shop/tasks.py") == [
        ("task", "charge", "shop.tasks.charge", "@shared_task("),
        ("task", "give_back", "refund", '@app.task(name="refund")'),
        ("task", "Report", "report", "def run(self): ..."),
    ]


def test_the_outline_has_apps_and_what_runs_by_the_clock(tmp_path: Path) -> None:
    assert [item[:3] for item in _outline(tmp_path, "shop/app.py")] == [
        ("app", "app", "app"),
        ("schedule", "nightly", "every day at 03:00"),
        ("schedule", "often", "every 30 seconds"),
    ]


@pytest.mark.parametrize("name", ["shop/plain.py", "shop/__init__.py", "not/there.py"])
def test_a_file_without_celery_has_no_outline_of_ours(tmp_path: Path, name: str) -> None:
    assert _outline(tmp_path, name) == []


SEARCHES = {
    "shop.tasks.charge": ["shop.tasks.charge"],
    "charge": ["shop.tasks.charge"],
    "CHARGE": ["shop.tasks.charge"],
    "stch": ["shop.tasks.charge"],
    "refund": ["refund"],
    "give": ["give_back"],
    "rep": ["report"],
    "nightly": ["nightly"],
    "charge_card": [],
    "xyz": [],
}


@pytest.mark.parametrize("query", SEARCHES)
def test_a_search_finds_tasks_by_either_name_apps_and_entries(tmp_path: Path, query: str) -> None:
    found = workspace_symbols(project(tmp_path, FILES), query)
    assert [symbol.name for symbol in found] == SEARCHES[query]


def test_an_empty_query_finds_everything_up_to_a_limit(tmp_path: Path) -> None:
    read = project(tmp_path, FILES)
    names = {symbol.name for symbol in workspace_symbols(read, "")}
    assert names == {"shop.tasks.charge", "refund", "report", "app", "nightly", "often"}
    assert len(workspace_symbols(read, "", most=2)) == 2


def test_the_best_come_first(tmp_path: Path) -> None:
    names = ["discharge", "charge", "charge_all", "cheap_arcade_game"]
    tasks = "".join(f"@shared_task\ndef {name}(): ...\n" for name in names)
    read = project(tmp_path, {"tasks.py": f"from celery import shared_task\n{tasks}"})
    found = [symbol.name for symbol in workspace_symbols(read, "charge")]
    assert found == [
        "tasks.charge",
        "tasks.charge_all",
        "tasks.discharge",
        "tasks.cheap_arcade_game",
    ]


def test_what_tells_equal_names_apart(tmp_path: Path) -> None:
    (found,) = workspace_symbols(project(tmp_path, FILES), "give")
    assert (found.name, found.detail) == ("give_back", "refund")
    (found,) = workspace_symbols(project(tmp_path, FILES), "nightly")
    assert found.detail == "shop.tasks.charge, every day at 03:00"


def test_a_half_typed_line_hides_no_other_task(tmp_path: Path) -> None:
    files = {**FILES, "shop/tasks.py": FILES["shop/tasks.py"] + "\n\n@app.task(bind=\ndef more("}
    read = project(tmp_path, files)
    names = [s.name for s in document_symbols(read, str(tmp_path / "shop/tasks.py"))]
    assert names[:3] == ["charge", "give_back", "Report"]
