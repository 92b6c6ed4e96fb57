"""The quotes that a project writes strings with.  Templates write double ones."""

import io
import re
import tokenize

from celeryls.syntax import parse
from celeryls.text import Edit, Span, apply_edits

_STRING = re.compile(r"(?P<prefix>[bBuU]?)(?P<quote>[\"'])(?P<inside>.*)(?P=quote)", re.S)


def requoted(code: str, quote: str) -> str:
    """`code`, whole statements of Python, with its strings quoted as a formatter would.

    `quote` is the character that is preferred; a string that has more of it than of the other
    takes the other.  Docstrings, and all else in three quotes, stay as they are, as do raw strings.
    """
    if quote == '"':
        return code
    lines = parse(code).lines
    edits = []
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.STRING:
            written = _literal(token.string, quote)
            if written != token.string:
                start = lines.line_start(token.start[0] - 1) + token.start[1]
                edits.append(Edit(Span(start, start + len(token.string)), written))
    return apply_edits(code, tuple(edits))


def _literal(source: str, quote: str) -> str:
    """One string literal with the quotes that it should have."""
    found = _STRING.fullmatch(source)
    if found is None or source.removeprefix(found["prefix"]).startswith(('"""', "'''")):
        return source
    inside, other = found["inside"], '"' if quote == "'" else "'"
    # As ruff counts: escaped or not.
    wanted = other if inside.count(quote) > inside.count(other) else quote
    if wanted == found["quote"]:
        return source
    plain = re.sub(r"\\(.)", lambda m: m[1] if m[1] == found["quote"] else m[0], inside, flags=re.S)
    escaped = re.sub(rf"(\\.)|{wanted}", lambda m: m[1] or "\\" + wanted, plain, flags=re.S)
    return f"{found['prefix']}{wanted}{escaped}{wanted}"
