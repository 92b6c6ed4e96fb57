"""Which module a file is, and which file a module is."""

import os
import re
from collections.abc import Iterable
from pathlib import Path

from celeryls.project.walk import is_test_path

_ROOT_MARKS = ("manage.py", "pyproject.toml", "setup.py", "setup.cfg", ".git")
_SETTINGS_MODULE = re.compile(rb"""DJANGO_SETTINGS_MODULE["']\]?\s*[,=]\s*["'](\w+)[.\w]*["']""")
_SAMPLE = 40
"""Files that are looked at to see whether a folder is a package without `__init__.py`."""


class Modules:
    """Module names of one workspace folder.  Looks at the disk, caches what it saw.

    `src` are configured source roots (absolute); without any, a module's name begins where
    its package begins, or where Django's `manage.py` stands, or in `src/`, or in the folder itself.
    """

    def __init__(
        self, folder: Path, src: Iterable[Path] = (), site_packages: Iterable[Path] = ()
    ) -> None:
        self._planned: frozenset[str] = frozenset()
        self._folder = os.fspath(folder)
        self._configured = [os.fspath(root) for root in src]
        self._site = [os.fspath(root) for root in site_packages]
        self._package: dict[str, bool] = {}
        self._namespace: dict[str, bool] = {}
        self._django: dict[str, bool] = {}
        self._found: dict[tuple[str, str], str | None] = {}
        self._names: dict[str, str | None] = {}
        self._roots: set[str] = set()
        self._tests: dict[str, bool] = {}

    def with_file(self, path: str) -> "Modules":
        """These modules, were there a file `path` as well, which the disk does not have."""
        after = Modules(Path(self._folder), map(Path, self._configured), map(Path, self._site))
        after._planned = self._planned | {path}
        return after

    def is_file(self, path: str) -> bool:
        """Whether a file is there, or planned."""
        return path in self._planned or os.path.isfile(path)

    def is_test(self, path: str) -> bool:
        """Whether a file is a test by its name or its place.

        Where the folder itself stands says nothing: somebody may work in `/home/test`.
        """
        if path not in self._tests:
            inside = path[len(self._folder) :] if path.startswith(self._folder) else path
            self._tests[path] = is_test_path(inside)
        return self._tests[path]

    def name_of(self, path: str) -> str | None:
        """The dotted name that `path` is imported under; `None` where several fit, or none."""
        if path not in self._names:
            self._names[path] = self._name_of(path)
        return self._names[path]

    def _name_of(self, path: str) -> str | None:
        if not path.endswith(".py"):
            return None
        root = self.root_of(path)
        if root is None:
            return None
        parts = os.path.relpath(path, root)[: -len(".py")].split(os.sep)
        if parts[-1] == "__init__":
            parts.pop()
        if not parts or not all(part.isidentifier() for part in parts[:-1]):
            return None
        if not re.fullmatch(r"\w+", parts[-1]):  # Django's migrations begin with a digit
            return None
        return ".".join(parts)

    def root_of(self, path: str) -> str | None:
        """The folder that the module name of `path` begins in."""
        directory = os.path.dirname(path)
        if self._configured:
            fits = [root for root in self._configured if _inside(path, root)]
            return fits[0] if len(fits) == 1 else None
        top = directory
        while self._is_package(top) and not self._is_run_in(top):
            parent = os.path.dirname(top)
            if parent == top:
                break
            top = parent
        if top != directory or self._is_package(top):
            while self._is_namespace(top):
                top = os.path.dirname(top)
            self._roots.add(top)
            return top
        src = os.path.join(self._folder, "src")
        if _inside(path, src):
            return src
        if not _inside(path, self._folder):
            return directory
        # A script beside packages: run from there it is `x`, from the folder `beside.x`.
        if directory != self._folder and self._holds_packages(directory):
            return None
        return self._folder

    def find(self, module: str, near: str) -> str | None:
        """The file of `module` as seen from the file `near`; `None` if it isn't there."""
        if not module:
            return None
        start = self.root_of(near) or os.path.dirname(near)
        key = (module, start)
        if key not in self._found:
            self._found[key] = self._find(module, start)
        return self._found[key]

    def _find(self, module: str, start: str) -> str | None:
        relative = module.replace(".", os.sep)
        roots = [start, *self._configured, self._folder, os.path.join(self._folder, "src")]
        for root in dict.fromkeys([*roots, *sorted(self._roots), *self._site]):
            base = os.path.join(root, relative)
            for candidate in (os.path.join(base, "__init__.py"), base + ".py"):
                if self.is_file(candidate):
                    return candidate
        return None

    def in_site_packages(self, path: str) -> bool:
        """Whether `path` belongs to an installed package."""
        return any(_inside(path, root) for root in self._site)

    def _is_namespace(self, directory: str) -> bool:
        """Whether a folder without `__init__.py` is a package all the same (PEP 420).

        It is if what is in it imports by its name.
        """
        if directory not in self._namespace:
            self._namespace[directory] = self._imported_by_name(directory)
        return self._namespace[directory]

    def _imported_by_name(self, directory: str) -> bool:
        name = os.path.basename(directory)
        if directory == self._folder or not _inside(directory, self._folder):
            return False
        if not name.isidentifier() or name == "src":
            return False
        if any(os.path.exists(os.path.join(directory, mark)) for mark in _ROOT_MARKS):
            return False
        imports = re.compile(rf"^\s*(?:from|import)\s+{name}\.\w".encode(), re.M)
        looked_at = 0
        for package in _listed(directory):
            for file in _listed(package):
                if file.endswith(".py") and looked_at < _SAMPLE:
                    looked_at += 1
                    if imports.search(_head(file)):
                        return True
        return False

    def _is_run_in(self, directory: str) -> bool:
        """Whether Django is run in a folder, whose `manage.py` puts it on Python's path.

        Its settings are then imported from there.  Such a folder may have an `__init__.py` too.
        """
        if directory not in self._django:
            manage = os.path.join(directory, "manage.py")
            found = _SETTINGS_MODULE.search(_head(manage)) if self.is_file(manage) else None
            settings = os.path.join(directory, found[1].decode()) if found is not None else ""
            self._django[directory] = found is not None and (
                os.path.isdir(settings) or self.is_file(settings + ".py")
            )
        return self._django[directory]

    def _holds_packages(self, directory: str) -> bool:
        return any(self._is_package(entry) for entry in _listed(directory))

    def _is_package(self, directory: str) -> bool:
        if directory not in self._package:
            self._package[directory] = self.is_file(os.path.join(directory, "__init__.py"))
        return self._package[directory]


def _listed(directory: str) -> list[str]:
    """The paths in a folder; none where it can't be read."""
    try:
        return sorted(os.path.join(directory, name) for name in os.listdir(directory))
    except OSError:
        return []


def _head(path: str) -> bytes:
    """The beginning of a file, where imports are."""
    try:
        with open(path, "rb") as file:
            return file.read(8192)
    except OSError:
        return b""


def absolute_module(module: str | None, path: str, name: str, level: int) -> str | None:
    """The absolute name of a `from`-import of `level` dots in module `module` at `path`."""
    if level == 0:
        return name
    if module is None:
        return None
    parts = module.split(".")
    if not path.endswith("__init__.py"):
        parts.pop()
    drop = level - 1
    if drop > len(parts):
        return None
    parts = parts[: len(parts) - drop]
    return ".".join([*parts, name] if name else parts) or None


def _inside(path: str, root: str) -> bool:
    return path == root or path.startswith(root.rstrip(os.sep) + os.sep)
