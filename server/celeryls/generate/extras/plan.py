"""The plan of something added to a task that exists: a schedule or an extra."""

from celeryls.forms.schedules import Schedule
from celeryls.generate.apps import app_for, command_line
from celeryls.generate.drafts import ProjectDraft
from celeryls.generate.extras import EXTRAS
from celeryls.generate.next_steps import NextStep
from celeryls.generate.plan import Plan
from celeryls.generate.registration import NO_APP
from celeryls.generate.schedule import add_schedule
from celeryls.project import Project, Task
from celeryls.text import apply_edits


def plan_extra(project: Project, task: Task, extra: str) -> Plan:
    """Plan an extra, by its key in `EXTRAS`.  Raises `AnswerError` for what can't be done."""
    draft = ProjectDraft(project)
    notes = EXTRAS[extra](draft, task)
    return _plan(draft, notes)


def plan_schedule(
    project: Project,
    task: Task,
    schedule: Schedule,
    arguments: tuple[tuple[str, object], ...] = (),
) -> Plan:
    """Plan an entry in the schedule of the task's app; `arguments` are what each run gets."""
    draft = ProjectDraft(project)
    app = app_for(project, task.path, None)
    notes = (
        *_runs_already(draft, task),
        *add_schedule(draft, task, app, schedule, arguments),
    )
    celery = command_line(project, app) if app is not None else None
    if celery is None:
        return _plan(draft, notes if app is not None else (*notes, NO_APP))
    steps = (
        NextStep("Start beat, once for all workers.", celery("beat")),
        NextStep("Start a worker.", celery("worker")),
    )
    return _plan(draft, notes, steps)


def _runs_already(draft: ProjectDraft, task: Task) -> tuple[str, ...]:
    """A note of what runs a task by the clock already: that is easily overlooked."""
    project = draft.project
    places = [
        f"{project.relative(entry.path)}:{_line_of(project.text(entry.path), entry.span.start)}"
        for entry in project.schedules()
        if any(found.symbol == task.symbol for found in entry.tasks)
        and not project.is_test(entry.path)
    ]
    if not places:
        return ()
    return (f"{task.decl.name} is run by the clock already, by {', '.join(places)}.",)


def _line_of(text: str | None, offset: int) -> int:
    """The line of an offset, from 1."""
    return (text or "").count("\n", 0, offset) + 1


def _plan(
    draft: ProjectDraft, notes: tuple[str, ...], next_steps: tuple[NextStep, ...] = ()
) -> Plan:
    changes = draft.changes()
    new = [apply_edits("", change.edits) for change in changes if change.is_new]
    return Plan(changes, new[0] if new else "", notes=notes, next_steps=next_steps)
