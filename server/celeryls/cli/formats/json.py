"""JSON: a list of findings; its schema is docs/schemas/check.json."""

import json
from collections.abc import Callable
from typing import Any

from celeryls import DOCS_URL
from celeryls.cli.formats import Found, Report, region
from celeryls.cli.workspaces import display
from celeryls.text import Fix, LineIndex, lines_of


def render(report: Report) -> str:
    """The findings of a check."""
    return json.dumps([_item(one, report.text_of) for one in report.found], indent=2)


def _item(one: Found, text_of: Callable[[str], str | None]) -> dict[str, Any]:
    place = region(one.lines, one.item.finding.span)

    def lines(path: str) -> LineIndex:
        return one.lines if path == one.path else lines_of(text_of(path) or "")

    fixes = [_fix(fix, lines) for fix in one.item.finding.fixes]
    return {
        "code": one.item.rule.code,
        "name": one.item.rule.name,
        "message": one.item.finding.message,
        "severity": one.item.severity,
        "path": display(one.path),
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
        "url": f"{DOCS_URL}/rules/{one.item.rule.name}/",
        "fix": fixes[0] if fixes else None,
        "alternatives": fixes[1:],
    }


def _fix(fix: Fix, lines: Callable[[str], LineIndex]) -> dict[str, Any]:
    edits = []
    for path, changes in fix.edits.items():
        for edit in changes:
            place = region(lines(path), edit.span)
            edits.append(
                {
                    "path": display(path),
                    "start": {"line": place.line, "column": place.column},
                    "end": {"line": place.end_line, "column": place.end_column},
                    "new_text": edit.new_text,
                }
            )
    return {"applicability": fix.applicability.value, "title": fix.title, "edits": edits}
