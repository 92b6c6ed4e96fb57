"""The tasks of a project as neighbours in a chain: what they take and return."""

import ast
import builtins

from celeryls.facts import ParamKind
from celeryls.forms import Choice, Neighbour, Taken
from celeryls.forms.annotations import WELL_KNOWN, names_in, with_names
from celeryls.forms.neighbours import known_annotation
from celeryls.project import Project, Task
from celeryls.project.symbols import Defined, External
from celeryls.syntax import parse

MOST_OFFERED = 30
_IN_ORDER = (ParamKind.POSITIONAL_ONLY, ParamKind.NORMAL, ParamKind.VAR_POSITIONAL)


def offered(project: Project, path: str) -> tuple[Choice, ...]:
    """Tasks to choose from, those of the file `path` first.  Others can be typed."""
    tasks = sorted(_tasks(project), key=lambda task: task.path != path)
    by_name = {str(task.name): task for task in tasks}
    return tuple(Choice(name, project.relative(task.path)) for name, task in by_name.items())[
        :MOST_OFFERED
    ]


def neighbour(project: Project, name: str) -> Neighbour | None:
    """The task of a registered name, or of a function's name that only one task has."""
    found = [task for task in _tasks(project) if task.name == name]
    found = found or [task for task in _tasks(project) if task.decl.name == name]
    names = {task.name for task in found}
    if len(names) != 1:
        return None
    task = found[0]
    return Neighbour(
        name=str(task.name),
        function=task.symbol[1].rpartition(".")[2],
        takes=_takes(project, task),
        returns=_returns(project, task) if task.runs_itself else None,
    )


def _tasks(project: Project) -> list[Task]:
    return [
        task for task in project.tasks() if task.name is not None and not project.is_test(task.path)
    ]


def _takes(project: Project, task: Task) -> tuple[Taken, ...] | None:
    if not task.runs_itself or task.bind is None:
        return None
    return tuple(
        Taken(
            param.name,
            _annotation(project, task.path, param.annotation),
            required=not param.has_default and param.kind is not ParamKind.VAR_POSITIONAL,
        )
        for param in task.takes
        if param.kind in _IN_ORDER
    )


def _returns(project: Project, task: Task) -> str | None:
    """The annotation of what it returns.  Parses its file."""
    line = project.site(task).def_line
    for node in ast.walk(parse(project.text(task.path) or "").tree):
        if isinstance(node, ast.FunctionDef) and node.lineno == line:
            text = ast.unparse(node.returns) if node.returns is not None else None
            return _annotation(project, task.path, text)
    return None


def _annotation(project: Project, path: str, text: str | None) -> str | None:
    """An annotation that can be written in another file; `None` if there is none."""
    annotation = known_annotation(text)
    if annotation is None:
        return None
    names: dict[str, str] = {}
    for name in names_in(annotation):
        known = name in WELL_KNOWN or isinstance(getattr(builtins, name, None), type)
        found = None if known else _full_name(project, path, name)
        if not known and found is None:
            return None
        if found is not None:
            names[name] = found
    return with_names(annotation, names)


def _full_name(project: Project, path: str, name: str) -> str | None:
    """Where a name of a file comes from, as a dotted name that can be imported."""
    found = set()
    for symbol in project.resolve(path, name):
        match symbol:
            case External(qualname=qualname):
                found.add(qualname)
            case Defined(path=at, name=defined) if project.module_of(at):
                found.add(f"{project.module_of(at)}.{defined}")
            case _:
                return None
    return found.pop() if len(found) == 1 else None
