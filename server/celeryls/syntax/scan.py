"""A quick look at the tokens of source that may be half typed.

`tokenize` gives up at the first unbalanced bracket or open string; this scanner does not.  It
knows strings, comments and brackets, which is all that repair, suppression comments and the
cursor need.
"""

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from celeryls.text import Span

_PREFIX = r"(?:\b[rRbBfFuUtT]{1,2})?"
# What may stand between the quotes.  Unrolled: alternatives inside a star would keep a state
# for each character, 130 MB for a docstring of 1 MB.
_BETWEEN = {
    '"""': r'[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*',
    "'''": r"[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*",
    '"': r'[^"\\\r\n]*(?:\\(?:\r\n|.)[^"\\\r\n]*)*',
    "'": r"[^'\\\r\n]*(?:\\(?:\r\n|.)[^'\\\r\n]*)*",
}
# Only in a string of one line can a line's end come next.
_BREAKS_OFF = r"(?=[\r\n])|\\?\Z"
_STRING = "|".join(f"{q}{between}(?:{q}|{_BREAKS_OFF})" for q, between in _BETWEEN.items())
_FINISHED_STRING = "|".join(f"{q}{between}{q}" for q, between in _BETWEEN.items())

_FINISHED = re.compile(f"{_PREFIX}(?:{_FINISHED_STRING})", re.DOTALL)
_TOKEN = re.compile(
    r"(?P<comment>\#[^\r\n]*)"
    rf"|(?P<string>{_PREFIX}(?:{_STRING}))"
    r"|(?P<open>[(\[{])"
    r"|(?P<close>[)\]}])",
    re.DOTALL,
)


class TokenKind(str, Enum):
    """What the scanner tells apart."""

    COMMENT = "comment"
    STRING = "string"
    OPEN = "open"
    CLOSE = "close"


_KINDS = {kind.value: kind for kind in TokenKind}


class Token(NamedTuple):
    """One comment, string or bracket.

    An unfinished string runs to the end of its line, one with three quotes to the end of the
    text.  An f-string is one string as before Python 3.12: one that has its own quotes inside
    comes as several, with what is between them as code.
    """

    kind: TokenKind
    span: Span


def scan(text: str, start: int = 0, end: int | None = None) -> Iterator[Token]:
    """The comments, strings and brackets between two offsets, in order.

    `start` must not lie inside a string or comment.
    """
    for found in _TOKEN.finditer(text, start, len(text) if end is None else end):
        yield Token(_KINDS[found.lastgroup or ""], Span(*found.span()))


def comments(text: str) -> Iterator[Span]:
    """The comments of a text, each from its `#` to the end of its line."""
    if "#" in text:
        for token in scan(text):
            if token.kind is TokenKind.COMMENT:
                yield token.span


def has_comment(text: str, span: Span) -> bool:
    """Whether a comment begins between two offsets, of which the first is in no string."""
    tokens = scan(text, span.start, span.end)
    return any(token.kind is TokenKind.COMMENT for token in tokens)


def open_brackets(text: str, end: int) -> list[int]:
    """The offsets of the brackets that are open at offset `end`, outermost first."""
    stack: list[int] = []
    # Not `scan`: while a large file is broken, this is what takes the time.
    for found in _TOKEN.finditer(text, 0, end):
        if found.lastgroup == "open":
            stack.append(found.start())
        elif found.lastgroup == "close" and stack:
            stack.pop()
    return stack


def in_code(text: str, offset: int) -> bool:
    """Whether a cursor at `offset` is in code: in no string and in no comment.

    At the end of a string that isn't finished it still is in it.
    """
    for kind, span in scan(text):
        if span.start >= offset:
            return True
        if offset < span.end and kind in (TokenKind.STRING, TokenKind.COMMENT):
            return False
        if offset == span.end:
            if kind is TokenKind.STRING:
                return _FINISHED.fullmatch(text, span.start, span.end) is not None
            return kind is not TokenKind.COMMENT
    return True
