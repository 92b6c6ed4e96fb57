"""What the files of a project mean together, as far as it follows from their interfaces."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from celeryls.facts import (
    Body,
    FileFacts,
    Interface,
)
from celeryls.facts.references import Reference
from celeryls.project.app_settings import AppSettings
from celeryls.project.apps import Apps
from celeryls.project.classes import Subclasses
from celeryls.project.configs import Configs
from celeryls.project.dispatch import Dispatch, Dispatches
from celeryls.project.in_force import InForce
from celeryls.project.modules import Modules
from celeryls.project.names import Loader, Names
from celeryls.project.registration import Imports, Stamp
from celeryls.project.sharing import Sharing
from celeryls.project.stability import changed_names
from celeryls.project.tasks import Tasks


class Resolution:
    """What follows from interfaces alone.  Shared by all snapshots with equal interfaces.

    `load` reads the interfaces of files that are not among them.
    """

    def __init__(
        self,
        modules: Modules,
        interfaces: Mapping[str, Interface],
        load: Loader,
        decorators: Sequence[str] = (),
    ) -> None:
        self.names = Names(modules, lambda path: interfaces.get(path) or load(path))
        self.interfaces = interfaces
        self.load = load
        self.decorators = decorators
        self.dispatched: dict[str, tuple[Body, tuple[Dispatch, ...]]] = {}
        self.imports: dict[str, tuple[Stamp, Imports]] = {}
        self.references: dict[str, tuple[FileFacts, frozenset[str], tuple[Reference, ...]]] = {}
        """What uses the names of tasks, by file: true of a file's facts and of these names."""

    def after(self, path: str, before: Interface | None, now: Interface) -> "Resolution":
        """The resolution after an edit of one file, which had the interface `before`.

        What consulted none of the names that were changed is kept: resolving all of a large
        workspace again takes longer than a keystroke may.
        """
        interfaces = {**self.interfaces, path: now}
        after = Resolution(self.names.modules, interfaces, self.load, self.decorators)
        after.imports = self.imports
        after.references = self.references
        names = changed_names(before, now) if before is not None else None
        if names is None or "tasks" not in self.__dict__:
            return after
        changed = {(path, name) for name in names}
        if not (self.apps.consulted | self.settings.consulted).isdisjoint(changed):
            return after
        after.names = self.names.without(changed, after.names.interface)
        apps = self.apps.moved(after.names, interfaces)
        settings = self.settings.moved(after.names, apps, interfaces)
        tasks = self.tasks.after(after.names, apps, interfaces, path, changed)
        after.__dict__.update(apps=apps, settings=settings, tasks=tasks)
        if self.subclasses.holds_after(changed):
            after.__dict__["subclasses"] = self.subclasses
        return after

    def with_file(self, path: str, interface: Interface) -> "Resolution":
        """The resolution were there another file, which the disk does not have."""
        modules = self.names.modules.with_file(path)
        interfaces = {**self.interfaces, path: interface}
        return Resolution(modules, interfaces, self.load, self.decorators)

    @cached_property
    def apps(self) -> Apps:
        return Apps(self.names, self.interfaces)

    @cached_property
    def settings(self) -> AppSettings:
        return AppSettings(self.names, self.apps, self.interfaces)

    @cached_property
    def configs(self) -> Configs:
        return Configs(self.names, self.apps, self.interfaces)

    @cached_property
    def tasks(self) -> Tasks:
        return Tasks(self.names, self.apps, self.interfaces, self.decorators)

    @cached_property
    def dispatches(self) -> Dispatches:
        return Dispatches(self.names, self.apps, self.tasks, self.subclasses)

    @cached_property
    def subclasses(self) -> Subclasses:
        return Subclasses(self.names, self.interfaces)

    @cached_property
    def packages(self) -> frozenset[str]:
        """The first parts of the names of all modules."""
        modules = map(self.names.modules.name_of, self.interfaces)
        return frozenset(module.partition(".")[0] for module in modules if module is not None)

    @cached_property
    def in_force(self) -> InForce:
        sharing = Sharing(self.names, self.apps, self.settings, self.interfaces)
        return InForce(self.names, self.apps, self.settings, sharing)
