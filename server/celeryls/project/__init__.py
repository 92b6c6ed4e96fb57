"""What the workspace means: names resolved across files, options in force.

A `Workspace` follows disk and editor; `Workspace.snapshot()` gives an immutable `Project`
that every question is put to.  Nothing of the user's is imported or run.
"""

from celeryls.project.apps import App
from celeryls.project.conventions import Conventions, DecoratorStyle
from celeryls.project.environment import Environment
from celeryls.project.project import Project
from celeryls.project.task import Effective, Task
from celeryls.project.workspace import Unread, Workspace

__all__ = [
    "App",
    "Conventions",
    "DecoratorStyle",
    "Effective",
    "Environment",
    "Project",
    "Task",
    "Unread",
    "Workspace",
]
