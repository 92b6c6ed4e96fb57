"""A text on its way through several steps of editing."""

from collections.abc import Iterable

from celeryls.text.edits import Edit, apply_edits
from celeryls.text.span import Span


class Draft:
    """A text that changes step by step, and the edits that lead from the first to the last.

    Every step's edits refer to the text as the step found it; `edits()` refer to the text
    that the draft began with, and touch no more of it than the steps did.
    """

    def __init__(self, text: str) -> None:
        self.original = text
        self.text = text
        # Text is either kept, as a span of the original, or new.
        self._parts: list[Span | str] = [Span(0, len(text))]

    def apply(self, edits: Iterable[Edit]) -> None:
        """Take one step.  Raises `ValueError` for edits that overlap."""
        ordered = sorted(edits)
        self.text = apply_edits(self.text, ordered)
        for edit in reversed(ordered):
            before, rest = _split(self._parts, edit.span.start)
            _, after = _split(rest, edit.span.length)
            self._parts = [*before, edit.new_text, *after]

    def offset(self, original: int) -> int:
        """Where the character at an offset of the original is now, or the place it was at."""
        at = 0
        for part in self._parts:
            if isinstance(part, str):
                at += len(part)
            elif original < part.start:
                return at
            elif original < part.end or part.end == len(self.original):
                return at + min(original, part.end) - part.start
            else:
                at += part.length
        return at

    def edits(self) -> tuple[Edit, ...]:
        """The whole way, as edits of the original that do not touch one another."""
        found: list[Edit] = []
        at = 0
        new = ""
        for part in [*self._parts, Span(len(self.original), len(self.original))]:
            if isinstance(part, str):
                new += part
            elif part.length or part.start == len(self.original):
                if new or part.start > at:
                    found.append(Edit(Span(at, part.start), new))
                at, new = part.end, ""
        return tuple(found)


def _split(parts: list[Span | str], length: int) -> tuple[list[Span | str], list[Span | str]]:
    for index, part in enumerate(parts):
        size = len(part) if isinstance(part, str) else part.length
        if length < size:
            if isinstance(part, str):
                left: Span | str = part[:length]
                right: Span | str = part[length:]
            else:
                middle = part.start + length
                left, right = Span(part.start, middle), Span(middle, part.end)
            return [*parts[:index], left], [right, *parts[index + 1 :]]
        length -= size
    return parts, []
