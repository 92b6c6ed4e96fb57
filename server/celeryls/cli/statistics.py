"""`celeryls check --statistics`: how often each rule speaks."""

import json
from collections import Counter
from dataclasses import asdict, dataclass

import click

from celeryls.cli.formats import Report
from celeryls.cli.formats.text import mended_lines, summary
from celeryls.rules.base import Rule
from celeryls.text import Applicability


def as_text(report: Report) -> str:
    """A line for each rule, the most frequent first, and all of them together.

    `[*]` says that `--fix` mends all that the rule found, `[-]` some of it, `[ ]` nothing.
    """
    rows = _rows(report)
    widest = max((len(str(row.count)) for row in rows), default=0)
    lines = []
    for row in rows:
        number = str(row.count).rjust(widest)
        mark = "[*]" if row.fixable == row.count else "[-]" if row.fixable else "[ ]"
        code = click.style(row.code, bold=True)
        lines.append(f"{number}  {code}  {click.style(mark, fg='cyan')}  {row.name}")
    return "\n".join([*lines, *mended_lines(report), summary(report)])


def as_json(report: Report) -> str:
    """The same as a list; its schema is docs/schemas/statistics.json."""
    return json.dumps([asdict(row) for row in _rows(report)], indent=2)


@dataclass(frozen=True, slots=True)
class _Row:
    code: str
    name: str
    count: int
    fixable: int
    """How many of them `--fix` mends."""
    unsafe: int
    """How many more it mends with `--unsafe-fixes`."""


def _rows(report: Report) -> list[_Row]:
    by_rule: dict[Rule, Counter[Applicability | None]] = {}
    for one in report.found:
        by_rule.setdefault(one.item.rule, Counter())[report.mends(one.item)] += 1
    rows = [
        _Row(
            rule.code,
            rule.name,
            sum(each.values()),
            each[Applicability.SAFE],
            each[Applicability.UNSAFE],
        )
        for rule, each in by_rule.items()
    ]
    return sorted(rows, key=lambda row: (-row.count, row.code))
