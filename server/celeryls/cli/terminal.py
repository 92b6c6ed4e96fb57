"""Text that others wrote, as a terminal shows it: harmless, and as wide as it is."""

import unicodedata
from types import MappingProxyType

_BIDIRECTIONAL = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_SHOWN = MappingProxyType(
    {
        **{code: 0x2400 + code for code in range(0x20) if chr(code) != "\t"},
        0x7F: 0x2421,
        **dict.fromkeys(range(0x80, 0xA0), 0xFFFD),
        **dict.fromkeys(map(ord, _BIDIRECTIONAL + "\u2028\u2029"), 0xFFFD),
        **dict.fromkeys(range(0xD800, 0xE000), 0xFFFD),
    }
)
_JOINER, _AS_EMOJI = "\u200d", "\ufe0f"


def visible(text: str) -> str:
    """`text` without what would command the terminal or change the order of what is read.

    Each such character becomes one that is seen, so that offsets stay what they are.
    """
    return text if text.isascii() and text.isprintable() else text.translate(_SHOWN)


def width(text: str) -> int:
    """The columns that a `visible` text takes in a terminal; a tab counts as one."""
    if text.isascii():
        return len(text)
    columns = last = 0
    joined = False
    for character in text:
        if character == _AS_EMOJI and last == 1:
            columns, last = columns + 1, 2
        elif not (joined or (last == 2 and _is_skin_tone(character))):
            now = _columns(character)
            columns, last = columns + now, now or last
        joined = character == _JOINER
    return columns


def _is_skin_tone(character: str) -> bool:
    return "\U0001f3fb" <= character <= "\U0001f3ff"


def _columns(character: str) -> int:
    if character == "\xad":
        return 1
    if unicodedata.category(character) in ("Mn", "Me", "Cf") or "\u1160" <= character <= "\u11ff":
        return 0  # marks, what formats, and the parts of a Korean syllable after its first
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
