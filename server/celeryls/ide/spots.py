"""Places to go to: a file and a span in it, for whatever a view shows."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from celeryls.project import Project, Task
from celeryls.project.apps import App
from celeryls.text import Span


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """A span in a file, in code points."""

    path: str
    span: Span


def spot_of_task(project: Project, task: Task) -> Spot:
    """The name of a task's function."""
    return Spot(task.path, project.site(task).name)


def spot_of_app(
    project: Project, app: App, text_of: Callable[[str], str | None] | None = None
) -> Spot | None:
    """The first binding of an app's name; the beginning of the file where it is bound otherwise.

    `None` for an app of a package that can't be read.
    """
    if app.path is None:
        return None
    name = re.escape(app.name)
    text = (text_of or project.text)(app.path) or ""
    for pattern in (rf"(?m)^{name}\b(?=[ \t]*[:=])", rf"(?m)^[ \t]+{name}\b(?=[ \t]*[:=])"):
        found = re.search(pattern, text)
        if found is not None:
            end = found.end()
            return Spot(app.path, Span(end - len(app.name), end))
    return Spot(app.path, Span(0, 0))
