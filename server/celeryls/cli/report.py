"""Findings for people and for machines."""

import difflib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import click

from celeryls import DOCS_URL
from celeryls.cli.workspaces import display
from celeryls.engine import Diagnostic
from celeryls.text import Applicability, Encoding, Fix, LineIndex, lines_of

_COLOURS = {"error": "red", "warning": "yellow", "info": "blue", "hint": "cyan"}


def as_text(path: str, text: str, item: Diagnostic) -> str:
    """A finding with the line it is in and what can be done about it."""
    lines = lines_of(text)
    finding = item.finding
    line, column = lines.position(finding.span.start, Encoding.UTF32)
    source = lines.line_text(line)
    end = min(finding.span.end, lines.line_span(line).end)
    width = max(1, end - finding.span.start)
    margin = " " * len(str(line + 1))
    # Tabs stay tabs, so that the carets stand below what they mean.
    before = "".join("\t" if c == "\t" else " " for c in source[:column])
    colour = _COLOURS[item.severity]
    bar = click.style("|", fg="blue")
    parts = [
        f"{click.style(display(path), bold=True)}:{line + 1}:{column + 1}: "
        f"{click.style(f'{item.severity} {item.rule.code}', fg=colour, bold=True)} "
        f"{finding.message} {click.style(f'[{item.rule.name}]', dim=True)}",
        f"{margin} {bar}",
        f"{click.style(str(line + 1), fg='blue')} {bar} {source}",
        f"{margin} {bar} {before}{click.style('^' * width, fg=colour, bold=True)}",
    ]
    for fix in finding.fixes:
        kind = "" if fix.applicability is Applicability.SAFE else f" ({fix.applicability.value})"
        parts.append(f"{margin} {click.style('=', fg='blue')} fix: {fix.title}{kind}")
    return "\n".join(parts) + "\n"


def mended_lines(mended: Iterable[tuple[str, Diagnostic]]) -> Iterator[str]:
    """What `--fix` did, a line for each file."""
    by_path: dict[str, Counter[str]] = {}
    for path, item in mended:
        rules = by_path.setdefault(display(path), Counter())
        rules[f"{item.rule.code} {item.rule.name}"] += 1
    for path in sorted(by_path):
        rules = by_path[path]
        each = (name if n == 1 else f"{name} ({n} times)" for name, n in sorted(rules.items()))
        yield f"{click.style('mended', fg='green', bold=True)} {path}: {', '.join(each)}"


def summary(found: list[Diagnostic], mended: int) -> str:
    """The last line: counts, and what `--fix` can do about them."""
    parts = []
    if mended:
        parts.append(f"Mended {_count(mended, 'problem')}.")
    if not found:
        parts.append("Nothing left to report." if mended else "No problems found.")
        return " ".join(parts)
    kinds = [
        _count(number, kind)
        for kind in _COLOURS
        if (number := sum(item.severity == kind for item in found))
    ]
    parts.append(f"Found {_count(len(found), 'problem')} ({', '.join(kinds)}).")
    safe = sum(_applicability(item) is Applicability.SAFE for item in found)
    unsafe = sum(_applicability(item) is Applicability.UNSAFE for item in found)
    if safe:
        parts.append(f"{safe} can be mended with --fix.")
    if unsafe:
        more = f"{unsafe} more" if safe else f"{unsafe} can be mended"
        parts.append(f"{more} with --fix --unsafe-fixes.")
    return " ".join(parts)


def as_json(found: list[tuple[str, str, Diagnostic]]) -> str:
    """A JSON list; its schema is in docs/output.md."""
    return json.dumps([_item(*entry) for entry in found], indent=2)


def unified_diff(name: str, before: str, after: str) -> str:
    """A unified diff, in colour where the terminal takes it; lines keep their endings."""
    result = []
    for line in difflib.unified_diff(
        _diff_lines(before),
        _diff_lines(after),
        f"a/{name}",
        f"b/{name}",
    ):
        if not line.endswith("\n"):
            line += "\n\\ No newline at end of file\n"
        colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[0])
        result.append(click.style(line, fg=colour) if colour else line)
    return "".join(result)


def _diff_lines(text: str) -> list[str]:
    """The lines as `patch` and `git` see them: they end at `\\n` and nowhere else."""
    return [line for line in re.split(r"(?<=\n)", text) if line]


def _count(number: int, noun: str) -> str:
    plural = noun if noun == "info" else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"


def _applicability(item: Diagnostic) -> Applicability | None:
    return item.finding.fixes[0].applicability if item.finding.fixes else None


def _item(path: str, text: str, item: Diagnostic) -> dict[str, Any]:
    lines = lines_of(text)
    start = lines.position(item.finding.span.start, Encoding.UTF32)
    end = lines.position(item.finding.span.end, Encoding.UTF32)
    fixes = [_fix(path, lines, fix) for fix in item.finding.fixes]
    return {
        "code": item.rule.code,
        "name": item.rule.name,
        "message": item.finding.message,
        "severity": item.severity,
        "path": display(path),
        "line": start.line + 1,
        "column": start.column + 1,
        "end_line": end.line + 1,
        "end_column": end.column + 1,
        "url": f"{DOCS_URL}/rules/{item.rule.name}/",
        "fix": fixes[0] if fixes else None,
        "alternatives": fixes[1:],
    }


def _fix(path: str, lines: LineIndex, fix: Fix) -> dict[str, Any]:
    def position(offset: int) -> dict[str, int]:
        line, column = lines.position(offset, Encoding.UTF32)
        return {"line": line + 1, "column": column + 1}

    return {
        "applicability": fix.applicability.value,
        "title": fix.title,
        "edits": [
            {
                "path": display(edited),
                "start": position(edit.span.start),
                "end": position(edit.span.end),
                "new_text": edit.new_text,
            }
            for edited, edits in fix.edits.items()
            for edit in edits
        ],
    }
