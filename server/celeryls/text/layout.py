"""Laying code out as a formatter would: quotes, columns, lines.

Templates have these as helpers, also those that are rendered in a process of their own: so this
imports next to nothing.
"""

import unicodedata
from collections.abc import Callable, Sequence


def quoted(text: str) -> str:
    """A string literal with the quotes that ruff and Black prefer."""
    if "'" in text and text.count('"') > text.count("'"):
        # repr() chooses single quotes here, and escapes fewer of them.
        return repr(text)
    if '"' in text and "'" not in text:
        return repr(text)
    # With a double quote in, repr() quotes singly: what it escapes so is a single quote.
    content = repr(text + '"')[1:-2].replace("\\'", "'").replace('"', '\\"')
    return f'"{content}"'


def width(text: str) -> int:
    """The columns that `text` takes: two for a wide character, none for a combining one."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.combining(character)
        else 2
        if unicodedata.east_asian_width(character) in "WF"
        else 1
        for character in text
    )


class Page:
    """Layout within a line length in columns, as ruff and Black do it."""

    def __init__(self, line_length: int) -> None:
        self.line_length = line_length

    def helpers(self) -> dict[str, Callable[..., object]]:
        """What templates may call, by name."""
        return {
            "layout": self.layout,
            "comment": self.comment,
            "prose": self.prose,
            "fits": self.fits,
        }

    def fits(self, line: str) -> bool:
        """Whether a line is short enough."""
        return width(line) <= self.line_length

    def layout(self, before: str, items: Sequence[object], after: str) -> str:
        """`before(items)after` in one line where it fits, else an item a line.

        The trailing comma makes formatters leave it so.
        """
        sources = [str(item) for item in items]
        line = f"{before}{', '.join(sources)}{after}"
        if self.fits(line) or not sources:
            return line
        indent = " " * (len(before) - len(before.lstrip()))
        lines = [f"{indent}    {source}," for source in sources]
        return "\n".join([before, *lines, indent + after])

    def comment(self, text: str, *, indent: int) -> str:
        """A comment of as many lines as it takes."""
        lead = " " * indent + "# "
        return lead + self._wrapped(text, len(lead), len(lead), "\n" + lead)

    def prose(self, text: str, *, indent: int, used: int) -> str:
        """Text that goes on where `used` columns are taken, further lines indented."""
        return self._wrapped(text, used, indent, "\n" + " " * indent)

    def _wrapped(self, text: str, used: int, indent: int, separator: str) -> str:
        lines: list[str] = []
        words: list[str] = []
        column = used
        for word in text.split():
            if words and column + width(word) > self.line_length:
                lines.append(" ".join(words))
                words, column = [], indent
            words.append(word)
            column += width(word) + 1
        return separator.join([*lines, " ".join(words)])
