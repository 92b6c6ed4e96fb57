"""Convert a plain function to a bound Celery task."""

import ast
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from celeryls.facts import has_traces
from celeryls.forms import AnswerError, Form
from celeryls.forms.running_form import RunningSpec, running_form
from celeryls.generate import Plan
from celeryls.generate.conversion import plan_conversion
from celeryls.ide.dialogue import Answers, Dialogue, Place
from celeryls.ide.vocabulary import CONVERT, CONVERT_COMMAND, Action, CannotDo, Edits, wanted
from celeryls.project import Project
from celeryls.refactor.convert_function import (
    DEFAULT,
    FunctionTarget,
    find_function,
    find_named,
    refusal,
)
from celeryls.syntax import Parsed, parse
from celeryls.text import Span

TITLE = "Convert to bound Celery task"
_LISTED = 8


def offers(
    project: Project, path: str, text: str, span: Span, only: tuple[str, ...]
) -> Iterator[Action]:
    """The action for the function whose head the cursor is on, disabled where it can't be.

    Offered in files that have to do with Celery, elsewhere only when asked for by kind.
    """
    if not wanted(CONVERT, only) or not (only or has_traces(text) or "tasks" in path):
        return
    parsed = parse(text)
    target = find_function(parsed, span.start)
    if target is None:
        return
    reason = refusal(parsed, target, is_task=_is_task(project, path, target.name))
    yield Action(
        TITLE,
        CONVERT,
        data={"action": "convertFunction", "path": path, "offset": span.start},
        disabled=reason,
    )


def resolve(project: Project, data: Mapping[str, Any]) -> Edits:
    """The edits of the action, with all answers as they are by default.  Raises `CannotDo`."""
    place = Place(str(data["path"]), int(data["offset"]))
    try:
        return {change.path: change.edits for change in plan(project, place, DEFAULT).changes}
    except AnswerError as error:
        raise CannotDo(error.message) from error


def form(project: Project, place: Place, answers: Answers | None) -> Form[RunningSpec]:
    """The form after some answers.  Raises `AnswerError` for what can't be converted."""
    _target(project, place)
    return running_form(project.conventions(place.path).queues, answers)


def plan(project: Project, place: Place, spec: RunningSpec) -> Plan:
    """Plan the conversion of the function at a place.  Raises `AnswerError` with the reason."""
    parsed, target = _target(project, place)
    return plan_conversion(project, place.path, parsed, target, spec)


def _target(project: Project, place: Place) -> tuple[Parsed, FunctionTarget]:
    """The function of a place, and the text that it is in, parsed."""
    parsed = parse(project.text(place.path) or "")
    target = _function(parsed, project, place)
    reason = refusal(parsed, target, is_task=_is_task(project, place.path, target.name))
    if reason is not None:
        raise AnswerError(reason)
    return parsed, target


def _function(parsed: Parsed, project: Project, place: Place) -> FunctionTarget:
    name = place.arguments.get("function")
    if isinstance(name, str):
        target = find_named(parsed, name)
        if target is not None:
            return target
        file = project.relative(place.path)
        if parsed.broken:
            raise AnswerError(f"{file} has a syntax error; mend it first.")
        known = [
            node.name
            for node in parsed.tree.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        near = get_close_matches(name, known, _LISTED) or known
        listed = ", ".join(near[:_LISTED]) + (", …" if len(near) > _LISTED else "")
        raise AnswerError(f"{file} has no function {name}; it defines {listed or 'none'}.")
    target = find_function(parsed, place.offset) if place.offset is not None else None
    if target is None:
        raise AnswerError("There is no function here: put the cursor on its first line.")
    return target


def _is_task(project: Project, path: str, name: str) -> bool:
    return any(task.decl.qualname == name for task in project.tasks_in(path))


DIALOGUE = Dialogue(CONVERT_COMMAND, TITLE, form, plan)
