"""Fixes that rearrange code leave no finding of any rule that was not there before."""

import importlib
from pathlib import Path

import pytest

from celeryls.rules.cases import Invalid
from celeryls.rules.registry import all_rules
from celeryls.text import apply_edits
from tests.rules.harness import check, unmark

REARRANGED = ("CEL317", "CEL407", "CEL609", "CEL610", "CEL705")


def _cases() -> list:
    found = []
    for rule in all_rules():
        package, _, module = type(rule).__module__.rpartition(".")
        if rule.code in REARRANGED:
            cases = importlib.import_module(f"{package}.cases.{module}").INVALID
            found += [
                pytest.param(rule.code, case, id=f"{rule.code}-{at}")
                for at, case in enumerate(cases)
                if case.fixed is not None
            ]
    return found


@pytest.mark.parametrize(("code", "case"), _cases())
def test_a_fix_leaves_nothing_new(code: str, case: Invalid, tmp_path: Path) -> None:
    text, _ = unmark(case.code)
    files = {**case.files, case.path: text}
    (item,) = check(tmp_path, files, case.path, code, case.beside)
    after = dict(files)
    for path, edits in item.finding.fixes[0].edits.items():
        name = Path(path).relative_to(tmp_path).as_posix()
        after[name] = apply_edits(files[name], edits)
    before = {(name, code) for name in files for code in _codes(tmp_path, files, name)}
    assert {(name, code) for name in files for code in _codes(tmp_path, after, name)} <= before


def _codes(root: Path, files: dict[str, str], name: str) -> list[tuple[str, str]]:
    """What is found in a file, if that is Python's: each code, and what it is about."""
    if not name.endswith(".py"):
        return []
    found = check(root, files, name)
    return [(item.finding.code, item.finding.span.of(files[name])) for item in found]
