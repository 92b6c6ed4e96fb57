"""`textDocument/inlayHint`."""

from lsprotocol import types

from celeryls.lsp.convert import from_range, to_position, to_range
from celeryls.lsp.protocol import ContentModified
from celeryls.lsp.server import CelerylsServer
from celeryls.lsp.uris import path_of


async def inlay_hint(
    server: CelerylsServer, params: types.InlayHintParams
) -> list[types.InlayHint] | None:
    """The hints of a range."""
    from celeryls.ide.inlay_hints import inlay_hints

    session = server.session
    path = path_of(params.text_document.uri)
    document = session.documents.get(path)
    # Before the settings are read nobody knows whether hints are wanted.
    folder = await session.ready(path)
    if document is None or not folder.workspace.loaded.config.inlay_hints:
        return None
    if session.documents.get(path) is not document:
        raise ContentModified
    lines, encoding = session.lines(path), session.encoding
    within = from_range(lines, params.range, encoding)
    project = folder.workspace.snapshot()
    found = await server.off_loop(lambda _: inlay_hints(project, path, within))
    if session.documents.get(path) is not document:
        raise ContentModified
    return [
        types.InlayHint(
            position=to_position(lines, hint.offset, encoding),
            label=hint.label,
            tooltip=hint.tooltip,
            padding_left=hint.apart or None,
            text_edits=[
                types.TextEdit(to_range(lines, edit.span, encoding), edit.new_text)
                for edit in hint.edits
            ]
            or None,
        )
        for hint in found
    ]
