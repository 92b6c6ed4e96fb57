"""Texts that are hard on whoever counts lines and columns."""

from hypothesis import strategies as st

from celeryls.text import Encoding

# Line ends, what only `str.splitlines` takes for one, and characters of every width.
PIECES = [
    *("\n", "\r\n", "\r"),
    *"\f\v\x1c\x85\u2028\u2029",
    *"a= \té中\ufeff😀\u0301\ud83d\ude00\x00",
]

texts = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=30).map("".join),
    st.text(max_size=30),
)
encodings = st.sampled_from(Encoding)
