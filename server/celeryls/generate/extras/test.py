"""A test of a task with pytest: it is run in the test's own process, and goes by its name."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from celeryls.facts import Param
from celeryls.facts.model import ParamKind
from celeryls.forms.annotations import WELL_KNOWN, base_name, members
from celeryls.forms.errors import AnswerError
from celeryls.generate.apps import app_for
from celeryls.generate.drafts import ProjectDraft
from celeryls.generate.extras.test_places import TestPlace, test_place
from celeryls.generate.names import FileNames
from celeryls.generate.place import insert_function
from celeryls.generate.quoting import requoted
from celeryls.generate.samples import python_of
from celeryls.generate.templates import notes, render
from celeryls.project import Project, Task
from celeryls.syntax import parse
from celeryls.syntax.bindings import bindings
from celeryls.text.draft import Draft
from celeryls.text.layout import quoted

_TEMPLATE = "extras/test.py.j2"
_OUTCOME = "outcome"
_NUMBERS = re.compile(
    r"(?:.*_)?(?:id|pk|count|number|num|n|size|limit|offset|page|year|days|hours|minutes|seconds)\Z"
)
_CLASSES = frozenset(
    {"bool", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple"}
)


def add_test(draft: ProjectDraft, task: Task) -> tuple[str, ...]:
    """Write a test of a task beside the project's tests; what is worth knowing of it.

    Raises `AnswerError` for a task that can't be tested so.
    """
    project = draft.project
    module, name = _imported_as(project, task)
    positional, keywords, guessed = _arguments(task)
    function = _function(project, task)
    result = _result(function)
    place = test_place(draft, task.path, module)
    text = draft.text(place.path)
    if text is not None and parse(text).broken:
        raise AnswerError(f"{project.relative(place.path)} has a syntax error; mend it first.")
    conventions = project.conventions(place.path)
    written = Draft(text if text is not None else f'"""Tests of the tasks in {module}."""\n')
    taken = {bound.name for bound in bindings(parse(written.text).tree)}
    runs = _free(f"test_{name}", taken)
    named = _free(f"test_{name}_has_its_name", taken)
    app = app_for(project, task.path, None) if task.app is None else task.app
    app_module = project.module_of(app.path) if app is not None and app.path else None
    names = FileNames(
        written,
        line_length=conventions.line_length,
        first_party={part.partition(".")[0] for part in (module, app_module) if part},
        avoid={_OUTCOME, runs, named},
    )
    local = _import_task(names, module, name)
    known_as = quoted(task.name or "")
    name_check = f"assert {local}.name == {known_as}"
    if app is not None and app_module is not None and "." not in app.name:
        # The app's settings and its class of tasks are in force where it is imported.
        name_check = f"assert {known_as} in {names.imported(app_module, app.name)}.tasks"
    values = {
        "runs": runs,
        "named": named,
        "task": local,
        "positional": [_with_imports(value, names) for value in positional],
        "keywords": [f"{quoted(key)}: {_with_imports(v, names)}" for key, v in keywords.items()],
        "todo": result.todo,
        "checks": result.checks,
        "name_check": name_check,
    }
    code = requoted(render(_TEMPLATE, values, conventions), conventions.quotes)
    edit = insert_function(parse(written.text), code, at=None, needs=names.needed_early)
    written.apply((edit,))
    _put(draft, place, text is None, written, f"tests {name}")
    return (*_notes(task, function, guessed, place), *notes(_TEMPLATE, conventions))


def _put(draft: ProjectDraft, place: TestPlace, is_new: bool, written: Draft, summary: str) -> None:
    if not is_new:
        draft.edit(place.path, written.edits(), summary)
        return
    draft.create(place.path, written.text, f"new, {summary}")
    if place.package is not None:
        draft.create(place.package, "", "new, so that tests find the project's modules")


def _imported_as(project: Project, task: Task) -> tuple[str, str]:
    """The module and the name that a task is imported by."""
    name = task.decl.name
    if task.kind == "class":
        raise AnswerError(f"{name} is a class; tests are written for tasks that are functions.")
    if task.decl.is_async or task.decl.is_generator:
        kind = "a coroutine" if task.decl.is_async else "a generator"
        raise AnswerError(f"{name} is {kind}, which Celery does not run; mend that first.")
    path, symbol = task.symbol
    module = project.module_of(path)
    if task.decl.in_function or task.decl.in_class or "." in symbol:
        raise AnswerError(f"{name} can't be imported, since it is not at the top of its module.")
    if module is None:
        raise AnswerError(f"{project.relative(path)} can't be imported from the project's folder.")
    if task.name is None:
        raise AnswerError(f"The name that {name} is registered under can't be told.")
    if not task.runs_itself or task.bind is None:
        raise AnswerError(f"What {name} takes can't be told, because of how it is declared.")
    return module, symbol


def _import_task(names: FileNames, module: str, name: str) -> str:
    """Have the task imported; its name there."""
    if not name.startswith("test"):
        return names.imported(module, name)
    # Under its own name pytest would take it for a test.
    head, _, last = module.rpartition(".")
    return f"{names.imported(head, last) if head else names.imported(last)}.{name}"


def _free(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    return free


# --- what it is called with ------------------------------------------------------------


def _arguments(task: Task) -> tuple[list[str], dict[str, str], list[str]]:
    """What a call has to give: by position, by name; and the names whose values are guessed."""
    positional: list[str] = []
    keywords: dict[str, str] = {}
    guessed = []
    for param in task.takes:
        if param.has_default or param.kind in (ParamKind.VAR_POSITIONAL, ParamKind.VAR_KEYWORD):
            continue
        value = _sample(task, param)
        if param.annotation is None:
            guessed.append(f"{param.name}={value}")
        if param.kind is ParamKind.POSITIONAL_ONLY:
            positional.append(value)
        else:
            keywords[param.name] = value
    return positional, keywords, guessed


def _sample(task: Task, param: Param) -> str:
    if param.annotation is None:
        return "1" if _NUMBERS.match(param.name) else '"..."'
    value = python_of(param.annotation.strip("\"'"))
    if value.startswith("datetime("):
        # Nothing that depends on the Python that it is for: from 3.11 on UTC has a shorter name.
        return 'datetime.fromisoformat("2030-01-31T00:00:00+00:00")'
    if value == "...":
        raise AnswerError(
            f"A value for {param.name}: {param.annotation} of {task.decl.name} can't be made up: "
            "give it a default, or write the test by hand."
        )
    return value


def _with_imports(value: str, names: FileNames) -> str:
    """A sample with the names in it imported, and called what they are called here."""
    tree = ast.parse(value, mode="eval")
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            local = names.imported(WELL_KNOWN[node.id], node.id)
            value = re.sub(rf"(?<![\w.\"]){node.id}(?=[(.])", local, value)
    return value


# --- what comes of it ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Result:
    """What is known of a result, and what is left to say of it."""

    checks: tuple[str, ...]
    todo: str


def _function(project: Project, task: Task) -> ast.FunctionDef | None:
    parsed = parse(project.text(task.path) or "")
    found = [
        node
        for node in parsed.tree.body
        if isinstance(node, ast.FunctionDef) and node.name == task.decl.name
    ]
    return found[-1] if found else None


def _result(function: ast.FunctionDef | None) -> _Result:
    value = f"{_OUTCOME}.result"
    returns = function.returns if function is not None else None
    if function is None or returns is None:
        return _Result((), "Nothing says what it returns: check what it comes to.")
    # In quotes it is the same type.
    source = str(returns.value) if isinstance(returns, ast.Constant) else ast.unparse(returns)
    types = members(source)
    if types == ("None",):
        return _Result((f"{value} is None",), "It returns nothing: check what it did.")
    classes = [base_name(member) for member in types if member != "None"]
    if len(classes) > 1 or classes[0] not in _CLASSES:
        return _Result((), f"It returns {source}: check what it comes to.")
    kind = classes[0]
    if kind == "dict" and _says_success(function):
        todo = "So far it says that it went well: check what it did."
        # The type of a failed task's result is that of its error, hence the first.
        checks = (f"isinstance({value}, {kind})", f'{value}["status"] == "success"')
        return _Result(checks, todo)
    check = f"isinstance({value}, {kind})"
    if len(types) > len(classes):
        check = f"{value} is None or {check}"
    return _Result((check,), f"So far it is known to return {source}: check what is in it.")


def _says_success(function: ast.FunctionDef) -> bool:
    """Whether all that it returns are displays of dicts with the status of a success."""
    found = [*_returned(function)]
    return bool(found) and all(
        isinstance(value, ast.Dict)
        and any(
            isinstance(key, ast.Constant)
            and key.value == "status"
            and isinstance(item, ast.Constant)
            and item.value == "success"
            for key, item in zip(value.keys, value.values, strict=True)
        )
        for value in found
    )


def _returned(function: ast.FunctionDef) -> Iterator[ast.expr | None]:
    for node in ast.walk(function):
        if isinstance(node, ast.Return):
            yield node.value


def _notes(
    task: Task, function: ast.FunctionDef | None, guessed: list[str], place: TestPlace
) -> Iterator[str]:
    name = task.decl.name
    yield f"The test runs the body of {name}: have it replace what must not happen in a test."
    if guessed:
        yield f"Nothing says what {name} takes: the test passes {', '.join(guessed)}."
    if function is not None and _is_unfinished(function):
        yield f"It fails until the body of {name} is filled in, which says so by its error."
    if place.needs_path is not None:
        yield (
            f"pytest has to find the modules in {place.needs_path}: install the project, or set "
            f'pythonpath = ["{place.needs_path}"] below [tool.pytest.ini_options].'
        )


def _is_unfinished(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(node, ast.Raise) and "NotImplementedError" in ast.dump(node)
        for node in ast.walk(function)
    )
