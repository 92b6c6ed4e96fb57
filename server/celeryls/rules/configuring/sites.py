"""What rules about settings are given: the settings a file writes, and how Celery reads them."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from celeryls import catalog
from celeryls.facts import SettingSite
from celeryls.project import Project
from celeryls.project.apps import App
from celeryls.rules.base import FileContext, Finding, Rule
from celeryls.syntax.expr import Expr
from celeryls.text import Applicability, Edit, Fix, Span

Form = Literal["new", "prefixed", "old", "none"]
"""How a setting is spelled: `task_acks_late`, `CELERY_TASK_ACKS_LATE` under the namespace
`CELERY`, `CELERY_ACKS_LATE`; or in no way that Celery knows."""


@dataclass(frozen=True, slots=True)
class Written:
    """A name that is read as a setting of `app`.

    `key` is the new name of the setting that it is read as, `None` if it is read as none.
    `config` tells apart the objects that settings are read from.  Of Django's settings only
    upper-case names are read.
    """

    site: SettingSite
    app: App
    namespace: str
    django: bool
    form: Form
    key: str | None

    @property
    def config(self) -> tuple[str, str]:
        return ("conf" if self.on_conf else self.site.where, self.site.owner)

    @property
    def on_conf(self) -> bool:
        """Whether it is written on `app.conf` itself, which takes new names only."""
        return self.site.where in ("attribute", "item", "update")

    def spelled(self, key: str) -> str:
        """How a setting is to be written here."""
        return key if self.on_conf or not self.namespace else prefixed(key, self.namespace)


def prefixed(key: str, namespace: str) -> str:
    """The name that a setting has under a namespace."""
    name = f"{namespace.rstrip('_')}_{key}"
    return name.upper() if namespace.isupper() else name.lower()


def settings_of(project: Project, path: str) -> Iterator[Written]:
    """The settings that a file writes, in the order of source.

    Where several apps read the same, one stands for them if they agree on the namespace; else
    there are none.  Tests write what they like.
    """
    sites = project.body(path).settings
    if not sites or project.is_test(path):
        return
    readers = _readers(project, path)
    updates = project.configs.updates_in(path)
    for site in sites:
        app_of_update = updates.get(site.owner) if site.where == "dict" else None
        if app_of_update is not None and ("dict", site.owner) not in readers:
            namespace = project.configs.namespace_of(app_of_update)
            form, key = _read_as(site.name, namespace)
            on_it = replace(site, where="update", owner=app_of_update.name)
            yield Written(on_it, app_of_update, namespace, False, form, key)
            continue
        reader = readers.get((site.where, site.owner)) or _reader(project, path, site)
        if reader is not None:
            app, namespace, django = reader
            if django and not site.name.isupper():
                continue
            form, key = _read_as(site.name, namespace)
            yield Written(site, app, namespace, django, form, key)


def settings_for(project: Project, path: str, app: App) -> Iterator[Written]:
    """The settings of one app that a file writes, in the order of source.

    Unlike `settings_of`, which asks once for what several apps read, it leaves out none of them.
    """
    sites = project.body(path).settings
    if not sites or (project.is_test(path) and not project.is_test(app.path or "")):
        return
    sources = [source for source in project.configs.in_file(path) if source.app == app]
    for site in sites:
        if site.where in ("module", "class", "dict"):
            name = "" if site.where == "module" else site.owner
            readers = [(s.namespace, s.django) for s in sources if s.name == name]
        else:
            on_it = project.app_of(path, site.owner) == app
            readers = [(project.configs.namespace_of(app), False)] if on_it else []
        for namespace, django in readers[:1]:
            if site.name.isupper() or not django:
                form, key = _read_as(site.name, namespace)
                yield Written(site, app, namespace, django, form, key)


_Reader = tuple[App, str, bool]


def _readers(project: Project, path: str) -> dict[tuple[str, str], _Reader | None]:
    """Who reads what stands in the modules, classes and dicts of a file."""
    found: dict[tuple[str, str], _Reader | None] = {}
    for source in project.configs.in_file(path):
        reader = source.app, source.namespace, source.django
        keys = [("class", source.name), ("dict", source.name)] if source.name else [("module", "")]
        for key in keys:
            before = found.get(key, reader)
            agrees = before is not None and before[1:] == reader[1:]
            found[key] = before if agrees else None
    return found


def _reader(project: Project, path: str, site: SettingSite) -> _Reader | None:
    if site.where in ("module", "class", "dict"):
        return None
    app = project.app_of(path, site.owner)
    if app is None:
        return None
    namespace = project.configs.namespace_of(app)
    return app, namespace, False


def _read_as(name: str, namespace: str) -> tuple[Form, str | None]:
    """How Celery reads a name (celery/utils/collections.py, `ConfigurationView`)."""
    known = catalog.known_settings()
    if namespace:
        head = f"{namespace.rstrip('_')}_"
        key = name[len(head) :].lower()
        if key in known and name == prefixed(key, namespace):
            return "prefixed", key
    if name in known:
        return "new", name
    old = catalog.setting_for_old_name(name)
    return ("old", old) if old is not None else ("none", None)


def is_used_beside(project: Project, path: str, text: str, written: Written) -> bool:
    """Whether code other than Celery may read a name, so that it can't simply be renamed.

    What is written on `app.conf` is read by any of its names.
    """
    site = written.site
    if written.on_conf or site.where == "object":
        return False
    return occurs_beside(project, path, text, written)


def occurs_beside(project: Project, path: str, text: str, written: Written) -> bool:
    """Whether the name of a setting stands anywhere else in the project's code."""
    site = written.site
    # A module's name may be imported, and Django's settings read, by a file without any Celery.
    seen = project.mentioned_beside if written.on_conf else project.mentioned_anywhere_beside
    if seen(path, site.name):
        return True
    ours = {site.span, *site.uses}
    for other in project.body(path).settings:
        if other.name == site.name and (other.where, other.owner) == (site.where, site.owner):
            ours.add(other.span)
    return stands_in(text, site.name, beside=ours)


