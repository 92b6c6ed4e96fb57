"""Text, positions and edits.

The lowest layer: it knows nothing about Python's grammar, Celery or any protocol, and uses
the standard library only.  There is one unit of position inside celeryls, the code-point
offset into a `str`; everything else (LSP columns, `ast` columns) is converted here.
"""

from celeryls.text.document import apply_change
from celeryls.text.edits import (
    Applicability,
    Edit,
    Fix,
    apply_edits,
    minimal_edit,
    overlaps,
)
from celeryls.text.files import (
    Source,
    UnreadableSource,
    decode,
    encode,
    read_source,
    write_source,
)
from celeryls.text.lines import Encoding, LineIndex, Position, lines_of, newline_of
from celeryls.text.span import Span

__all__ = [
    "Applicability",
    "Edit",
    "Encoding",
    "Fix",
    "LineIndex",
    "Position",
    "Source",
    "Span",
    "UnreadableSource",
    "apply_change",
    "apply_edits",
    "decode",
    "encode",
    "lines_of",
    "minimal_edit",
    "newline_of",
    "overlaps",
    "read_source",
    "write_source",
]
