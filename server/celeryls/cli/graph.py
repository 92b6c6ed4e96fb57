"""`celeryls graph`."""

import json
from collections.abc import Iterator
from typing import Literal

import click

from celeryls.cli.failure import Failure
from celeryls.cli.workspaces import display, line_number, open_workspaces
from celeryls.ide.graph import Edge, Graph, Node, graph_of, is_named
from celeryls.project import Project

_MERMAID = {"sends": "-->", "calls": "-. calls .->", "then": "==>", "runs": "-.->"}
_DOT = {
    "sends": "",
    "calls": "style=dashed label=calls",
    "then": "style=bold",
    "runs": "style=dotted",
}
_SHAPES = {"task": ("[", "]"), "module": ("([", "])"), "schedule": ("{{", "}}")}
_DOT_SHAPES = {"task": "box", "module": "ellipse", "schedule": "hexagon"}


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option(
    "--output-format",
    type=click.Choice(["mermaid", "dot", "json"]),
    default="mermaid",
    show_default=True,
)
@click.option(
    "--group-by",
    type=click.Choice(["module", "app", "none"]),
    default="module",
    show_default=True,
    help="What tasks are drawn together by.",
)
@click.option("--around", metavar="PATTERN", help="Only tasks of this name, and what is near.")
@click.option("--steps", type=click.IntRange(0), default=1, help="How near; with --around.")
@click.option("--tests", is_flag=True, help="What tests send, too.")
@click.option("--no-cache", is_flag=True, help="Read every file anew.")
def command(
    paths: tuple[str, ...],
    output_format: Literal["mermaid", "dot", "json"],
    group_by: Literal["module", "app", "none"],
    around: str | None,
    steps: int,
    *,
    tests: bool,
    no_cache: bool,
) -> None:
    """Draw who dispatches what: tasks, workflows and schedules, as text.

    GitHub and many editors draw mermaid, Graphviz draws dot.
    """
    graphs: list[tuple[Project, Graph]] = []
    for opened in open_workspaces(paths, cached=not no_cache):
        project = opened.workspace.snapshot()
        graph = graph_of(project, group_by, tests=tests)
        if around is not None:
            graph = graph.around(lambda node: is_named(node, around), steps)
            if not graph.nodes:
                raise Failure(f'no task is named "{around}"; see `celeryls tasks`')
        graphs.append((project, graph))
    draw = {"mermaid": _mermaid, "dot": _dot, "json": _json}[output_format]
    for line in draw(graphs):
        click.echo(line)


# --- mermaid ---------------------------------------------------------------------------


def _mermaid(graphs: list[tuple[Project, Graph]]) -> Iterator[str]:
    yield "flowchart LR"
    for number, (_, graph) in enumerate(graphs):
        ids = {name: f"n{number}_{at}" for at, name in enumerate(graph.nodes)}
        for at, (group, nodes) in enumerate(_groups(graph)):
            if group is not None:
                yield f'  subgraph g{number}_{at}["{_escaped(group)}"]'
            for node in nodes:
                start, end = _SHAPES[node.kind]
                indent = "    " if group is not None else "  "
                yield f'{indent}{ids[node.id]}{start}"{_escaped(_short(node))}"{end}'
            if group is not None:
                yield "  end"
        for edge in graph.edges:
            yield f"  {ids[edge.source]} {_MERMAID[edge.kind]} {ids[edge.target]}"


def _escaped(text: str) -> str:
    """Mermaid takes entities, without the ampersand."""
    return text.replace("#", "#35;").replace('"', "#quot;").replace("<", "#lt;")


# --- dot -------------------------------------------------------------------------------


def _dot(graphs: list[tuple[Project, Graph]]) -> Iterator[str]:
    yield "digraph celery {"
    yield '  rankdir=LR; node [fontname="sans-serif"]; edge [fontname="sans-serif"];'
    for number, (_, graph) in enumerate(graphs):
        ids = {name: f"n{number}_{at}" for at, name in enumerate(graph.nodes)}
        for at, (group, nodes) in enumerate(_groups(graph)):
            if group is not None:
                yield f"  subgraph cluster_{number}_{at} {{ label={_quoted(group)};"
            for node in nodes:
                shape = _DOT_SHAPES[node.kind]
                yield f"    {ids[node.id]} [shape={shape} label={_quoted(_short(node))}];"
            if group is not None:
                yield "  }"
        for edge in graph.edges:
            style = f" [{_DOT[edge.kind]}]" if _DOT[edge.kind] else ""
            yield f"  {ids[edge.source]} -> {ids[edge.target]}{style};"
    yield "}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _groups(graph: Graph) -> Iterator[tuple[str | None, list[Node]]]:
    groups: dict[str | None, list[Node]] = {}
    for node in graph.nodes.values():
        groups.setdefault(node.group, []).append(node)
    yield from sorted(groups.items(), key=lambda item: item[0] or "")


def _short(node: Node) -> str:
    """A task's name without the module that is written around it."""
    prefix = f"{node.group}."
    return node.label[len(prefix) :] if node.label.startswith(prefix) else node.label


# --- JSON ------------------------------------------------------------------------------


def _json(graphs: list[tuple[Project, Graph]]) -> Iterator[str]:
    nodes, edges, unresolved = [], [], []
    for project, graph in graphs:
        nodes += [_node(node) for node in graph.nodes.values()]
        edges += [_edge(edge) for edge in graph.edges]
        unresolved += [
            {
                "path": display(item.path),
                "line": line_number(project, item.path, item.offset),
                "method": item.method,
                "reason": item.reason,
            }
            for item in graph.unresolved
        ]
    yield json.dumps({"nodes": nodes, "edges": edges, "unresolved": unresolved}, indent=2)


def _node(node: Node) -> dict[str, str]:
    group = {"group": node.group} if node.group is not None else {}
    return {"id": node.id, "kind": node.kind, "label": node.label, **group}


def _edge(edge: Edge) -> dict[str, str]:
    return {"source": edge.source, "target": edge.target, "kind": edge.kind}
