"""`celeryls new` in projects with apps and tasks: names, files, neighbours, schedules."""

import json
from pathlib import Path

import pytest

from tests.cli.running import Run, script
from tests.cli.test_writing import listing
from tests.generate.layouts import DJANGO, PLAIN
from tests.rules.harness import write

NAMED = 'from celery import shared_task\n\n\n@shared_task(name="shop.tasks.sync")\ndef f(): ...\n'
TAKEN = {
    "a task of that name": ({"shop/other.py": NAMED}, "sync", "task in shop/other.py already"),
    "a star import": (
        {
            "shop/tasks.py": "from shop.other import *\n",
            "shop/other.py": "import celery\nsync = 1\n",
        },
        "sync",
        "sync is taken in this file",
    ),
    "who takes all of it": (
        {"shop/all.py": "from celery import Celery\nfrom shop.tasks import *\nsync = 1\n"},
        "sync",
        "shop/all.py takes all names of this file, and has a sync",
    ),
}


@pytest.mark.parametrize("how", TAKEN)
def test_a_name_may_be_taken_elsewhere(how: str, run: Run) -> None:
    files, name, told = TAKEN[how]
    write(run.folder, {**PLAIN, **files})
    before = listing(run.folder)
    run("new", name, "--yes", "--set", "file=shop/tasks.py").says("name: ", told)
    assert listing(run.folder) == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--set", "queue=custom"), "What is the queue called? Such as mail or reports."),
        (("--answers", "none.toml"), "none.toml does not exist"),
        (("--answers", "."), "can't be read"),
    ],
)
def test_what_is_missing_is_asked_for(arguments: tuple[str, ...], told: str, run: Run) -> None:
    write(run.folder, PLAIN)
    run("new", "sync", "--yes", *arguments).says(told)


def test_the_chain_that_a_task_is_for_is_said(run: Run) -> None:
    write(run.folder, PLAIN)
    (run.folder / "shop/first.py").write_text(
        "from celery import shared_task\n\n\n@shared_task\ndef first(x): ...\n"
    )
    ran = run("new", "sync", "--yes", "--set", "type=chained", "--set", "after=first")
    assert "next: Send the chain from your code: chain(first.s(x=...), sync.s" in ran.out


def test_a_module_beside_the_file_has_the_name(run: Run) -> None:
    write(run.folder, {**PLAIN, "shop/jobs/__init__.py": "", "shop/jobs/mail.py": ""})
    run("new", "mail", "--yes", "--set", "file=shop/jobs/__init__.py").says("is a module beside")


FILES = {
    "shop": "its name has to end in .py",
    "shop/app.py/x.py": "app.py is a file",
    "a b/x.py": "could not be imported",
    "class/x.py": "could not be imported",
    "..\\x.py": "without ..",
    "shop\\x.py": "write / between folders",
    "shop/\u0430.py": "CYRILLIC",
    "file:///etc/x.py": "outside of the project",
    "shop/folder.py": "folder.py is a folder",
    "shop/" + "x" * 300 + ".py": "characters",
}


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_can_not_be(file: str, run: Run) -> None:
    write(run.folder, {**PLAIN, "shop/folder.py/x": ""})
    before = listing(run.folder)
    run("new", "sync", "--yes", "--set", f"file={file}").says("file:", FILES[file])
    assert listing(run.folder) == before


def test_a_file_is_named_as_seen_from_here(tmp_path: Path) -> None:
    write(tmp_path, PLAIN)
    ran = script(tmp_path / "shop", "new", "sync", "--yes", "--set", "file=jobs.py")
    assert ran.code == 0, ran.err
    assert (tmp_path / "shop/jobs.py").exists()
    assert "shop.jobs" in (tmp_path / "shop/app.py").read_text()


def test_a_neighbour_goes_by_either_name(run: Run) -> None:
    write(run.folder, PLAIN)
    for name, after in (("one", "fetch"), ("two", "shop.tasks.fetch")):
        ran = run("new", name, "--yes", "--set", f"after={after}", "--set", "before=notify",
                  "--set", "returns=str")  # fmt: skip
        assert ran.code == 0, ran.err
        text = (run.folder / "shop/tasks.py").read_text()
        assert f"def {name}(self, result: dict[str, int]) -> str:" in text


