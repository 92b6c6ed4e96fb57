"""Durations in words."""

_UNITS = (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1))
CLEAR = 120
"""Seconds below which a number needs no words."""


def in_words(seconds: float) -> str:
    """`1 h`, `1 h 30 min`, `90 s`, `0.5 s`: exactly, in days and less."""
    if seconds < CLEAR or seconds != int(seconds):
        return f"{seconds:g} s"
    left, parts = int(seconds), []
    for unit, size in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts)
