"""Every rule against its cases, and every fix against what a fix must be."""

import importlib
import io
import tokenize
from collections.abc import Mapping
from pathlib import Path

import pytest

from celeryls.rules.cases import Invalid, Valid
from celeryls.rules.registry import all_rules
from celeryls.syntax import parses
from celeryls.text import Applicability, Edit, Fix, apply_edits, minimal_edit
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
    found = check(tmp_path, {**case.files, case.path: case.code}, case.path, code, case.beside)
    assert found == (), case.why


@pytest.mark.parametrize(("code", "case"), _cases("INVALID"))
def test_mistakes_are_reported_where_they_are(code: str, case: Invalid, tmp_path: Path) -> None:
    text, spans = unmark(case.code)
    found = check(tmp_path, {**case.files, case.path: text}, case.path, code, case.beside)
    assert [item.finding.span for item in found] == spans
    for item in found:
        assert case.message in item.finding.message


@pytest.mark.parametrize(("code", "case"), _cases("INVALID"))
def test_the_first_fix_gives_what_the_case_says(code: str, case: Invalid, tmp_path: Path) -> None:
    text, _ = unmark(case.code)
    files = {**case.files, case.path: text}
    (item,) = check(tmp_path, files, case.path, code, case.beside)
    if case.fixed is None:
        assert item.finding.fixes == ()
        return
    after = _applied(tmp_path, files, item.finding.fixes[0])
    assert after == {**files, case.path: case.fixed, **case.fixed_files}


@pytest.mark.parametrize(("code", "case"), _cases("INVALID"))
def test_every_fix_keeps_its_promises(code: str, case: Invalid, tmp_path: Path) -> None:
    text, _ = unmark(case.code)
    files = {**case.files, case.path: text}
    (item,) = check(tmp_path, files, case.path, code, case.beside)
    for fix in item.finding.fixes:
        after = _applied(tmp_path, files, fix)
        if fix.applicability is not Applicability.DISPLAY_ONLY:
            assert check(tmp_path, after, case.path, code, case.beside) == (), fix.title
        for path, edits in _by_name(tmp_path, fix).items():
            _keeps_promises(fix.title, files[path], after[path], edits)


def _by_name(root: Path, fix: Fix) -> dict[str, tuple[Edit, ...]]:
    return {Path(path).relative_to(root).as_posix(): edits for path, edits in fix.edits.items()}


def _applied(root: Path, files: Mapping[str, str], fix: Fix) -> dict[str, str]:
    changed = _by_name(root, fix)
    return {**files, **{path: apply_edits(files[path], edits) for path, edits in changed.items()}}


def _keeps_promises(title: str, before: str, after: str, edits: tuple[Edit, ...]) -> None:
    assert parses(after), title
    removed = _comments(before) - _comments(after)
    assert not removed or "Remove" in title, f"{title} lost {removed}"
    assert not before or _line_endings(after) == _line_endings(before)
    for edit in edits:
        old = edit.span.of(before)
        least = minimal_edit(edit.span, old, edit.new_text)
        assert least is not None, f"{title} has an edit that changes nothing"
        unchanged = old.count("\n") - least.span.of(before).count("\n")
        assert unchanged <= 1, f"{title} writes {unchanged} lines anew that stay the same"


def _comments(text: str) -> set[str]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {token.string for token in tokens if token.type == tokenize.COMMENT}


def _line_endings(text: str) -> set[str]:
    return {"\r\n"} if "\r\n" in text and "\n" not in text.replace("\r\n", "") else {"\n"}
