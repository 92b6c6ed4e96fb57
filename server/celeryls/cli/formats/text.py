"""Findings for people: the line, what is meant in it, and what can be done."""

from collections import Counter
from collections.abc import Iterator

import click

from celeryls.cli.formats import Found, Report, region
from celeryls.cli.snippets import source
from celeryls.cli.terminal import visible
from celeryls.cli.workspaces import display
from celeryls.rules.base import Related
from celeryls.text import Applicability, LineIndex, Span, lines_of

_COLOURS = {"error": "red", "warning": "yellow", "info": "blue", "hint": "cyan"}


def render(report: Report) -> str:
    """Every finding with its source, what was mended, and the counts."""
    parts = [*(_finding(report, one) for one in report.found), *mended_lines(report)]
    parts.append(summary(report))
    if report.found:
        code = report.found[0].item.rule.code
        parts.append(click.style(f"More about a rule: celeryls rule {code}", dim=True))
    return "\n".join(parts)


def mended_lines(report: Report) -> Iterator[str]:
    """What `--fix` did, a line for each file."""
    by_path: dict[str, Counter[str]] = {}
    for path, item in report.mended:
        rules = by_path.setdefault(_path(path), Counter())
        rules[f"{item.rule.code} {item.rule.name}"] += 1
    for path in sorted(by_path):
        rules = by_path[path]
        each = (name if n == 1 else f"{name} ({n} times)" for name, n in sorted(rules.items()))
        yield f"{click.style('mended', fg='green', bold=True)} {path}: {', '.join(each)}"


def _finding(report: Report, one: Found) -> str:
    item, finding = one.item, one.item.finding
    colour = _COLOURS[item.severity]
    place = region(one.lines, finding.span)
    others = [(other, _lines(report, one, other.path)) for other in finding.related]
    last = [region(lines, other.span).line for other, lines in others if lines is not None]
    margin = " " * len(str(max(place.end_line, *last)) if last else str(place.end_line))
    bar = click.style("|", fg="blue")
    note = click.style("=", fg="blue")
    parts = [
        f"{click.style(_path(one.path), bold=True)}:{place.line}:{place.column}: "
        f"{click.style(f'{item.severity} {item.rule.code}', fg=colour, bold=True)} "
        f"{visible(finding.message)} {click.style(f'[{item.rule.name}]', dim=True)}",
        f"{margin} {bar}",
        *source(one.lines, finding.span, margin, colour),
    ]
    for other, lines in others:
        if lines is None:
            parts.append(f"{margin} {note} {_path(other.path)}: {visible(other.message)}")
        else:
            parts += _related(other, lines, margin)
    for fix in finding.fixes:
        kind = "" if fix.applicability is Applicability.SAFE else f" ({fix.applicability.value})"
        parts.append(f"{margin} {note} fix: {visible(fix.title)}{kind}")
    return "\n".join(parts) + "\n"


def _path(path: str) -> str:
    return visible(display(path))


def _lines(report: Report, one: Found, path: str) -> LineIndex | None:
    text = one.text if path == one.path else report.text_of(path)
    return None if text is None else lines_of(text)


def _related(other: Related, lines: LineIndex, margin: str) -> Iterator[str]:
    """Another place, with its line, and what it has to do with the finding beside the marks."""
    at = region(lines, other.span)
    yield f"{margin}{click.style(':::', fg='blue')} {_path(other.path)}:{at.line}:{at.column}"
    first = lines.line_span(at.line - 1)
    span = Span(other.span.start, min(other.span.end, first.end))
    *shown, marks = source(lines, span, margin, "blue", mark="-")
    yield from shown
    yield f"{marks} {click.style(visible(other.message), fg='blue')}"


def summary(report: Report) -> str:
    """Counts, and what `--fix` can do about them."""
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
    first = [report.mends(item) for item in found]
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