def test_classes_of_a_neighbour_are_imported_from_where_they_are(run: Run) -> None:
    tasks = (
        "from celery import shared_task\nfrom shop.models import Order\n\n\n"
        "@shared_task\ndef load(order_id: int) -> Order | None: ...\n"
    )
    write(run.folder, {**PLAIN, "shop/tasks.py": tasks, "shop/models.py": "class Order: ...\n"})
    ran = run("new", "sync", "--yes", "--set", "after=load", "--set", "file=shop/jobs.py")
    assert ran.code == 0, ran.err
    text = (run.folder / "shop/jobs.py").read_text()
    assert "result: shop.models.Order | None" in text
    assert "import shop.models" in text


def test_answers_of_a_file_and_of_the_command_line_are_the_same(run: Run) -> None:
    answers = {"schedule": "weekdays at 18:00", "parameters": "shop_id: int",
               "arguments": {"shop_id": 3}, "queue": "io_bound"}  # fmt: skip
    write(run.folder, {**DJANGO, "answers.json": json.dumps(answers)})
    assert run("new", "sync", "--yes", "--answers", "answers.json").code == 0
    found = (run.folder / "proj/settings.py").read_text()
    write(run.folder, DJANGO)
    answers["arguments"] = "shop_id=3"
    pairs = [part for key, value in answers.items() for part in ("--set", f"{key}={value}")]
    assert run("new", "sync", "--yes", *pairs).code == 0
    assert (run.folder / "proj/settings.py").read_text() == found
    assert 'crontab(minute=0, hour=18, day_of_week="mon-fri")' in found
    assert '"kwargs": {"shop_id": 3},' in found


def test_a_project_that_does_not_send_json_may_take_any_type(run: Run) -> None:
    pickled = PLAIN["shop/app.py"] + 'app.conf.task_serializer = "pickle"\n'
    write(run.folder, PLAIN)
    arguments = ("new", "sync", "--yes", "--set", "parameters=ids: set[int]")
    run(*arguments).says("parameters", "JSON does not carry set (ids); take list[int]")
    write(run.folder, {**PLAIN, "shop/app.py": pickled})
    assert run(*arguments).code == 0


def test_more_than_one_app_is_a_choice(run: Run) -> None:
    other = 'from celery import Celery\n\napp = Celery("other", include=["shop.tasks"])\n'
    write(run.folder, {**PLAIN, "shop/other.py": other})
    run("new", "a", "--yes", "--set", "app=x").says("app:", "shop.app:app, shop.other:app")
    assert run("new", "a", "--yes", "--set", "app=shop.other:app", "--set", "queue=mail").code == 0
    assert "task_routes" in (run.folder / "shop/other.py").read_text()
    assert (run.folder / "shop/app.py").read_text() == PLAIN["shop/app.py"]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_line_ends_bytes_and_comments_of_settings_are_kept(newline: str, tmp_path: Path) -> None:
    write(tmp_path, PLAIN)
    text = (
        "# coding: latin-1\n# caf\xe9\n" + PLAIN["shop/app.py"] + "app.conf.timezone = 'UTC'  # !"
    )
    raw = text.replace("\n", newline).encode("latin-1")
    (tmp_path / "shop/app.py").write_bytes(raw)
    ran = script(tmp_path, "new", "sync", "--yes", "--set", "queue=mail", "--set", "schedule=60 s")
    assert ran.code == 0, ran.err
    after = (tmp_path / "shop/app.py").read_bytes()
    assert after.count(b"\n") == after.count(newline.encode())
    lines = after.split(newline.encode())
    assert set(raw.split(newline.encode())) - set(lines) == set()
    assert b'    "shop.tasks.sync": {"queue": "mail"},' in lines
    assert b'        "schedule": timedelta(minutes=1),' in lines
