"""The mutable side of a project: disk, open buffers over disk, invalidation."""

import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from celeryls.config import Loaded
from celeryls.facts import FileFacts, Interface, extract, has_traces
from celeryls.project.environment import Environment, find_environment
from celeryls.project.modules import Modules
from celeryls.project.project import Project, Resolution
from celeryls.project.walk import is_home_or_root, python_files
from celeryls.text.files import UnreadableSource, read_source

Progress: TypeAlias = Callable[[int, int], None]
"""Called while a folder is read, with how many files are done and how many there are."""

_PROGRESS_EVERY = 50
_MOST_ROUNDS = 3
"""How often a decorator that is made of another one of the project is followed."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that could not be read, and why, for a person."""

    path: str
    reason: str


class Workspace:
    """One workspace folder.  Methods may be called from any thread.

    `folder` is `None` for a single file without a folder: then nothing is scanned.
    """

    def __init__(self, folder: Path | None, loaded: Loaded) -> None:
        self.folder = folder
        self.loaded = loaded
        self.unread: list[Unread] = []
        self.generation = 0
        """Grows with every change that other files may depend on."""
        self._decorators: _Mentions | None = None
        self._lock = threading.RLock()
        self._disk: dict[str, FileFacts] = {}
        self._open: dict[str, FileFacts] = {}
        self._texts: dict[str, str] = {}
        self._on_demand: dict[str, FileFacts | None] = {}
        self._environment: Environment | None = None
        self._modules: Modules | None = None
        self._resolution: Resolution | None = None
        self._snapshot: Project | None = None

    # --- what happens to files --------------------------------------------------------

    def scan(self, paths: Iterable[str] | None = None, on_progress: Progress | None = None) -> None:
        """Read `paths`, by default every Python file of the folder that has Celery's traces.

        `on_progress` is called from this thread: before the first file, every 50 files, and
        when all are done.  What it raises ends the scan, with nothing changed.
        """
        everything = paths is None
        if paths is None:
            if self.folder is None or is_home_or_root(self.folder):
                return
            paths = python_files(self.folder, self.loaded.config.exclude, self.loaded.root)
        if everything:
            self._decorators = None
        paths = list(paths)
        found: dict[str, FileFacts | None] = {}
        for done, path in enumerate(paths):
            if on_progress is not None and done % _PROGRESS_EVERY == 0:
                on_progress(done, len(paths))
            found[path] = self._read(path, only_traced=True)
        if on_progress is not None:
            on_progress(len(paths), len(paths))
        self._take(found, everything=everything)
        # Files whose only trace is a decorator that others of the project define; what such a
        # file defines may be one too.
        for _ in range(_MOST_ROUNDS):
            decorators = _mentions(self.snapshot().own_decorators())
            if decorators == self._decorators:
                break
            self._decorators = decorators
            untraced = [path for path, facts in found.items() if facts is None]
            found = {path: self._read(path, only_traced=True) for path in untraced}
            self._take(found)

    def _take(self, found: Mapping[str, FileFacts | None], *, everything: bool = False) -> None:
        with self._lock:
            kept = {} if everything else self._disk
            self._disk = {
                path: facts for path, facts in {**kept, **found}.items() if facts is not None
            }
        self._forget(everything=True)

    def open(self, path: str, text: str) -> None:
        """A buffer was opened or changed: its text is the file's from now on."""
        facts = extract(text)
        with self._lock:
            before = self._open.get(path) or self._disk.get(path)
            facts = _with_last_good(facts, before)
            self._open[path] = facts
            self._texts[path] = text
            self._changed(path, before, facts)

    def close(self, path: str) -> None:
        """A buffer was closed: the file is what the disk says."""
        with self._lock:
            before = self._open.pop(path, None)
            self._texts.pop(path, None)
        self.refresh(path, before)

    def refresh(self, path: str, before: FileFacts | None = None) -> None:
        """The file at `path` was changed, made or removed on disk."""
        facts = self._read(path, only_traced=True)
        with self._lock:
            known = path in self._disk or path in self._on_demand
            before = before or self._disk.get(path) or self._on_demand.get(path)
            self._on_demand.pop(path, None)
            if facts is None:
                self._disk.pop(path, None)
            else:
                self._disk[path] = facts
            if not known or not Path(path).exists():
                self._forget(everything=True)
            elif path not in self._open:
                self._changed(path, before, facts)

    def configure(self, loaded: Loaded) -> None:
        """Other settings hold from now on."""
        with self._lock:
            self.loaded = loaded
            self._environment = None
        self._forget(everything=True)

    def _changed(self, path: str, before: FileFacts | None, after: FileFacts | None) -> None:
        self._snapshot = None
        same = before is not None and after is not None and before.interface == after.interface
        if not same:
            self._resolution = None
            self.generation += 1

    def _forget(self, *, everything: bool) -> None:
        with self._lock:
            self._snapshot = None
            self._resolution = None
            self.generation += 1
            if everything:
                self._modules = None
                self._on_demand.clear()

    def _read(self, path: str, *, only_traced: bool) -> FileFacts | None:
        reason = None
        try:
            source = read_source(path)
        except OSError:
            return None
        except UnreadableSource as error:
            reason = str(error)
            return None
        finally:
            with self._lock:
                self.unread = [item for item in self.unread if item.path != path]
                if reason is not None:
                    self.unread.append(Unread(path, reason))
        if only_traced and not self._is_of_interest(source.text):
            return None
        return extract(source.text)

    def _is_of_interest(self, text: str) -> bool:
        return has_traces(text) or (self._decorators is not None and self._decorators(text))

    # --- asking -----------------------------------------------------------------------

    def snapshot(self) -> Project:
        """The workspace as it is now."""
        with self._lock:
            if self._snapshot is None:
                files: Mapping[str, FileFacts] = {**self._disk, **self._open}
                if self._environment is None:
                    self._environment = find_environment(self.loaded.root, self.loaded.config)
                if self._modules is None:
                    self._modules = Modules(
                        self.folder or self.loaded.root,
                        [(self.loaded.root / src).resolve() for src in self.loaded.config.src],
                        self._environment.site_packages,
                    )
                if self._resolution is None:
                    interfaces = {path: facts.interface for path, facts in files.items()}
                    self._resolution = Resolution(
                        self._modules,
                        interfaces,
                        _Interfaces(self, interfaces).get,
                        self.loaded.config.task_decorators,
                    )
                self._snapshot = Project(
                    self.folder or self.loaded.root,
                    self.loaded.config,
                    self._environment,
                    files,
                    dict(self._texts),
                    self._resolution,
                )
            return self._snapshot

    def read_on_demand(self, path: str) -> Interface | None:
        """The interface of a file that has no trace of Celery but is referred to."""
        with self._lock:
            if path not in self._on_demand:
                self._on_demand[path] = self._read(path, only_traced=False)
            facts = self._on_demand[path]
        return None if facts is None else facts.interface


