"""Create a Celery task: as a code action, for a call of a task that is nowhere, by a form."""

import builtins
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
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
from celeryls.generate.apps import app_for, apps_of
from celeryls.generate.extras import EXTRAS
from celeryls.ide.dialogue import Answers, Dialogue, Place
from celeryls.ide.neighbours import neighbour, offered
from celeryls.ide.task_places import check_free, located
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
from celeryls.project.apps import App
from celeryls.project.detection import Framework, default_task_file, detect
from celeryls.project.symbols import External
from celeryls.syntax import parse
from celeryls.syntax.bindings import bindings
from celeryls.syntax.expr import Const, Name
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
    """The form of a new task, after some answers."""
    asks_file = place.offset is None and Path(place.path).is_relative_to(project.folder)
    path = _path(project, place, (answers or {}).get("file") if asks_file else None)
    text = project.text(path) or ""
    apps = apps_of(project)
    app = app_for(project, path, None)
    context = FormContext(
        taken=frozenset(bound.name for bound in bindings(parse(text).tree)),
        queues=project.conventions(path).queues,
        file=_shown(project, place, path) if asks_file else None,
        # The app of the file's other tasks comes first.
        apps=tuple(sorted(apps, key=lambda label: apps[label] != app)),
        tasks=offered(project, path),
        neighbour=lambda name: neighbour(project, name),
        check_name=lambda name: check_free(project, path, name),
        check_file=lambda file: located(project, _folder(project, place), file),
        json_arguments=_is_json(project, app, "task_serializer"),
        json_results=_is_json(project, app, "result_serializer"),
        extras=_extras(project, answers or {}),
    )
    return create_task_form(context, answers)


def plan(project: Project, place: Place, spec: TaskSpec) -> Plan:
    """Plan the task.  Raises `AnswerError`."""
    path = place.path
    if spec.file is not None:
        path = located(project, _folder(project, place), spec.file)
    return plan_task(project, path, spec, place.offset if path == place.path else None)


def _path(project: Project, place: Place, file: object) -> str:
    """The file that the task goes to; where the answer can't be used, the one to propose."""
    if file:
        with suppress(AnswerError):
            return located(project, _folder(project, place), str(file))
    return place.path if place.path.endswith(".py") else default_task_file(project)


def _folder(project: Project, place: Place) -> Path:
    """Where relative paths begin: in the terminal in the working folder."""
    folder = place.arguments.get("folder")
    return Path(folder) if isinstance(folder, str) else project.folder


def _shown(project: Project, place: Place, path: str) -> str:
    return os.path.relpath(path, _folder(project, place)).replace(os.sep, "/")


def _extras(project: Project, answers: Answers) -> tuple[str, ...]:
    """The extras to ask for: an endpoint where there is a framework for it, or an answer."""
    plain = detect(project).framework is Framework.PLAIN
    return tuple(e for e in EXTRAS if e != "endpoint" or e in answers or not plain)


def _is_json(project: Project, app: App | None, key: str) -> bool:
    """Whether JSON is the serializer, for all that is known."""
    value = project.setting(app, key).value if app is not None else Const("json")
    return value == Const("json")


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
