"""Who dispatches what: tasks, what sends them, workflows and schedules as a graph."""

import fnmatch
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from celeryls.facts import Body, CanvasSite
from celeryls.facts.calls import SENDS
from celeryls.ide.spots import Spot, spot_of_task
from celeryls.project import Project, Task
from celeryls.project.dispatch import WORKFLOW, Dispatch
from celeryls.project.schedules import shown
from celeryls.project.timetables import timetable_of
from celeryls.text import Span

NodeKind = Literal["task", "module", "schedule"]
EdgeKind = Literal["sends", "calls", "then", "runs"]


@dataclass(frozen=True, slots=True)
class Node:
    """A task, a module whose other code sends tasks, or a time at which tasks run.

    `group` is what it is drawn in: the module or the app of a task.  `spot` is where to go: the
    name of a task's function, the beginning of a module, the first entry with a time.  `when` is
    such a time in words, where it is understood.
    """

    id: str
    kind: NodeKind
    label: str
    group: str | None = None
    spot: Spot | None = None
    when: str | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """`sends` a task; `calls` it directly; `then` the next step of a workflow; `runs` by clock."""

    source: str
    target: str
    kind: EdgeKind


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A dispatch of which the task can't be told, and why; `offset` in code points."""

    path: str
    offset: int
    method: str
    reason: str


@dataclass(slots=True)
class Graph:
    """Nodes and edges in a stable order, without doubles."""

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: dict[Edge, None] = field(default_factory=dict)
    unresolved: list[Unresolved] = field(default_factory=list)

    def around(self, chosen: Callable[[Node], bool], steps: int) -> "Graph":
        """The part of the graph that is at most `steps` edges away from the chosen nodes."""
        near = {node.id for node in self.nodes.values() if chosen(node)}
        for _ in range(steps):
            near |= {
                end
                for edge in self.edges
                if edge.source in near or edge.target in near
                for end in (edge.source, edge.target)
            }
        return Graph(
            {name: node for name, node in self.nodes.items() if name in near},
            {e: None for e in self.edges if e.source in near and e.target in near},
            self.unresolved,
        )


def graph_of(
    project: Project, by: Literal["module", "app", "none"] = "module", *, tests: bool = False
) -> Graph:
    """The graph of a whole project; tasks are grouped `by` module or app.

    Without `tests` it is what runs in production.
    """
    graph = Graph()
    for task in project.tasks():
        if project.is_test(task.path) and not tests:
            continue
        group = {"module": task.module, "app": task.app.name if task.app else "shared"}.get(by)
        spot = spot_of_task(project, task)
        graph.nodes[_id(task)] = Node(_id(task), "task", task.label, group, spot)
    for path in sorted(project.files):
        if tests or not project.is_test(path):
            _File(project, graph, path).read()
    for schedule in project.schedules():
        when = shown(schedule.when)
        for task in schedule.tasks:
            if _id(task) not in graph.nodes:
                continue
            spot = Spot(schedule.path, schedule.span)
            timetable = timetable_of(schedule.when, project.celery_version)
            words = None if timetable is None else str(timetable)
            node = Node(f"when {when}", "schedule", when, spot=spot, when=words)
            graph.nodes.setdefault(node.id, node)
            graph.edges[Edge(f"when {when}", _id(task), "runs")] = None
    return graph


def is_named(node: Node, pattern: str) -> bool:
    """Whether a node is a task of a name that may have `*` in it: the whole one, or its end."""
    names = (node.label, node.label.rpartition(".")[2])
    return node.kind == "task" and any(fnmatch.fnmatchcase(name, pattern) for name in names)


def _id(task: Task) -> str:
    return f"task {task.label}"


