"""What a workspace has of Celery, before anybody is asked anything.

Looks at files only, and at a bounded number of them: it is asked when a dialogue opens.
"""

import os
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from celeryls.project.apps import App
from celeryls.project.brokers import BACKEND, BROKER, kind_in_environment, kind_of
from celeryls.project.dependencies import (
    Dependency,
    dependencies,
    dependency_file,
    package_name,
)
from celeryls.project.environment import installed_version
from celeryls.project.frameworks import Framework, find_framework
from celeryls.project.project import Project
from celeryls.project.task_files import task_file

__all__ = ["Detection", "Framework", "default_task_file", "detect"]


@dataclass(frozen=True, slots=True)
class Detection:
    """What there is.  Paths are absolute; what can't be told is `None`.

    `declared_in` is the file that declares Celery as a dependency, a lock file where no other
    does.  `installed` says that Celery is in the environment that the project uses.
    `dependency_file` is where a line for another dependency belongs.  `apps` are those of the
    project itself, not of its tests.  `broker` and `backend` are kinds: `redis`, `amqp`, `sqs`,
    `filesystem`, `memory`, `rpc`…  `rest_framework` says that Django REST framework is used.
    `django_settings` is the settings module in use, the one that the others build on where
    several are.  `package` is the dotted name of the package that the project's own modules
    belong in: with Django the one that its settings are in.
    """

    declared_in: str | None
    installed: bool
    dependency_file: str | None
    framework: Framework
    apps: tuple[App, ...]
    celery_version: tuple[int, int] | None
    broker: str | None
    backend: str | None
    rest_framework: bool
    django_settings: str | None
    package: str | None


_PACKAGES = ("celery", "django", "djangorestframework", "fastapi", "flask")
_SETTINGS = re.compile(r"(?:\A|\.)\w*settings?\w*(?:\..*)?\Z")
_NOT_MAIN = frozenset(
    {"benchmarks", "bin", "conftest", "docs", "examples", "migrations", "scripts", "setup", "tools"}
)


def detect(project: Project) -> Detection:
    """What `project` has.  Never raises."""
    apps = tuple(app for app in project.apps if not project.is_test(app.path or ""))
    folders = _folders(project, apps)
    declared = [found for folder in folders for found in dependencies(folder, _PACKAGES)]
    around = find_framework(project, apps, {found.name for found in declared})
    return Detection(
        declared_in=_declared_in(declared),
        installed=installed_version(project.environment.site_packages) is not None,
        dependency_file=_dependency_file(folders),
        framework=around.framework,
        apps=apps,
        celery_version=project.celery_version,
        broker=_kind(project, apps, BROKER, folders),
        backend=_kind(project, apps, BACKEND, folders),
        rest_framework=around.rest_framework,
        django_settings=around.django_settings,
        package=_package(project, apps, around.django_settings, folders),
    )


def default_task_file(
    project: Project, near: str | None = None, found: Detection | None = None
) -> str:
    """The absolute path of the file that a new task belongs in; it need not exist.

    `near` is a file that somebody looks at; `found` is what was detected, if that is known.
    """
    found = found or detect(project)
    is_django = found.framework is Framework.DJANGO
    return task_file(project, near=near, package=found.package, django=is_django)


def _folders(project: Project, apps: Iterable[App]) -> list[Path]:
    """Where dependencies may be declared: the folders that an app is in, the nearest first.

    In a repository of several parts the app's own comes before the whole.
    """
    top = project.folder
    found: dict[Path, None] = {}
    for app in apps:
        for parent in Path(app.path or "").parents:
            if not parent.is_relative_to(top):
                break
            found[parent] = None
    found[top] = None
    found[project.environment.root] = None
    if len(found) <= 2:
        # Without an app in a folder of its own, some part may be told by its `manage.py`.
        parts = [Path(p).parent for p in project.untraced if os.path.basename(p) == "manage.py"]
        inner = {part: None for part in sorted(parts) if part.is_relative_to(top)}
        found = {**inner, **found} if len(inner) == 1 else found
    return [*found]


def _declared_in(declared: Iterable[Dependency]) -> str | None:
    celery = [found for found in declared if found.name == "celery"]
    celery.sort(key=lambda found: found.locked)
    return str(celery[0].path) if celery else None


def _dependency_file(folders: Iterable[Path]) -> str | None:
    for folder in folders:
        path = dependency_file(folder)
        if path is not None:
            return str(path)
    return None


def _kind(project: Project, apps: Iterable[App], key: str, folders: Iterable[Path]) -> str | None:
    kinds = {kind_of(project, app, key) for app in apps} - {None}
    if not kinds:
        kinds = {kind_in_environment(folder, key) for folder in folders} - {None}
    return kinds.pop() if len(kinds) == 1 else None


def _package(
    project: Project, apps: Iterable[App], settings: str | None, folders: Iterable[Path]
) -> str | None:
    if settings is not None:
        package = _SETTINGS.sub("", project.module_of(settings) or "")
        if package:
            return package
    packages = _top_packages(project)
    for folder in folders:
        name = package_name(folder)
        if name in packages:
            return name
    for app in apps:
        head, dot, _ = (project.module_of(app.path or "") or "").partition(".")
        if dot:
            return head
    if packages:
        name, files = packages.most_common(1)[0]
        if len(packages) == 1 or files > sum(packages.values()) / 2:
            return name
    return None


def _top_packages(project: Project) -> Counter[str]:
    """The packages that begin in a source root, with how many modules each has."""
    found: Counter[str] = Counter()
    for path in (*project.files, *project.untraced):
        if not project.is_test(path):
            head, dot, _ = (project.module_of(path) or "").partition(".")
            inner = bool(dot) or os.path.basename(path) == "__init__.py"
            if head and inner and head not in _NOT_MAIN:
                found[head] += 1
    return found
