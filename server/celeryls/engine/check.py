"""One file through all selected rules."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from celeryls.engine.baseline import not_in_baseline
from celeryls.engine.selection import Selected, Selection
from celeryls.engine.suppression import Suppression, suppressions
from celeryls.engine.unused import CODE, unused
from celeryls.project import Project
from celeryls.rules.base import FileContext, Finding, Rule, Severity
from celeryls.text import Span

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding that is to be shown, with the severity it has here."""

    rule: Rule
    severity: Severity
    finding: Finding


def check_file(
    project: Project, path: str, text: str, selection: Selection
) -> tuple[Diagnostic, ...] | None:
    """What is to be said about one file, in the order of its lines.

    `None` means that nothing can be said right now: the text defies parsing, and what was
    said before still stands.  A rule that fails is logged and left out; the others answer.
    """
    facts = project.files.get(path)
    if facts is None:
        return ()
    if facts.hopeless:
        return None
    file = FileContext(project, path, text)
    name = project.relative(path)
    selected = selection.rules_for(name, is_test=project.is_test(path))
    found, failed = _run(file, selected)
    found = [item for item in found if not _touches_hole(item.finding, facts.body.holes)]
    comments = suppressions(text, file.lines)
    if comments:
        found, used = _not_suppressed(found, file, comments)
        own = next((item for item in selected if item.rule.code == CODE), None)
        if own is not None and not facts.body.holes:
            running = {item.rule.code for item in selected} - failed
            for finding in unused(path, text, file.lines, used, running):
                found.append(Diagnostic(own.rule, own.severity, finding))
    found = _give_way(found)
    found.sort(key=lambda item: (item.finding.span, item.finding.code))
    return tuple(not_in_baseline(found, name, file.lines, selection.baseline))


def _run(file: FileContext, selected: Sequence[Selected]) -> tuple[list[Diagnostic], set[str]]:
    """All findings, and the codes of the rules that failed."""
    found: list[Diagnostic] = []
    failed: set[str] = set()
    for item in selected:
        try:
            findings = list(item.rule.check(file))
        except Exception:
            logger.exception("rule %s failed on %s", item.rule.code, file.path)
            failed.add(item.rule.code)
            continue
        found += (Diagnostic(item.rule, item.severity, finding) for finding in findings)
    return found, failed


def _touches_hole(finding: Finding, holes: tuple[Span, ...]) -> bool:
    return any(hole.touches(finding.evidence) for hole in holes)


def _not_suppressed(
    found: list[Diagnostic], file: FileContext, comments: tuple[Suppression, ...]
) -> tuple[list[Diagnostic], dict[Suppression, set[str]]]:
    """The findings that no comment silences, and the words of each comment that did."""
    used: dict[Suppression, set[str]] = {comment: set() for comment in comments}
    kept = []
    for item in found:
        scope, rule = item.finding.scope, item.rule
        first, last = file.lines.line_at(scope.start), file.lines.line_at(scope.end)
        silent = [c for c in comments if c.covers(rule.code, rule.name, first, last)]
        for comment in silent:
            used[comment] |= comment.naming(rule.code, rule.name) or {""}
        if not silent:
            kept.append(item)
    return kept, used


def _give_way(found: list[Diagnostic]) -> list[Diagnostic]:
    """One mistake, one finding: rules step back for those they name, on the same code."""
    present = {(item.finding.code, item.finding.scope) for item in found}
    return [
        item
        for item in found
        if not any((code, item.finding.scope) in present for code in item.rule.gives_way_to)
    ]
