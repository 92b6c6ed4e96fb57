"""Incremental changes against a plain reference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from celeryls.text import Encoding, Position, apply_change

from . import reference
from .strategies import encodings, texts

positions = st.builds(
    Position, st.integers(min_value=-1, max_value=8), st.integers(min_value=-1, max_value=12)
)
changes = st.lists(st.tuples(positions, positions, texts), max_size=8)


@given(texts, changes, encodings)
def test_changes_follow_the_reference(
    text: str, sequence: list[tuple[Position, Position, str]], encoding: Encoding
) -> None:
    ours = theirs = text
    for start, end, new in sequence:
        ours = apply_change(ours, start, end, new, encoding)
        theirs = reference.apply_change(theirs, start, end, new, encoding)
        assert ours == theirs


@given(texts, texts, encodings)
def test_without_a_range_all_is_replaced(text: str, new: str, encoding: Encoding) -> None:
    assert apply_change(text, None, None, new, encoding) == new


@given(texts, positions, positions, texts, encodings)
def test_a_reversed_range_means_the_same(
    text: str, start: Position, end: Position, new: str, encoding: Encoding
) -> None:
    assert apply_change(text, start, end, new, encoding) == apply_change(
        text, end, start, new, encoding
    )


@pytest.mark.parametrize(
    ("text", "start", "end", "new", "expected"),
    [
        # The lines of pygls end at form feeds too: it changed line 1 here.
        ("a\n\fb\nc\n", (2, 0), (2, 1), "d", "a\n\fb\nd\n"),
        ("a\u2028b\nc", (1, 0), (1, 1), "d", "a\u2028b\nd"),
        ("x\r\ny", (0, 9), (1, 0), "", "xy"),
        ("x\r\ny", (0, 1), (0, 9), "z", "xz\r\ny"),
        ("x", (0, 1), (0, 1), "\n", "x\n"),
        ("", (0, 0), (0, 0), "x", "x"),
        ("😀b", (0, 2), (0, 3), "c", "😀c"),
    ],
)
def test_change(
    text: str, start: tuple[int, int], end: tuple[int, int], new: str, expected: str
) -> None:
    changed = apply_change(text, Position(*start), Position(*end), new, Encoding.UTF16)
    assert changed == expected
