"""Which framework a project is built on: Django, Flask, FastAPI or none.

Looks at what is imported, in files with and without Celery's traces, at a bounded number of
files.
"""

import os
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from celeryls.facts import Import, extract
from celeryls.project.apps import App
from celeryls.project.project import Project


class Framework(str, Enum):
    """What a project is built on."""

    DJANGO = "django"
    FLASK = "flask"
    FASTAPI = "fastapi"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The framework; of Django, whether REST framework is used, and the settings module's path."""

    framework: Framework
    rest_framework: bool = False
    django_settings: str | None = None


_IMPORT = re.compile(
    rb"^[ \t]*(?:from|import)[ \t]+(?P<name>django|rest_framework|fastapi|flask)", re.M
)
_ENTRIES = frozenset({"manage", "wsgi", "asgi"})
_TELLING = _ENTRIES | {
    *("__init__", "api", "app", "application", "main", "models", "server", "urls", "views"),
}
"""Stems of the files that are looked at first: what a framework asks for is in one of them."""
_SAMPLE = 120
_HEAD = 8192
_MOST_ENTRIES = 12
_REST = "rest_framework"
_REST_PACKAGE = "djangorestframework"


def find_framework(
    project: Project, apps: Iterable[App], declared: Collection[str]
) -> Surroundings:
    """What `project` is built on.  `declared` are the packages that it says it needs."""
    used = Counter(_imported(project))
    named = list(_named_settings(project))
    if named or _reads_django(project, apps):
        framework = Framework.DJANGO
    else:
        framework = _by_use(used) or _by_use(dict.fromkeys(declared, 1)) or Framework.PLAIN
    if framework is not Framework.DJANGO:
        return Surroundings(framework)
    settings = _agreed(project, named) if named else _only_settings(project)
    return Surroundings(
        framework,
        bool(used[_REST]) or _REST_PACKAGE in declared or _installs_rest(project, settings),
        settings,
    )


def _by_use(counts: Counter[str] | dict[str, int]) -> Framework | None:
    """The framework with the highest count; Django before others, which may stand beside it."""
    order = (Framework.DJANGO, Framework.FASTAPI, Framework.FLASK)
    best = max(order, key=lambda framework: counts.get(framework.value, 0))
    return best if counts.get(best.value, 0) else None


def _imported(project: Project) -> Iterator[str]:
    """The frameworks that each file imports, once a file."""
    for path, facts in project.files.items():
        if project.is_test(path):
            continue
        found = {
            bound.module.partition(".")[0]
            for bindings in facts.interface.names.values()
            for bound in bindings
            if isinstance(bound, Import) and not bound.level
        }
        for package in found:
            match = _IMPORT.match(b"import " + package.encode("utf-8", "replace"))
            if match is not None:
                yield match["name"].decode()
    for path in _sample(project):
        yield from {match["name"].decode() for match in _IMPORT.finditer(_head(path))}


def _sample(project: Project) -> list[str]:
    """Some of the files without a trace of Celery, the telling and the outer ones first."""
    files = [path for path in project.untraced if not project.is_test(path)]
    files.sort(key=lambda path: (_stem(path) not in _TELLING, path.count(os.sep), path))
    return files[:_SAMPLE]


def _stem(path: str) -> str:
    return os.path.basename(path).removesuffix(".py")


def _head(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(_HEAD)
    except OSError:
        return b""


def _reads_django(project: Project, apps: Iterable[App]) -> bool:
    """Whether an app takes its configuration from Django's settings."""
    paths = {app.path for app in apps if app.path is not None}
    return any(
        source.django and source.app.path in paths
        for path in project.files
        for source in project.configs.in_file(path)
    )


# --- Django's settings -----------------------------------------------------------------


def _named_settings(project: Project) -> Iterator[tuple[str, str]]:
    """The settings modules that the project names, each with the file that does.

    In files with an app, and in `manage.py` and the like.
    """
    for path in sorted(project.files):
        name = project.interface(path).django_settings
        if name and not project.is_test(path):
            yield path, name
    entries = [path for path in sorted(project.untraced) if _stem(path) in _ENTRIES]
    for path in entries[:_MOST_ENTRIES]:
        name = extract(project.text(path) or "").interface.django_settings
        if name and not project.is_test(path):
            yield path, name


def _agreed(project: Project, named: Iterable[tuple[str, str]]) -> str | None:
    """The file of the settings that are named: the one that all build on, where they differ."""
    files = dict.fromkeys(project.file_of(name, path) for path, name in named)
    lines = [_line(project, path) for path in files if path is not None]
    shared = [path for path in lines[0] if all(path in line for line in lines)] if lines else []
    return shared[0] if shared else None


def _line(project: Project, path: str) -> list[str]:
    """A module of settings, and those that it takes everything from, nearest first."""
    found = [path]
    for at in found:
        for star in project.star_imports(at):
            if star not in found and not project.is_installed(star):
                found.append(star)
    return found


def _only_settings(project: Project) -> str | None:
    """The only module that looks like Django's settings, where none is named."""
    candidates = [
        path
        for path in (*project.files, *project.untraced)
        if "settings" in path.removesuffix(".py").replace(os.sep, "/").split("/")[-2:]
        and not project.is_test(path)
        and "INSTALLED_APPS" in (project.text(path) or "")
    ]
    return candidates[0] if len(candidates) == 1 else None


def _installs_rest(project: Project, settings: str | None) -> bool:
    paths = _line(project, settings) if settings is not None else ()
    return any(re.search(rf"[\"']{_REST}[\"']", project.text(path) or "") for path in paths)
