"""A document that an editor changes a little at a time."""

from celeryls.text.lines import Encoding, Position, lines_of


def apply_change(
    text: str,
    start: Position | None,
    end: Position | None,
    new_text: str,
    encoding: Encoding,
) -> str:
    """`text` after one change; without `start` and `end`, `new_text` is all of it.

    Positions count in `encoding` and are clamped to the text as everywhere (`LineIndex`); a
    range that is given backwards means the same as forwards.  Changes that come together are
    applied one after the other, each to what the one before it left.
    """
    if start is None or end is None:
        return new_text
    lines = lines_of(text)
    first, last = sorted((lines.offset(start, encoding), lines.offset(end, encoding)))
    return f"{text[:first]}{new_text}{text[last:]}"
