"""The queue of a task that exists, as an entry of `task_routes`."""

from celeryls.generate.drafts import ProjectDraft
from celeryls.generate.settings import put_into
from celeryls.project import Project, Task
from celeryls.project.apps import App
from celeryls.project.routes import queue_names
from celeryls.syntax.expr import Const, Dict, Seq
from celeryls.text.layout import quoted

_SPARE = 8
"""Columns that an entry may be indented by."""


def add_route(draft: ProjectDraft, task: Task, app: App | None, queue: str) -> tuple[str, ...]:
    """Route a task to a queue; what is left to do by hand, a sentence each."""
    notes = _undeclared(draft.project, app, queue) if app is not None else ()
    routed = draft.project.effective(task, "queue")
    if routed.value == Const(queue):
        return notes
    if task.name is not None and app is not None:
        item = _entry(task.name, queue, draft.project.conventions(task.path).line_length)
        done = put_into(draft, app, "task_routes", item, f"{task.decl.name} goes to {queue}")
        if done is not None:
            return notes
    return (_by_hand(task, queue), *notes)


def _undeclared(project: Project, app: App, queue: str) -> tuple[str, ...]:
    """What to do where `task_queues` lists the queues, and not this one."""
    declared = project.setting(app, "task_queues")
    names = [*queue_names(declared.value)]
    items = declared.value.items if isinstance(declared.value, Seq | Dict) else ()
    if not names or len(names) < len(items) or queue in names:
        return ()
    return (
        f"The setting task_queues does not have {queue}: add it there, or a worker without "
        f"-Q {queue} never takes the task.",
    )


def _entry(name: str, queue: str, line_length: int) -> str:
    line = f'{quoted(name)}: {{"queue": {quoted(queue)}}}'
    if len(line) + _SPARE < line_length:
        return line
    return f'{quoted(name)}: {{\n    "queue": {quoted(queue)},\n}}'


def _by_hand(task: Task, queue: str) -> str:
    name = task.name or f"*.{task.decl.name}"
    return (
        f"Route it by hand, since celeryls can't tell where: put {quoted(name)}: "
        f'{{"queue": {quoted(queue)}}} into the setting task_routes.'
    )