class _File:
    """Adds what one file sends."""

    def __init__(self, project: Project, graph: Graph, path: str) -> None:
        self._project = project
        self._graph = graph
        self._path = path
        self._body: Body = project.body(path)
        self._dispatches = project.dispatches(path)
        self._own = {task.decl.qualname: task for task in project.tasks_in(path)}
        calls = self._body.calls
        self._periodic = [call.span for call in calls if call.method == "add_periodic_task"]
        self._later: set[Span] = set()

    def read(self) -> None:
        for canvas in self._body.canvases:
            self._workflow(canvas)
        for dispatch in self._dispatches:
            site = dispatch.site
            if not dispatch.tasks:
                # A workflow is no task, and its members are edges by themselves.
                is_workflow = dispatch.reason == WORKFLOW
                if site.called and site.method in SENDS and not is_workflow:
                    place = site.span.start
                    self._graph.unresolved.append(
                        Unresolved(self._path, place, site.method, dispatch.reason)
                    )
                continue
            if site.method == "add_periodic_task" or site.span in self._later:
                continue
            if not self._is_scheduled(site.span):
                for task in dispatch.tasks:
                    self._edge(self._source(site.within), task, "sends")
        for use in self._project.uses(self._path):
            kind: EdgeKind = "calls" if use.how == "call" else "sends"
            if use.how != "value":
                self._edge(self._source(use.reference.within), use.task, kind)

    def _is_scheduled(self, span: Span) -> bool:
        """Whether a signature is an argument of `add_periodic_task`, which is a schedule."""
        return any(around.start <= span.start < around.end for around in self._periodic)

    def _edge(self, source: str, task: Task, kind: EdgeKind) -> None:
        if _id(task) in self._graph.nodes:
            self._graph.edges[Edge(source, _id(task), kind)] = None

    def _source(self, within: str) -> str:
        """The task whose code it is, else the module."""
        parts = within.split(".")
        for size in range(len(parts), 0, -1):
            task = self._own.get(".".join(parts[:size]))
            if task is not None:
                return _id(task)
        module = self._project.module_of(self._path) or os.path.basename(self._path)
        spot = Spot(self._path, Span(0, 0))
        node = Node(f"module {module}", "module", module, spot=spot)
        return self._graph.nodes.setdefault(node.id, node).id

    # --- workflows --------------------------------------------------------------------

    def _workflow(self, canvas: CanvasSite) -> None:
        """Edges between the steps of a workflow; what comes later isn't sent by its code."""
        if canvas.parts is None:
            return
        kind = self._kind(canvas)
        if kind == "chain":
            for first, second in zip(canvas.parts, canvas.parts[1:], strict=False):
                self._then(first, second)
        elif kind == "chord" and canvas.body is not None:
            for part in canvas.parts:
                self._then(part, canvas.body)

    def _kind(self, canvas: CanvasSite) -> str | None:
        return self._project.workflow_kind(self._path, canvas)

    def _then(self, first: Span, second: Span) -> None:
        before, after = self._ends(first, last=True), self._ends(second, last=False)
        for dispatch in after:
            self._later.add(dispatch.site.span)
        for source in _tasks(before):
            for target in _tasks(after):
                self._edge(_id(source), target, "then")

    def _ends(self, part: Span, *, last: bool) -> list[Dispatch]:
        """The signatures that a step ends with, or begins with."""
        inside = [c for c in self._body.canvases if c.parts and _within(c.span, part)]
        for canvas in sorted(inside, key=lambda canvas: -canvas.span.length):
            kind = self._kind(canvas)
            assert canvas.parts is not None
            if kind == "chain":
                return self._ends(canvas.parts[-1 if last else 0], last=last)
            if kind == "chord" and canvas.body is not None and last:
                return self._ends(canvas.body, last=True)
            if kind == "chord":
                found = [self._ends(part, last=False) for part in canvas.parts]
                return [dispatch for part in found for dispatch in part]
        return [
            dispatch
            for dispatch in self._dispatches
            if dispatch.tasks and _within(dispatch.site.span, part)
        ]


def _within(span: Span, part: Span) -> bool:
    return part.start <= span.start and span.end <= part.end


def _tasks(dispatches: Iterable[Dispatch]) -> Iterator[Task]:
    for dispatch in dispatches:
        yield from dispatch.tasks
