"""What is known after an edit is what a fresh look would know."""

from pathlib import Path
from typing import Any

import pytest

from celeryls.project import Project, Workspace
from tests.project.reading import plain, workspace

FILES = {
    "shop/__init__.py": "",
    "shop/app.py": "from celery import Celery\napp = Celery('shop')\n",
    "shop/tasks.py": (
        "from shop.app import app\n\n@app.task\ndef charge(x): ...\n\n\ndef plain(y): ...\n\n"
        "def job(**kw): return app.task(**kw)\n"
    ),
    "shop/more.py": (
        "from shop.tasks import charge, job, plain\n\n@job()\ndef g(): charge.delay(1)\n"
    ),
    "shop/other.py": (
        "from shop import tasks\nfrom shop.app import app\nt = app.task(tasks.plain)\n"
    ),
}
EDITS = {
    "an option": ("@app.task\n", "@app.task(max_retries=5)\n"),
    "a name": ("@app.task\n", "@app.task(name='pay')\n"),
    "a parameter": ("charge(x)", "charge(x, y)"),
    "no task any more": ("@app.task\n", "\n"),
    "a task more": ("def plain(y)", "@app.task\ndef plain(y)"),
    "a function more": ("def plain(y)", "@app.task\ndef new(): ...\n\ndef plain(y)"),
    "a function less": ("def plain(y): ...\n", ""),
    "another import": ("from shop.app import app", "from celery import current_app as app"),
    "the maker of tasks": ("app.task(**kw)", "app.task(acks_late=True, **kw)"),
    "a function that others make a task": ("def plain(y)", "def plain(y, z=1)"),
    "a body": ("charge(x): ...", "charge(x): pass"),
}


def _known(read: Project) -> dict[str, Any]:
    tasks = {
        task.symbol: (
            task.name,
            task.kind,
            task.decl,
            {option: plain(value) for option, value in task.options.items()},
            read.effective(task, "acks_late").value,
            read.site(task).line,
        )
        for task in read.tasks()
    }
    calls = [
        (path, dispatch.site.span, [task.decl for task in dispatch.tasks], dispatch.reason)
        for path in sorted(read.files)
        for dispatch in read.dispatches(path)
    ]
    return {"tasks": tasks, "calls": calls, "resolved": read.resolve(_PATH[0], "charge")}


_PATH: list[str] = []


@pytest.mark.parametrize(("old", "new"), EDITS.values(), ids=EDITS)
def test_an_edit_leaves_what_a_fresh_look_sees(tmp_path: Path, old: str, new: str) -> None:
    opened = workspace(tmp_path, FILES)
    path = str(tmp_path / "shop/tasks.py")
    _PATH[:] = [str(tmp_path / "shop/more.py")]
    text = FILES["shop/tasks.py"]
    opened.open(path, text)
    _known(opened.snapshot())
    assert old in text
    changed = text.replace(old, new, 1)
    opened.open(path, changed)
    after = _known(opened.snapshot())
    fresh = Workspace(opened.folder, opened.loaded)
    (tmp_path / "shop/tasks.py").write_text(changed)
    fresh.scan()
    assert after == _known(fresh.snapshot())
    opened.open(path, text)
    (tmp_path / "shop/tasks.py").write_text(text)
    fresh.scan()
    assert _known(opened.snapshot()) == _known(fresh.snapshot())


def test_an_option_that_changes_resolves_nothing_else_again(tmp_path: Path) -> None:
    files = {**FILES, "shop/other.py": ""}
    opened = workspace(tmp_path, files)
    path = str(tmp_path / "shop/tasks.py")
    text = FILES["shop/tasks.py"]
    opened.open(path, text)
    before = {task.symbol: task for task in opened.snapshot().tasks()}
    generation = opened.generation
    opened.open(path, text.replace("@app.task\n", "@app.task(max_retries=5)\n", 1))
    after = {task.symbol: task for task in opened.snapshot().tasks()}
    same = {symbol for symbol in before if after[symbol] is before[symbol]}
    assert {symbol[1] for symbol in before.keys() - same} == {"charge"}
    assert opened.generation == generation + 1
