"""The plan of a function that becomes a task, with what a task needs around it."""

from celeryls.forms.errors import AnswerError
from celeryls.forms.running_form import RunningSpec
from celeryls.forms.spec import DEFAULT_QUEUE
from celeryls.generate.apps import app_for
from celeryls.generate.drafts import ProjectDraft
from celeryls.generate.next_steps import steps_of_task
from celeryls.generate.plan import Plan
from celeryls.generate.registration import make_known
from celeryls.generate.routing import add_route
from celeryls.generate.task import ROUTED_SINCE
from celeryls.project import Project, Task
from celeryls.refactor.convert_function import CannotConvert, FunctionTarget, convert
from celeryls.rules.app_edits import current
from celeryls.syntax import Parsed

_LISTED = 3


def plan_conversion(
    project: Project, path: str, parsed: Parsed, target: FunctionTarget, spec: RunningSpec
) -> Plan:
    """Plan the conversion of a function of the file `path`, whose text was `parsed`.

    Raises `AnswerError` for what can't be done.
    """
    draft = ProjectDraft(project)
    conventions = project.conventions(path)
    version = conventions.celery_version
    queue = spec.queue if spec.queue != DEFAULT_QUEUE else None
    in_decorator = queue if version is not None and version < ROUTED_SINCE else None
    try:
        converted = convert(parsed, target, conventions, spec, queue=in_decorator)
    except CannotConvert as error:
        raise AnswerError(str(error)) from error
    draft.edit(path, converted.edits, f"{target.name} becomes a task")
    tasks = [task for task in draft.project.tasks_in(path) if task.decl.qualname == target.name]
    code = parsed.span(target.node).of(parsed.text) + "\n"
    if not tasks:  # a file outside the folders that module names begin in
        return Plan(draft.changes(), code, notes=converted.notes)
    app = app_for(project, path, None)
    notes = [
        *converted.notes,
        *_callers(draft.project, tasks[0]),
        *make_known(draft, tasks[0], app),
    ]
    if app is not None:
        app = current(draft.project, app)
    if queue is not None:
        notes += add_route(draft, tasks[0], app, queue)
    steps = steps_of_task(draft.project, tasks[0], app, spec.queue)
    return Plan(draft.changes(), code, notes=tuple(notes), next_steps=tuple(steps))


def _callers(project: Project, task: Task) -> tuple[str, ...]:
    """A note of calls that go on as they are: none of them sends the task.

    There may be more in files without a trace of Celery, which are not read.
    """
    name = task.decl.name
    places = []
    for path in sorted(project.files):
        text = project.text(path) or ""
        if f"{name}(" not in text:
            continue
        for use in project.direct_calls(path):
            if use.task.symbol == task.symbol:
                line = text.count("\n", 0, use.reference.span.start) + 1
                places.append(f"{project.relative(path)}:{line}")
    if not places:
        return ()
    return (
        f"Who calls {name} runs it at once, as before, as in {', '.join(places[:_LISTED])}. "
        f"{name}.delay(…) has a worker run it.",
    )
