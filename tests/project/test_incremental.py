"""What is known after an edit is what a fresh look would know."""

from pathlib import Path
from typing import Any

import pytest

from celeryls.project import Project, Workspace
from celeryls.syntax.expr import Const
from tests.project.reading import plain, workspace

FILES = {
    "shop/__init__.py": "",
    "shop/app.py": "from celery import Celery\napp = Celery('shop')\n",
    "shop/limits.py": "from shop.tasks import *\nTWICE = 2\n",
    "shop/base.py": "from celery import Task\nclass Base(Task):\n    max_retries = 7\n",
    "shop/tasks.py": (
        "from shop.app import app\nfrom shop.base import Base\nLIMIT = 5\n\n"
        "@app.task\ndef charge(x): ...\n\n\ndef plain(y): ...\n\n"
        "def job(**kw): return app.task(**kw)\n"
    ),
    "shop/more.py": (
        "from shop.tasks import charge, job, plain, LIMIT, Base\n"
        "from shop.limits import LIMIT as L\n"
        "@job(max_retries=LIMIT)\ndef g(): charge.delay(1)\n"
        "@job(time_limit=L, base=Base)\ndef h(): g.delay()\n"
    ),
    "shop/other.py": (
        "from shop import tasks\nfrom shop.app import app\nt = app.task(tasks.plain)\n"
    ),
    "shop/calls.py": (
        "import celery\nfrom shop.tasks import *\nfrom shop.more import g\n"
        "charge(1)\nplain(2)\nnew(3)\nsend(charge, g)\n"
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
    "an import more": ("from shop.app import app\n", "from shop.app import app\nimport os\n"),
    "an import that others use": ("from shop.base import Base", "from celery import Task as Base"),
    "an import less": ("from shop.base import Base\n", ""),
    "a constant": ("LIMIT = 5", "LIMIT = 6"),
    "a constant less": ("LIMIT = 5\n", ""),
    "a constant twice": ("LIMIT = 5\n", "LIMIT = 5\nLIMIT = f()\n"),
    "a name that a star import brings": ("LIMIT = 5\n", "LIMIT = 5\nTWICE = 3\n"),
    "a setting": ("LIMIT = 5\n", "LIMIT = 5\napp.conf.task_acks_late = True\n"),
    "another app": ("LIMIT = 5\n", "LIMIT = 5\nother = type(app)('x')\n"),
    "a class": ("LIMIT = 5\n", "LIMIT = 5\nclass B(Base):\n    task = charge\n"),
    "a name in place of a function": ("def plain(y): ...", "plain = 1"),
    "a body": ("charge(x): ...", "charge(x): pass"),
}


def _known(read: Project) -> dict[str, Any]:
    tasks = {
        task.symbol: (
            task.name,
            task.kind,
            task.decl,
            {option: plain(value) for option, value in task.options.items()},
            [read.effective(task, option) for option in ("acks_late", "max_retries")],
            read.site(task).line,
        )
        for task in read.tasks()
    }
    calls = [
        (path, dispatch.site.span, [task.decl for task in dispatch.tasks], dispatch.reason)
        for path in sorted(read.files)
        for dispatch in read.dispatches(path)
    ]
    uses = [
        (path, use.reference.span, use.task.symbol, use.how)
        for path in sorted(read.files)
        for use in read.uses(path)
    ]
    more = next(path for path in read.files if path.endswith("more.py"))
    resolved = {name: read.resolve(more, name) for name in ("charge", "plain", "L", "Base")}
    return {"tasks": tasks, "calls": calls, "uses": uses, "resolved": resolved}


@pytest.mark.parametrize(("old", "new"), EDITS.values(), ids=EDITS)
def test_an_edit_leaves_what_a_fresh_look_sees(tmp_path: Path, old: str, new: str) -> None:
    opened = workspace(tmp_path, FILES)
    path = str(tmp_path / "shop/tasks.py")
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
    # Of the tasks of other files only those that depend on what was changed are found again.
    assert {symbol[1] for symbol in before.keys() - same} == {"charge"}
    assert opened.generation == generation + 1
    opened.open(path, "import os\n" + text)
    later = {task.symbol: task for task in opened.snapshot().tasks()}
    assert all(later[symbol] is before[symbol] for symbol in before if symbol[1] in ("g", "h"))
    opened.open(path, text.replace("LIMIT = 5", "LIMIT = 6"))
    last = {task.symbol[1]: task for task in opened.snapshot().tasks()}
    assert last["g"].options["max_retries"] == Const(6)
