"""`celeryls tasks`."""

import json
from typing import Any, Literal

import click

from celeryls import catalog
from celeryls.cli.workspaces import display, open_workspaces
from celeryls.ide.callers import callers
from celeryls.project import Project, Task
from celeryls.syntax.expr import Const, Dict, Expr, Name, Seq, Starred, Unknown
from celeryls.text import LineIndex

_SHOWN = ("acks_late", "max_retries", "autoretry_for", "soft_time_limit", "time_limit", "queue")


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text")
def command(paths: tuple[str, ...], output_format: Literal["text", "json"]) -> None:
    """List the tasks of a project and their options in force."""
    found: list[dict[str, Any]] = []
    for opened in open_workspaces(paths):
        project = opened.workspace.snapshot()
        wanted = set(opened.files)
        calls = callers(project)
        for task in project.tasks():
            if task.path in wanted:
                found.append(_item(project, task, calls.get((task.path, task.index), ())))
    if output_format == "json":
        click.echo(json.dumps(found, indent=2))
        return
    for item in found:
        options = ", ".join(
            f"{name}={_short(item['effective'][name])}"
            for name in _SHOWN
            if item["origins"].get(name) not in (None, "default")
        )
        name = click.style(item.get("name") or f"{item['function']} (name unknown)", bold=True)
        place = f"{item['path']}:{item['def_line']}"
        count = len(item["callers"])
        called = f"{count} call{'' if count == 1 else 's'}"
        click.echo(f"{name}\n    {place}  {item['kind']}  {called}  {options}".rstrip())
    click.echo(f"{len(found)} task{'' if len(found) == 1 else 's'}")


def _item(project: Project, task: Task, calls: tuple[tuple[str, int, str], ...]) -> dict[str, Any]:
    site = project.site(task)
    item: dict[str, Any] = {
        "path": display(task.path),
        "line": site.line,
        "def_line": site.def_line,
        "function": task.decl.name,
        "qualified_name": task.decl.qualname,
        "kind": task.kind,
        "options": _known(task.options),
        "effective": {},
        "origins": {},
        "callers": [
            {"path": display(path), "line": _line(project, path, offset), "method": method}
            for path, offset, method in calls
        ],
    }
    if task.name is not None:
        item["name"] = task.name
    if task.bind is not None:
        item["bind"] = task.bind
    if task.app is not None:
        item["app"] = task.app.name
    for name, option in catalog.task_options(project.celery_version).items():
        if option.kind in ("handler", "decorator"):
            continue
        value = project.effective(task, name)
        if value.known:
            item["effective"][name] = _json(value.value)
            item["origins"][name] = value.origin
    return item


def _line(project: Project, path: str, offset: int) -> int:
    return LineIndex(project.text(path) or "").line_at(offset) + 1


def _known(options: Any) -> dict[str, Any]:
    return {k: _json(v) for k, v in options.items() if not isinstance(v, Unknown)}


def _json(value: Expr) -> Any:
    """A value as JSON; classes and functions go by their name."""
    match value:
        case Const(value=constant):
            return constant if not isinstance(constant, bytes | complex) else repr(constant)
        case Name(dotted=dotted):
            return dotted
        case Seq(items=items):
            return [_json(item) for item in items]
        case Dict(items=items):
            return {str(_json(k)) if k is not None else "**": _json(v) for k, v in items}
        case Starred(value=inner):
            return f"*{_json(inner)}"
    return "<computed>"


def _short(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