def stands_in(text: str, name: str, beside: Collection[Span] = ()) -> bool:
    """Whether a name stands in a text, `beside` some places, comments and the environment."""
    # A pattern that begins with a plain text is looked for many times as fast.
    pattern = re.compile(rf"{re.escape(name)}(?<!\w{re.escape(name)})\b")
    return any(
        Span(found.start(), found.end()) not in beside
        and not in_comment(text, found.start())
        and not _ENVIRONMENT.search(text, max(0, found.start() - 40), found.start())
        for found in pattern.finditer(text)
    )


_ENVIRONMENT = re.compile(r"env(?:iron)?(?:\.\w+)?\s*[(\[]\s*[\"']$")
"""What comes before the name of an environment variable, which is another thing."""


def in_comment(text: str, at: int) -> bool:
    """Whether a place is most likely in a comment."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line.lstrip().startswith("#") or " #" in line


def rename(written: Written, name: str) -> tuple[Edit, ...]:
    """The edits that give a setting another name, in its file."""
    return tuple(Edit(span, name) for span in (written.site.span, *written.site.uses))


@dataclass
class SettingContext:
    """One written setting in a file; `others` are all of the same file."""

    file: FileContext
    written: Written
    others: tuple[Written, ...] = field(repr=False)

    @property
    def name(self) -> str:
        return self.written.site.name

    @property
    def value(self) -> Expr:
        """The value, evaluated."""
        return self.file.project.evaluate(self.file.path, self.written.site.value)

    @cached_property
    def same_config(self) -> tuple[Written, ...]:
        """The settings of the same object, in this file."""
        return tuple(other for other in self.others if other.config == self.written.config)

    def finding(
        self,
        rule: Rule,
        message: str,
        *,
        span: Span | None = None,
        evidence: Span | None = None,
        fixes: tuple[Fix, ...] = (),
    ) -> Finding:
        """A finding about this setting, by default on its name."""
        site = self.written.site
        scope = Span(site.span.start, site.value_span.end)
        return Finding(rule.code, message, span or site.span, scope, evidence or scope, fixes)

    def renaming(self, name: str, applicability: Applicability, *edits: Edit) -> tuple[Fix, ...]:
        """A fix that gives this setting another name."""
        changes = edits or rename(self.written, name)
        title = f'Rename to "{name}"'
        return (Fix.in_file(self.file.path, title, applicability, *changes),)


class SettingRule(Rule):
    """A rule that looks at one written setting at a time."""

    def check(self, file: FileContext) -> Iterator[Finding]:
        written = tuple(settings_of(file.project, file.path))
        for one in written:
            yield from self.check_setting(SettingContext(file, one, written))

    def check_setting(self, context: SettingContext) -> Iterator[Finding]:
        """Every finding about one setting."""
        raise NotImplementedError
