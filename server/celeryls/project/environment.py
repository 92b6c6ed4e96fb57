"""The project's environment: where its packages are, which Celery it has.

Installed packages are found by looking at folders; nothing is imported and no interpreter is
started.
"""

import contextlib
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from celeryls.config import Config
from celeryls.project.dependencies import dependencies, says_dependencies

_VERSION = re.compile(r"(\d+)\.(\d+)")
_ELSEWHERE = frozenset({"docs", "examples", "node_modules", "site-packages", "tests", "vendor"})
"""Folders whose requirements are not those of the project."""
_BOUND = re.compile(
    r"(?P<how>===?|~=|~|<=|<)?\s*(?P<major>\d+)\.(?P<minor>\d+)(?:\.(?P<patch>\d+|\*).*)?"
)


@dataclass(frozen=True, slots=True)
class Environment:
    """What surrounds a workspace folder.

    `site_packages` are the folders to read installed packages from.  `celery_version` is the
    oldest version that the project promises to work with (an exact pin, or a lower bound), where
    its folder says none the oldest that one of its parts does, else the installed one, else
    `None`: then the newest is assumed.
    `newest_celery` is the newest that it may run with, `None` where nothing says so.
    """

    root: Path
    site_packages: tuple[Path, ...] = ()
    celery_version: tuple[int, int] | None = None
    newest_celery: tuple[int, int] | None = None


def find_environment(root: Path, config: Config) -> Environment:
    """Look around `root`.  Never raises; what can't be found is absent."""
    packages = tuple(_site_packages(root, config))
    version = config.celery_version or _declared(root) or _of_parts(root)
    version = version or installed_version(packages)
    return Environment(root, packages, version, config.celery_version or _newest(root, packages))


def _site_packages(root: Path, config: Config) -> Iterator[Path]:
    candidates: list[Path] = []
    if config.python:
        with contextlib.suppress(OSError, RuntimeError, ValueError):
            python = root / Path(config.python).expanduser()
            # An interpreter stands in the `bin` of its environment; often it is a link elsewhere.
            candidates.append(python.parent.parent if python.is_file() else python)
    elif os.environ.get("VIRTUAL_ENV"):
        candidates.append(Path(os.environ["VIRTUAL_ENV"]))
    candidates += [root / ".venv", root / "venv"]
    for candidate in candidates:
        found: list[Path] = []
        with contextlib.suppress(OSError, ValueError):
            found = [
                *sorted(candidate.glob("lib/python3*/site-packages")),
                *([candidate / "Lib" / "site-packages"] if sys.platform == "win32" else []),
            ]
            found = [folder for folder in found if folder.is_dir()]
        if found:
            yield from found
            return


def installed_version(packages: tuple[Path, ...]) -> tuple[int, int] | None:
    """The version of Celery in an environment; `None` where there is none."""
    for folder in packages:
        for info in folder.glob("celery-*.dist-info"):
            return _version(info.name)
    return None


def _declared(root: Path) -> tuple[int, int] | None:
    for specifier in _specifiers(root):
        version = _lowest(specifier)
        if version is not None:
            return version
    return None


def _of_parts(root: Path) -> tuple[int, int] | None:
    """The oldest version that a part of a project promises: `backend`, `apps/api`."""
    found = [version for part in _parts(root) if (version := _declared(part)) is not None]
    return min(found, default=None)


def _parts(root: Path, depth: int = 2) -> Iterator[Path]:
    """The folders below `root` that say what they depend on, without those below such a one."""
    for folder in _folders_in(root):
        if says_dependencies(folder):
            yield folder
        elif depth > 1:
            yield from _parts(folder, depth - 1)


def _folders_in(folder: Path) -> list[Path]:
    with contextlib.suppress(OSError):
        return [
            Path(entry.path)
            for entry in os.scandir(folder)
            if entry.is_dir(follow_symlinks=False)
            and not entry.name.startswith(".")
            and entry.name not in _ELSEWHERE
        ]
    return []


def _lowest(specifier: str) -> tuple[int, int] | None:
    """The version that a specifier pins or begins at; `None` where it only sets a ceiling."""
    for part in specifier.split(","):
        part = part.strip()
        # Poetry writes `^5.3`, `~5.3` and `5.3` too.
        if part.startswith(("==", "~", ">=", "^")) or part[:1].isdigit():
            return _version(part)
    return None


def _newest(root: Path, packages: tuple[Path, ...]) -> tuple[int, int] | None:
    found = [installed_version(packages), *map(_highest, _specifiers(root))]
    return max((version for version in found if version is not None), default=None)


def _highest(specifier: str) -> tuple[int, int] | None:
    """The version that a specifier pins or ends at; `None` where it only sets a floor."""
    for part in specifier.split(","):
        found = _BOUND.fullmatch(part.strip())
        if found is None:
            continue
        major, minor, patch = int(found["major"]), int(found["minor"]), found["patch"]
        if found["how"] != "<":
            # `~=5.4` takes 5.7 as well, `~=5.4.0` and the `~5.4` of Poetry don't.
            if found["how"] != "~=" or patch is not None:
                return major, minor
        elif patch not in (None, "0", "*"):
            return major, minor
        elif minor > 0:
            return major, minor - 1
    return None


def _version(text: str) -> tuple[int, int] | None:
    found = _VERSION.search(text)
    return (int(found[1]), int(found[2])) if found else None


def _specifiers(root: Path) -> Iterator[str]:
    """What the project says about Celery's version."""
    return (found.specifier for found in dependencies(root, ("celery",)) if found.specifier)
