"""Projects on disk to plan in, for the tests of this folder."""

import os
from pathlib import Path

from celeryls.config.load import load
from celeryls.generate import Plan
from celeryls.project import Project, Workspace
from celeryls.text import apply_edits
from tests.rules.harness import write

SHOP = {
    "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["celery>=5.7"]\n',
    "shop/__init__.py": "",
    "shop/app.py": 'from celery import Celery\n\napp = Celery("shop", include=["shop.tasks"])\n',
    "shop/tasks.py": (
        "from celery import shared_task\n\n\n@shared_task\ndef first(order_id: int) -> None:\n"
        "    print(order_id)\n"
    ),
}


def project(root: Path, files: dict[str, str]) -> Project:
    """A project of these files, as a snapshot."""
    write(root, files)
    workspace = Workspace(root, load(root))
    workspace.scan()
    return workspace.snapshot()


def after(plan: Plan, snapshot: Project) -> dict[str, str]:
    """The files that a plan changes, as they are afterwards, by path from the folder."""
    return {
        os.path.relpath(change.path, snapshot.folder): apply_edits(
            snapshot.text(change.path) or "", change.edits
        )
        for change in plan.changes
    }
