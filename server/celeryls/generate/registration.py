"""The module of a task, made known to the workers of its app."""

import os

from celeryls.generate.drafts import ProjectDraft
from celeryls.generate.settings import include
from celeryls.project import Task
from celeryls.project.apps import App

NO_APP = "No Celery app was found in this project, so no worker can be named that runs the task."


def make_packages(draft: ProjectDraft, path: str) -> None:
    """Make the new folders around a new file packages, with an `__init__.py` each."""
    folder = os.path.dirname(path)
    while not os.path.isdir(folder) and folder != os.fspath(draft.project.folder):
        init = os.path.join(folder, "__init__.py")
        if init != path and not draft.exists(init):
            name = os.path.basename(folder).replace("_", " ")
            draft.create(init, f'"""The package {name}."""\n', "new, so that it is a package")
        folder = os.path.dirname(folder)


def make_known(draft: ProjectDraft, task: Task, app: App | None) -> tuple[str, ...]:
    """Have workers import the task's module, if none does; what is left to do, a sentence each."""
    project = draft.project
    if not project.apps and not project.app_factories:
        return (NO_APP,)
    if project.is_registered(task) is not False:
        return ()
    module = task.module
    if app is not None and module is not None:
        done = include(draft, app, module, f"workers import {module}")
        if done is not None:
            return (f"No worker imported {module}, so {project.relative(done)} now says so.",)
    return (
        f"No worker imports {module or 'this module'}: add it to the app's include or imports, "
        "else workers throw the task's messages away.",
    )
