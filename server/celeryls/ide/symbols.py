"""Celery's view of a file, for an outline, and of a project, for a search by name."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from celeryls.facts.walk import statements
from celeryls.project import Project, Task
from celeryls.project.apps import App
from celeryls.project.schedules import Schedule, shown
from celeryls.project.timetables import timetable_of
from celeryls.syntax import parse
from celeryls.text import Span

SymbolKind = Literal["task", "app", "schedule"]
_Thing: TypeAlias = Task | App | Schedule
_NO_MATCH = 4


@dataclass(frozen=True, slots=True)
class Symbol:
    """A task, an app or an entry of a schedule.

    `span` is all of it, decorators included; `selection` lies inside and is what to jump to.
    `detail` is a task's registered name, or when an entry runs.
    """

    name: str
    kind: SymbolKind
    detail: str
    path: str
    span: Span
    selection: Span


def document_symbols(project: Project, path: str) -> list[Symbol]:
    """The tasks, apps and schedule entries of one file, in the order of source."""
    if path not in project.files:
        return []
    things: tuple[tuple[str, str, _Thing], ...] = (
        *((function_name(task), task.name or "", task) for task in project.tasks_in(path)),
        *((app.name, "app", app) for app in project.apps if app.path == path),
        *(
            (entry_name(entry), _when(project, entry), entry)
            for entry in project.schedules_in(path)
        ),
    )
    found = [_symbol(project, name, detail, thing) for name, detail, thing in things]
    # Of what two branches of an `if` bind there may be two.
    kept = dict.fromkeys(symbol for symbol in found if symbol is not None)
    return sorted(kept, key=lambda symbol: (symbol.span, symbol.name))


def workspace_symbols(project: Project, query: str, most: int = 300) -> list[Symbol]:
    """What a query fits, best first and no more than `most`: its characters in their order.

    Case does not matter.  A task is called by its registered name here, or by the name of its
    function where only that one fits.  `detail` tells apart what has the same name: the module
    of a task whose own name fits, else its registered name; the module of an app; what an entry
    runs, and when.
    """
    ranked: list[tuple[tuple[int, int, str], str, _Thing]] = []

    def consider(name: str, detail: str, thing: _Thing) -> bool:
        rank = _rank(query, name)
        if rank != _NO_MATCH:
            ranked.append(((rank, len(name), name), detail, thing))
        return rank != _NO_MATCH

    for task in project.tasks():
        if not consider(task.label, task.module or "", task):
            consider(function_name(task), task.label, task)
    for app in project.apps:
        if app.path is not None:
            consider(app.name, project.module_of(app.path) or "", app)
    for entry in project.schedules():
        runs = entry.task_name or ", ".join(task.label for task in entry.tasks)
        consider(entry_name(entry), ", ".join(filter(None, (runs, _when(project, entry)))), entry)
    ranked.sort(key=lambda item: item[0])
    found = (_symbol(project, name, detail, thing) for (_, _, name), detail, thing in ranked[:most])
    return [symbol for symbol in found if symbol is not None]


def function_name(task: Task) -> str:
    """What a task is called in its code: the function, or the class."""
    return task.symbol[1].rpartition(".")[2] if task.kind == "class" else task.decl.name


def entry_name(entry: Schedule) -> str:
    """What an entry of a schedule goes by: its own name, or the task's."""
    return entry.name or entry.task_name or next((t.label for t in entry.tasks), "schedule")


def _when(project: Project, entry: Schedule) -> str:
    timetable = timetable_of(entry.when, project.celery_version)
    return shown(entry.when) if timetable is None else str(timetable)


def _rank(query: str, name: str) -> int:
    """How well a query fits a name; less is better."""
    query, name = query.lower(), name.lower()
    if name.rpartition(".")[2].startswith(query):
        return 0
    if query in name:
        return 1 if f".{query}" in f".{name}" else 2
    left = iter(name)
    return 3 if all(character in left for character in query) else _NO_MATCH


def _symbol(project: Project, name: str, detail: str, thing: _Thing) -> Symbol | None:
    """The symbol with its place; `None` where a half-typed line hides it."""
    match thing:
        case Task():
            site = project.site(thing)
            if not site.name.length:
                return None
            start = site.span.start
            if site.decorators:
                text = project.text(thing.path) or ""
                start = text.rfind("@", 0, site.decorators[0].span.start)
            span = Span(start, site.span.end)
            return Symbol(name, "task", detail, thing.path, span, site.name)
        case Schedule(path=path, span=span):
            return Symbol(name, "schedule", detail, path, span, Span(span.start, span.start))
    spans = _place_of(project, thing)
    if spans is None or thing.path is None:
        return None
    return Symbol(name, "app", detail, thing.path, *spans)


def _place_of(project: Project, app: App) -> tuple[Span, Span] | None:
    """The statement that binds an app's name, and that name in it."""
    parsed = parse(project.text(app.path or "") or "")
    for node, _ in statements(parsed.tree.body):
        for target in _targets(node):
            if target.id == app.name:
                return parsed.span(node), parsed.span(target)
    return None


def _targets(node: ast.stmt) -> Iterator[ast.Name]:
    match node:
        case ast.Assign(targets=targets):
            yield from (target for target in targets if isinstance(target, ast.Name))
        case ast.AnnAssign(target=ast.Name() as target):
            yield target
