"""The tasks of a project: who uses each, what schedules it, whether a worker knows it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from celeryls.ide.callers import Caller, callers_in
from celeryls.project import Project, Task
from celeryls.project.schedules import Schedule


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task as a list shows it; `registered` is `None` where that can't be told."""

    task: Task
    callers: tuple[Caller, ...]
    schedules: tuple[Schedule, ...]
    registered: bool | None
    passed_on: bool

    @property
    def unused(self) -> bool:
        """Whether nothing that is known uses it; its name may still stand in other files."""
        return not (self.callers or self.schedules or self.passed_on)


def overview(project: Project) -> list[TaskView]:
    """Every task of a project, by path and place."""
    callers = callers_in(project)
    schedules: defaultdict[tuple[str, str], list[Schedule]] = defaultdict(list)
    for schedule in project.schedules():
        for task in schedule.tasks:
            schedules[task.symbol].append(schedule)
    return [
        TaskView(
            task,
            callers.of(task),
            tuple(schedules[task.symbol]),
            project.is_registered(task),
            callers.is_passed_on(task),
        )
        for task in project.tasks()
    ]


def unused(views: Iterable[TaskView], texts: Iterable[tuple[str, str]]) -> Iterator[TaskView]:
    """Those of `views` that nothing uses, and whose name stands nowhere else.

    `texts` are the paths and texts of all Python files of the project: a name in any of them,
    be it in a text, may be a use that can't be followed.
    """
    left = {view.task.symbol: view for view in views if view.unused}
    for path, text in texts:
        for symbol, view in list(left.items()):
            if _mentions(text, view.task, own=path == view.task.path):
                del left[symbol]
    yield from left.values()


def _mentions(text: str, task: Task, *, own: bool) -> bool:
    names = {task.decl.name, task.symbol[1].rpartition(".")[2]} - {"run"}
    if task.name is not None:
        names.add(task.name)
    # Its own file has its name once for the definition, and perhaps once as its text.
    return any(_count(text, name) > (_own(task, name) if own else 0) for name in names)


def _own(task: Task, name: str) -> int:
    written = task.name is not None and "name" in task.options and name in task.name
    return 2 if written and name != task.name else 1


def _count(text: str, name: str) -> int:
    """How often a name stands in a text as a word of its own."""
    count = at = 0
    while (at := text.find(name, at)) >= 0:
        before, after = text[at - 1 : at], text[at + len(name) : at + len(name) + 1]
        count += not (before.isidentifier() or after.isidentifier() or after.isdigit())
        at += len(name)
    return count
