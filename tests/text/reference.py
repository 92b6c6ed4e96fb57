"""What LSP says about positions, in the plainest words: no index, no clamping tricks."""

import re

from celeryls.text import Encoding

_CODECS = {
    Encoding.UTF8: ("utf-8", 1),
    Encoding.UTF16: ("utf-16-le", 2),
    Encoding.UTF32: ("utf-32-le", 4),
}


def lines_of(text: str) -> list[tuple[str, str]]:
    """Each line and what ends it."""
    parts = re.split(r"(\r\n|\r|\n)", text)
    return list(zip(parts[::2], [*parts[1::2], ""], strict=True))


def units(text: str, encoding: Encoding) -> int:
    codec, size = _CODECS[encoding]
    return len(text.encode(codec, "surrogatepass")) // size


def split_at(text: str, line: int, column: int, encoding: Encoding) -> tuple[str, str]:
    """The text before and after a position."""
    lines = lines_of(text)
    if line < 0:
        return "", text
    if line >= len(lines):
        return text, ""
    content, _ = lines[line]
    fits = [n for n in range(len(content) + 1) if units(content[:n], encoding) <= column]
    before = "".join(a + b for a, b in lines[:line]) + content[: max(fits, default=0)]
    return before, text[len(before) :]


def apply_change(
    text: str,
    start: tuple[int, int],
    end: tuple[int, int],
    new_text: str,
    encoding: Encoding,
) -> str:
    before, after_start = split_at(text, *start, encoding)
    before_end, after = split_at(text, *end, encoding)
    if len(before) > len(before_end):
        before, after = before_end, after_start
    return before + new_text + after
