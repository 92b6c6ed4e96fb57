"""The mutable side of a project: disk, open buffers over disk, invalidation."""

import gc
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from celeryls.config import Loaded
from celeryls.facts import FileFacts, Interface, extract, has_traces
from celeryls.project.cache import UNREADABLE, Cache, Known
from celeryls.project.environment import Environment, find_environment
from celeryls.project.mentions import Mentions, has_word
from celeryls.project.modules import Modules
from celeryls.project.project import Project
from celeryls.project.resolution import Resolution
from celeryls.project.walk import is_home_or_root, python_files
from celeryls.text.files import UnreadableSource, decode, read_bytes

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

    `folder` is `None` for a single file without a folder: then nothing is scanned.  `cache`
    has what was read before, see `cache_for`; without it everything is read anew.
    """

    def __init__(
        self,
        folder: Path | None,
        loaded: Loaded,
        cache: Cache | None = None,
        *,
        trusted: bool = False,
    ) -> None:
        self.folder = folder
        self.loaded = loaded
        self.trusted = trusted
        self.generation = 0
        """Grows with every change that other files may depend on."""
        self._cache = cache or Cache()
        self._decorators: _Mentions | None = None
        self._unread: dict[str, Unread] = {}
        self._lock = threading.RLock()
        self._disk: dict[str, FileFacts] = {}
        self._untraced: set[str] = set()
        self._open: dict[str, FileFacts] = {}
        self._texts: dict[str, str] = {}
        self._on_demand: dict[str, FileFacts | None] = {}
        self._environment: Environment | None = None
        self._modules: Modules | None = None
        self._resolution: Resolution | None = None
        self._mentions = Mentions()
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
        with _no_garbage_collection():
            told = on_progress or (lambda done, total: None)
            self._scan(list(paths), told, everything=everything)
        self._cache.save()

    def _scan(self, paths: Sequence[str], on_progress: Progress, *, everything: bool) -> None:
        if everything:
            self._cache.begin()
        found = self._read_all(paths, on_progress)
        self._take(found, everything=everything)
        # Files whose only trace is a decorator that others of the project define; what such a
        # file defines may be one too.
        for _ in range(_MOST_ROUNDS):
            decorators = _mentions(self.snapshot().own_decorators())
            if decorators == self._decorators:
                break
            self._decorators = decorators
            # Nothing else is looked for in them again: that would cost a quarter of a scan.
            untraced = [path for path, facts in found.items() if facts is None]
            mentioned = filter(decorators.are_in, untraced) if decorators else ()
            more = {path: self._read(path) for path in mentioned}
            if not any(more.values()):
                break
            self._take(more)
            found |= more

    def _read_all(self, paths: Sequence[str], on_progress: Progress) -> dict[str, FileFacts | None]:
        found: dict[str, FileFacts | None] = {}
        for done, path in enumerate(paths):
            if done % _PROGRESS_EVERY == 0:
                on_progress(done, len(paths))
            found[path] = self._read(path)
        on_progress(len(paths), len(paths))
        return found

    def keep_cache(self) -> None:
        """Write down what was read since the scan, for the next process."""
        self._cache.save()

    def _take(self, found: Mapping[str, FileFacts | None], *, everything: bool = False) -> None:
        with self._lock:
            kept = {} if everything else self._disk
            if everything:  # not before all is read: that may be stopped
                self._decorators = None
                self._unread = {path: note for path, note in self._unread.items() if path in found}
            self._disk = {
                path: facts for path, facts in {**kept, **found}.items() if facts is not None
            }
            self._untraced -= found.keys()
            nothing = (path for path, facts in found.items() if facts is None)
            self._untraced |= {p for p in nothing if everything or os.path.exists(p)}
            self._mentions.keep(self._disk)
            self._mentions.changed(self._untraced)
        self._forget()

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
        """A buffer was closed: the file is what the disk says, if it is one of the folder's."""
        with self._lock:
            before = self._open.pop(path, None)
            self._texts.pop(path, None)
            if not self.knows(path):
                self._forget()
                return
        self.refresh(path, before)

    def refresh(self, path: str, before: FileFacts | None = None) -> None:
        """The file at `path` was changed, made or removed on disk."""
        facts = self._read(path)
        with self._lock:
            known = path in self._disk or path in self._on_demand
            there = os.path.exists(path)
            self._mentions.changed({*self._untraced, path} if there else self._untraced - {path})
            if facts is None and not known and path in self._untraced and there:
                return  # still nothing about Celery, and nobody asked for it
            before = before or self._disk.get(path) or self._on_demand.get(path)
            self._on_demand.pop(path, None)
            self._untraced.discard(path)
            if facts is not None:
                self._disk[path] = facts
            else:
                self._disk.pop(path, None)
                self._untraced |= {path} if there else set()
            if not known or not there:
                self._forget()
            elif path not in self._open:
                self._changed(path, before, facts)

    def knows(self, path: str) -> bool:
        """Whether a file was there when the folder was last read."""
        with self._lock:
            return path in self._disk or path in self._untraced

    def configure(self, loaded: Loaded) -> None:
        """Other settings hold from now on."""
        with self._lock:
            self.loaded = loaded
            self._environment = None
        self._forget()

    def _changed(self, path: str, before: FileFacts | None, after: FileFacts | None) -> None:
        self._snapshot = None
        if before is not None and after is not None:
            if before.interface == after.interface:
                return
            if self._resolution is not None:
                self._resolution = self._resolution.after(path, before.interface, after.interface)
        else:
            self._resolution = None
        self.generation += 1

    def _forget(self) -> None:
        """Nothing that was resolved holds any more, nor which module is which file."""
        with self._lock:
            self._snapshot = None
            self._resolution = None
            self._modules = None
            self._on_demand.clear()
            self.generation += 1

    def _read(self, path: str, *, whatever: bool = False) -> FileFacts | None:
        """The facts of a file on disk; `None` if it has no traces, unless `whatever` it has."""
        reason = None
        facts = None
        try:
            facts = self._facts_of(read_bytes(path), whatever=whatever)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            pass  # gone
        except OSError as error:
            reason = error.strerror or str(error)
        except UnreadableSource as error:
            reason = str(error)
        self._note(path, reason)
        return facts

    def _note(self, path: str, reason: str | None) -> None:
        if reason is not None or path in self._unread:
            with self._lock:
                self._unread.pop(path, None)
                if reason is not None:
                    self._unread[path] = Unread(path, reason)

    def _facts_of(self, data: bytes, *, whatever: bool) -> FileFacts | None:
        cache = self._cache
        key = cache.key(data)
        known = cache.get(key)
        source = None
        if known is None:
            try:
                source = decode(data)
            except UnreadableSource as error:
                cache.put(key, Known(UNREADABLE, str(error).encode("utf-8", "replace")))
                raise
            traced = has_traces(data if source.encoding == "utf-8" else source.text)
        elif known.unreadable is not None:
            raise UnreadableSource(known.unreadable)
        else:
            traced = known.traced
        if whatever or traced or (self._decorators is not None and self._decorators(data)):
            facts = known.facts() if known is not None else None
            if facts is not None:
                return facts
            facts = extract((source or decode(data)).text)
            if not facts.hopeless:  # or is it for lack of memory, which must not be remembered
                cache.put_facts(key, facts, traced=traced)
            return facts
        if known is None:
            cache.put(key, Known(0))
        return None

    # --- asking -----------------------------------------------------------------------

    @property
    def unread(self) -> list[Unread]:
        """The files that could not be read."""
        with self._lock:
            return list(self._unread.values())

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
                        self.read_on_demand,
                        self.loaded.config.task_decorators,
                    )
                self._snapshot = Project(
                    self.folder or self.loaded.root,
                    self.loaded.config,
                    self._environment,
                    files,
                    dict(self._texts),
                    self._resolution,
                    self._mentions,
                    trusted=self.trusted,
                )
            return self._snapshot

    def read_on_demand(self, path: str) -> Interface | None:
        """The interface of a file that has no trace of Celery but is referred to."""
        with self._lock:
            if path not in self._on_demand:
                self._on_demand[path] = self._read(path, whatever=True)
            facts = self._on_demand[path]
        return None if facts is None else facts.interface


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Facts and trees have no circles, and to look for some costs a fifth of a cold scan."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@dataclass(frozen=True, slots=True)
class _Mentions:
    """Whether a file may use one of the project's own decorators: it has its name and module.

    The file is taken for UTF-8, whatever it says: only ASCII is told apart otherwise.
    """

    names: tuple[bytes, ...]
    modules: tuple[bytes, ...]

    def __call__(self, data: bytes) -> bool:
        return has_word(data, self.names) and has_word(data, self.modules)

    def are_in(self, path: str) -> bool:
        """Whether the file at `path` may use one; not if it can't be read."""
        try:
            return self(read_bytes(path))
        except (OSError, UnreadableSource):
            return False


def _mentions(decorators: Iterable[tuple[str, str]]) -> _Mentions | None:
    """`decorators` are module and name; of a module its last part is what files must have."""
    modules = sorted({module.rpartition(".")[2].encode() for module, _ in decorators})
    names = sorted({name.encode() for _, name in decorators})
    return _Mentions(tuple(names), tuple(modules)) if names else None


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
        annotated_apps={**old.annotated_apps, **new.annotated_apps},
        django_settings=new.django_settings or old.django_settings,
    )
    return replace(facts, interface=merged)
