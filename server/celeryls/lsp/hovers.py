"""`textDocument/hover`."""

from lsprotocol import types

from celeryls.lsp.convert import from_position, to_range
from celeryls.lsp.protocol import ContentModified
from celeryls.lsp.server import CelerylsServer
from celeryls.lsp.session import Session
from celeryls.lsp.uris import path_of, uri_of


async def hover(server: CelerylsServer, params: types.HoverParams) -> types.Hover | None:
    """The card of what a position is on."""
    from celeryls.ide.hover import hover as card_at

    session = server.session
    path = path_of(params.text_document.uri)
    document = session.documents.get(path)
    # Until all files were read it would say that nobody calls a task.
    folder = await session.ready(path)
    if document is None or not folder.workspace.loaded.config.hover:
        return None
    if session.documents.get(path) is not document:
        raise ContentModified
    lines, encoding = session.lines(path), session.encoding
    offset = from_position(lines, params.position, encoding)
    project = folder.workspace.snapshot()
    # Links make sense where Markdown is rendered only.
    kind = _kind(session)
    uris = uri_of if kind is types.MarkupKind.Markdown else None
    found = await server.off_loop(lambda _: card_at(project, path, offset, uri_of=uris))
    if session.documents.get(path) is not document:
        raise ContentModified
    if found is None:
        return None
    text = found.markdown if kind is types.MarkupKind.Markdown else found.plain
    return types.Hover(types.MarkupContent(kind, text), to_range(lines, found.span, encoding))


def _kind(session: Session) -> types.MarkupKind:
    """What the client likes best of what it takes; plain text where it says nothing."""
    document = session.capabilities.text_document
    client = document.hover if document is not None else None
    formats = (client.content_format if client is not None else None) or ()
    return types.MarkupKind(formats[0]) if formats else types.MarkupKind.PlainText
