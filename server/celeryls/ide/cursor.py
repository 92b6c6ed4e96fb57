"""A place in a file, and what is known of it: the name, the text and the nodes that it is on."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from celeryls.facts import Body
from celeryls.facts.lookup import Scope, nodes_in_scopes
from celeryls.project import Project
from celeryls.syntax import Parsed, parse
from celeryls.text import Span

_WORD = re.compile(r"\w+")
_DOTTED = re.compile(r"(?:\w+\s*\.\s*)*\w+\Z")
_LONGEST = 200


@dataclass(frozen=True)
class Cursor:
    """A place in a file of a project, between two characters: it is on the one after it."""

    project: Project
    path: str
    text: str
    offset: int

    def on(self, span: Span) -> bool:
        """Whether the character after the cursor is in a span."""
        return span.start <= self.offset < span.end

    @property
    def body(self) -> Body:
        return self.project.body(self.path)

    @cached_property
    def word(self) -> Span | None:
        """The name that the cursor is on."""
        start = self.offset
        while start > max(0, self.offset - _LONGEST) and _is_word(self.text[start - 1]):
            start -= 1
        found = _WORD.match(self.text, start)
        return Span(*found.span()) if found is not None and found.end() > self.offset else None

    @cached_property
    def parsed(self) -> Parsed:
        return parse(self.text)

    @cached_property
    def nodes(self) -> tuple[tuple[ast.AST, Scope | None], ...]:
        """The nodes that may be on the cursor's line, each with its scope."""
        line = self.parsed.lines.line_at(self.offset) + 1
        return tuple(nodes_in_scopes(self.parsed, [line]))

    def texts(self) -> Iterator[tuple[ast.Constant, Span]]:
        """The text that the cursor is in: its node, and its extent without plain quotes."""
        for node, _ in self.nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                span = self.parsed.span(node)
                if self.on(span):
                    inner = Span(span.start + 1, span.end - 1)
                    yield node, inner if inner.of(self.text) == node.value else span

    def last_name(self, span: Span) -> Span | None:
        """The last name of what is under a span, if that is names and dots only."""
        if span.length > _LONGEST or not _DOTTED.match(span.of(self.text)):
            return None
        name = list(_WORD.finditer(self.text, span.start, span.end))[-1]
        return Span(*name.span())


def has(around: Span, span: Span) -> bool:
    """Whether one span lies within another."""
    return around.start <= span.start and span.end <= around.end


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
