"""From a task's name to the task, and from a task to who names or sends it.

A server for Python answers for names of functions already.  What is left is what it can't see:
names as texts, and the methods that Celery gives to tasks.
"""

from collections.abc import Iterator

from celeryls.ide.callers import callers_in
from celeryls.ide.cursor import Cursor
from celeryls.ide.spots import Spot, spot_of_task
from celeryls.ide.task_under import Under, names_as_texts, task_under
from celeryls.project import Project, Task


def definition(project: Project, path: str, offset: int) -> list[Spot]:
    """The functions of the tasks that a text, or the method of a call, is about."""
    under = _under(project, path, offset)
    if under is None or under.how == "name":
        return []
    return [place for task in under.tasks if (place := _place(project, task)) is not None]


def references(
    project: Project, path: str, offset: int, *, declaration: bool = False
) -> list[Spot]:
    """Who sends, calls and schedules the tasks at a place, by path and place.

    On the name of a function only what has its name as a text.  With `declaration` the task itself
    is among them, unless the cursor is on its name.
    """
    under = _under(project, path, offset)
    if under is None:
        return []
    symbols = {task.symbol for task in under.tasks}
    found = {place for place, tasks in _texts(project) if symbols & {task.symbol for task in tasks}}
    if under.how != "name":
        for task in under.tasks:
            for caller in callers_in(project).of(task):
                around = Spot(caller.path, caller.span)
                # A call that has the name as a text is there already.
                if not any(_within(place, around) for place in found):
                    found.add(around)
            own = _place(project, task) if declaration else None
            found |= {own} if own is not None else set()
    return sorted(found)


def _within(place: Spot, around: Spot) -> bool:
    inside = around.span.start <= place.span.start and place.span.end <= around.span.end
    return place.path == around.path and inside


def _place(project: Project, task: Task) -> Spot | None:
    spot = spot_of_task(project, task)
    return spot if spot.span.length else None


def _under(project: Project, path: str, offset: int) -> Under | None:
    """What a cursor between two characters is on: the one after it, else the one before."""
    text = project.text(path)
    if path not in project.files or text is None:
        return None
    for at in (offset, offset - 1):
        found = task_under(Cursor(project, path, text, at)) if 0 <= at < len(text) else None
        if found is not None:
            return found if found.how != "code" else None
    return None


def _texts(project: Project) -> Iterator[tuple[Spot, tuple[Task, ...]]]:
    for path in project.files:
        for span, tasks in names_as_texts(project, path):
            yield Spot(path, span), tasks
