"""Between our values and the protocol's."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from lsprotocol import types

from celeryls import DOCS_URL
from celeryls.ide.vocabulary import Edits
from celeryls.lsp.uris import is_file
from celeryls.text import Edit, Encoding, LineIndex, Position, Span, lines_of

if TYPE_CHECKING:
    from celeryls.engine import Diagnostic

_SEVERITY = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "info": types.DiagnosticSeverity.Information,
    "hint": types.DiagnosticSeverity.Hint,
}
SOURCE = "celery"


def to_position(lines: LineIndex, offset: int, encoding: Encoding) -> types.Position:
    """An offset as the client counts."""
    line, column = lines.position(offset, encoding)
    return types.Position(line=line, character=column)


def to_range(lines: LineIndex, span: Span, encoding: Encoding) -> types.Range:
    """A span as the client counts."""
    return types.Range(
        start=to_position(lines, span.start, encoding),
        end=to_position(lines, span.end, encoding),
    )


def from_position(lines: LineIndex, position: types.Position, encoding: Encoding) -> int:
    """The offset of a client's position."""
    return lines.offset(Position(position.line, position.character), encoding)


def from_range(lines: LineIndex, wanted: types.Range, encoding: Encoding) -> Span:
    """The span of a client's range."""
    return Span(
        from_position(lines, wanted.start, encoding), from_position(lines, wanted.end, encoding)
    )


_TAGS = {
    "unnecessary": types.DiagnosticTag.Unnecessary,
    "deprecated": types.DiagnosticTag.Deprecated,
}


def to_diagnostic(
    lines: LineIndex,
    item: "Diagnostic",
    *,
    uri_of: Callable[[str], str],
    text_of: Callable[[str], str | None],
    encoding: Encoding,
    capabilities: types.ClientCapabilities,
) -> types.Diagnostic:
    """A finding as the client shows it, with the places and tags that it takes."""
    document = capabilities.text_document
    announced = document.publish_diagnostics if document is not None else None
    related = []
    for place in item.finding.related if announced and announced.related_information else ():
        text = text_of(place.path)
        if text is not None and place.span.end <= len(text):
            where = to_range(lines_of(text), place.span, encoding)
            location = types.Location(uri=uri_of(place.path), range=where)
            related.append(types.DiagnosticRelatedInformation(location, place.message))
    taken = announced.tag_support.value_set if announced and announced.tag_support else ()
    return types.Diagnostic(
        range=to_range(lines, item.finding.span, encoding),
        message=item.finding.message,
        severity=_SEVERITY[item.severity],
        code=item.rule.code,
        code_description=types.CodeDescription(href=f"{DOCS_URL}/rules/{item.rule.name}/"),
        source=SOURCE,
        related_information=related or None,
        tags=[_TAGS[tag] for tag in item.rule.tags if _TAGS[tag] in taken] or None,
    )


def to_workspace_edit(
    edits: Edits,
    *,
    text_of: Callable[[str], str | None],
    uri_of: Callable[[str], str],
    version_of: Callable[[str], int | None],
    encoding: Encoding,
    capabilities: types.ClientCapabilities,
    labels: Mapping[str, str] | None = None,
    confirm: bool = False,
) -> types.WorkspaceEdit:
    """Edits with the versions they are for, as far as the client takes them.

    A path without text is a file to create; it is never asked for where a file exists.
    `labels` say by path what an edit is for, and `confirm` that it is to be looked at before it is
    made, to clients that take that.  Raises `ValueError` if the client can't create files.
    """
    workspace = capabilities.workspace
    announced = workspace.workspace_edit if workspace is not None else None
    operations = list(announced.resource_operations or ()) if announced is not None else []
    # Neovim does not announce documentChanges, applies them, and announces operations.
    versioned = announced is not None and bool(announced.document_changes or operations)
    labelled = bool(versioned and announced and announced.change_annotation_support)
    annotations: dict[str, types.ChangeAnnotation] = {}
    changes: list[
        types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile
    ] = []
    plain: dict[str, list[types.TextEdit]] = {}
    for path, file_edits in edits.items():
        uri, text = uri_of(path), text_of(path)
        label = (labels or {}).get(path) if labelled else None
        if label:
            annotations[path] = types.ChangeAnnotation(label, needs_confirmation=confirm)
        if text is None:
            if types.ResourceOperationKind.Create not in operations or not is_file(path):
                raise ValueError(f"this editor can't create {path}: make an empty file there first")
            changes.append(
                types.CreateFile(
                    uri=uri,
                    options=types.CreateFileOptions(overwrite=False, ignore_if_exists=True),
                    annotation_id=path if label else None,
                )
            )
        lines = lines_of(text or "")
        converted = [
            types.TextEdit(range=to_range(lines, edit.span, encoding), new_text=edit.new_text)
            for edit in _within_lines(text or "", sorted(file_edits))
        ]
        plain[uri] = converted
        changes.append(
            types.TextDocumentEdit(
                text_document=types.OptionalVersionedTextDocumentIdentifier(
                    uri=uri, version=version_of(path)
                ),
                edits=[
                    types.AnnotatedTextEdit(path, edit.range, edit.new_text) if label else edit
                    for edit in converted
                ],
            )
        )
    if versioned:
        return types.WorkspaceEdit(document_changes=changes, change_annotations=annotations or None)
    return types.WorkspaceEdit(changes=plain)


def _within_lines(text: str, edits: list[Edit]) -> list[Edit]:
    """`edits`, sorted, with what is added after the last line break put before it instead.

    The text comes out the same, but Neovim leaves an empty line after whole lines that are
    added past the last one.
    """
    if not edits or not text.endswith("\n"):
        return edits
    *others, last = edits
    at = len(text) - (2 if text.endswith("\r\n") else 1)
    end = text[at:]
    if (
        last.span != Span(len(text), len(text))
        or not last.new_text.endswith(end)
        or any(edit.span.end >= at for edit in others)
    ):
        return edits
    return [*others, Edit(Span(at, at), end + last.new_text.removesuffix(end))]
