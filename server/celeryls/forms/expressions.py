"""Small expressions that people type, and values, as the source a formatter would leave.

Knows a few node types on purpose: what it can't render can't get into generated code.
"""

import ast
import math

from celeryls.forms.errors import AnswerError
from celeryls.forms.words import shown
from celeryls.syntax import parse
from celeryls.text.layout import quoted

MAX_SOURCE = 120


def parse_expression(text: str, what: str) -> ast.expr:
    """The one expression that `text` is, else `AnswerError`."""
    text = text.strip()
    if len(text) > MAX_SOURCE:
        raise AnswerError(f"The {what} has {len(text)} characters; take at most {MAX_SOURCE}.")
    if not text or not text.isprintable():
        raise AnswerError(f"{shown(text)} is not the {what} in one line of Python.")
    parsed = parse(text)
    body = parsed.tree.body
    if parsed.broken or len(body) != 1 or not isinstance(body[0], ast.Expr):
        raise AnswerError(f"{shown(text)} is not the {what} in Python.")
    return body[0].value


def _quoted_bytes(value: bytes) -> str:
    if b'"' in value:
        return repr(value)
    content = repr(value)[2:-1].replace("\\'", "'")
    return f'b"{content}"'


def literal(node: ast.expr) -> str:
    """The source of a default: a number, string, bytes, boolean, `None` or a tuple of these."""
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        raise AnswerError(
            'A default is a literal: a number, a string such as "eu", True, False, None or a '
            "tuple of these."
        ) from None
    return literal_source(value)


def literal_source(value: object) -> str:
    """As `literal`, for a value.  Raises `AnswerError` for what can't be a default."""
    match value:
        case None | bool():
            return repr(value)
        case int():
            return repr(value)
        case float() if math.isfinite(value):
            return repr(value).replace("e+", "e")
        case str():
            return quoted(value)
        case bytes():
            return _quoted_bytes(value)
        case tuple():
            items = [literal_source(item) for item in value]
            return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"
        case list() | set() | dict():
            kind = type(value).__name__
            raise AnswerError(
                f"A {kind} as a default is shared between calls; take None, and the annotation "
                f"{kind} with | None."
            )
    raise AnswerError(f"{shown(repr(value))} can't be a default; take None.")
