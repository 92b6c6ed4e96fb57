"""`celeryls check --statistics`: how often each rule speaks."""

import json
from collections import Counter

import click

from celeryls.cli.formats import Report


def as_text(report: Report) -> str:
    """A line for each rule, the most frequent first; `[*]` has a fix that `--fix` applies."""
    rows = _rows(report)
    if not rows:
        return "No problems found."
    widest = max(len(str(row["count"])) for row in rows)
    lines = []
    for row in rows:
        number = str(row["count"]).rjust(widest)
        mark = click.style("[*]" if row["fixable"] else "[ ]", fg="cyan")
        lines.append(f"{number}  {click.style(row['code'], bold=True)}  {mark}  {row['name']}")
    return "\n".join(lines)


def as_json(report: Report) -> str:
    """A list of `{"code", "name", "count", "fixable"}`; `fixable` counts those with a fix."""
    return json.dumps(_rows(report), indent=2)


def _rows(report: Report) -> list[dict[str, object]]:
    rules = {one.item.rule.code: one.item.rule.name for one in report.found}
    counts = Counter(one.item.rule.code for one in report.found)
    fixable = Counter(one.item.rule.code for one in report.found if one.item.finding.fixes)
    ordered = sorted(counts, key=lambda code: (-counts[code], code))
    return [
        {"code": code, "name": rules[code], "count": counts[code], "fixable": fixable[code]}
        for code in ordered
    ]
