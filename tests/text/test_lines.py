"""Offsets and positions: there and back, for every kind of character and line end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from celeryls.text import Encoding, LineIndex, Position, newline_of

from . import reference
from .strategies import encodings, texts

anywhere = st.integers(min_value=-3, max_value=40) | st.integers()


@given(texts)
def test_lines_are_those_of_lsp(text: str) -> None:
    index = LineIndex(text)
    expected = reference.lines_of(text)
    assert len(index) == len(expected)
    assert [index.line_text(n) for n in range(len(index))] == [line for line, _ in expected]
    whole = "".join(index.line_span(n, with_newline=True).of(text) for n in range(len(index)))
    assert whole == text


@given(texts, encodings)
def test_offset_to_position_to_offset(text: str, encoding: Encoding) -> None:
    index = LineIndex(text)
    for offset in range(len(text) + 1):
        inside_line_end = text[offset - 1 : offset + 1] == "\r\n" and offset > 0
        back = index.offset(index.position(offset, encoding), encoding)
        assert back == offset - inside_line_end


@given(texts, encodings)
def test_position_counts_code_units(text: str, encoding: Encoding) -> None:
    index = LineIndex(text)
    at = 0
    for number, (line, end) in enumerate(reference.lines_of(text)):
        for column in range(len(line) + 1):
            expected = Position(number, reference.units(line[:column], encoding))
            assert index.position(at + column, encoding) == expected
        at += len(line) + len(end)


@given(texts, encodings, anywhere, anywhere)
def test_any_position_is_clamped(text: str, encoding: Encoding, line: int, column: int) -> None:
    offset = LineIndex(text).offset(Position(line, column), encoding)
    before, _ = reference.split_at(text, line, column, encoding)
    assert offset == len(before)


@given(texts, encodings, anywhere)
def test_any_offset_and_line_is_clamped(text: str, encoding: Encoding, number: int) -> None:
    index = LineIndex(text)
    inside = min(max(0, number), len(text))
    assert index.position(number, encoding) == index.position(inside, encoding)
    assert index.line_at(number) == index.position(inside, encoding).line
    span = index.line_span(number)
    assert 0 <= span.start <= span.end <= len(text)
    assert index.line_start(number) == span.start


@pytest.mark.parametrize(
    ("encoding", "column", "offset"),
    [
        (Encoding.UTF8, 4, 1),
        (Encoding.UTF8, 5, 2),
        (Encoding.UTF16, 2, 1),
        (Encoding.UTF16, 3, 2),
        (Encoding.UTF32, 1, 1),
        (Encoding.UTF32, 2, 2),
    ],
)
def test_half_a_character_means_its_start(encoding: Encoding, column: int, offset: int) -> None:
    assert LineIndex("a😀b").offset(Position(0, column), encoding) == offset


@pytest.mark.parametrize(
    ("text", "newline"),
    [("", "\n"), ("a", "\n"), ("a\r\nb\n", "\r\n"), ("a\rb\n", "\r"), ("\u2028\n\r", "\n")],
)
def test_newline_of(text: str, newline: str) -> None:
    assert newline_of(text) == newline