@dataclass(frozen=True, slots=True)
class _Mentions:
    """Whether a text may use one of the project's own decorators: it has its name and module."""

    names: re.Pattern[str]
    modules: re.Pattern[str]

    def __call__(self, text: str) -> bool:
        return self.names.search(text) is not None and self.modules.search(text) is not None


def _mentions(decorators: Iterable[tuple[str, str]]) -> _Mentions | None:
    """`decorators` are module and name; of a module its last part is what files must have."""
    modules = sorted({re.escape(module.rpartition(".")[2]) for module, _ in decorators})
    names = sorted({re.escape(name) for _, name in decorators})
    if not names:
        return None
    patterns = (re.compile(rf"\b(?:{'|'.join(words)})\b") for words in (names, modules))
    return _Mentions(*patterns)


def _with_last_good(facts: FileFacts, before: FileFacts | None) -> FileFacts:
    """Fill in what a half-typed line hides with what the file last said.

    An import or a setting that is being typed must not change what other lines mean.
    """
    if before is None or not facts.body.holes:
        return facts
    if facts.hopeless:
        return replace(before, hopeless=True)
    old, new = before.interface, facts.interface
    merged = replace(
        new,
        names={**old.names, **new.names},
        star_imports=tuple(dict.fromkeys((*new.star_imports, *old.star_imports))),
        conf_writes=max(new.conf_writes, old.conf_writes, key=len),
        app_calls=max(new.app_calls, old.app_calls, key=len),
        django_settings=new.django_settings or old.django_settings,
    )
    return replace(facts, interface=merged)


class _Interfaces:
    """The interfaces of one resolution: those of the snapshot, others read when needed."""

    def __init__(self, workspace: Workspace, interfaces: Mapping[str, Interface]) -> None:
        self._workspace = workspace
        self._interfaces = interfaces

    def get(self, path: str) -> Interface | None:
        interface = self._interfaces.get(path)
        if interface is not None:
            return interface
        return self._workspace.read_on_demand(path)
