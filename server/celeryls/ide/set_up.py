"""Set up Celery in a project that has no app: as a code action, by a form."""

from collections.abc import Iterator, Mapping
from typing import Any

from celeryls.forms import AnswerError, Form
from celeryls.forms.scaffold_form import ScaffoldContext, ScaffoldSpec, scaffold_form
from celeryls.generate import Plan
from celeryls.ide.dialogue import Answers, Dialogue, Place
from celeryls.ide.vocabulary import SET_UP, SET_UP_COMMAND, Action, CannotDo, Edits, wanted
from celeryls.project import Project
from celeryls.project.detection import Framework

TITLE = "Set up Celery in this project"


def has_app(project: Project) -> bool:
    """Whether the project, its tests apart, has an app."""
    return any(not project.is_test(app.path or "") for app in project.apps)


def offers(project: Project, path: str, only: tuple[str, ...], *, asks: bool) -> Iterator[Action]:
    """The action, where there is no app; with a form for clients that can ask."""
    if not wanted(SET_UP, only) or has_app(project) or project.is_test(path):
        return
    data = {"action": "setUp", "path": path}
    if asks:
        yield Action(f"{TITLE}…", SET_UP, data=data, command=SET_UP_COMMAND)
    else:
        yield Action(TITLE, SET_UP, data=data)


def resolve(project: Project, data: Mapping[str, Any]) -> Edits:
    """The edits of the action, with all answers as they are by default.  Raises `CannotDo`."""
    place = Place(str(data["path"]))
    asked = form(project, place, {})
    if asked.spec is None:
        raise CannotDo("; ".join(asked.errors.values()) or "The form is not complete.")
    try:
        return {change.path: change.edits for change in plan(project, place, asked.spec).changes}
    except AnswerError as error:
        raise CannotDo(error.message) from error


def form(project: Project, place: Place, answers: Answers | None) -> Form[ScaffoldSpec]:
    """The form after some answers; what is detected are its defaults."""
    from celeryls.generate.scaffold import usual_answers

    given = str((answers or {}).get("framework"))
    chosen = Framework(given) if given in {each.value for each in Framework} else None
    framework, file, declares = usual_answers(project, chosen)
    context = ScaffoldContext(framework, file, declares, has_app(project))
    return scaffold_form(context, answers)


def plan(project: Project, place: Place, spec: ScaffoldSpec) -> Plan:
    """Plan the app.  Raises `AnswerError`."""
    from celeryls.generate.scaffold import plan_scaffold

    return plan_scaffold(project, spec)


DIALOGUE = Dialogue(SET_UP_COMMAND, TITLE, form, plan)
