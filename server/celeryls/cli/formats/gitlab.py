"""GitLab's Code Quality report."""

import json
from typing import Any

from celeryls.cli.formats import Found, Report, fingerprints, in_repository, region, sayable

_SEVERITIES = {"error": "major", "warning": "minor", "info": "info", "hint": "info"}


def render(report: Report) -> str:
    """A JSON list of issues."""
    names = fingerprints(report.found)
    pairs = zip(report.found, names, strict=True)
    return json.dumps([_issue(one, name) for one, name in pairs], indent=2)


def _issue(one: Found, fingerprint: str) -> dict[str, Any]:
    item = one.item
    place = region(one.lines, item.finding.span)
    return {
        "description": sayable(f"{item.rule.code}: {item.finding.message}"),
        "check_name": item.rule.name,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[item.severity],
        "location": {
            "path": sayable(in_repository(one.path)),
            "positions": {
                "begin": {"line": place.line, "column": place.column},
                "end": {"line": place.end_line, "column": place.end_column},
            },
        },
    }
