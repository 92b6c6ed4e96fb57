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

_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\r\n]*)
  | (?P<string>(?:\b[rRbBfFuUtT]{1,2})?
        (?: \"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*(?:\"\"\"|\Z)
          | '''(?:[^'\\]|\\.|'(?!''))*(?:'''|\Z)
          | \"(?:[^\"\\\r\n]|\\(?:\r\n|.))*(?:\"|(?=[\r\n])|\Z)
          | '(?:[^'\\\r\n]|\\(?:\r\n|.))*(?:'|(?=[\r\n])|\Z) ))
  | (?P<open>[(\[{])
  | (?P<close>[)\]}])
    """,
    re.VERBOSE | re.DOTALL,
)


class TokenKind(str, Enum):
    """What the scanner tells apart."""

    COMMENT = "comment"
    STRING = "string"
    OPEN = "open"
    CLOSE = "close"


class Token(NamedTuple):
    """One comment, string or bracket; an unfinished string runs to the end of its line."""

    kind: TokenKind
    span: Span


def scan(text: str, start: int = 0, end: int | None = None) -> Iterator[Token]:
    """The comments, strings and brackets between two offsets, in order.

    `start` must not lie inside a string or comment.
    """
    for found in _TOKEN.finditer(text, start, len(text) if end is None else end):
        yield Token(TokenKind(found.lastgroup), Span(*found.span()))


def comments(text: str) -> Iterator[Span]:
    """The comments of a text, each from its `#` to the end of its line."""
    if "#" in text:
        for token in scan(text):
            if token.kind is TokenKind.COMMENT:
                yield token.span


def open_brackets(text: str, end: int) -> list[int]:
    """The offsets of the brackets that are open at offset `end`, outermost first."""
    stack: list[int] = []
    for token in scan(text, 0, end):
        if token.kind is TokenKind.OPEN:
            stack.append(token.span.start)
        elif token.kind is TokenKind.CLOSE and stack:
            stack.pop()
    return stack


def in_code(text: str, offset: int) -> bool:
    """Whether a cursor at `offset` is in code: in no string and in no comment."""
    for token in scan(text):
        if token.span.start >= offset:
            return True
        if token.kind is TokenKind.COMMENT and offset <= token.span.end:
            return False
        if token.kind is TokenKind.STRING and offset < token.span.end:
            return False
    return True
