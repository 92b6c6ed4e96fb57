"""Imports from Celery, found in the text of a module.  Offsets are code points."""

import re
from collections.abc import Iterator

from celeryls.syntax.scan import TokenKind, scan

FROM = re.compile(
    r"^from[ \t]+(?P<module>celery(?:\.\w+)*)[ \t]+import[ \t]+"
    r"(?P<names>\([^)]*\)|\*|(?:[\w, \t]|\\\r?\n)+)",
    re.M,
)
"""`from celery... import ...` at the top of a module."""
IMPORT = re.compile(r"^import[ \t]+(?P<module>celery(?:\.\w+)+)", re.M)
"""`import celery....` at the top of a module."""
_NAME = re.compile(r"(?P<name>\w+)(?:[ \t]+as[ \t]+(?P<alias>\w+))?")


def names_of(text: str, match: re.Match[str]) -> Iterator[re.Match[str]]:
    """The names that an import lists, without the words of comments between them."""
    for name in _NAME.finditer(text, *match.span("names")):
        if "#" not in text[text.rfind("\n", 0, name.start()) + 1 : name.start()]:
            yield name


def is_in_a_string(text: str, at: int) -> bool:
    """Whether what looks like an import is a part of a text, such as a docstring."""
    return any(
        token.kind is TokenKind.STRING and token.span.start < at < token.span.end
        for token in scan(text, 0, len(text))
    )


def imported_as(name: re.Match[str], successor: str) -> str:
    """What to import in place of a name, by the name that the file uses."""
    used = name["alias"] or name["name"]
    return successor if used == successor else f"{successor} as {used}"
