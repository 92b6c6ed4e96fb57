"""Findings for people: the line, what is meant in it, and what can be done."""

import unicodedata
from collections import Counter
from collections.abc import Iterator

import click

from celeryls.cli.formats import Found, Report, region
from celeryls.cli.workspaces import display
from celeryls.text import Applicability, LineIndex, Span, lines_of

_COLOURS = {"error": "red", "warning": "yellow", "info": "blue", "hint": "cyan"}
_SHOWN = 4
"""Lines that are shown of a longer place: the first ones, and the last."""


def render(report: Report) -> str:
    """Every finding with its source, what was mended, and the counts."""
    parts = [*(_finding(report, one) for one in report.found), *mended_lines(report)]
    parts.append(_summary(report))
    return "\n".join(parts)


def mended_lines(report: Report) -> Iterator[str]:
    """What `--fix` did, a line for each file."""
    by_path: dict[str, Counter[str]] = {}
    for path, item in report.mended:
        rules = by_path.setdefault(display(path), Counter())
        rules[f"{item.rule.code} {item.rule.name}"] += 1
    for path in sorted(by_path):
        rules = by_path[path]
        each = (name if n == 1 else f"{name} ({n} times)" for name, n in sorted(rules.items()))
        yield f"{click.style('mended', fg='green', bold=True)} {path}: {', '.join(each)}"


def _finding(report: Report, one: Found) -> str:
    item, finding = one.item, one.item.finding
    colour = _COLOURS[item.severity]
    place = region(one.lines, finding.span)
    margin = " " * len(str(place.end_line))
    bar = click.style("|", fg="blue")
    note = click.style("=", fg="blue")
    parts = [
        f"{click.style(display(one.path), bold=True)}:{place.line}:{place.column}: "
        f"{click.style(f'{item.severity} {item.rule.code}', fg=colour, bold=True)} "
        f"{finding.message} {click.style(f'[{item.rule.name}]', dim=True)}",
        f"{margin} {bar}",
        *_source(one, finding.span, margin, colour),
    ]
    for other in finding.related:
        lines = one.lines if other.path == one.path else lines_of(report.text_of(other.path) or "")
        at = region(lines, other.span)
        where = f"{display(other.path)}:{at.line}:{at.column}"
        parts.append(f"{margin} {note} {where}: {other.message}")
    for fix in finding.fixes:
        kind = "" if fix.applicability is Applicability.SAFE else f" ({fix.applicability.value})"
        parts.append(f"{margin} {note} fix: {fix.title}{kind}")
    return "\n".join(parts) + "\n"


def _source(one: Found, span: Span, margin: str, colour: str) -> Iterator[str]:
    """The lines of a place, with what is meant underlined, or between two marks."""
    lines = one.lines
    first, last = lines.line_at(span.start), lines.line_at(span.end)
    bar = click.style("|", fg="blue")
    if first == last:
        line = _line(lines, first)
        before, meant = line[: span.start - lines.line_start(first)], span.of(one.text)
        yield f"{_number(first, margin)} {bar} {line}"
        carets = click.style("^" * max(1, width(meant)), fg=colour, bold=True)
        yield f"{margin} {bar} {_blank(before)}{carets}"
        return
    shown = [*range(first, min(first + _SHOWN - 1, last)), last]
    for at, line in enumerate(shown):
        if line == last and at and shown[at - 1] != last - 1:
            yield f"{margin} {bar} {click.style('|', fg=colour)} ..."
        mark = click.style("/" if line == first else "|", fg=colour)
        yield f"{_number(line, margin)} {bar} {mark} {_line(lines, line)}"
    end = width(_line(lines, last)[: span.end - lines.line_start(last)])
    foot = click.style(f"|{'_' * max(1, end)}^", fg=colour)
    yield f"{margin} {bar} {foot}"


def _number(line: int, margin: str) -> str:
    return click.style(str(line + 1).rjust(len(margin)), fg="blue")


def _line(lines: LineIndex, line: int) -> str:
    return lines.line_text(line)


def _blank(text: str) -> str:
    """As much space as a text takes; tabs stay tabs, so that all stands below what it means."""
    return "".join("\t" if c == "\t" else " " * width(c) for c in text)


def width(text: str) -> int:
    """The columns that a text takes in a terminal."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _summary(report: Report) -> str:
    """The last line: counts, and what `--fix` can do about them."""
    found = [one.item for one in report.found]
    parts = []
    if report.mended:
        parts.append(f"Mended {count(len(report.mended), 'problem')}.")
    if not found:
        parts.append("Nothing left to report." if report.mended else "No problems found.")
        return " ".join(parts)
    kinds = [
        count(number, kind)
        for kind in _COLOURS
        if (number := sum(item.severity == kind for item in found))
    ]
    parts.append(f"Found {count(len(found), 'problem')} ({', '.join(kinds)}).")
    first = [item.finding.fixes[0].applicability for item in found if item.finding.fixes]
    safe, unsafe = first.count(Applicability.SAFE), first.count(Applicability.UNSAFE)
    if safe:
        parts.append(f"{safe} can be mended with --fix.")
    if unsafe:
        more = f"{unsafe} more" if safe else f"{unsafe} can be mended"
        parts.append(f"{more} with --fix --unsafe-fixes.")
    return " ".join(parts)


def count(number: int, noun: str) -> str:
    """A number with its noun: `1 problem`, `2 problems`."""
    plural = noun if noun == "info" else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"
