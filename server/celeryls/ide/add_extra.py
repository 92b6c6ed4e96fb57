"""Add something to a task that exists: a schedule, by a form; an endpoint and the like, at once."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from celeryls.facts import ParamKind
from celeryls.forms import AnswerError, Form, make_form
from celeryls.forms.extras_form import ScheduleContext, ScheduleSpec, schedule_form
from celeryls.generate import Plan
from celeryls.generate.extras import EXTRAS
from celeryls.ide.dialogue import Answers, Dialogue, Place
from celeryls.ide.vocabulary import ADD, ADDITIONS, Action, CannotDo, Edits, wanted
from celeryls.project import Project, Task
from celeryls.project.detection import Framework, detect
from celeryls.text import Span, lines_of

_VARIABLE = (ParamKind.VAR_POSITIONAL, ParamKind.VAR_KEYWORD)


def offers(
    project: Project, path: str, span: Span, only: tuple[str, ...], *, asks: bool
) -> Iterator[Action]:
    """The actions on the head of a task; what asks questions only for clients that can."""
    kinds = [addition for addition in ADDITIONS if wanted(ADD + addition, only)]
    task = _task_at(project, path, span) if kinds else None
    if task is None:
        return
    for addition in kinds:
        title, command = ADDITIONS[addition]
        data = {
            "action": "add",
            "path": path,
            "offset": span.start,
            "addition": addition,
            "task": task.decl.qualname,
        }
        if addition not in EXTRAS:
            if asks:
                yield Action(f"{title}…", ADD + addition, data=data, command=command)
        elif addition != "endpoint" or detect(project).framework is not Framework.PLAIN:
            yield Action(title, ADD + addition, data=data)


def resolve(project: Project, data: Mapping[str, Any]) -> Edits:
    """The edits of an action that asks nothing.  Raises `CannotDo`."""
    place = Place(str(data["path"]), arguments=data)
    dialogue = DIALOGUES[str(data["addition"])]
    try:
        changes = dialogue.plan(project, place, None).changes
    except AnswerError as error:
        raise CannotDo(error.message) from error
    return {change.path: change.edits for change in changes}


def find_task(project: Project, place: Place) -> Task:
    """The task that a dialogue is about: by its name, else at the cursor.

    Raises `AnswerError` for none.
    """
    name = place.arguments.get("task")
    found = {
        task.decl.qualname: task
        for task in project.tasks_in(place.path)
        if name is None or name in {task.decl.qualname, task.decl.name, task.name}
    }
    if isinstance(name, str) and found:
        return found.get(name) or next(iter(found.values()))
    if name is None and place.offset is not None:
        at = _task_at(project, place.path, Span(place.offset, place.offset))
        if at is not None:
            return at
    known = ", ".join(task.decl.qualname for task in project.tasks_in(place.path)[:8]) or "none"
    file = project.relative(place.path)
    wanted_ = f"no task {name}" if name is not None else "no task at the cursor"
    raise AnswerError(f"{file} has {wanted_}; it has {known}.")


def _task_at(project: Project, path: str, span: Span) -> Task | None:
    """The task whose decorators, name or parameters the cursor is on."""
    for task in project.tasks_in(path):
        if task.index < 0:
            continue
        site = project.site(task)
        start = lines_of(project.text(path) or "").line_start(site.line - 1)
        if start <= span.start <= site.parens.end:
            return task
    return None


def _schedule_form(project: Project, place: Place, answers: Answers | None) -> Form[ScheduleSpec]:
    try:
        task = find_task(project, place)
    except AnswerError:
        return schedule_form(ScheduleContext(), answers)  # `plan` says what is wrong
    known = task.runs_itself and task.bind is not None
    plain = [param for param in task.takes if param.kind not in _VARIABLE]
    named = tuple(param.name for param in plain)
    needs = tuple(param.name for param in plain if not param.has_default)
    any_ = not known or len(plain) < len(task.takes)
    return schedule_form(ScheduleContext(needs if known else (), None if any_ else named), answers)


def _plan_schedule(project: Project, place: Place, spec: ScheduleSpec) -> Plan:
    from celeryls.generate.extras.plan import plan_schedule

    return plan_schedule(project, find_task(project, place), spec.schedule, spec.arguments)


def _nothing_asked(project: Project, place: Place, answers: Answers | None) -> Form[bool]:
    # Who answers nothing is done at once, also before anybody was asked.
    return make_form((), answers or {}, lambda _: True)


def _plan_extra(extra: str, project: Project, place: Place, spec: object) -> Plan:
    from celeryls.generate.extras.plan import plan_extra

    return plan_extra(project, find_task(project, place), extra)


def _dialogue(addition: str) -> Dialogue:
    title, command = ADDITIONS[addition]
    form: Callable[[Project, Place, Answers | None], Form[Any]] = _nothing_asked
    plan: Callable[[Project, Place, Any], Plan] = partial(_plan_extra, addition)
    if addition not in EXTRAS:
        form, plan = _schedule_form, _plan_schedule
    return Dialogue(command, title, form, plan)


DIALOGUES: Mapping[str, Dialogue] = {addition: _dialogue(addition) for addition in ADDITIONS}
"""The dialogue of each, by what is added."""
