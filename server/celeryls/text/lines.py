r"""Where lines begin, and what a column means.

A line ends at `\n`, `\r\n` or `\r` and nowhere else: that is LSP's definition and the Python
tokenizer's.  `str.splitlines` also splits at form feed, NEL, U+2028 and others, so it is
never used for positions.
"""

import re
from bisect import bisect_right
from enum import Enum
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from celeryls.text.span import Span

_LINE_END = re.compile(r"\r\n|\n|\r")


class Encoding(str, Enum):
    """The code unit that a column counts in."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"


class Position(NamedTuple):
    """A zero-based line, and a zero-based column in some `Encoding`'s code units."""

    line: int
    column: int


def _units(character: str, encoding: Encoding) -> int:
    code = ord(character)
    if encoding is Encoding.UTF8:
        return 1 if code < 0x80 else 2 if code < 0x800 else 3 if code < 0x10000 else 4
    if encoding is Encoding.UTF16:
        return 2 if code > 0xFFFF else 1
    return 1


def _width(text: str, encoding: Encoding) -> int:
    """How many code units `text` takes."""
    if encoding is Encoding.UTF32 or text.isascii():
        return len(text)
    # Lone surrogates (a client may send half a pair) count like any other character.
    if encoding is Encoding.UTF8:
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def newline_of(text: str) -> str:
    r"""The line ending that `text` uses first, `\n` if it has none."""
    found = _LINE_END.search(text)
    return found.group() if found else "\n"


class LineIndex:
    """The lines of one text.  Immutable; offsets are code points."""

    __slots__ = ("_starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        if "\r" in text:
            self._starts = [0, *(m.end() for m in _LINE_END.finditer(text))]
        else:
            lengths = [len(line) + 1 for line in text.split("\n")]
            self._starts = [0, *accumulate(lengths[:-1])]

    def __len__(self) -> int:
        """The number of lines; a text that ends with a newline has an empty last one."""
        return len(self._starts)

    def line_at(self, offset: int) -> int:
        """The zero-based line that `offset` is on; clamped."""
        return max(0, bisect_right(self._starts, max(0, offset)) - 1)

    def line_start(self, line: int) -> int:
        """The offset at which `line` begins; past the last line, the end of the text."""
        if line < 0:
            return 0
        return self._starts[line] if line < len(self._starts) else len(self.text)

    def line_span(self, line: int, *, with_newline: bool = False) -> Span:
        """The extent of `line`, by default without what ends it."""
        start, end = self.line_start(line), self.line_start(line + 1)
        if not with_newline and end > start and 0 <= line < len(self._starts) - 1:
            end -= 2 if self.text.startswith("\r\n", end - 2) and end - 2 >= start else 1
        return Span(start, end)

    def line_text(self, line: int) -> str:
        """The text of `line` without what ends it."""
        return self.line_span(line).of(self.text)

    def position(self, offset: int, encoding: Encoding) -> Position:
        r"""The position of `offset`.  Inside `\r\n` that is the end of the line."""
        offset = min(max(0, offset), len(self.text))
        line = self.line_at(offset)
        span = self.line_span(line)
        return Position(line, _width(self.text[span.start : min(offset, span.end)], encoding))

    def offset(self, position: Position, encoding: Encoding) -> int:
        """The offset of `position`, clamped to its line and to the text.

        A column inside a character (half of a surrogate pair) means that character's start.
        """
        line, column = position
        if line < 0 or column < 0:
            return self.line_start(line)
        if line >= len(self._starts):
            return len(self.text)
        span = self.line_span(line)
        text = span.of(self.text)
        if encoding is Encoding.UTF32 or text.isascii():
            return span.start + min(column, len(text))
        for at, character in enumerate(text):
            column -= _units(character, encoding)
            if column < 0:
                return span.start + at
        return span.end


@lru_cache(maxsize=8)
def lines_of(text: str) -> LineIndex:
    """The line index of a text, kept for as long as the same few texts are asked about."""
    return LineIndex(text)
