r"""Suppression comments.

`# celeryls: ignore[CEL101]` on a line of the code that a finding is about, or alone on the
line above it; `# celeryls: ignore-file[CEL101]` anywhere; `# noqa: CEL101` on the line.
Without brackets all rules are meant.  Codes and names are both understood.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from celeryls.syntax.scan import comments
from celeryls.text import LineIndex, Span

_OWN = re.compile(r"#\s*celeryls:\s*(ignore(?:-file)?)\s*(?:\[([^\]]*)\])?", re.IGNORECASE)
_NOQA = re.compile(r"#\s*noqa\b(?:\s*:\s*([A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*))?", re.IGNORECASE)
_NAME = re.compile(r"[^\s,]+")


@dataclass(frozen=True, slots=True)
class Suppression:
    """One directive: the rules it names, in lower case, and the lines where it counts.

    `listed` are the rules with their places; `None` if it has no list, and means all.  An empty
    list names no rule, and must not silence all.  `lines` is `None` for the whole file; lines
    count from 0.  `span` is the directive, `comment` all of the comment that it stands in.
    `own` says that it is not `noqa`, which other tools read as well.
    """

    listed: tuple[tuple[str, Span], ...] | None
    lines: range | None
    span: Span
    comment: Span
    own: bool

    def covers(self, code: str, name: str, first: int, last: int) -> bool:
        """Whether it silences a rule whose finding is about these lines, both inclusive."""
        if self.lines is not None and not (self.lines.start <= last and first < self.lines.stop):
            return False
        return self.listed is None or bool(self.naming(code, name))

    def naming(self, code: str, name: str) -> frozenset[str]:
        """Which of the listed words name a rule."""
        return frozenset(
            word for word, _ in self.listed or () if word in (code.lower(), name.lower())
        )


def suppressions(text: str, lines: LineIndex) -> tuple[Suppression, ...]:
    """Every suppression comment of a file."""
    lower = text.lower()
    if "celeryls" not in lower and "noqa" not in lower:
        return ()
    return tuple(_find(text, lines))


def _find(text: str, lines: LineIndex) -> Iterator[Suppression]:
    for comment in comments(text):
        words = comment.of(text)
        line = lines.line_at(comment.start)
        alone = not text[lines.line_start(line) : comment.start].strip()
        for found in _OWN.finditer(words):
            covered = range(line, line + 1 + alone)
            whole = found[1].lower() == "ignore-file"
            yield _directive(found, 2, comment, None if whole else covered, own=True)
        for found in _NOQA.finditer(words):
            yield _directive(found, 1, comment, range(line, line + 1), own=False)


def _directive(
    found: re.Match[str], group: int, comment: Span, lines: range | None, *, own: bool
) -> Suppression:
    start = comment.start
    listed = None
    if found[group] is not None:
        names = _NAME.finditer(found.string, *found.span(group))
        listed = tuple(
            (name[0].lower(), Span(start + name.start(), start + name.end())) for name in names
        )
    span = Span(start + found.start(), start + found.end())
    return Suppression(listed, lines, span, comment, own)
