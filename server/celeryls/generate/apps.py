"""Which app a task is for, and how the command line names it."""

import os
from dataclasses import dataclass

from celeryls.forms.errors import AnswerError
from celeryls.generate.shell import shell_line
from celeryls.project import Project
from celeryls.project.apps import App

_FOUND_BY_CELERY = ("app", "celery")
"""The names that `celery -A module` looks for first (celery/app/utils.py, `find_app`)."""


def apps_of(project: Project) -> dict[str, App]:
    """The apps that tasks can be for, by `module:name`; those of tests are not."""
    found = {}
    for app in project.apps:
        if app.path is None or project.is_test(app.path) or "." in app.name:
            continue
        module = project.module_of(app.path)
        if module is not None:
            found[f"{module}:{app.name}"] = app
    return found


def app_for(project: Project, path: str, wanted: str | None) -> App | None:
    """The app of a task in the file `path`: the one that is wanted, else the one that is clear.

    Raises `AnswerError` for one that there is not.
    """
    apps = apps_of(project)
    if wanted is not None:
        if wanted not in apps:
            known = f"; there is {', '.join(apps)}" if apps else ""
            raise AnswerError(f"There is no app {wanted}{known}.", "app")
        return apps[wanted]
    conventions = project.conventions(path)
    label = f"{conventions.app_module}:{conventions.app_name}"
    if label in apps:
        return apps[label]
    return next(iter(apps.values())) if len(apps) == 1 else None


@dataclass(frozen=True, slots=True)
class CommandLine:
    """The `celery` command for one app, as it is typed in the project's folder."""

    start: tuple[str, ...]

    def __call__(self, *arguments: str) -> str:
        """A line for a shell."""
        return shell_line([*self.start, *arguments])


def command_line(project: Project, app: App) -> CommandLine | None:
    """How `celery` is told of an app; `None` where its module is not known."""
    found = app_argument(project, app)
    if found is None:
        return None
    argument, root = found
    start = ["celery"]
    if os.path.realpath(root) != os.path.realpath(project.folder):
        start.append(f"--workdir={os.path.relpath(root, project.folder)}")
    return CommandLine((*start, "-A", argument))


def app_argument(project: Project, app: App) -> tuple[str, str] | None:
    """What `celery -A` takes for an app, and the folder to start it in.

    `None` where its module is not known.
    """
    module = project.module_of(app.path) if app.path is not None else None
    if module is None or app.path is None:
        return None
    return _argument(project, app, module), _root_of(app.path, module)


def _root_of(path: str, module: str) -> str:
    """The folder that a module's name begins in, which has to be the working folder."""
    folder = os.path.dirname(path)
    levels = module.count(".") + (os.path.basename(path) == "__init__.py")
    for _ in range(levels):
        folder = os.path.dirname(folder)
    return folder


def _argument(project: Project, app: App, module: str) -> str:
    """`proj` for the app in `proj/celery.py`, the module where it finds the app, else both."""
    others = [other for other in project.apps if other.path == app.path and other != app]
    if app.name not in _FOUND_BY_CELERY or (others and app.name != "app"):
        return f"{module}:{app.name}"
    package, _, last = module.rpartition(".")
    if package and last == "celery":
        init = os.path.join(os.path.dirname(app.path or ""), "__init__.py")
        names = project.interface(init).names if init in project.files else {}
        own = [name for name in _FOUND_BY_CELERY if name in names]
        if all(project.app_of(init, name) == app for name in own):
            return package
    return module
