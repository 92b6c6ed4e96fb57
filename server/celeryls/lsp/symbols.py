"""`textDocument/documentSymbol` and `workspace/symbol`."""

from typing import TYPE_CHECKING

from lsprotocol import types

from celeryls.lsp.convert import to_range
from celeryls.lsp.protocol import ContentModified
from celeryls.lsp.server import CelerylsServer, Token
from celeryls.lsp.session import Session
from celeryls.lsp.uris import path_of
from celeryls.text import lines_of

if TYPE_CHECKING:
    from celeryls.ide.symbols import Symbol
    from celeryls.project import Project

_KINDS = {
    "task": types.SymbolKind.Function,
    "app": types.SymbolKind.Object,
    "schedule": types.SymbolKind.Event,
}
MOST = 300
"""How many symbols one search gives."""


async def document_symbol(
    server: CelerylsServer, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | list[types.SymbolInformation] | None:
    """The tasks, apps and schedule entries of a document."""
    from celeryls.ide.symbols import document_symbols

    session = server.session
    path = path_of(params.text_document.uri)
    document = session.documents.get(path)
    if document is None:
        return None
    project = session.project(path)
    found = await server.off_loop(lambda _: document_symbols(project, path))
    if session.documents.get(path) is not document:
        raise ContentModified
    lines, encoding = lines_of(document.text), session.encoding
    if not _takes_trees(session):
        return [
            types.SymbolInformation(
                location=types.Location(document.uri, to_range(lines, symbol.selection, encoding)),
                name=symbol.name,
                kind=_KINDS[symbol.kind],
                container_name=symbol.detail or None,
            )
            for symbol in found
        ]
    return [
        types.DocumentSymbol(
            name=symbol.name,
            kind=_KINDS[symbol.kind],
            range=to_range(lines, symbol.span, encoding),
            selection_range=to_range(lines, symbol.selection, encoding),
            detail=symbol.detail or None,
        )
        for symbol in found
    ]


async def workspace_symbol(
    server: CelerylsServer, params: types.WorkspaceSymbolParams
) -> list[types.WorkspaceSymbol]:
    """What a query fits in all folders."""
    from celeryls.ide.symbols import workspace_symbols

    session = server.session
    folders = session.all_folders()
    for folder in folders:
        await folder.scanned.wait()
    projects = [folder.workspace.snapshot() for folder in folders]

    def answer(token: Token) -> list[types.WorkspaceSymbol]:
        found: list[types.WorkspaceSymbol] = []
        for project in projects:
            for symbol in workspace_symbols(project, params.query, MOST):
                token.check()
                found.append(_to_workspace_symbol(session, project, symbol))
        return found

    return await server.off_loop(answer)


def _to_workspace_symbol(
    session: Session, project: "Project", symbol: "Symbol"
) -> types.WorkspaceSymbol:
    lines = lines_of(project.text(symbol.path) or "")
    place = to_range(lines, symbol.selection, session.encoding)
    return types.WorkspaceSymbol(
        location=types.Location(session.uri_of(symbol.path), place),
        name=symbol.name,
        kind=_KINDS[symbol.kind],
        container_name=symbol.detail or None,
    )


def _takes_trees(session: Session) -> bool:
    document = session.capabilities.text_document
    symbols = document.document_symbol if document is not None else None
    return bool(symbols is not None and symbols.hierarchical_document_symbol_support)
