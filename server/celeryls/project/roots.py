"""Whether Python starts in a folder: by Django's `manage.py`, or by what its files import."""

import os
import re
import sys
from collections.abc import Iterator, Mapping

_SAMPLE = 60
"""Files that are read at most, to see what they import."""
_DEEPEST = 3
"""Folders below the one in question that are looked into."""
_HEAD = 8192
"""Bytes of a file that are read: imports are at its beginning."""
ROOT_MARKS = ("manage.py", "pyproject.toml", "setup.py", "setup.cfg", ".git")
_IMPORT = re.compile(
    rb"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import[ \t(\\]+(\w+)?|import[ \t]+([\w.]+))"
    rb"|\bconfig_from_object\(\s*[\"']([\w.]+)[\"']",
    re.M,
)
_RELATIVE = re.compile(rb"^from[ \t]*\.", re.M)
_SETTINGS_MODULE = re.compile(rb"""DJANGO_SETTINGS_MODULE["']\]?\s*[,=]\s*["'](\w+)[.\w]*["']""")
_LIBRARIES = frozenset(
    {"boto3", "celery", "billiard", "kombu", "vine", "django", "elasticsearch", "fastapi", "flask"}
    | {"numpy", "pandas", "pydantic", "redis", "requests", "sentry_sdk", "sqlalchemy", "stripe"}
)
_NOT_OURS = _LIBRARIES | sys.stdlib_module_names
"""What an import of such a name means is no file beside it, even if one is called so."""


def is_django_root(directory: str) -> bool:
    """Whether Django is run in a folder, whose `manage.py` puts it on Python's path.

    Its settings are then imported from there.  Such a folder may have an `__init__.py` too.
    """
    found = _SETTINGS_MODULE.search(head(os.path.join(directory, "manage.py")))
    if found is None:
        return False
    settings = os.path.join(directory, found[1].decode())
    return os.path.isdir(settings) or os.path.isfile(settings + ".py")


def has_mark(directory: str) -> bool:
    """Whether something in a folder says that a project begins there."""
    return any(os.path.exists(os.path.join(directory, mark)) for mark in ROOT_MARKS)


def is_import_root(directory: str, workspace: str) -> bool:
    """Whether files in `directory` import one another by names that begin in it.

    `from app.core import config` below `backend/`, which holds `app/core/`: Python is started in
    `backend/`.  The folder's own name, in an import or at the beginning of a text
    (`"backend.app.tasks"`), speaks against it, and so does a relative import right in it.  What
    can be imported from the folder `workspace` as well tells nothing.  In a package only its
    packages count, unless a project begins there: `from tasks import send`, with `tasks.py`
    beside, is a mistake more often than a sign.
    """
    children = dict(_children(directory))
    if os.path.isfile(os.path.join(directory, "__init__.py")) and not has_mark(directory):
        children = {name: path for name, path in children.items() if not path.endswith(".py")}
    own = os.path.basename(directory)
    against = re.compile(
        rf"^[ \t]*(?:from|import)[ \t]+{re.escape(own)}\b|[\"']{re.escape(own)}\.\w".encode(), re.M
    )
    is_against = against.search if own not in children else lambda _: None
    for name in (*_children(workspace), *_NOT_OURS):
        children.pop(name, None)
    if not children:
        return False
    found = False
    for path in _files(directory):
        text = head(path)
        if is_against(text) or (os.path.dirname(path) == directory and _RELATIVE.search(text)):
            return False
        found = found or any(_is_ours(children, path, match) for match in _IMPORT.finditer(text))
    return found and not any(is_against(head(path)) for path in _beside(directory))


def head(path: str) -> bytes:
    """The beginning of a file; nothing where it can't be read."""
    try:
        with open(path, "rb") as file:
            return file.read(_HEAD)
    except OSError:
        return b""


def listed(directory: str) -> list[str]:
    """The paths in a folder; none where it can't be read."""
    try:
        return sorted(os.path.join(directory, name) for name in os.listdir(directory))
    except OSError:
        return []


def _children(directory: str) -> Mapping[str, str]:
    """What can be imported by its bare name if Python starts here: the name and its path."""
    found: dict[str, str] = {}
    for path in listed(directory):
        name = os.path.basename(path)
        if name.endswith(".py"):
            found.setdefault(name[: -len(".py")], path)
        elif name.isidentifier() and os.path.isfile(os.path.join(path, "__init__.py")):
            found[name] = path
    found.pop("__init__", None)
    return found


def _files(directory: str) -> Iterator[str]:
    """Python files in and below a folder, the nearest first."""
    level, read = [directory], 0
    for _ in range(_DEEPEST + 1):
        below: list[str] = []
        for folder in level:
            for path in listed(folder):
                if path.endswith(".py"):
                    read += 1
                    if read > _SAMPLE:
                        return
                    yield path
                elif os.path.basename(path).isidentifier() and os.path.isdir(path):
                    below.append(path)
        level = below


def _beside(directory: str) -> Iterator[str]:
    """Python files beside a folder, and those of tests there."""
    above = os.path.dirname(directory)
    paths = [*listed(above), *listed(os.path.join(above, "tests"))]
    yield from [path for path in paths if path.endswith(".py")][:_SAMPLE]


def _is_ours(children: Mapping[str, str], importer: str, match: re.Match[bytes]) -> bool:
    """Whether an import names one of `children`, and finds there what it asks for.

    A library may have the name of a module beside: `from redis import Redis` next to `redis.py`
    is a sign only if `Redis` is defined there.
    """
    module = (match[1] or match[3] or match[4]).decode("ascii", "replace")
    name = (match[2] or b"").decode("ascii", "replace")
    first, *rest = module.split(".")
    child = children.get(first)
    if child is None or child == importer:
        return False
    if child.endswith(".py"):
        defined = rf"^(?:(?:async[ \t]+)?def|class)[ \t]+{name}\b|^{name}[ \t]*[:=]"
        return not rest and (not name or bool(re.search(defined.encode(), head(child), re.M)))
    target = os.path.join(child, *(rest or [name]))
    return bool(rest or name) and (os.path.isdir(target) or os.path.isfile(f"{target}.py"))
