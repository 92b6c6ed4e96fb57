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
    notes = add_schedule(draft, task, app, schedule, arguments)
    celery = command_line(project, app) if app is not None else None
    if celery is None:
        return _plan(draft, notes if app is not None else (*notes, NO_APP))
    steps = (
        NextStep("Start beat, once for all workers.", celery("beat")),
        NextStep("Start a worker.", celery("worker")),
    )
    return _plan(draft, notes, steps)


def _plan(
    draft: ProjectDraft, notes: tuple[str, ...], next_steps: tuple[NextStep, ...] = ()
) -> Plan:
    changes = draft.changes()
    new = [apply_edits("", change.edits) for change in changes if change.is_new]
    return Plan(changes, new[0] if new else "", notes=notes, next_steps=next_steps)
