"""A plan: every file that a wish comes to, before anything is written.

All front ends show the same plan, and carry it out as one edit.
"""

from dataclasses import dataclass, replace

from celeryls.forms.spec import DEFAULT_QUEUE, TaskSpec
from celeryls.generate.apps import app_for
from celeryls.generate.drafts import FileChange, ProjectDraft
from celeryls.generate.next_steps import NextStep, calls, next_steps
from celeryls.generate.registration import make_known, make_packages
from celeryls.generate.routing import add_route
from celeryls.generate.schedule import add_schedule
from celeryls.generate.task import TEMPLATE, WrittenTask, write_task
from celeryls.generate.templates import not_written
from celeryls.project import Project, Task
from celeryls.project.apps import App
from celeryls.rules.app_edits import current


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written, and what to know about it.

    `code` is the main thing that is written, to be looked at; its lines end in a newline
    character.  `calls` are lines of Python that call the task, each one a way to.  `notes` say
    what is worth knowing, a sentence each.
    """

    changes: tuple[FileChange, ...]
    code: str
    calls: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    next_steps: tuple[NextStep, ...] = ()


def plan_task(project: Project, path: str, spec: TaskSpec, at: int | None = None) -> Plan:
    """Plan a new task in the file `path`, which may be new, at the cursor `at` where that can be.

    Raises `AnswerError`, with the field where one is to blame, for what can't be done.
    """
    draft = ProjectDraft(project)
    app = app_for(project, path, spec.app)
    written = _write(draft, path, spec, app, at)
    task = _task(draft.project, path, spec.name)
    notes = [*written.notes, *make_known(draft, task, app)]
    if app is not None:
        app = current(draft.project, app)
    if spec.queue != DEFAULT_QUEUE:
        notes += add_route(draft, task, app, spec.queue)
    if spec.schedule is not None:
        notes += add_schedule(draft, task, app, spec.schedule, spec.arguments)
    if spec.extras:
        from celeryls.generate.extras import EXTRAS  # which know what plans are
    for extra in spec.extras:
        notes += EXTRAS[extra](draft, _task(draft.project, path, spec.name))
    task = _task(draft.project, path, spec.name)
    if app is not None:  # an extra may have edited how it is made
        app = current(draft.project, app)
    return Plan(
        changes=draft.changes(),
        code=written.code,
        calls=calls(spec),
        notes=tuple(notes),
        next_steps=tuple(next_steps(draft.project, spec, task, app)),
    )


def _write(
    draft: ProjectDraft, path: str, spec: TaskSpec, app: App | None, at: int | None
) -> WrittenTask:
    """Write the task into its file, as the first step of the draft."""
    text = draft.text(path)
    conventions = draft.project.conventions(path)
    if app is not None and spec.app is not None:
        module = draft.project.module_of(app.path or "")
        conventions = replace(conventions, app_module=module, app_name=app.name)
    written = write_task(spec, conventions, text=text or "", at=at)
    summary = f"the task {spec.name}"
    if text is None:
        text = "".join(edit.new_text for edit in written.edits)
        draft.create(path, text, f"new, with {summary}")
        make_packages(draft, path)
    else:
        draft.edit(path, written.edits, summary)
    return written


def _task(project: Project, path: str, function: str) -> Task:
    """The task that was just written."""
    for task in project.tasks_in(path):
        if task.decl.name == function:
            return task
    raise not_written(function, TEMPLATE, project.conventions(path))
