"""Edits: applying them, refusing those that compete, and making them small."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from celeryls.text import Edit, Span, apply_edits, minimal_edit, overlaps

from .strategies import texts

line_ends = st.lists(st.sampled_from(["\r\n", "\r", "\n", "a", "b"]), max_size=8).map("".join)


def _edits(size: int) -> st.SearchStrategy[list[Edit]]:
    bound = st.integers(min_value=0, max_value=size)
    spans = st.tuples(bound, bound).map(lambda pair: Span(*sorted(pair)))
    return st.lists(st.builds(Edit, spans, st.text(max_size=3)), max_size=5)


def _compete(one: Edit, other: Edit) -> bool:
    a, b = one.span, other.span
    return a == b or (a.start < b.end and b.start < a.end)


@given(_edits(10))
def test_overlaps_is_about_every_pair(edits: list[Edit]) -> None:
    assert overlaps(edits) == any(_compete(a, b) for a, b in combinations(edits, 2))


@given(st.text(min_size=10, max_size=10), _edits(10))
def test_apply_edits(text: str, edits: list[Edit]) -> None:
    if overlaps(edits):
        with pytest.raises(ValueError, match="overlapping"):
            apply_edits(text, edits)
        return
    expected = text
    # From the last to the first, none moves another; an insertion goes before what is replaced.
    for edit in sorted(edits, key=lambda e: e.span, reverse=True):
        expected = expected[: edit.span.start] + edit.new_text + expected[edit.span.end :]
    assert apply_edits(text, edits) == expected
    assert apply_edits(text, reversed(edits)) == expected


@pytest.mark.parametrize("span", [Span(2, 9), Span(-1, 0), Span(3, 2), Span(9, 9)])
def test_an_edit_outside_the_text_is_refused(span: Span) -> None:
    with pytest.raises(ValueError, match="outside the text"):
        apply_edits("text", [Edit(span, "")])


def test_insertions_side_by_side_with_a_replacement() -> None:
    edits = [Edit(Span(1, 3), "X"), Edit(Span(3, 3), "]"), Edit(Span(1, 1), "[")]
    assert apply_edits("abcd", edits) == "a[X]d"


@given(line_ends | texts, line_ends | texts, line_ends, line_ends)
def test_minimal_edit(old: str, new: str, before: str, after: str) -> None:
    span = Span(len(before), len(before) + len(old))
    edit = minimal_edit(span, old, new)
    if edit is None:
        assert old == new
        return
    assert old != new
    assert apply_edits(before + old + after, [edit]) == before + new + after
    assert span.start <= edit.span.start <= edit.span.end <= span.end
    # Measured in what was and in what will be, an edge is never inside `\r\n`.
    start, end = edit.span.start - span.start, edit.span.end - span.start
    new_end = start + len(edit.new_text)
    for text, edges in ((old, (start, end)), (new, (start, new_end))):
        for edge in edges:
            assert text[max(0, edge - 1) : edge + 1] != "\r\n" or edge in (0, len(text))


@given(st.text("ab\n", max_size=12), st.text("ab\n", max_size=12))
def test_minimal_edit_keeps_what_both_share(old: str, new: str) -> None:
    edit = minimal_edit(Span(0, len(old)), old, new)
    if edit is not None:
        removed, added = edit.span.of(old), edit.new_text
        assert not removed or not added or removed[0] != added[0]
        assert not removed or not added or removed[-1] != added[-1]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("a\r\nb", "a\r\nc", Edit(Span(3, 4), "c")),
        ("a\n", "a\r\n", Edit(Span(1, 2), "\r\n")),
        ("a\r\n", "a\n", Edit(Span(1, 3), "\n")),
        ("a\r\n", "a\rb", Edit(Span(1, 3), "\rb")),
        ("aa", "a", Edit(Span(1, 2), "")),
        ("", "x", Edit(Span(0, 0), "x")),
        ("x", "", Edit(Span(0, 1), "")),
    ],
)
def test_minimal_edit_examples(old: str, new: str, expected: Edit) -> None:
    assert minimal_edit(Span(0, len(old)), old, new) == expected
