"""Where a function stands in its file, and how the text around it is laid out.

Knows Python source only.
"""

import ast
from collections.abc import Iterator

from celeryls.facts.walk import Function, parameters, scope_parts
from celeryls.syntax import Parsed
from celeryls.text import Span, newline_of

_BLANK = " \t\f\ufeff"


def first_line(parsed: Parsed, node: ast.stmt) -> int:
    """The zero-based line that a statement begins on, its decorators included."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    if not decorators:
        return node.lineno - 1
    # An expression in parentheses may begin on a later line than its `@`.
    line = decorators[0].lineno - 1
    while line > 0 and not parsed.lines.line_text(line).lstrip(_BLANK).startswith("@"):
        line -= 1
    return line


class Place:
    """The surroundings of one function; offsets are code points.

    `start` is where its first decorator or its `def` begins and `body` where its first
    statement does; `top` is the statement of the module that it is, or is in.  `indent` is
    the white space in front of it, `unit` what its body is indented by on top of that, and
    `newline` what ends its lines.
    """

    def __init__(self, parsed: Parsed, node: Function) -> None:
        self.top = next(
            statement
            for statement in parsed.tree.body
            if statement.lineno <= node.lineno <= (statement.end_lineno or 0)
        )
        line = first_line(parsed, node)
        blank = _leading(parsed, line)
        self.start = blank.end
        self.indent = _indent(blank.of(parsed.text))
        self.newline = _ending(parsed, node.lineno - 1)
        inner = _leading(parsed, first_line(parsed, node.body[0]))
        first = node.body[0]
        is_decorated = bool(getattr(first, "decorator_list", []))
        self.body = inner.end if is_decorated else parsed.start(first)
        # A body on the line of its `def` has no indent of its own.
        own = _indent(inner.of(parsed.text)) if self.body == inner.end else ""
        self.unit = own.removeprefix(self.indent) or "    "


def _leading(parsed: Parsed, line: int) -> Span:
    """The white space that a line begins with."""
    span = parsed.lines.line_span(line)
    text = span.of(parsed.text)
    return Span(span.start, span.start + len(text) - len(text.lstrip(_BLANK)))


def _indent(blank: str) -> str:
    """What indents of white space: a form feed begins its line anew."""
    return blank.lstrip("\ufeff").rpartition("\f")[2]


def _ending(parsed: Parsed, line: int) -> str:
    whole = parsed.lines.line_span(line, with_newline=True)
    return parsed.text[parsed.lines.line_span(line).end : whole.end] or newline_of(parsed.text)


def mentions(*nodes: ast.AST) -> Iterator[str]:
    """The names that code binds or looks up in its own scope or from around it.

    A function that has a parameter of that name keeps it to itself.
    """
    stack: list[tuple[ast.AST, frozenset[str]]] = [(node, frozenset()) for node in nodes]
    while stack:
        node, hidden = stack.pop()
        for name in _names(node):
            if name not in hidden:
                yield name
        outside, inside = scope_parts(node)
        stack += [(child, hidden) for child in outside]
        if isinstance(node, Function | ast.Lambda):
            hidden |= {argument.arg for argument in parameters(node.args)}
        stack += [(child, hidden) for child in inside]


def _names(node: ast.AST) -> list[str]:
    match node:
        case ast.Name(id=name):
            return [name]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
            return [name]
        case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
            return [name]
        case ast.alias(name=name, asname=asname):
            return [asname or name.partition(".")[0]]
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            return names
    return []
