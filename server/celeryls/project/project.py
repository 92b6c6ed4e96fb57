"""The snapshot that every question is put to."""

import os
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from celeryls.config import Config
from celeryls.facts import (
    Body,
    CallSite,
    CanvasSite,
    FileFacts,
    FunctionDecl,
    FunctionSite,
    Import,
    Interface,
    extract,
    has_traces,
)
from celeryls.facts.references import Reference, find_references, may_use, site_of
from celeryls.project.apps import App
from celeryls.project.classes import Chain, chain_of
from celeryls.project.configs import Configs
from celeryls.project.conventions import Conventions, OwnTemplates
from celeryls.project.dispatch import Dispatch, workflow_kind
from celeryls.project.environment import Environment
from celeryls.project.habits import conventions_of
from celeryls.project.mentions import Mentions
from celeryls.project.registration import Registration, Stamp
from celeryls.project.resolution import Resolution
from celeryls.project.schedules import Schedule, schedules_in
from celeryls.project.settings import Setting
from celeryls.project.symbols import Symbol
from celeryls.project.task import Effective, Task
from celeryls.project.uses import Use, Uses, helpers
from celeryls.project.zones import Zone, zone_of
from celeryls.syntax import parse
from celeryls.syntax.expr import Expr, Name
from celeryls.text import Span
from celeryls.text.files import UnreadableSource, read_source

_CALLED = re.compile(r"(?<!def )\b(\w+)\s*\(")


