"""One file through all selected rules."""

import logging
from dataclasses import dataclass

from celeryls.engine.selection import Selection
from celeryls.engine.suppression import suppressions
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
    found: list[Diagnostic] = []
    for selected in selection.rules:
        try:
            findings = list(selected.rule.check(file))
        except Exception:
            logger.exception("rule %s failed on %s", selected.rule.code, path)
            continue
        found += (Diagnostic(selected.rule, selected.severity, finding) for finding in findings)
    found = [item for item in found if not _touches_hole(item.finding, facts.body.holes)]
    found = _give_way(_not_suppressed(found, file))
    return tuple(sorted(found, key=lambda item: (item.finding.span, item.finding.code)))


def _touches_hole(finding: Finding, holes: tuple[Span, ...]) -> bool:
    return any(hole.touches(finding.evidence) for hole in holes)


def _not_suppressed(found: list[Diagnostic], file: FileContext) -> list[Diagnostic]:
    if not found:
        return found
    comments = suppressions(file.text, file.lines)
    if not comments:
        return found
    kept = []
    for item in found:
        scope = item.finding.scope
        first, last = file.lines.line_at(scope.start), file.lines.line_at(scope.end)
        rule = item.rule
        if not any(comment.covers(rule.code, rule.name, first, last) for comment in comments):
            kept.append(item)
    return kept


def _give_way(found: list[Diagnostic]) -> list[Diagnostic]:
    """One mistake, one finding: rules step back for those they name, on the same code."""
    present = {(item.finding.code, item.finding.scope) for item in found}
    return [
        item
        for item in found
        if not any((code, item.finding.scope) in present for code in item.rule.gives_way_to)
    ]
