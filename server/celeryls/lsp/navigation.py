"""`textDocument/definition` and `textDocument/references`."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from lsprotocol import types

from celeryls.lsp.convert import from_position, to_range
from celeryls.lsp.protocol import ContentModified
from celeryls.lsp.server import CelerylsServer
from celeryls.lsp.session import Session
from celeryls.lsp.uris import path_of
from celeryls.text import lines_of

if TYPE_CHECKING:
    from celeryls.ide.spots import Spot
    from celeryls.project import Project


async def definition(
    server: CelerylsServer, params: types.DefinitionParams
) -> list[types.Location] | None:
    """The tasks that a text, or the method of a call, is about."""
    from celeryls.ide import navigation

    return await _places(server, params, navigation.definition)


async def references(
    server: CelerylsServer, params: types.ReferenceParams
) -> list[types.Location] | None:
    """Who sends, calls and schedules a task."""
    from celeryls.ide import navigation

    declaration = params.context.include_declaration

    def ask(project: "Project", path: str, offset: int) -> "list[Spot]":
        return navigation.references(project, path, offset, declaration=declaration)

    return await _places(server, params, ask)


async def _places(
    server: CelerylsServer,
    params: types.DefinitionParams | types.ReferenceParams,
    ask: "Callable[[Project, str, int], list[Spot]]",
) -> list[types.Location] | None:
    session = server.session
    path = path_of(params.text_document.uri)
    document = session.documents.get(path)
    if document is None:
        return None
    # Until all files were read it would leave out whoever is in the others.
    await session.ready(path)
    if session.documents.get(path) is not document:
        raise ContentModified
    offset = from_position(lines_of(document.text), params.position, session.encoding)
    project = session.project(path)
    found = await server.off_loop(
        lambda _: [_location(session, project, place) for place in ask(project, path, offset)]
    )
    if session.documents.get(path) is not document:
        raise ContentModified
    return found


def _location(session: Session, project: "Project", place: "Spot") -> types.Location:
    lines = lines_of(project.text(place.path) or "")
    return types.Location(session.uri_of(place.path), to_range(lines, place.span, session.encoding))
