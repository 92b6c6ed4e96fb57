"""Projects with a task, and what the extras add to them, for the tests of this folder."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from celeryls.forms.spec import TaskSpec
from celeryls.generate import FileChange, ProjectDraft, plan_task
from celeryls.project import Project, Task
from celeryls.text import Source, apply_edits
from celeryls.text.files import read_source, write_source
from tests.generate.projects import project
from tests.generate.scaffolds import KINDS, environment, scaffolded

Extra = Callable[[ProjectDraft, Task], tuple[str, ...]]
PLACES = {
    "plain": ("tasks.py", "celery_app", ""),
    "package": ("shop/tasks.py", "shop.celery_app", ""),
    "django": ("orders/tasks.py", "mysite", ""),
    "flask": ("shop/tasks.py", "shop.celery_app", ""),
    "fastapi": ("src/shop/tasks.py", "shop.celery_app", "src"),
}
"""By kind of project: the file of the task, the app of a worker, the source root."""


def carry_out(changes: tuple[FileChange, ...]) -> None:
    """Write what is planned."""
    for change in changes:
        path = Path(change.path)
        before = Source("") if change.is_new else read_source(str(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        text = apply_edits(before.text, change.edits)
        write_source(str(path), Source(text, before.encoding, before.bom))


def with_task(root: Path, kind: str, spec: TaskSpec, extra: str = "") -> str:
    """A scaffolded project with a task that was just generated; the file that it is in."""
    files = dict(KINDS[kind])
    files["pyproject.toml"] = files.get("pyproject.toml", "") + extra
    scaffolded(root, files)
    path = str(root / PLACES[kind][0])
    carry_out(plan_task(project(root, {}), path, spec).changes)
    return path


def task_in(snapshot: Project, path: str, name: str) -> Task:
    """A task by its file and its function."""
    return next(task for task in snapshot.tasks_in(path) if task.decl.name == name)


def add(
    extra: Extra, root: Path, path: str, name: str
) -> tuple[tuple[FileChange, ...], tuple[str, ...]]:
    """Carry an extra out for a task; the changes and the notes."""
    snapshot = project(root, {})
    draft = ProjectDraft(snapshot)
    notes = extra(draft, task_in(snapshot, path, name))
    carry_out(draft.changes())
    return draft.changes(), notes


def run(root: Path, *arguments: str, path: str = "") -> str:
    """Run a module of Python in a project, which has to end well; what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=root, env=environment(root, path),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout
