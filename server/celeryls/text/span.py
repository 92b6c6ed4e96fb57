"""Half-open ranges of text."""

from typing import NamedTuple


class Span(NamedTuple):
    """The text from `start` up to, not including, `end`; code-point offsets."""

    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start

    def contains(self, offset: int) -> bool:
        """Whether a cursor at `offset` touches this span, either edge included."""
        return self.start <= offset <= self.end

    def touches(self, other: "Span") -> bool:
        """Whether the two share a character or an edge."""
        return self.start <= other.end and other.start <= self.end

    def of(self, text: str) -> str:
        """The text under this span."""
        return text[self.start : self.end]
