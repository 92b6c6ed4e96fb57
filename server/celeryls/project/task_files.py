"""Which file a new task goes to, where nobody says."""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from celeryls.project.apps import App
from celeryls.project.project import Project
from celeryls.syntax.expr import Const, Seq

_FOLDERS = ("tasks", "workers", "jobs")
"""Packages that tasks are often kept in, a module a subject."""
_APP_MARKS = ("apps.py", "models.py")
"""What `startapp` of Django makes, one of which is there in any of its apps."""


def task_file(project: Project, *, near: str | None, package: str | None, django: bool) -> str:
    """The absolute path of the file that a new task belongs in; it need not exist.

    That is where the tasks of the package around `near`, a file that somebody looks at, are or
    would be as the project does it; else the file with most of them; without any, `tasks.py`
    of the app's package, or of the main `package`.  `django` says that the app's own module is
    no place for tasks, and that each Django app has some of its own.
    """
    counts = _counts(project, django=django)
    if near is not None:
        found = _near(project, Path(near), counts, django=django)
        if found is not None:
            return found
    if counts:
        return max(sorted(counts), key=lambda path: counts[path])
    return next(_without_tasks(project, package, django=django))


def _counts(project: Project, *, django: bool) -> Counter[str]:
    """How many tasks each file holds that could hold another."""
    made = {app.path for app in project.apps} if django else set()
    return Counter(
        task.path
        for task in project.tasks()
        # `debug_task` stands beside the app in every Django project.
        if task.path not in made and not project.is_test(task.path)
    )


def _near(project: Project, near: Path, counts: Counter[str], *, django: bool) -> str | None:
    """The file for tasks of the innermost package around `near` that has some or may have."""
    top = Path(project.folder)
    for folder in near.parents:
        if folder != top and not folder.is_relative_to(top):
            return None
        inside = {
            path: count
            for path, count in counts.items()
            if Path(path).parent in (folder, *(folder / name for name in _FOLDERS))
        }
        if inside:
            return max(sorted(inside), key=lambda path: inside[path])
        if django and _is_django_app(project, folder):
            return _in_package(folder)
    return None


def _is_django_app(project: Project, folder: Path) -> bool:
    path = os.fspath(folder / "__init__.py")
    known = path in project.files or path in project.untraced
    return known and any((folder / mark).is_file() for mark in _APP_MARKS)


def _in_package(folder: Path) -> str:
    """The file for tasks in a package that has no task yet."""
    if (folder / "tasks" / "__init__.py").is_file():
        # What `autodiscover_tasks` imports is the package itself.
        return os.fspath(folder / "tasks" / "__init__.py")
    for name in _FOLDERS:
        if (folder / name / "__init__.py").is_file():
            return os.fspath(folder / name / "tasks.py")
    return os.fspath(folder / "tasks.py")


def _without_tasks(project: Project, package: str | None, *, django: bool) -> Iterator[str]:
    """Places for the first task of a project, the best first."""
    apps = [app for app in project.apps if not project.is_test(app.path or "")]
    for app in apps:
        for module in _included(project, app):
            found = _place(project, module, app.path or "")
            if found is not None:
                yield found
    if django:
        folders = {Path(path).parent for path in (*project.files, *project.untraced)}
        for folder in sorted(folders):
            path = _in_package(folder)
            if not project.is_test(path) and _is_django_app(project, folder):
                yield path
    for app in apps:
        yield _in_package(Path(app.path or "").parent)
    if package is not None:
        holder = project.file_of(package, os.fspath(project.folder / "tasks.py"))
        if holder is not None:
            yield _in_package(Path(holder).parent)
    yield _in_package(project.folder)


def _included(project: Project, app: App) -> Iterator[str]:
    """The modules that an app is told to import."""
    given = dict(app.made_by.keywords).get("include") if app.made_by is not None else None
    values = [project.setting(app, "include").value]
    if given is not None:
        values.insert(0, project.evaluate(app.made_in, given))
    for value in values:
        for item in value.items if isinstance(value, Seq) else ():
            if isinstance(item, Const) and isinstance(item.value, str):
                yield item.value


def _place(project: Project, module: str, near: str) -> str | None:
    """The file that a module is, or would be; `None` where its package is not there."""
    found = project.file_of(module, near)
    if found is not None:
        return found
    package, _, name = module.rpartition(".")
    holder = project.file_of(package, near) if package else near
    if holder is None or (package and os.path.basename(holder) != "__init__.py"):
        return None
    return os.path.join(os.path.dirname(holder), f"{name}.py")
