"""Which module a file is, and which file a module is."""

import os
import re
from collections.abc import Iterable
from pathlib import Path

from celeryls.project.roots import has_mark, head, is_django_root, is_import_root, listed
from celeryls.project.walk import is_test_path

_SAMPLE = 40
"""Files that are looked at to see whether a folder is a package without `__init__.py`."""


class Modules:
    """Module names of one workspace folder.  Looks at the disk, caches what it saw.

    `src` are configured source roots (absolute); without any, a module's name begins where
    its package begins, or where Django's `manage.py` stands, or in `src/`, or where the imports
    beside it begin, or in the folder itself.
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
        self._import_root: dict[str, bool] = {}
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
        while self._is_package(top) and not self._is_django_root(top):
            parent = os.path.dirname(top)
            if parent == top:
                break
            top = parent
        if top != directory or self._is_package(top):
            while self._is_namespace(top):
                top = os.path.dirname(top)
            top = self._inner_root(directory, top)
            self._roots.add(top)
            return top
        src = os.path.join(self._folder, "src")
        if _inside(path, src):
            return src
        if not _inside(path, self._folder):
            return directory
        around = directory
        while around != self._folder:
            if self._is_import_root(around):
                self._roots.add(around)
                return around
            around = os.path.dirname(around)
        # A script beside packages: run from there it is `x`, from the folder `beside.x`.
        if directory != self._folder and self._holds_packages(directory):
            return None
        return self._folder

    def _inner_root(self, directory: str, top: str) -> str:
        """The folder that names begin in: `top`, or a package below it that only looks like one.

        `backend/__init__.py` may be there by mistake, and `backend/` where Python starts.
        """
        if directory == top or not _inside(directory, self._folder):
            return top
        parts = os.path.relpath(directory, top).split(os.sep)
        package = os.path.join(top, parts[0])
        return package if self._is_import_root(package) else top

    def _is_import_root(self, directory: str) -> bool:
        if directory not in self._import_root:
            self._import_root[directory] = is_import_root(directory, self._folder)
        return self._import_root[directory]

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
        if has_mark(directory):
            return False
        imports = re.compile(rf"^\s*(?:from|import)\s+{name}\.\w".encode(), re.M)
        looked_at = 0
        for package in listed(directory):
            for file in listed(package):
                if file.endswith(".py") and looked_at < _SAMPLE:
                    looked_at += 1
                    if imports.search(head(file)):
                        return True
        return False

    def _is_django_root(self, directory: str) -> bool:
        if directory not in self._django:
            self._django[directory] = is_django_root(directory)
        return self._django[directory]

    def _holds_packages(self, directory: str) -> bool:
        return any(self._is_package(entry) for entry in listed(directory))

    def _is_package(self, directory: str) -> bool:
        if directory not in self._package:
            self._package[directory] = self.is_file(os.path.join(directory, "__init__.py"))
        return self._package[directory]


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
