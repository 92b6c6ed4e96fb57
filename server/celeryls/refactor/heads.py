"""The head of a function, broken where a parameter more makes a line of it too long.

Knows one head's text, from `def` on, and a line length in columns.
"""

import io
import tokenize
from collections.abc import Iterator

from celeryls.text import Edit, Span
from celeryls.text.layout import width


def broken(head: str, first: str, indent: str, unit: str, line_length: int) -> tuple[Edit, ...]:
    r"""Edits that put `first` before all parameters and break the head as ruff and Black do.

    Empty where no line gets too long, and where the head has a layout of its own: comments, or
    anything but all parameters on the line of `def`, or together on the next.  Offsets are
    those of `head`, which may go on behind its colon, and has lines that end in `\n`.
    """
    found = _parts(head)
    if found is None:
        return ()
    opening, commas, closing, colon = found
    inside = head[opening:closing]
    own_line = "\n" in inside
    if head[:colon].count("\n") != 2 * own_line or (own_line and inside.strip(" ")[0] != "\n"):
        return ()
    start = opening + len(inside) - len(inside.lstrip())
    end = opening + len(inside.rstrip())
    has_more = start < end
    parameters = head[start:end].removesuffix(",") if has_more else ""
    together = f"{first}, {parameters}" if has_more else first
    line = head[:colon] if not own_line else ""
    if not own_line and width(f"{indent}{line}{first}, ") <= line_length:
        return ()
    if own_line and width(f"{indent}{unit}{together},") <= line_length:
        return ()
    # A comma behind the last has formatters put each on a line of its own.
    magic = head[start:end].endswith(",")
    one_a_line = magic or width(f"{indent}{unit}{together}") > line_length
    between = f"\n{indent}{unit}"
    edits = [Edit(Span(opening, start), f"{between}{first}," + (between if one_a_line else " "))]
    if one_a_line:
        for comma in commas:
            after = head[comma + 1 :]
            space = len(after) - len(after.lstrip(" "))
            if comma + 1 + space < end:
                edits.append(Edit(Span(comma + 1, comma + 1 + space), between))
    trailing = "," if one_a_line and not magic and has_more else ""
    return (*edits, Edit(Span(end, closing), f"{trailing}\n{indent}"))


def _parts(head: str) -> tuple[int, list[int], int, int] | None:
    """Where the parameters begin, the commas between, where they end, and behind the colon."""
    depth, opening, closing = 0, -1, -1
    commas: list[int] = []
    try:
        for kind, text, at in _tokens(head):
            if kind == tokenize.COMMENT or text == "lambda":
                return None
            if text in ("(", "[", "{"):
                depth += 1
                opening = at + 1 if opening < 0 else opening
            elif text in (")", "]", "}"):
                depth -= 1
                closing = at if closing < 0 and not depth else closing
            elif text == "," and depth == 1 and closing < 0:
                commas.append(at)
            elif text == ":" and not depth and closing >= 0:
                return opening, commas, closing, at + 1
    except (tokenize.TokenError, SyntaxError):
        pass
    return None


def _tokens(head: str) -> Iterator[tuple[int, str, int]]:
    """The tokens of a head: kind, text, and offset."""
    starts = [0]
    for line in head.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    for token in tokenize.generate_tokens(io.StringIO(f"{head}pass\n").readline):
        yield token.type, token.string, starts[token.start[0] - 1] + token.start[1]
