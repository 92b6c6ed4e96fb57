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
    file that the code will stand in, `None` where source roots don't settle it.  `templates` are
    the project's own, `None` where it has none.
    """

    style: DecoratorStyle = DecoratorStyle.SHARED_TASK
    app_module: str | None = None
    app_name: str | None = None
    module: str | None = None
    celery_version: tuple[int, int] | None = None
    queues: tuple[str, ...] = ()
    line_length: int = 88
    templates: OwnTemplates | None = None
