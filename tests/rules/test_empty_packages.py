"""A schedule that names a package instead of the module in it, in files on a disk."""

from pathlib import Path

import pytest

from celeryls.config import Config, Loaded
from celeryls.engine import Selection, check_file
from celeryls.project import Workspace
from celeryls.project.walk import python_files

_TASKS = "from celery import shared_task\n\n\n@shared_task\ndef charge(): ...\n"
_APP = """\
from celery import Celery

app = Celery("shop", include=["shop.tasks"])
app.conf.beat_schedule = {"a": {"task": "shop.charge", "schedule": 60}}
"""


@pytest.mark.parametrize(
    ("package", "found"),
    [
        ("", ["CEL504"]),
        ("VERSION = 1\n", ["CEL504"]),
        ("from hidden import charge\n", []),
    ],
)
def test_only_a_package_that_may_have_the_task_keeps_it_silent(
    tmp_path: Path, package: str, found: list[str]
) -> None:
    shop = tmp_path / "shop"
    shop.mkdir()
    for name, text in (("__init__", package), ("tasks", _TASKS), ("app", _APP)):
        (shop / f"{name}.py").write_text(text, encoding="utf-8")
    workspace = Workspace(tmp_path, Loaded(Config(select=("CEL504",)), tmp_path))
    workspace.scan(python_files(tmp_path, rules_above=False))
    project = workspace.snapshot()
    path = next(path for path in project.files if path.endswith("app.py"))
    items = check_file(project, path, _APP, Selection(project.config)) or ()
    assert [item.rule.code for item in items] == found
