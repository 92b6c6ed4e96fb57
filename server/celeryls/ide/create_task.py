"""Create a Celery task: as a code action, for a call of a task that is nowhere, by a form."""

import builtins
from collections.abc import Iterator, Mapping
from typing import Any

from celeryls.forms import (
    AnswerError,
    Form,
    FormContext,
    TaskSpec,
    create_task_form,
    presets,
    read_call,
    spec_from_call,
)
from celeryls.generate import Plan, plan_task
from celeryls.ide.dialogue import Answers, Dialogue, Place
from celeryls.ide.vocabulary import (
    CREATE_TASK,
    CREATE_TASK_COMMAND,
    QUICK_FIX,
    Action,
    CannotDo,
    Edits,
    wanted,
)
from celeryls.project import Project
from celeryls.project.symbols import External
from celeryls.syntax import parse
from celeryls.syntax.bindings import bindings
from celeryls.syntax.expr import Name
from celeryls.text import Span

_NEW_NAME = "new_task"


def offers(
    project: Project, path: str, text: str, span: Span, only: tuple[str, ...], *, asks: bool
) -> Iterator[Action]:
    """The actions that write a new task at the cursor; at module level only.

    A client that can ask gets one action with a form, others the three usual choices.
    """
    if not wanted(CREATE_TASK, only) or not _at_module_level(text, span.start):
        return
    where = {"action": "createTask", "path": path, "offset": span.start}
    if asks:
        yield Action("Create Celery task…", CREATE_TASK, data=where, command=CREATE_TASK_COMMAND)
        return
    for at, preset in enumerate(presets(TaskSpec(_NEW_NAME))):
        yield Action(
            f"Create Celery task {preset.title}", CREATE_TASK, data={**where, "preset": at}
        )


def for_undefined_call(project: Project, path: str, span: Span) -> Iterator[Action]:
    """An action where the cursor is on `foo.delay(...)` and `foo` is nowhere defined."""
    facts = project.files.get(path)
    if facts is None or facts.hopeless:
        return
    for call in facts.body.calls:
        if not call.span.touches(span) or call.method not in ("delay", "apply_async"):
            continue
        # A local name may stand for another one; what is written must be the name itself.
        name = call.target.dotted if isinstance(call.target, Name) else "."
        if "." in name or len(name) != call.target_span.length or not call.called:
            continue
        if _is_known(project, path, name):
            continue
        yield Action(
            f'Create Celery task "{name}"',
            QUICK_FIX,
            data={"action": "createTask", "path": path, "preset": 0, "call": list(call.span)},
        )


def _is_known(project: Project, path: str, name: str) -> bool:
    interface = project.interface(path)
    if name in interface.names or hasattr(builtins, name) or project.resolve(path, name):
        return True
    # A star import of a module that can't be read may well bring it.
    return any(
        isinstance(symbol, External)
        for star in interface.star_imports
        for symbol in project.module_symbols(path, star)
    )


def resolve(project: Project, data: Mapping[str, Any]) -> Edits:
    """The edits behind one of the actions above.  Raises `CannotDo`."""
    path = str(data["path"])
    text = project.text(path) or ""
    try:
        spec = TaskSpec(_free_name(text))
        if "call" in data:
            call = read_call(Span(*data["call"]).of(text))
            spec = spec_from_call(call.name, call.args, call.keywords)
        chosen = presets(spec)[int(data.get("preset", 0))].spec
        offset = data.get("offset")
        planned = plan_task(project, path, chosen, offset)
        return {change.path: change.edits for change in planned.changes}
    except AnswerError as error:
        raise CannotDo(error.message) from error


def form(project: Project, place: Place, answers: Answers | None) -> Form[TaskSpec]:
    """The form of a new task in a file, after some answers."""
    text = project.text(place.path) or ""
    taken = frozenset(bound.name for bound in bindings(parse(text).tree))
    context = FormContext(taken=taken, queues=project.conventions(place.path).queues)
    return create_task_form(context, answers)


def plan(project: Project, place: Place, spec: TaskSpec) -> Plan:
    """Plan the task.  Raises `AnswerError`."""
    return plan_task(project, place.path, spec, place.offset)


DIALOGUE = Dialogue(CREATE_TASK_COMMAND, "Create Celery task", form, plan)


def _free_name(text: str) -> str:
    taken = {bound.name for bound in bindings(parse(text).tree)}
    name, number = _NEW_NAME, 1
    while name in taken:
        number += 1
        name = f"{_NEW_NAME}_{number}"
    return name


def _at_module_level(text: str, offset: int) -> bool:
    parsed = parse(text)
    if parsed.hopeless:
        return False
    for node in parsed.tree.body:
        span = parsed.span(node)
        decorators = getattr(node, "decorator_list", ())
        start = min([span.start, *(parsed.start(item) for item in decorators)])
        if start < offset <= span.end:
            return False
    return True
