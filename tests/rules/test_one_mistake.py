"""One mistake of a declaration is one finding, whichever rules look at it."""

import importlib
from pathlib import Path

import pytest

from celeryls.rules.cases import Invalid
from celeryls.rules.registry import all_rules
from tests.rules.harness import check, unmark

DECLARING = [
    rule for rule in all_rules() if rule.enabled and ".declaring." in type(rule).__module__
]
NOT_ABOUT_IT = {"CEL101", "CEL102", "CEL107", "CEL205"}
"""Rules about what any task may lack or have beside the mistake."""


def _cases() -> list:
    found = []
    for rule in DECLARING:
        package, _, module = type(rule).__module__.rpartition(".")
        cases = importlib.import_module(f"{package}.cases.{module}").INVALID
        found += [pytest.param(rule.code, c, id=f"{rule.code}-{i}") for i, c in enumerate(cases)]
    return found


@pytest.mark.parametrize(("code", "case"), _cases())
def test_one_mistake_is_one_finding(code: str, case: Invalid, tmp_path: Path) -> None:
    text, _ = unmark(case.code)
    found = check(tmp_path, {**case.files, case.path: text}, case.path)
    codes = [item.finding.code for item in found if item.finding.code not in NOT_ABOUT_IT - {code}]
    assert codes == [code]
    if code == "CEL120":
        assert "CEL101" not in {item.finding.code for item in found}
