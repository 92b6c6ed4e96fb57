"""How this project writes its tasks, so that what we write looks like theirs."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path


class DecoratorStyle(str, Enum):
    """Which decorator the project declares tasks with."""

    SHARED_TASK = "shared_task"
    APP_TASK = "app.task"


@dataclass(frozen=True, slots=True)
class OwnTemplates:
    """The templates that a project has of its own, as far as its configuration says.

    `folder` is what is written there, relative to `root`; it need not exist, and may lead
    anywhere.  Unless somebody says that the workspace is `trusted`, they are not used.
    """

    root: Path
    folder: str
    trusted: bool


@dataclass(frozen=True, slots=True)
class Conventions:
    """The habits of one project, seen from one of its files.

    `app_module` and `app_name` say where the app is to be imported from (both `None` where
    there is no app, or more than one and nothing to choose by); in the app's own module
    `app_module` is that module and no import is needed.  `module` is the dotted name of the
    file that the code will stand in, `None` where source roots don't settle it; `is_package`
    says that the file is an `__init__.py`.

    Unless tasks are `named`, the project leaves their names to Celery.  `name_prefix` is what
    names begin with here, up to the function's own, with its dot; `None` stands for the module.
    `name_dashes` says that they have dashes where the function has underscores.

    `base` is the module and the name of the class that nearly all tasks have as their base;
    the module is `None` for one that can be told by its name alone.
    `autoretry` says that tasks are retried by `autoretry_for` and not by hand.  `celery_module`
    says that Celery's names are reached through it: `@celery.shared_task`.  `relative_imports`
    and `lazy_annotations` (`from __future__ import annotations`) are the habits of the files
    that hold tasks.

    `quotes` is the character that strings are quoted with, `line_length` is in columns.
    `typed_self` says whether bound tasks give `self` a type, `None` where there are none;
    `strict_types` that a tool wants a type for every parameter.
    `templates` are the project's own, `None` where it has none.
    """

    style: DecoratorStyle = DecoratorStyle.SHARED_TASK
    app_module: str | None = None
    app_name: str | None = None
    module: str | None = None
    celery_version: tuple[int, int] | None = None
    queues: tuple[str, ...] = ()
    line_length: int = 88
    is_package: bool = False
    named: bool = True
    name_prefix: str | None = None
    name_dashes: bool = False
    base: tuple[str, str] | None = None
    autoretry: bool = False
    celery_module: bool = False
    relative_imports: bool = False
    lazy_annotations: bool = False
    quotes: str = '"'
    typed_self: bool | None = None
    strict_types: bool = False
    templates: OwnTemplates | None = None

    def explicit_name(self, function: str) -> str | None:
        """The name to write for a task; `None` where none is written, or none can be told."""
        if not self.named:
            return None
        if self.name_prefix is not None:
            spelled = function.replace("_", "-") if self.name_dashes else function
            return self.name_prefix + spelled
        return f"{self.module}.{function}" if self.module else None

    def relative(self, module: str) -> str:
        """A module as an import here names it: `.celery` where that is the habit."""
        if not self.relative_imports or self.module is None:
            return module
        own = self.module.split(".") if self.is_package else self.module.split(".")[:-1]
        parts = module.split(".")
        for level, package in enumerate((own, own[:-1]), start=1):
            if package and parts[: len(package)] == package:
                return "." * level + ".".join(parts[len(package) :])
        return module
