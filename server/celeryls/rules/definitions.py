"""Definitions at the top of a file, read again where facts have no place for them."""

import ast
import re
from dataclasses import dataclass
from typing import TypeAlias

from celeryls.syntax import Parsed, parse
from celeryls.text import Span

Definition: TypeAlias = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
_OUTSIDE = re.compile(r"(?m)^[^\s#)\]}]")


@dataclass(frozen=True)
class Piece:
    """The source of one definition: its tree, and the offset in the file that it starts at."""

    parsed: Parsed
    node: Definition
    start: int

    def place(self, span: Span) -> Span:
        """A place in the piece as a place in the file."""
        return Span(self.start + span.start, self.start + span.end)


def definition(text: str, name: str) -> Piece | None:
    """The only class or function of that name that is defined without indentation.

    It alone is parsed, without its decorators: a whole file takes longer than a keystroke should.
    """
    pattern = rf"(?m)^(?:class|def|async[ \t]+def)[ \t]+{re.escape(name)}\b"
    starts = [found.start() for found in re.finditer(pattern, text)]
    if len(starts) != 1:
        return None
    below = _OUTSIDE.search(text, text.find("\n", starts[0]) + 1)
    parsed = parse(text[starts[0] : below.start() if below else len(text)])
    (node, *_) = parsed.tree.body or (None,)
    if parsed.broken or not isinstance(node, Definition):
        return None
    return Piece(parsed, node, starts[0])
