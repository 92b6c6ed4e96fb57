"""Every rule against its cases, and every fix against what a fix must be."""

import difflib
import importlib
import io
import tokenize
from pathlib import Path

import pytest

from celeryls.rules.cases import Invalid, Valid
from celeryls.rules.registry import all_rules
from celeryls.syntax import parses
from celeryls.text import Applicability, apply_edits
from tests.rules.harness import check, unmark


def _cases(kind: str) -> list:
    found = []
    for rule in all_rules():
        package, _, module = type(rule).__module__.rpartition(".")
        cases = importlib.import_module(f"{package}.cases.{module}")
        listed = getattr(cases, kind)
        assert listed, f"{rule.code} has no {kind} cases"
        for at, case in enumerate(listed):
            found.append(pytest.param(rule.code, case, id=f"{rule.code}-{at}"))
    return found


@pytest.mark.parametrize(("code", "case"), _cases("VALID"))
def test_correct_code_is_not_reported(code: str, case: Valid, tmp_path: Path) -> None:
    found = check(tmp_path, {**case.files, case.path: case.code}, case.path, code)
    assert found == (), case.why


@pytest.mark.parametrize(("code", "case"), _cases("INVALID"))
def test_mistakes_are_reported_where_they_are(code: str, case: Invalid, tmp_path: Path) -> None:
    text, spans = unmark(case.code)
    found = check(tmp_path, {**case.files, case.path: text}, case.path, code)
    assert [item.finding.span for item in found] == spans
    for item in found:
        assert case.message in item.finding.message


@pytest.mark.parametrize(("code", "case"), _cases("INVALID"))
def test_the_first_fix_gives_what_the_case_says(code: str, case: Invalid, tmp_path: Path) -> None:
    text, _ = unmark(case.code)
    (item,) = check(tmp_path, {**case.files, case.path: text}, case.path, code)
    if case.fixed is None:
        assert item.finding.fixes == ()
        return
    (edits,) = item.finding.fixes[0].edits.values()
    assert apply_edits(text, edits) == case.fixed


@pytest.mark.parametrize(("code", "case"), _cases("INVALID"))
def test_every_fix_keeps_its_promises(code: str, case: Invalid, tmp_path: Path) -> None:
    text, _ = unmark(case.code)
    files = {**case.files, case.path: text}
    (item,) = check(tmp_path, files, case.path, code)
    for fix in item.finding.fixes:
        (edits,) = fix.edits.values()
        after = apply_edits(text, edits)
        assert parses(after), fix.title
        if fix.applicability is not Applicability.DISPLAY_ONLY:
            assert check(tmp_path, {**files, case.path: after}, case.path, code) == (), fix.title
        removed = _comments(text) - _comments(after)
        assert not removed or "Remove" in fix.title, f"{fix.title} lost {removed}"
        assert _line_endings(after) == _line_endings(text)
        for line in _changed_lines(text, after):
            span = range(*_lines_of(text, edits))
            assert line in span, f"{fix.title} changed line {line + 1}"


def _comments(text: str) -> set[str]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {token.string for token in tokens if token.type == tokenize.COMMENT}


def _line_endings(text: str) -> set[str]:
    return {"\r\n"} if "\r\n" in text and "\n" not in text.replace("\r\n", "") else {"\n"}


def _lines_of(text: str, edits: tuple) -> tuple[int, int]:
    first = min(edit.span.start for edit in edits)
    last = max(edit.span.end for edit in edits)
    return text.count("\n", 0, first), text.count("\n", 0, last) + 2


def _changed_lines(before: str, after: str) -> list[int]:
    matcher = difflib.SequenceMatcher(
        None, before.splitlines(keepends=True), after.splitlines(keepends=True), autojunk=False
    )
    return [
        line
        for tag, i, j, _, _ in matcher.get_opcodes()
        if tag != "equal"
        for line in range(i, max(j, i + 1))
    ]
