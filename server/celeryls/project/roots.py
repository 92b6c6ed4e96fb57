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

    `from app.core import config` below `backend/`, which holds `app/core/`: Python is started in
    `backend/`.  The folder's own name, in an import or at the beginning of a text
    (`"backend.app.tasks"`), speaks against it.  In a package only its packages count: there
    `from tasks import send`, with `tasks.py` beside, is a mistake more often than a sign.
    """
    children = _children(directory)
    if os.path.isfile(os.path.join(directory, "__init__.py")):
        children = {name: path for name, path in children.items() if not path.endswith(".py")}
    own = os.path.basename(directory)
    if not children:
        return False
    by_own_name = rf"^[ \t]*(?:from|import)[ \t]+{re.escape(own)}\b|[\"']{re.escape(own)}\.\w"
    against = re.compile(by_own_name.encode(), re.M) if own not in children else None
    found = False
    for path in _files(directory):
        text = head(path)
        if against is not None and against.search(text):
            return False
        found = found or any(_is_ours(children, path, match) for match in _IMPORT.finditer(text))
    return found and not any(
        against is not None and against.search(head(path)) for path in _beside(directory)
    )


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

    A library may have the name of a module beside: `import redis` next to `redis.py` is no sign,
    and `from redis import Redis` one only if `Redis` is defined there.
    """
    module = (match[1] or match[3]).decode("ascii", "replace")
    name = (match[2] or b"").decode("ascii", "replace")
    first, *rest = module.split(".")
    child = children.get(first)
    if child is None or first in _NOT_OURS or child == importer:
        return False
    if child.endswith(".py"):
        defined = rf"^(?:(?:async[ \t]+)?def|class)[ \t]+{name}\b|^{name}[ \t]*[:=]"
        return bool(name) and not rest and bool(re.search(defined.encode(), head(child), re.M))
    target = os.path.join(child, *(rest or [name]))
    return bool(rest or name) and (os.path.isdir(target) or os.path.isfile(f"{target}.py"))