class Project:
    """One workspace folder at one moment.  Immutable; safe to use from any thread.

    `trusted` says that templates of its own may be rendered.

    Paths are absolute strings; a document that isn't a file goes by its URI.
    """

    def __init__(
        self,
        folder: Path,
        config: Config,
        environment: Environment,
        files: Mapping[str, FileFacts],
        texts: Mapping[str, str],
        resolution: Resolution,
        mentions: Mentions,
        *,
        trusted: bool = False,
    ) -> None:
        self._texts = texts
        self._mentions = mentions
        self.folder = folder
        self.config = config
        self.environment = environment
        self.files = files
        self.trusted = trusted
        self._resolution = resolution

    @property
    def celery_version(self) -> tuple[int, int] | None:
        """The version that the project declares or has, `None` for the newest."""
        return self.environment.celery_version

    @property
    def newest_celery(self) -> tuple[int, int] | None:
        """The newest version that the project may run with, `None` where nothing says so."""
        return self.environment.newest_celery

    @property
    def apps(self) -> tuple[App, ...]:
        return self._resolution.apps.all

    @property
    def app_factories(self) -> tuple[str, ...]:
        """The files with a function that returns an app, which somebody may call somewhere."""
        return self._resolution.apps.factories

    @property
    def untraced(self) -> frozenset[str]:
        """The Python files of the folder that have no trace of Celery, and are not in `files`."""
        return self._mentions.untraced

    def body(self, path: str) -> Body:
        return self.files[path].body

    def interface(self, path: str) -> Interface:
        return self.files[path].interface

    def module_of(self, path: str) -> str | None:
        """The dotted module name of a file, `None` if unknown."""
        return self._resolution.names.modules.name_of(path)

    def file_of(self, module: str, near: str) -> str | None:
        """The file of a module as seen from the file `near`; `None` if it isn't there."""
        return self._resolution.names.modules.find(module, near)

    def star_imports(self, path: str) -> tuple[str, ...]:
        """The files that a file takes all names from, also a file without Celery's traces."""
        names = self._resolution.names
        interface = names.interface(path)
        found = (
            self.file_of(module, path)
            for star in (interface.star_imports if interface is not None else ())
            if (module := names.absolute(path, star)) is not None
        )
        return tuple(at for at in found if at is not None)

    def is_installed(self, path: str) -> bool:
        """Whether a file belongs to an installed package."""
        return self._resolution.names.modules.in_site_packages(path)

    def relative(self, path: str) -> str:
        """A file as patterns of the configuration name it: relative to that, with `/`."""
        return os.path.relpath(path, self.environment.root).replace(os.sep, "/")

    def is_test(self, path: str) -> bool:
        """Whether a file is a test by its name or its place in the project."""
        return self._resolution.names.modules.is_test(path)

    def has_package(self, name: str) -> bool:
        """Whether a top-level package or module of the workspace has Celery's traces."""
        return name in self._resolution.packages

    def resolve(self, path: str, dotted: str) -> tuple[Symbol, ...]:
        """Everything that a module-level name in a file may stand for; empty if nothing."""
        return self._resolution.names.resolve(path, dotted)

    def meaning(self, path: str, expr: Expr) -> tuple[Symbol, ...]:
        """Everything that an expression in a file may stand for; empty if unknown."""
        return self._resolution.names.meaning(path, expr)

    def evaluate(self, path: str, expr: Expr) -> Expr:
        """An expression in a file with names replaced by their values, as far as is certain."""
        return self._resolution.names.evaluate(expr, path)

    def module_symbols(self, path: str, imported: Import) -> tuple[Symbol, ...]:
        """The module that an import in a file refers to; empty if that can't be told."""
        names = self._resolution.names
        module = names.absolute(path, imported)
        return () if module is None else (names.module(module, path),)

    def chain(self, path: str, name: str) -> Chain:
        """A class of a file and its bases."""
        return chain_of(self._resolution.names, path, Name(name))

    def tasks(self) -> Iterator[Task]:
        """Every task, by path and place."""
        by_path = self._resolution.tasks.by_path
        for path in sorted(by_path):
            yield from by_path[path]

    def tasks_in(self, path: str) -> tuple[Task, ...]:
        return self._resolution.tasks.by_path.get(path, ())

    def tasks_named(self, name: str) -> tuple[Task, ...]:
        """The tasks that are registered under a name."""
        return self._resolution.dispatches.named(name)

    def own_decorators(self) -> list[tuple[str, str]]:
        """The project's own decorators that make tasks: module and name of each."""
        found = []
        for path, facts in self.files.items():
            module = self.module_of(path)
            for name, bindings in facts.interface.names.items() if module else ():
                makes = (isinstance(b, FunctionDecl) and b.returns for b in bindings)
                if any(makes) and self._resolution.tasks.is_decorator(path, name):
                    found.append((str(module), name))
        return found

    def dispatches(self, path: str) -> tuple[Dispatch, ...]:
        """The call sites of a file, each with the tasks that it is about."""
        body = self.files[path].body
        known = self._resolution.dispatched.get(path)
        if known is None or known[0] is not body:
            resolve = self._resolution.dispatches.of
            known = body, tuple(resolve(path, site) for site in body.calls)
            self._resolution.dispatched[path] = known
        return known[1]

    def dispatch_of(self, path: str, site: CallSite) -> Dispatch:
        """The tasks that a call in a file is about which is not among its facts."""
        return self._resolution.dispatches.of(path, site)

    def workflow_kind(self, path: str, site: CanvasSite) -> str | None:
        """`chain`, `group` or `chord`; `None` for what is none, or not certainly."""
        return workflow_kind(self._resolution.names, path, site)

    def schedules(self) -> Iterator[Schedule]:
        """Everything that runs by the clock, by path and place."""
        for path in sorted(self.files):
            yield from self.schedules_in(path)

    def schedules_in(self, path: str) -> Iterator[Schedule]:
        """What a file has run by the clock."""
        known = self._resolution
        yield from schedules_in(path, self.files[path].body, known.names, known.dispatches)

    def is_registered(self, task: Task) -> bool | None:
        """Whether a worker imports the task's module; `None` where that can't be told.

        Reads files of the project, also those without Celery, when it is first asked.
        """
        return self._registration.is_registered(task)

    @cached_property
    def _registration(self) -> Registration:
        known = self._resolution
        return Registration(
            known.names,
            known.apps,
            known.settings,
            known.interfaces,
            self.text,
            self._stamp,
            known.imports,
        )

    def _stamp(self, path: str) -> Stamp:
        """What the text of a file came from; a file without Celery is looked at on disk."""
        facts = self.files.get(path)
        if facts is not None:
            return facts, None
        try:
            status = os.stat(path)
        except OSError:
            return None, None
        return None, (status.st_mtime_ns, status.st_size)

    def uses(self, path: str) -> tuple[Use, ...]:
        """The uses of tasks in a file beside those of `dispatches`.

        What it reads of a file is kept, but it may parse all that it is asked about first.
        """
        return tuple(self._uses.of(path, self._references(path)))

    def _references(self, path: str) -> tuple[Reference, ...]:
        facts, words = self.files[path], self._uses.words
        known, found = frozenset[str](), tuple[Reference, ...]()
        kept = self._resolution.references.get(path)
        if kept is not None and kept[0] is facts:
            _, known, found = kept
        if not known >= words:
            text = self.text(path) or ""
            # While a task's name is typed it is a new one with each key, which nothing uses.
            if may_use(text, words - known):
                found = find_references(parse(text), words | known)
            self._resolution.references[path] = facts, words | known, found
        return found

    def direct_calls(self, path: str) -> tuple[Use, ...]:
        """The uses in a file that call a task like a function; only of names that are called."""
        text = self.text(path) or ""
        called = self._uses.words.intersection(_CALLED.findall(text))
        references = find_references(parse(text), called) if called else ()
        return tuple(use for use in self._uses.of(path, references) if use.how == "call")

    @cached_property
    def _uses(self) -> Uses:
        known = helpers((path, facts.body) for path, facts in self.files.items())
        resolution = self._resolution
        return Uses(resolution.names, resolution.dispatches, self.tasks(), known)

    def tasks_of(self, path: str, value: Expr) -> tuple[Task, ...]:
        """The tasks that a value in a file is, signs, or names as a text."""
        return self._resolution.dispatches.of_value(path, value)

    def task_itself(self, path: str, value: Expr) -> Task | None:
        """The task that a value in a file is, not a signature of it."""
        return self._resolution.dispatches.itself(path, value)

    def site(self, task: Task) -> FunctionSite:
        """Where a task's function stands."""
        if task.index >= 0:
            return self.files[task.path].body.functions[task.index]
        return site_of(self.text(task.path) or "", task.decl.name)

    def effective(self, task: Task, option: str) -> Effective:
        """An option of a task in force."""
        return self._resolution.in_force.effective(task, option)

    def mentions(
        self, word: str, *, beside: tuple[str, Span] | None = None, as_key: bool = True
    ) -> bool:
        """Whether any file with Celery's traces reads `.word`, or has it as a string.

        The place `beside`, a file and where in it, does not count.  Without `as_key`, the key of a
        dict display (`{"word": 1}`) does not either: it is no reason to think that something is
        asked for an attribute of that name.
        """
        end = r"[\"\']" if as_key else r"[\"\'](?!\s*:(?!=))"
        pattern = rf"(?<=\.){word}\b|(?<=[\"\']){word}(?={end})"
        for path in self._mentions.paths(self.files, self.text, word, pattern):
            if beside is None or path != beside[0]:
                return True
            places = (Span(*m.span()) for m in re.finditer(pattern, self.text(path) or ""))
            if any(place != beside[1] for place in places):
                return True
        return False

    def mentioned_beside(self, path: str, word: str) -> bool:
        """Whether any other file with Celery's traces has a word."""
        pattern = rf"\b{re.escape(word)}\b"
        found = self._mentions.paths(self.files, self.text, word, pattern)
        return any(other != path for other in found)

    def mentioned_anywhere_beside(self, path: str, *words: str) -> bool:
        """The same for any other file at all.  Reads many; a word with a trace is no reason to."""
        if any(self.mentioned_beside(path, word) for word in words):
            return True
        hidden = [word for word in words if not has_traces(word)]
        return bool(hidden) and self._mentions.in_untraced(*hidden)

    def app_of(self, path: str, dotted: str) -> App | None:
        """The app that a name at the top of a file stands for, if it is certain."""
        found = {self._resolution.apps.app_of(symbol) for symbol in self.resolve(path, dotted)}
        return found.pop() if len(found) == 1 else None

    @property
    def configs(self) -> Configs:
        """Where apps read their settings from."""
        return self._resolution.configs

    def setting(self, app: App | None, key: str) -> Setting:
        """A setting (new lower-case name) of one app, without one that on which all agree."""
        settings = self._resolution.settings
        return settings.shared(key) if app is None else settings.of(app, key)

    def zone(self, app: App | None) -> Zone | None:
        """The time zone that the crontabs of an app are in, without one that of all of them."""
        every = [known for known in self.apps if not self.is_test(known.path or "")]
        settings = self._resolution.settings
        return zone_of(settings, self.configs, every if app is None else (app,))

    def text(self, path: str) -> str | None:
        """The text of a file: the buffer's where it is open; `None` if it can't be read."""
        if path in self._texts:
            return self._texts[path]
        try:
            return read_source(path).text
        except (OSError, UnreadableSource):
            return None

    def with_text(self, path: str, text: str) -> "Project":
        """This project, were `text` the text of `path`, which need not exist."""
        if self._texts.get(path) == text:
            return self
        facts = extract(text)
        files = {**self.files, path: facts}
        resolution = self._resolution
        before = self.files.get(path)
        if before is None and not os.path.exists(path):
            resolution = resolution.with_file(path, facts.interface)
        elif before is None or before.interface != facts.interface:
            known = before.interface if before is not None else None
            resolution = resolution.after(path, known, facts.interface)
        texts = {**self._texts, path: text}
        return Project(
            self.folder,
            self.config,
            self.environment,
            files,
            texts,
            resolution,
            self._mentions,
            trusted=self.trusted,
        )

    def conventions(self, path: str) -> Conventions:
        """How this project writes tasks, as far as the file `path` is concerned."""
        return conventions_of(self, path)

    @property
    def own_templates(self) -> OwnTemplates | None:
        """The templates that the project has of its own; `None` if it says nothing of any."""
        folder = self.config.templates
        return OwnTemplates(self.environment.root, folder, self.trusted) if folder else None
