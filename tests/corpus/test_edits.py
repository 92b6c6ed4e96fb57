"""Edits of real files: what is known afterwards is what a fresh look would know."""

import random
import shutil
from dataclasses import astuple
from pathlib import Path
from typing import Any

import pytest

from celeryls.config import load
from celeryls.project import Project, Workspace

CORPUS = Path(__file__).parent.parent.parent / ".corpus"
EDITS = 40
pytestmark = pytest.mark.corpus


def _known(read: Project) -> list[Any]:
    tasks = [
        (astuple(task), [read.effective(task, option) for option in ("acks_late", "queue")])
        for task in read.tasks()
    ]
    calls = [
        (path, dispatch.site.span, [task.symbol for task in dispatch.tasks], dispatch.reason)
        for path in sorted(read.files)
        for dispatch in read.dispatches(path)
    ]
    return [tasks, calls, read.apps]


def _edited(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    at = chance.randrange(len(lines))
    match chance.randrange(3):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, chance.choice(lines))
        case _:
            lines[at] = lines[at].replace("import ", "import zz, ").replace("=", "=zz ", 1)
    return "".join(lines)


@pytest.mark.parametrize("name", ["allianceauth", "udata", "weblate"])
def test_any_edit_leaves_what_a_fresh_look_sees(name: str, tmp_path: Path) -> None:
    chance = random.Random(name)
    folder = tmp_path / name
    shutil.copytree(CORPUS / name, folder, ignore=shutil.ignore_patterns("static", "locale"))
    opened = Workspace(folder, load(folder))
    opened.scan()
    paths = sorted(opened.snapshot().files)
    for _ in range(EDITS):
        path = chance.choice(paths)
        text = Path(path).read_text("utf-8")
        opened.open(path, text)
        _known(opened.snapshot())
        opened.open(path, _edited(text, chance))
        after = _known(opened.snapshot())
        opened.configure(opened.loaded)  # forgets all that was resolved
        assert _known(opened.snapshot()) == after, path
        opened.close(path)
