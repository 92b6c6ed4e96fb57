"""A draft's edits lead from the first text to the last, in one go."""

from hypothesis import given
from hypothesis import strategies as st

from celeryls.text import Edit, Span, apply_edits, overlaps
from celeryls.text.draft import Draft


@given(st.text("ab\n", max_size=20), st.data())
def test_edits_of_all_steps(text, data):
    draft = Draft(text)
    for _ in range(data.draw(st.integers(0, 5))):
        size = len(draft.text)
        places = sorted(data.draw(st.lists(st.integers(0, size), max_size=4, unique=True)))
        spans = [Span(*pair) for pair in zip(places[::2], places[1::2], strict=False)]
        step = [Edit(span, data.draw(st.text("xy", max_size=3))) for span in spans]
        expected = apply_edits(draft.text, step)
        draft.apply(step)
        assert draft.text == expected
    edits = draft.edits()
    assert not overlaps(edits)
    assert apply_edits(text, edits) == draft.text


@given(st.text("abc", max_size=20), st.integers(0, 20), st.integers(0, 20))
def test_offsets_move_with_the_text(text, at, insertion):
    at, insertion = min(at, len(text)), min(insertion, len(text))
    draft = Draft(text)
    draft.apply([Edit(Span(insertion, insertion), "--")])
    moved = draft.offset(at)
    assert moved == at + 2 if insertion < at else moved in (at, at + 2)


def test_what_was_not_touched_is_in_no_edit():
    draft = Draft("one two three")
    draft.apply([Edit(Span(0, 0), "zero ")])
    draft.apply([Edit(Span(18, 18), " four"), Edit(Span(9, 12), "2")])
    assert draft.edits() == (
        Edit(Span(0, 0), "zero "),
        Edit(Span(4, 7), "2"),
        Edit(Span(13, 13), " four"),
    )
