"""Lines of source with what is meant in them marked below, as compilers show them."""

from collections.abc import Iterator

import click

from celeryls.cli.terminal import visible, width
from celeryls.text import LineIndex, Span

_SHOWN = 4
"""Lines that are shown of a longer place: the first ones, and the last."""
_LONGEST = 160
"""Characters that are shown of one line."""
_BEFORE = 60
"""Of a longer line, those that are shown before what is meant."""
_CUT = "…"


def source(
    lines: LineIndex, span: Span, margin: str, colour: str, mark: str = "^"
) -> Iterator[str]:
    """The lines of a place: one with `mark` below what is meant, more of them beside a line.

    `margin` is as wide as the longest line number.
    """
    first, last = lines.line_at(span.start), lines.line_at(span.end)
    if last > first and span.end == lines.line_start(last):
        last -= 1  # what ends where a line begins does not mean that line
    end = min(span.end, lines.line_span(last).end)
    if first == last:
        yield from _one(lines, first, span, margin, colour, mark)
    else:
        yield from _several(lines, first, last, end, margin, colour)


def _one(
    lines: LineIndex, line: int, span: Span, margin: str, colour: str, mark: str
) -> Iterator[str]:
    bar = click.style("|", fg="blue")
    whole = lines.line_span(line)
    shown = visible(lines.line_text(line))
    start, end = span.start - whole.start, min(span.end, whole.end) - whole.start
    left = 0 if len(shown) <= _LONGEST else max(0, start - _BEFORE)
    right = left + _LONGEST
    front, back = _CUT if left else "", _CUT if right < len(shown) else ""
    yield f"{_number(line, margin)} {bar} {front}{shown[left:right]}{back}"
    marks = mark * max(1, width(shown[start : min(end, right)]))
    blank = _blank(front + shown[left:start])
    yield f"{margin} {bar} {blank}{click.style(marks, fg=colour, bold=True)}"


def _several(
    lines: LineIndex, first: int, last: int, end: int, margin: str, colour: str
) -> Iterator[str]:
    bar = click.style("|", fg="blue")
    side = click.style("|", fg=colour)
    shown = [*range(first, min(first + _SHOWN - 1, last)), last]
    for at, line in enumerate(shown):
        if at and shown[at - 1] != line - 1:
            yield f"{margin} {bar} {side} ..."
        begin = click.style("/", fg=colour) if line == first else side
        yield f"{_number(line, margin)} {bar} {begin} {_cut(lines.line_text(line))}"
    meant = _cut(Span(lines.line_start(last), end).of(lines.text))
    foot = click.style(f"|{'_' * max(1, width(meant))}^", fg=colour)
    yield f"{margin} {bar} {foot}"


def _cut(text: str) -> str:
    shown = visible(text if len(text) <= _LONGEST else text[:_LONGEST] + _CUT)
    return shown.replace("\t", "    ")  # wherever it begins, the foot has to end below it


def _number(line: int, margin: str) -> str:
    return click.style(str(line + 1).rjust(len(margin)), fg="blue")


def _blank(text: str) -> str:
    """As much space as a text takes; tabs stay tabs, so that all stands below what it means."""
    return "\t".join(" " * width(part) for part in text.split("\t"))
