"""What an editor does with text, written without the server's own code."""

import itertools
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lsprotocol import types

_UNIT = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
_BREAK = re.compile(r"\r\n|\r|\n")


def lines_of(text: str) -> list[tuple[int, int]]:
    """Start and end of every line, without its line break."""
    found, start = [], 0
    for match in _BREAK.finditer(text):
        found.append((start, match.start()))
        start = match.end()
    return [*found, (start, len(text))]


def offset_at(text: str, position: types.Position, encoding: str) -> int:
    """Where a position is; it must be one, and not in the middle of a character."""
    codec, size = _UNIT[encoding]
    start, end = lines_of(text)[position.line]
    line = text[start:end].encode(codec)
    assert position.character * size <= len(line), f"{position} is past the end of its line"
    return start + len(line[: position.character * size].decode(codec))


def position_at(text: str, offset: int, encoding: str) -> types.Position:
    codec, size = _UNIT[encoding]
    number = max(at for at, (start, _) in enumerate(lines_of(text)) if start <= offset)
    start = lines_of(text)[number][0]
    return types.Position(number, len(text[start:offset].encode(codec)) // size)


def range_of(text: str, needle: str, encoding: str) -> types.Range:
    """The range of the only place where `needle` is."""
    assert text.count(needle) == 1, f"{needle!r} is there {text.count(needle)} times"
    at = text.index(needle)
    return types.Range(
        position_at(text, at, encoding), position_at(text, at + len(needle), encoding)
    )


def edited(text: str, edits: list[types.TextEdit], encoding: str) -> str:
    """`text` after edits that all refer to it as it was."""
    spans = sorted(
        (
            offset_at(text, edit.range.start, encoding),
            offset_at(text, edit.range.end, encoding),
            edit.new_text,
        )
        for edit in edits
    )
    for (_, end, _), (start, _, _) in itertools.pairwise(spans):
        assert end <= start, "edits overlap"
    for start, end, new_text in reversed(spans):
        text = text[:start] + new_text + text[end:]
    return text


def path_of(uri: str) -> Path:
    return Path(unquote(urlsplit(uri).path))


@dataclass
class Buffer:
    text: str
    version: int = 1


@dataclass
class Buffers:
    """The open documents, and edits applied to them or to files on disk."""

    encoding: str
    open: dict[str, Buffer] = field(default_factory=dict)

    def apply(self, edit: types.WorkspaceEdit) -> list[str]:
        """Apply an edit; the URIs of the open documents that changed."""
        changed = []
        for change in edit.document_changes or ():
            if isinstance(change, types.CreateFile):
                path = path_of(change.uri)
                assert not path.exists(), f"{path} exists: a client may truncate it"
                assert change.options and change.options.ignore_if_exists
                assert not change.options.overwrite
                path.parent.mkdir(parents=True, exist_ok=True)  # as real clients do
                path.touch()
                continue
            assert isinstance(change, types.TextDocumentEdit)
            uri = change.text_document.uri
            buffer = self.open.get(uri)
            expected = buffer.version if buffer else None
            assert change.text_document.version == expected
            changed += self._edit(uri, [item for item in change.edits if _plain(item)])
        for uri, edits in (edit.changes or {}).items():
            changed += self._edit(uri, list(edits))
        return changed

    def _edit(self, uri: str, edits: list[types.TextEdit]) -> list[str]:
        buffer = self.open.get(uri)
        if buffer is None:
            path = path_of(uri)
            text = path.read_bytes().decode()
            path.write_bytes(edited(text, edits, self.encoding).encode())
            return []
        buffer.text = edited(buffer.text, edits, self.encoding)
        buffer.version += 1
        return [uri]


def _plain(edit: object) -> bool:
    assert isinstance(edit, types.TextEdit | types.AnnotatedTextEdit)
    return True
