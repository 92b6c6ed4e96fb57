"""`textDocument/completion`."""

from lsprotocol import types

from celeryls.ide.vocabulary import Completion
from celeryls.lsp.convert import from_position, to_range
from celeryls.lsp.protocol import ContentModified
from celeryls.lsp.server import CelerylsServer
from celeryls.lsp.session import Session
from celeryls.lsp.uris import path_of
from celeryls.text import LineIndex


async def complete(
    server: CelerylsServer, params: types.CompletionParams
) -> list[types.CompletionItem] | None:
    """The snippets at a cursor."""
    from celeryls.ide.snippets import snippets

    session = server.session
    path = path_of(params.text_document.uri)
    document = session.documents.get(path)
    if document is None:
        return None
    lines = session.lines(path)
    offset = from_position(lines, params.position, session.encoding)
    project = session.project(path)
    found = await server.off_loop(lambda _: list(snippets(project, path, document.text, offset)))
    if session.documents.get(path) is not document:
        raise ContentModified
    return [_to_item(session, lines, item) for item in found]


def takes_snippets(session: Session) -> bool:
    """Whether the client understands tab stops."""
    document = session.capabilities.text_document
    completion = document.completion if document is not None else None
    item = completion.completion_item if completion is not None else None
    return bool(item is not None and item.snippet_support)


def _documentation(session: Session, code: str) -> types.MarkupContent | str:
    document = session.capabilities.text_document
    completion = document.completion if document is not None else None
    item = completion.completion_item if completion is not None else None
    formats = (item.documentation_format if item is not None else None) or ()
    if types.MarkupKind.Markdown in formats:
        return types.MarkupContent(types.MarkupKind.Markdown, f"```python\n{code}\n```")
    return code


def _to_item(session: Session, lines: LineIndex, item: Completion) -> types.CompletionItem:
    snippet = takes_snippets(session)
    return types.CompletionItem(
        label=item.label,
        kind=types.CompletionItemKind.Snippet,
        detail=item.detail,
        documentation=_documentation(session, item.documentation),
        insert_text_format=(
            types.InsertTextFormat.Snippet if snippet else types.InsertTextFormat.PlainText
        ),
        # The indentation is in the text already.
        insert_text_mode=types.InsertTextMode.AsIs,
        text_edit=types.TextEdit(
            range=to_range(lines, item.word, session.encoding),
            new_text=item.snippet if snippet else item.plain,
        ),
        additional_text_edits=[
            types.TextEdit(
                range=to_range(lines, edit.span, session.encoding), new_text=edit.new_text
            )
            for edit in item.edits
        ],
    )
