"""Applying fixes, round after round, until nothing is left to do."""

from collections.abc import Callable
from dataclasses import dataclass

from celeryls.engine.check import Diagnostic
from celeryls.syntax import parses
from celeryls.text import Applicability, Edit, apply_edits, overlaps

MAX_ROUNDS = 10


@dataclass(frozen=True, slots=True)
class FixResult:
    """The text of one file after its fixes; `applied` are the diagnostics they were for.

    `failed` says that fixing gave text that does not parse: it was thrown away, and `text` is
    the text before that round.
    """

    text: str
    applied: tuple[Diagnostic, ...]
    failed: bool = False


def fix_text(
    path: str,
    text: str,
    check: Callable[[str], tuple[Diagnostic, ...] | None],
    *,
    unsafe: bool,
) -> FixResult:
    """Fix all that may be fixed in one file.

    `check` gives the diagnostics of a text.  Only a diagnostic's first fix is taken, and only
    if it stays in this file.  Fixes that overlap wait for the next round.
    """
    applied: list[Diagnostic] = []
    broken_before = not parses(text)
    for _ in range(MAX_ROUNDS):
        chosen: list[Edit] = []
        fixed: list[Diagnostic] = []
        for item in check(text) or ():
            edits = _edits(path, item, unsafe=unsafe)
            if edits and not overlaps([*chosen, *edits]):
                chosen += edits
                fixed.append(item)
        if not chosen:
            break
        after = apply_edits(text, chosen)
        if not broken_before and not parses(after):
            return FixResult(text, tuple(applied), failed=True)
        text = after
        applied += fixed
    return FixResult(text, tuple(applied))


def _edits(path: str, item: Diagnostic, *, unsafe: bool) -> tuple[Edit, ...]:
    allowed = {Applicability.SAFE, Applicability.UNSAFE} if unsafe else {Applicability.SAFE}
    if not item.finding.fixes:
        return ()
    fix = item.finding.fixes[0]
    if fix.applicability not in allowed or set(fix.edits) != {path}:
        return ()
    return fix.edits[path]
