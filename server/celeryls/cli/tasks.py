"""`celeryls tasks`."""

import json
from collections.abc import Mapping
from typing import Any, Literal

import click

from celeryls import catalog
from celeryls.cli.workspaces import display, open_workspaces
from celeryls.ide.callers import callers
from celeryls.project import Project, Task
from celeryls.project.in_force import settled
from celeryls.syntax.expr import Const, Dict, Expr, Imported, Name, Seq, is_known, last_name
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


def _known(options: Mapping[str, Expr]) -> dict[str, Any]:
    """What is written, as far as it is known."""
    return {name: _json(value) for name, value in options.items() if is_known(settled(name, value))}


def _json(value: Expr) -> Any:
    """A value that is known, as JSON; classes go by their name."""
    match value:
        case Const(value=constant):
            return constant if not isinstance(constant, bytes | complex) else repr(constant)
        case Name(dotted=dotted):
            return dotted
        case Imported():
            return last_name(value)
        case Seq(items=items):
            return [_json(item) for item in items]
        case Dict(items=items):
            return {str(_json(key)): _json(item) for key, item in items if key is not None}
    raise TypeError(f"not known: {value}")


def _short(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
