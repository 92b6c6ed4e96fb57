"""Edits and fixes as values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from celeryls.text.span import Span


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace the text under `span` (code-point offsets) with `new_text`."""

    span: Span
    new_text: str


class Applicability(str, Enum):
    """How far a fix may go on its own.

    `SAFE` keeps the meaning, or does just what the rule's name promises.  `UNSAFE` may change
    behaviour and needs a person's eye.  `DISPLAY_ONLY` shows the way and is never applied.
    """

    SAFE = "safe"
    UNSAFE = "unsafe"
    DISPLAY_ONLY = "display-only"


@dataclass(frozen=True, slots=True)
class Fix:
    """A mend: what to change in which files (keyed by path)."""

    title: str
    applicability: Applicability
    edits: Mapping[str, tuple[Edit, ...]]

    @staticmethod
    def in_file(path: str, title: str, applicability: Applicability, *edits: Edit) -> "Fix":
        """A fix that stays within one file."""
        return Fix(title, applicability, {path: tuple(edits)})


def overlaps(edits: Iterable[Edit]) -> bool:
    """Whether two of `edits` compete for the same text.

    Two insertions at one place compete too: their order would be an accident.
    """
    ordered = sorted(edits)
    return any(
        after.span.start < before.span.end or after.span == before.span
        for before, after in pairwise(ordered)
    )


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """`text` after `edits`, all of which refer to the text as it was.

    Raises `ValueError` for edits that overlap or lie outside the text.
    """
    ordered = sorted(edits)
    if overlaps(ordered):
        raise ValueError("overlapping edits")
    parts: list[str] = []
    at = 0
    for edit in ordered:
        if not at <= edit.span.start <= edit.span.end <= len(text):
            raise ValueError(f"edit outside the text: {edit.span}")
        parts += (text[at : edit.span.start], edit.new_text)
        at = edit.span.end
    parts.append(text[at:])
    return "".join(parts)


def minimal_edit(span: Span, old: str, new: str) -> Edit | None:
    """The edit that turns `old`, the text under `span`, into `new` and touches least.

    `None` where they are equal.  What both share at the front and at the back is left out.
    """
    if old == new:
        return None
    limit = min(len(old), len(new))
    front = 0
    while front < limit and old[front] == new[front]:
        front += 1
    back = 0
    while back < limit - front and old[-1 - back] == new[-1 - back]:
        back += 1
    # An edit must not begin or end between `\r` and `\n`, neither in what was nor in what will be.
    if front and old[front - 1] == "\r":
        front -= 1
    if back and old[-back] == "\n" and "\r" in (old[-1 - back : -back], new[-1 - back : -back]):
        back -= 1
    return Edit(
        Span(span.start + front, span.start + len(old) - back), new[front : len(new) - back]
    )
