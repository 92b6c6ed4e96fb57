"""`textDocument/codeLens` and `codeLens/resolve`."""

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from celeryls.ide.vocabulary import RUN_COMMAND, SHOW_CALLERS_COMMAND
from celeryls.lsp.convert import to_range
from celeryls.lsp.protocol import ContentModified
from celeryls.lsp.server import CelerylsServer
from celeryls.lsp.session import Document, Session
from celeryls.lsp.uris import path_of
from celeryls.text import lines_of

if TYPE_CHECKING:
    from celeryls.ide.callers import Caller
    from celeryls.ide.code_lenses import Lens
    from celeryls.project import Project

NOTHING = ""
"""The command of a lens that is only to be read: clients show none without."""


async def code_lens(
    server: CelerylsServer, params: types.CodeLensParams
) -> list[types.CodeLens] | None:
    """The lenses of a document; those about callers get their titles when they are resolved."""
    from celeryls.ide.code_lenses import code_lenses

    session = server.session
    path = path_of(params.text_document.uri)
    document = session.documents.get(path)
    folder = await session.ready(path)
    if document is None or not folder.workspace.loaded.config.code_lens:
        return None
    if session.documents.get(path) is not document:
        raise ContentModified
    project = folder.workspace.snapshot()
    found = await server.off_loop(lambda _: code_lenses(project, path))
    if session.documents.get(path) is not document:
        raise ContentModified
    lenses = []
    for lens in found:
        if lens.kind != "run" or RUN_COMMAND in session.client_commands:
            lenses.append(_to_lens(session, project, document, lens))
    return lenses


async def resolve(server: CelerylsServer, lens: types.CodeLens) -> types.CodeLens:
    """The title of a lens about callers, and the command that shows them."""
    from celeryls.ide.code_lenses import callers_lens

    session, data = server.session, lens.data
    if lens.command is not None or not isinstance(data, dict) or not _is_ours(data):
        return lens
    path = data["path"]
    project = session.project(path)
    symbol = (data["symbol"][0], data["symbol"][1])

    def answer(_: object) -> tuple[str, list[types.Location]] | None:
        found = callers_lens(project, path, symbol)
        if found is None:
            return None
        return found.title, [_location(session, project, caller) for caller in found.callers]

    # The first one may have to read many files, and the others wait for it.
    known = await server.off_loop(answer, queued=True)
    document = session.documents.get(path)
    if known is None or document is None:
        raise ContentModified
    title, locations = known
    lens.command = types.Command(title=title, command=NOTHING)
    if locations and SHOW_CALLERS_COMMAND in session.client_commands:
        lens.command = types.Command(
            title=title,
            command=SHOW_CALLERS_COMMAND,
            arguments=[document.uri, lens.range.start, locations],
        )
    return lens


def _is_ours(data: dict[str, Any]) -> bool:
    symbol = data.get("symbol")
    return (
        isinstance(data.get("path"), str)
        and isinstance(symbol, list)
        and [type(part) for part in symbol] == [str, str]
    )


def _to_lens(
    session: Session, project: "Project", document: Document, lens: "Lens"
) -> types.CodeLens:
    place = to_range(lines_of(document.text), lens.span, session.encoding)
    if lens.kind == "callers":
        return types.CodeLens(place, data={"path": document.path, "symbol": list(lens.task.symbol)})
    command = types.Command(title=lens.title, command=NOTHING)
    if lens.kind == "run":
        argument = {
            "path": document.path,
            "uri": document.uri,
            "offset": project.site(lens.task).name.start,
            "version": document.version,
            "task": lens.task.decl.qualname,
            "name": lens.task.name,
        }
        command = types.Command(title=lens.title, command=RUN_COMMAND, arguments=[argument])
    return types.CodeLens(place, command=command)


def _location(session: Session, project: "Project", caller: "Caller") -> types.Location:
    lines = lines_of(project.text(caller.path) or "")
    place = to_range(lines, caller.span, session.encoding)
    return types.Location(session.uri_of(caller.path), place)
