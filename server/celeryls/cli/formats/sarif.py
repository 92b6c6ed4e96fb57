"""SARIF 2.1.0, as GitHub's code scanning and other tools read it."""

import json
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from celeryls import DOCS_URL, __version__
from celeryls.cli.formats import Found, Report, fingerprints, region
from celeryls.cli.workspaces import display
from celeryls.rules.base import Rule
from celeryls.rules.page import page, section
from celeryls.text import Fix, LineIndex, Span, lines_of

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note", "hint": "note"}


def render(report: Report) -> str:
    """One run, with the rules that have findings."""
    rules = sorted({one.item.rule for one in report.found}, key=lambda rule: rule.code)
    index = {rule.code: at for at, rule in enumerate(rules)}
    names = fingerprints(report.found)
    driver = {
        "name": "celeryls",
        "version": __version__,
        "informationUri": DOCS_URL,
        "rules": [_rule(rule) for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(report, one, index[one.item.rule.code], name)
            for one, name in zip(report.found, names, strict=True)
        ],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(rule: Rule) -> dict[str, Any]:
    url = f"{DOCS_URL}/rules/{rule.name}/"
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": section(rule, "What it does")},
        "helpUri": url,
        "help": {"text": f"{rule.summary} See {url}", "markdown": page(rule)},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(report: Report, one: Found, rule: int, fingerprint: str) -> dict[str, Any]:
    finding = one.item.finding

    def lines(path: str) -> LineIndex:
        return one.lines if path == one.path else lines_of(report.text_of(path) or "")

    result: dict[str, Any] = {
        "ruleId": one.item.rule.code,
        "ruleIndex": rule,
        "level": _LEVELS[one.item.severity],
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": _place(one.path, one.lines, finding.span)}],
        "partialFingerprints": {"celeryls/v1": fingerprint},
    }
    if finding.related:
        result["relatedLocations"] = [
            {
                "physicalLocation": _place(other.path, lines(other.path), other.span),
                "message": {"text": other.message},
            }
            for other in finding.related
        ]
    if finding.fixes:
        result["fixes"] = [_fix(fix, lines) for fix in finding.fixes]
    return result


def _fix(fix: Fix, lines: Any) -> dict[str, Any]:
    return {
        "description": {"text": fix.title},
        "artifactChanges": [
            {
                "artifactLocation": _artifact(path),
                "replacements": [
                    {
                        "deletedRegion": _region(lines(path), edit.span),
                        "insertedContent": {"text": edit.new_text},
                    }
                    for edit in edits
                ],
            }
            for path, edits in fix.edits.items()
        ],
    }


def _place(path: str, lines: LineIndex, span: Span) -> dict[str, Any]:
    return {"artifactLocation": _artifact(path), "region": _region(lines, span)}


def _artifact(path: str) -> dict[str, str]:
    shown = display(path)
    if PurePath(shown).is_absolute():
        return {"uri": PurePath(shown).as_uri()}
    return {"uri": quote(shown), "uriBaseId": "%SRCROOT%"}


def _region(lines: LineIndex, span: Span) -> dict[str, int]:
    place = region(lines, span)
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }
