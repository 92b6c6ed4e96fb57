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


@dataclass(frozen=True, slots=True)
class Suppression:
    """One comment: the rules it names (empty: all) and the lines where it counts.

    `lines` is `None` for the whole file; lines count from 0.
    """

    rules: frozenset[str]
    lines: range | None
    span: Span

    def covers(self, code: str, name: str, first: int, last: int) -> bool:
        """Whether it silences a rule whose finding is about these lines, both inclusive."""
        if self.rules and not ({code.lower(), name.lower()} & self.rules):
            return False
        return self.lines is None or (self.lines.start <= last and first < self.lines.stop)


def suppressions(text: str, lines: LineIndex) -> tuple[Suppression, ...]:
    """Every suppression comment of a file."""
    lower = text.lower()
    if "celeryls" not in lower and "noqa" not in lower:
        return ()
    return tuple(_find(text, lines))


def _find(text: str, lines: LineIndex) -> Iterator[Suppression]:
    for span in comments(text):
        comment = span.of(text)
        line = lines.line_at(span.start)
        alone = not text[lines.line_start(line) : span.start].strip()
        for found in _OWN.finditer(comment):
            kind, listed = found.groups()
            covered = None if kind.lower() == "ignore-file" else range(line, line + 1 + alone)
            yield Suppression(_names(listed), covered, span)
        for found in _NOQA.finditer(comment):
            yield Suppression(_names(found[1]), range(line, line + 1), span)


def _names(listed: str | None) -> frozenset[str]:
    if listed is None:
        return frozenset()
    # An empty list names no rule, and must not silence all.
    return frozenset(re.split(r"[,\s]+", listed.strip().lower()))
