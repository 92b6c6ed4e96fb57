"""Applying fixes, round after round, until nothing is left to do."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from celeryls.engine.check import Diagnostic
from celeryls.syntax import parses
from celeryls.text import Applicability, Edit, Fix, apply_edits, overlaps

MAX_ROUNDS = 10
"""Rounds beside those that the first look at all files shows to be needed."""

Check = Callable[[Mapping[str, str], str], tuple[Diagnostic, ...] | None]
"""The diagnostics of a file, with the new texts of those that fixes have changed so far."""


@dataclass(frozen=True, slots=True)
class FixResult:
    """The files that fixes changed, by path, with their new texts.

    `applied` are the diagnostics that were mended, each with the path that it was for.
    `failed` are the files for which a fix gave text that does not parse: that fix was thrown
    away, and every other one that would have changed such a file in the same round or later.
    """

    texts: Mapping[str, str]
    applied: tuple[tuple[str, Diagnostic], ...]
    failed: frozenset[str] = frozenset()


def fix_files(texts: Mapping[str, str], check: Check, *, unsafe: bool) -> FixResult:
    """Fix all that may be fixed in these files, and touch no other.

    Only a diagnostic's first fix is taken, whole or not at all.  Fixes that overlap wait for
    the next round.  After a round only what it changed is checked again, and all files once
    more at the end: a fix may show a mistake elsewhere.
    """
    changed: dict[str, str] = {}
    applied: list[tuple[str, Diagnostic]] = []
    failed: set[str] = set()
    pending: Collection[str] = texts
    left = MAX_ROUNDS
    seen: set[frozenset[tuple[str, str]]] = {frozenset()}
    while left > 0:
        left -= 1
        wanted = list(_wanted(pending, changed, check, texts.keys() - failed, unsafe=unsafe))
        taken, edits = _without_overlaps(wanted)
        if not taken:
            if len(pending) == len(texts):
                break
            pending = texts
            continue
        if not applied:
            left += len(wanted)
        after = {path: apply_edits(changed.get(path, texts[path]), edits[path]) for path in edits}
        broken = {path for path in after if _breaks(changed.get(path, texts[path]), after[path])}
        if broken:
            failed |= broken
            continue
        changed |= after
        applied += taken
        pending = sorted(after)
        state = frozenset(_different(texts, changed).items())
        if state in seen:  # fixes that undo each other
            break
        seen.add(state)
    return FixResult(_different(texts, changed), tuple(applied), frozenset(failed))


def _different(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    return {path: text for path, text in after.items() if text != before[path]}


def _wanted(
    paths: Iterable[str],
    changed: Mapping[str, str],
    check: Check,
    allowed: Collection[str],
    *,
    unsafe: bool,
) -> Iterator[tuple[str, Diagnostic, Fix]]:
    """The first fix of each diagnostic, if it may be applied and stays within `allowed`."""
    kinds = {Applicability.SAFE, Applicability.UNSAFE} if unsafe else {Applicability.SAFE}
    for path in paths:
        for item in check(changed, path) or ():
            for fix in item.finding.fixes[:1]:
                if (
                    fix.applicability in kinds
                    and fix.edits
                    and all(p in allowed for p in fix.edits)
                ):
                    yield path, item, fix


def _without_overlaps(
    wanted: Iterable[tuple[str, Diagnostic, Fix]],
) -> tuple[list[tuple[str, Diagnostic]], dict[str, list[Edit]]]:
    taken: list[tuple[str, Diagnostic]] = []
    chosen: dict[str, list[Edit]] = {}
    for path, item, fix in wanted:
        if not any(overlaps([*chosen.get(p, ()), *edits]) for p, edits in fix.edits.items()):
            taken.append((path, item))
            for p, edits in fix.edits.items():
                chosen.setdefault(p, []).extend(edits)
    return taken, chosen


def _breaks(before: str, after: str) -> bool:
    return parses(before) and not parses(after)
