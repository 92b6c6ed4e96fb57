"""Findings that are known already, and how they stand in a baseline."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from celeryls.config.baseline import Baseline
from celeryls.text import LineIndex

if TYPE_CHECKING:
    from celeryls.engine.check import Diagnostic

LONGEST = 160
"""Characters of a line that are kept."""


def entry(item: "Diagnostic", lines: LineIndex) -> str:
    """A finding as it stands in a baseline.

    The code of the rule and the words of the line that is underlined: so it stays true when
    lines move, and says something in a diff.
    """
    line = lines.line_text(lines.line_at(item.finding.span.start))
    return f"{item.rule.code} {' '.join(line.split())[:LONGEST]}"


def not_in_baseline(
    found: Iterable["Diagnostic"], name: str, lines: LineIndex, baseline: Baseline
) -> Iterator["Diagnostic"]:
    """The findings of one file that are not in the baseline, as often as they are there.

    `name` is the file as the baseline has it.
    """
    entries = baseline.get(name)
    left = Counter(entries)
    for item in found:
        if entries:
            key = entry(item, lines)
            if left[key] > 0:
                left[key] -= 1
                continue
        yield item
