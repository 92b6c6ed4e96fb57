"""SARIF 2.1.0, as GitHub's code scanning and other tools read it."""

import json
import os
import re
from collections.abc import Callable
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from celeryls import DOCS_URL, __version__
from celeryls.cli.formats import Found, Report, fingerprints, in_repository, region, sayable
from celeryls.rules.base import Rule
from celeryls.rules.page import page, section
from celeryls.text import Applicability, Fix, LineIndex, Span, lines_of

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
ROOT = "%SRCROOT%"
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
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the repository."}}},
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
        "message": {"text": _message(finding.message)},
        "locations": [{"physicalLocation": _place(one.path, one.lines, finding.span)}],
        "partialFingerprints": {"celeryls/v1": fingerprint},
    }
    if finding.related:
        result["relatedLocations"] = [
            {
                "physicalLocation": _place(other.path, lines(other.path), other.span),
                "message": {"text": _message(other.message)},
            }
            for other in finding.related
        ]
    # What others list here they offer to apply.
    fixes = [fix for fix in finding.fixes if fix.applicability is not Applicability.DISPLAY_ONLY]
    if fixes:
        result["fixes"] = [_fix(fix, lines) for fix in fixes]
    return result


def _message(text: str) -> str:
    """A text in which nothing is a link (3.11.6 of the standard): it may quote a user's code."""
    return re.sub(r"([\\\[\]])", r"\\\1", sayable(text)) if "](" in text else sayable(text)


def _fix(fix: Fix, lines: Callable[[str], LineIndex]) -> dict[str, Any]:
    kind = "" if fix.applicability is Applicability.SAFE else f" ({fix.applicability.value})"
    return {
        "description": {"text": _message(fix.title) + kind},
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
    shown = in_repository(path)
    if PurePath(shown).is_absolute():
        return {"uri": PurePath(shown).as_uri()}
    return {"uri": quote(os.fsencode(shown)), "uriBaseId": ROOT}


def _region(lines: LineIndex, span: Span) -> dict[str, int]:
    place = region(lines, span)
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }
