"""A plan: every file that a wish comes to, before anything is written.

All front ends show the same plan, and carry it out as one edit.
"""

import shlex
from dataclasses import dataclass

from celeryls.forms.spec import DEFAULT_QUEUE, TaskSpec
from celeryls.generate import content
from celeryls.generate.drafts import FileChange, ProjectDraft
from celeryls.generate.task import ROUTED_SINCE, TEMPLATE, write_task
from celeryls.generate.templates import not_written
from celeryls.project import Project, Task


@dataclass(frozen=True, slots=True)
class NextStep:
    """Something left to do.  `command`, if any, is a line for a shell in the project's folder."""

    title: str
    command: str | None = None


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
    text = draft.text(path)
    conventions = project.conventions(path)
    written = write_task(spec, conventions, text=text or "", at=at)
    summary = f"the task {spec.name}"
    if text is None:
        draft.create(path, "".join(edit.new_text for edit in written.edits), f"new, with {summary}")
    else:
        draft.edit(path, written.edits, summary)
    task = _task(draft.project, path, spec.name)
    return Plan(
        changes=draft.changes(),
        code=written.code,
        calls=_calls(spec),
        notes=written.notes,
        next_steps=tuple(_next_steps(draft.project, spec, task)),
    )


def _task(project: Project, path: str, function: str) -> Task:
    """The task that was just written."""
    for task in project.tasks_in(path):
        if task.decl.name == function:
            return task
    raise not_written(function, TEMPLATE, project.conventions(path))


def _arguments(spec: TaskSpec) -> list[tuple[str, str]]:
    """Sample values of what a call has to give, by name."""
    return [
        (parameter.name, content.sample(parameter))
        for parameter in spec.parameters
        if parameter.default is None
    ]


def _calls(spec: TaskSpec) -> tuple[str, ...]:
    arguments = _arguments(spec)
    plain = ", ".join(f"{name}={value}" for name, value in arguments)
    handed = "{" + ", ".join(f'"{name}": {value}' for name, value in arguments) + "}"
    options = f"kwargs={handed}, " if arguments else ""
    return (
        f"{spec.name}.delay({plain})",
        f"{spec.name}.apply_async({options}countdown=10, expires=3600)",
        f"{spec.name}.apply({options.removesuffix(', ')})",
    )


def _next_steps(project: Project, spec: TaskSpec, task: Task) -> list[NextStep]:
    """What is left to do, in the order in which one does it."""
    steps = [NextStep(f"Fill in the body of {spec.name}.")]
    version = project.celery_version
    routed = version is None or version >= ROUTED_SINCE
    if spec.queue != DEFAULT_QUEUE and routed:
        name = task.name or f"*.{spec.name}"
        steps.append(
            NextStep(
                f'Route it in the settings: task_routes = {{"{name}": '
                f'{{"queue": "{spec.queue}"}}}} (CELERY_TASK_ROUTES with Django).'
            )
        )
    app = project.conventions(task.path).app_module
    if app is not None:
        queue = "celery" if spec.queue == DEFAULT_QUEUE else spec.queue
        steps.append(
            NextStep(
                "Start a worker for its queue.",
                shlex.join(["celery", "-A", app, "worker", "-Q", queue]),
            )
        )
    return steps
