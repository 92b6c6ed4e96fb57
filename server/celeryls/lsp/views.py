"""`celeryls/view` and `celeryls/graph` (docs/lsp-extensions.md): what views show of a workspace."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from celeryls.lsp.places import Json, Places, without_nothing
from celeryls.lsp.protocol import RequestRefused
from celeryls.lsp.server import CelerylsServer
from celeryls.lsp.uris import is_file, path_of, uri_of
from celeryls.text import lines_of

if TYPE_CHECKING:
    from celeryls.ide.view import AppNode, Entry, TaskNode, View
    from celeryls.ide.written_settings import WrittenSetting
    from celeryls.lsp.folder import Folder

_GROUPS = ("module", "app", "none")
_MOST_STEPS = 100
_SEVERITIES = ("error", "warning", "info", "hint")


async def view(server: CelerylsServer, params: Any) -> Json:
    """`celeryls/view`: apps with tasks and settings, schedules and problems of each folder."""
    from datetime import datetime, timezone

    from celeryls.ide.view import view_of

    session = server.session
    answers = []
    for folder in await _folders(server, params):
        project = folder.workspace.snapshot()
        places = Places(session, project)
        now = datetime.now(timezone.utc)
        answer = await server.off_loop(
            lambda _, project=project, places=places, now=now: _view(  # type: ignore[misc]
                view_of(project, now), places
            )
        )
        answers.append({"uri": _uri(folder), **answer, "problems": _problems(server, folder)})
    return {"folders": answers}


async def graph(server: CelerylsServer, params: Any) -> Json:
    """`celeryls/graph`: who dispatches what, in each folder."""
    from celeryls.ide.graph import graph_of, is_named

    given = params if isinstance(params, Mapping) else {}
    by, around, steps = given.get("by", "module"), given.get("around"), given.get("steps", 1)
    if by not in _GROUPS:
        raise RequestRefused(f"`by` is one of {', '.join(_GROUPS)}")
    if around is not None and not isinstance(around, str):
        raise RequestRefused("`around` is the name of a task, in which * stands for anything")
    if isinstance(steps, bool) or not isinstance(steps, int) or not 0 <= steps <= _MOST_STEPS:
        raise RequestRefused(f"`steps` is a whole number from 0 to {_MOST_STEPS}")
    group = cast(Literal["module", "app", "none"], by)
    answers = []
    for folder in await _folders(server, params):
        project = folder.workspace.snapshot()
        places = Places(server.session, project)

        def drawn(_: object, project: Any = project, places: Places = places) -> Json:
            found = graph_of(project, group)
            if around is not None:
                found = found.around(lambda node: is_named(node, around), steps)
            return {
                "nodes": [
                    without_nothing(
                        id=node.id,
                        kind=node.kind,
                        label=node.label,
                        group=node.group,
                        when=node.when,
                        location=places.location(node.spot),
                    )
                    for node in found.nodes.values()
                ],
                "edges": [
                    {"source": edge.source, "target": edge.target, "kind": edge.kind}
                    for edge in found.edges
                ],
            }

        answers.append({"uri": _uri(folder), **await server.off_loop(drawn)})
    return {"folders": answers}


async def _folders(server: CelerylsServer, params: Any) -> "list[Folder]":
    """The folders that are asked about, all of them read: the one of a URI, or every one."""
    uri = params.get("uri") if isinstance(params, Mapping) else None
    session = server.session
    if uri is None:
        folders = list(session.folders.values())
    elif not isinstance(uri, str):
        raise RequestRefused("`uri` is that of a workspace folder, or of a document in one")
    else:
        path = path_of(uri)
        known = session.folders.get(path)
        folders = [known] if known is not None else _around(server, path)
    for folder in folders:
        await folder.scanned.wait()
    return folders


def _around(server: CelerylsServer, path: str) -> "list[Folder]":
    """The folder that a document is in; none for one that is neither open nor in a folder."""
    session = server.session
    inside = is_file(path) and any(Path(path).is_relative_to(root) for root in session.folders)
    if inside or path in session.documents:
        return [session.folder_of(path)]
    return []


def _uri(folder: "Folder") -> str:
    return uri_of(str(folder.path or folder.near))


# --- the tree --------------------------------------------------------------------------


def _view(found: "View", places: Places) -> Json:
    return {
        "apps": [_app(app, places) for app in found.apps],
        "sharedTasks": [_task(task, places) for task in found.shared],
        "schedules": [_entry(entry, places) for entry in found.entries],
    }


def _app(node: "AppNode", places: Places) -> Json:
    return without_nothing(
        name=node.app.name,
        module=node.module,
        location=places.location(node.spot),
        tasks=[_task(task, places) for task in node.tasks],
        settings=[_setting(setting, places) for setting in node.settings],
    )


def _setting(setting: "WrittenSetting", places: Places) -> Json:
    return without_nothing(
        name=setting.key,
        value=setting.value,
        origin=setting.origin,
        locations=[places.location(spot) for spot in setting.spots],
    )


def _task(node: "TaskNode", places: Places) -> Json:
    task = node.task
    return without_nothing(
        label=task.label,
        name=task.name,
        function=task.decl.qualname,
        kind=task.kind,
        location=places.location(node.spot),
        registered=node.registered,
        options=[
            without_nothing(
                name=option.name,
                value=option.value,
                origin=option.origin,
                location=places.location(option.spot),
            )
            for option in node.options
        ],
        callSites=[
            without_nothing(
                method=caller.method,
                via=caller.via,
                within=caller.within or None,
                location=places.at(caller.path, caller.span),
            )
            for caller in node.callers
        ],
        schedules=[_entry(entry, places) for entry in node.entries],
    )


def _entry(entry: "Entry", places: Places) -> Json:
    return without_nothing(
        name=entry.name,
        tasks=list(entry.tasks),
        when=entry.words,
        nextRuns=[run.isoformat(timespec="seconds") for run in entry.runs],
        timeZone=entry.zone,
        location=places.location(entry.spot),
    )


# --- problems --------------------------------------------------------------------------


def _problems(server: CelerylsServer, folder: "Folder") -> Json:
    """What was said of the folder's open documents: to check every file takes too long."""
    session = server.session
    counts: Counter[str] = Counter()
    files = []
    for path in sorted(session.documents):
        said = server.publisher.published(path)
        if said is None or not said.found or session.folder_of(path) is not folder:
            continue
        counts.update(item.severity for item in said.found)
        project = folder.workspace.snapshot()
        found = session.diagnostics(project, lines_of(said.text), said.found)
        plain = [server.plain(item) for item in found]
        files.append({"uri": session.uri_of(path), "diagnostics": plain})
    return {"counts": {severity: counts[severity] for severity in _SEVERITIES}, "files": files}
