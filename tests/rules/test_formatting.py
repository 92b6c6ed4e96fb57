"""Fixes of the rules about declarations and retries, on code that is laid out in odd ways.

Each case is laid out anew without changing what it means.  The rule must still find it, and each
fix must do what it does to the plain code.
"""

import ast
import importlib
import io
import tokenize
from collections.abc import Callable
from pathlib import Path

import pytest

from celeryls.engine import Diagnostic
from celeryls.facts import DecoratorSite, extract
from celeryls.rules.cases import Invalid
from celeryls.rules.registry import all_rules
from celeryls.text import Applicability, Edit, Span, apply_edits
from tests.rules.harness import check, unmark


def _decorators(text: str) -> list[DecoratorSite]:
    return [site for function in extract(text).body.functions for site in function.decorators]


def _carriage_returns(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def _tabs(text: str) -> str:
    return text.replace("    ", "\t")


def _comments_at_line_ends(text: str) -> str:
    """A comment at the end of each line that may have one."""
    ends = [
        token
        for token in tokenize.generate_tokens(io.StringIO(text, newline="").readline)
        if token.type in (tokenize.NEWLINE, tokenize.NL) and token.line.strip()
    ]
    lines = text.splitlines(keepends=True)
    for token in ends:
        row, column = token.start
        line = lines[row - 1]
        if "#" not in line:
            lines[row - 1] = f"{line[:column]}  # {row}: (, it's{line[column:]}"
    return "".join(lines)


def _brackets_around_decorators(text: str) -> str:
    return _replaced(text, lambda d: f"(  # why\n{_indent(text, d)}  {d.span.of(text)}\n)")


def _one_argument_a_line(text: str) -> str:
    def spread(site: DecoratorSite) -> str:
        arguments = sorted([*site.args, *(keyword.span for keyword in site.keywords)])
        if not arguments or site.span.of(text).count("\n") or site.span.of(text).count("(") > 1:
            return site.span.of(text)
        parts = "".join(f"\n        {each.of(text)},  # {i}" for i, each in enumerate(arguments))
        return f"{site.callee.of(text)}({parts}\n    )"

    return _replaced(text, spread)


def _continued_lines(text: str) -> str:
    def continued(site: DecoratorSite) -> str:
        if not site.called:
            return site.span.of(text)
        rest = text[site.callee.end : site.span.end].lstrip()
        return f"{site.callee.of(text)} \\\n    {rest}"

    return _replaced(text, continued)


def _brackets_around_values(text: str) -> str:
    def bracketed(site: DecoratorSite) -> str:
        edits = [
            edit
            for keyword in site.keywords
            if keyword.name is not None
            for edit in (
                Edit(Span(keyword.value_span.start, keyword.value_span.start), "(("),
                Edit(Span(keyword.value_span.end, keyword.value_span.end), "))"),
            )
        ]
        return Span(site.span.start, site.span.end + 4 * len(edits) // 2).of(
            apply_edits(text, tuple(edits))
        )

    return _replaced(text, bracketed)


def _replaced(text: str, change: Callable[[DecoratorSite], str]) -> str:
    return apply_edits(text, tuple(Edit(d.span, change(d)) for d in _decorators(text)))


def _indent(text: str, site: DecoratorSite) -> str:
    line = text[: site.span.start].rpartition("\n")[2]
    return line[: len(line) - len(line.lstrip())]


LAYOUTS = [
    _carriage_returns,
    _tabs,
    _comments_at_line_ends,
    _brackets_around_decorators,
    _one_argument_a_line,
    _continued_lines,
    _brackets_around_values,
]


def _cases() -> list:
    found = []
    for rule in all_rules():
        package, _, module = type(rule).__module__.rpartition(".")
        if not package.endswith((".declaring", ".retrying")):
            continue
        for at, case in enumerate(importlib.import_module(f"{package}.cases.{module}").INVALID):
            plain, _ = unmark(case.code)
            for layout in LAYOUTS if case.fixed is not None else ():
                text = layout(plain)
                # A text of several lines may be another now.
                if text != plain and _tree(text) == _tree(plain):
                    name = f"{rule.code}-{at}-{layout.__name__}"
                    found.append(pytest.param(rule.code, case, plain, text, id=name))
    return found


def _tree(text: str) -> str:
    return ast.dump(ast.parse(text))


@pytest.mark.parametrize(("code", "case", "plain", "text"), _cases())
def test_the_layout_changes_no_fix(
    code: str, case: Invalid, plain: str, text: str, tmp_path: Path
) -> None:
    def found(source: str) -> tuple[Diagnostic, ...]:
        return check(tmp_path, {**case.files, case.path: source}, case.path, code)

    (usual,), (item,) = found(plain), found(text)
    assert len(item.finding.fixes) <= len(usual.finding.fixes)
    # A fix may edit other files, too, which have the usual layout.
    path = str(tmp_path / case.path)
    expected = {
        fix.title: _tree(apply_edits(plain, fix.edits[path])) for fix in usual.finding.fixes
    }
    for fix in item.finding.fixes:
        edits = fix.edits[path]
        after = apply_edits(text, edits)
        assert _tree(after) == expected[fix.title], after
        if fix.applicability is not Applicability.DISPLAY_ONLY:
            assert found(after) == (), fix.title
        if "Remove" not in fix.title:
            assert _comments(after) >= _comments(text), after
        if "\r\n" in text and "\n" not in text.replace("\r\n", ""):
            assert "\n" not in after.replace("\r\n", "")


def _comments(text: str) -> set[str]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {token.string for token in tokens if token.type == tokenize.COMMENT}
