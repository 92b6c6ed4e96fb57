"""`celeryls tasks`."""

import fnmatch
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

import click

from celeryls import catalog
from celeryls.cli.terminal import visible, width
from celeryls.cli.workspaces import Opened, display, line_number, open_workspaces
from celeryls.ide.overview import TaskView, overview, unused
from celeryls.project import Project
from celeryls.project.in_force import settled
from celeryls.project.schedules import shown
from celeryls.syntax.expr import (
    UNKNOWN,
    Call,
    Const,
    Dict,
    Expr,
    Imported,
    Name,
    Seq,
    is_known,
    last_name,
)
from celeryls.text.files import UnreadableSource, read_source

_SHOWN = ("acks_late", "max_retries", "autoretry_for", "soft_time_limit", "time_limit", "queue")


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--name", metavar="PATTERN", help='Only tasks of this name: "shop.*", "charge".')
@click.option("--unused", "only_unused", is_flag=True, help="Only tasks that nothing uses.")
@click.option("--unregistered", is_flag=True, help="Only tasks that no worker knows.")
@click.option("--unscheduled", is_flag=True, help="Only tasks that no schedule runs.")
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text")
@click.option("--no-cache", is_flag=True, help="Read every file anew.")
def command(
    paths: tuple[str, ...],
    name: str | None,
    output_format: Literal["text", "json"],
    *,
    only_unused: bool,
    unregistered: bool,
    unscheduled: bool,
    no_cache: bool,
) -> None:
    """List the tasks of a project: their options in force, who calls and schedules them."""
    found: list[tuple[Project, TaskView]] = []
    missed: str | None = None
    for opened in open_workspaces(paths, cached=not no_cache):
        project = opened.workspace.snapshot()
        wanted = set(opened.files)
        views = [view for view in overview(project) if view.task.path in wanted]
        if not views:
            missed = missed or _missed(project, opened.files)
        if only_unused:
            views = list(unused(views, _texts(opened)))
        for view in views:
            if name is not None and not _is_named(view, name):
                continue
            if unregistered and view.registered is not False:
                continue
            if unscheduled and view.schedules:
                continue
            found.append((project, view))
    if output_format == "json":
        click.echo(json.dumps([_item(project, view) for project, view in found], indent=2))
        return
    for line in _table(found):
        click.echo(line)
    click.echo(f"{len(found)} task{'' if len(found) == 1 else 's'}")
    if missed is not None and not found:
        click.echo(missed)


def _missed(project: Project, files: Iterable[str]) -> str | None:
    """A note of the first decorator that looks like one of an app which can't be made out."""
    for path in files:
        if path not in project.files or project.is_test(path):
            continue
        for decl in project.interface(path).functions:
            for decorator in decl.decorators:
                name = decorator.func if isinstance(decorator, Call) else decorator
                if isinstance(name, Name) and name.dotted.endswith(".task"):
                    return (
                        f"note: @{visible(name.dotted)} in {display(path)} may make tasks, but "
                        f"what {visible(name.dotted.removesuffix('.task'))} is can't be read: if "
                        "it is a Celery app, name the decorator in the setting task-decorators, "
                        'such as "shop.queue.task".'
                    )
    return None


def _is_named(view: TaskView, pattern: str) -> bool:
    names = (view.task.name or "", view.task.decl.name, view.task.decl.qualname)
    return any(fnmatch.fnmatchcase(name, pattern) for name in names)


def _texts(opened: Opened) -> Iterator[tuple[str, str]]:
    for path in opened.everything:
        try:
            yield path, read_source(path).text
        except (OSError, UnreadableSource):
            continue


# --- text ------------------------------------------------------------------------------


def _table(found: list[tuple[Project, TaskView]]) -> Iterator[str]:
    """The tasks by file, in columns; a name that Celery makes up is shown as the function's."""
    rows = [(view.task.path, _row(project, view)) for project, view in found]
    widths = [max((width(row[at]) for _, row in rows), default=0) for at in range(3)]
    before = None
    for path, row in rows:
        if path != before:
            if before is not None:
                yield ""
            yield click.style(visible(display(path)), bold=True)
            before = path
        cells = [cell + " " * (most - width(cell)) for cell, most in zip(row, widths, strict=False)]
        cells[0] = click.style(cells[0], fg="cyan")
        yield f"  {'  '.join((*cells, row[3]))}".rstrip()
    if rows:
        yield ""


def _row(project: Project, view: TaskView) -> tuple[str, str, str, str]:
    task = view.task
    automatic = task.name is not None and task.name == f"{task.module}.{task.decl.name}"
    label = task.decl.name if automatic else f"{task.decl.name} ({task.name or 'name unknown'})"
    count = len(view.callers)
    options = []
    for option in _SHOWN:
        value = project.effective(task, option)
        if value.known and value.origin != "default":
            options.append(f"{option}={_short(_json(value.value))}")
    notes = [f"runs {shown(schedule.when)}" for schedule in view.schedules]
    if view.registered is False:
        notes.append("no worker imports it")
    details = "; ".join([*([", ".join(options)] if options else []), *notes])
    line = f"line {project.site(task).def_line}"
    calls = f"{count} call{'' if count == 1 else 's'}"
    return visible(label), line, calls, visible(details)


def _short(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


# --- JSON ------------------------------------------------------------------------------


def _item(project: Project, view: TaskView) -> dict[str, Any]:
    task = view.task
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
            {
                "path": display(caller.path),
                "line": line_number(project, caller.path, caller.offset),
                "method": caller.method,
                **({"via": caller.via} if caller.via is not None else {}),
            }
            for caller in view.callers
        ],
        "schedules": [
            {
                **({"name": schedule.name} if schedule.name is not None else {}),
                **({"schedule": shown(schedule.when)} if schedule.when != UNKNOWN else {}),
                "path": display(schedule.path),
                "line": line_number(project, schedule.path, schedule.span.start),
            }
            for schedule in view.schedules
        ],
    }
    if task.name is not None:
        item["name"] = task.name
    if task.bind is not None:
        item["bind"] = task.bind
    if task.app is not None:
        item["app"] = task.app.name
    if view.registered is not None:
        item["registered"] = view.registered
    for name in _options(project):
        value = project.effective(task, name)
        if value.known:
            item["effective"][name] = _json(value.value)
            item["origins"][name] = value.origin
    return item


def _options(project: Project) -> Iterable[str]:
    for name, option in catalog.task_options(project.celery_version).items():
        if option.kind not in ("handler", "decorator"):
            yield name


def _known(options: Mapping[str, Expr]) -> dict[str, Any]:
    """What is written, as far as it is known."""
    return {name: _json(value) for name, value in options.items() if is_known(settled(name, value))}


def _json(value: Expr) -> Any:
    """A value that is known, as JSON; classes and calls go by their name."""
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
        case Call():
            return shown(value)
    raise TypeError(f"not known: {value}")
