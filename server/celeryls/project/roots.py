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
_IMPORT = re.compile(
    rb"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import[ \t(\\]+(\w+)?|import[ \t]+([\w.]+))", re.M
)
_SETTINGS_MODULE = re.compile(rb"""DJANGO_SETTINGS_MODULE["']\]?\s*[,=]\s*["'](\w+)[.\w]*["']""")
_NOT_OURS = frozenset({*sys.stdlib_module_names, "celery", "kombu", "billiard", "vine"})


def is_django_root(directory: str) -> bool:
    """Whether Django is run in a folder, whose `manage.py` puts it on Python's path.

    Its settings are then imported from there.  Such a folder may have an `__init__.py` too.
    """
    found = _SETTINGS_MODULE.search(head(os.path.join(directory, "manage.py")))
    if found is None:
        return False
    settings = os.path.join(directory, found[1].decode())
    return os.path.isdir(settings) or os.path.isfile(settings + ".py")


def is_import_root(directory: str) -> bool:
    """Whether files in `directory` import one another by names that begin in it.

    `from app.core import config` below `backend/`, which holds `app/core/config.py`: Python is
    started in `backend/`, whether that has an `__init__.py` or not.  A single import by the
    folder's own name (`from backend.app …`) speaks against it.
    """
    children = _children(directory)
    if not children:
        return False
    own = os.path.basename(directory)
    found = False
    for path in _files(directory):
        for match in _IMPORT.finditer(head(path)):
            module = (match[1] or match[3]).decode("ascii", "replace")
            name = (match[2] or b"").decode("ascii", "replace")
            first = module.partition(".")[0]
            if first == own and own not in children:
                return False
            if not found and first in children and first not in _NOT_OURS:
                found = _is_there(children[first], path, module, name)
    return found


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


def _is_there(child: str, importer: str, module: str, name: str) -> bool:
    """Whether an import of `child` finds there what it asks for.

    A library may have the name of a module beside: `import redis` next to `redis.py` is no sign,
    and `from redis import Redis` one only if `Redis` is defined there.
    """
    if child == importer:
        return False
    if child.endswith(".py"):
        if "." in module or not name:
            return False
        defined = rf"^(?:(?:async[ \t]+)?def|class)[ \t]+{name}\b|^{name}[ \t]*[:=]"
        return re.search(defined.encode(), head(child), re.M) is not None
    target = os.path.join(child, *module.split(".")[1:])
    if "." in module:
        return os.path.isdir(target) or os.path.isfile(f"{target}.py")
    return bool(name) and (
        os.path.isdir(os.path.join(child, name))
        or os.path.isfile(os.path.join(child, f"{name}.py"))
    )
