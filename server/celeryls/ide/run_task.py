"""Run a task: what is asked first, and the line of a shell that it comes to."""

from celeryls.forms import AnswerError, Form
from celeryls.forms.run_form import RunContext, RunSpec, run_form
from celeryls.generate.apps import app_argument, app_for, apps_of
from celeryls.generate.run_line import RunLine, run_line
from celeryls.ide.add_extra import find_task
from celeryls.ide.dialogue import Answers, Place
from celeryls.ide.vocabulary import CannotDo
from celeryls.project import Project, Task
from celeryls.project.apps import App
from celeryls.syntax.expr import Const

TITLE = "Run task"
_OWN = ("decorator", "base", "annotations")
"""The origins of an option that `celery call` knows nothing of: it goes by the name alone."""


def form(project: Project, place: Place, answers: Answers | None) -> Form[RunSpec]:
    """The form after some answers.  Raises `AnswerError` where there is no task."""
    task = _task(project, place)
    known = task.runs_itself and task.bind is not None
    queue = project.effective(task, "queue")
    own = queue.origin in _OWN and isinstance(queue.value, Const)
    apps = _apps(project, task)
    context = RunContext(
        params=task.takes if known else None,
        apps=tuple(apps) if len(apps) > 1 else (),
        asks_app=not apps,
        queue=str(queue.value.value) if own and isinstance(queue.value, Const) else "",
    )
    return run_form(context, answers)


def line(project: Project, place: Place, answers: Answers) -> RunLine:
    """What to type.  Raises `CannotDo`, naming what is wrong with the answers."""
    try:
        task = _task(project, place)
        asked = form(project, place, answers)
        if asked.spec is None or asked.errors:
            problems = "; ".join(f"{id_}: {error}" for id_, error in asked.errors.items())
            raise CannotDo(problems or "The form is not complete.")
        apps = _apps(project, task)
        only = next(iter(apps.values())) if len(apps) == 1 else None
        app = apps.get(asked.spec.app or "") or only
        return run_line(project, task, app, asked.spec)
    except AnswerError as error:
        raise CannotDo(error.message) from error


def _apps(project: Project, task: Task) -> dict[str, App]:
    """The apps that may be meant, as `celery -A` takes them, the likeliest first."""
    found: dict[str, App] = {}
    likely = [task.app] if task.app is not None else []
    if not likely:
        usual = app_for(project, task.path, None)
        likely = [*([usual] if usual is not None else []), *apps_of(project).values()]
    for app in likely:
        argument = app_argument(project, app)
        if argument is not None:
            found.setdefault(argument[0], app)
    return found


def _task(project: Project, place: Place) -> Task:
    given = place.arguments
    name = given.get("task", given.get("function"))
    if name is None and place.offset is not None:
        for task in project.tasks_in(place.path):
            if project.site(task).span.contains(place.offset):
                return task
    return find_task(project, Place(place.path, place.offset, {**given, "task": name}))
