"""Items added to the dicts, lists and calls of a file, laid out as formatters would have it.

What fits stays on its line; else each item gets one, with the comma that keeps it so.  Offsets are
code points, lengths columns.
"""

from collections.abc import Iterator

from celeryls.rules.edits import add_item
from celeryls.syntax.scan import TokenKind, scan
from celeryls.text import Edit, Span, lines_of, newline_of

STEP = "    "


def add_to_display(text: str, display: Span, item: str, *, line_length: int) -> tuple[Edit, ...]:
    """Put an item at the end of a display; its lines, ended by a newline, begin at no margin.

    `()` where the display holds nothing but comments.
    """
    lines = lines_of(text)
    line = lines.line_at(display.start)
    if line != lines.line_at(display.end - 1):
        return tuple(_at_margin(text, edit, item) for edit in add_item(text, display, item))
    inner = Span(display.start + 1, display.end - 1)
    items = [*_items(text, inner), item]
    width = lines.line_span(line).length - inner.length + len(", ".join(items))
    if "\n" not in item and width <= line_length:
        return add_item(text, display, item)
    margin, newline = _margin(text, display.start), newline_of(text)
    return (Edit(inner, newline + _one_a_line(items, margin, newline) + margin),)


def add_to_argument(
    text: str, call: Span, display: Span, item: str, *, line_length: int
) -> tuple[Edit, ...]:
    """The same for a display that is an argument of a call, which may have to be spread first.

    `call` begins with what is called, without any brackets in it.
    """
    lines = lines_of(text)
    line = lines.line_at(call.start)
    plain = add_to_display(text, display, item, line_length=line_length)
    if line != lines.line_at(call.end - 1) or not any("\n" in e.new_text for e in plain):
        return plain
    inner = Span(text.index("(", call.start) + 1, call.end - 1)
    margin, newline = _margin(text, call.start), newline_of(text)
    within = Span(display.start + 1, display.end - 1)
    items = [*_items(text, within), item]
    arguments = []
    for argument in _items(text, inner):
        if display.of(text) not in argument:
            arguments.append(argument)
            continue
        head = argument[: argument.index(display.of(text)) + 1]
        tail = display.of(text)[-1]
        argument = f"{head}{', '.join(items)}{tail}"
        if len(margin + STEP + argument) + 1 > line_length:
            argument = head + "\n" + _one_a_line(items, "", "\n") + tail
        arguments.append(argument)
    return (Edit(inner, newline + _one_a_line(arguments, margin, newline) + margin),)


def _one_a_line(items: list[str], margin: str, newline: str) -> str:
    inside = newline + margin + STEP
    return "".join(f"{margin}{STEP}{item.replace(chr(10), inside)},{newline}" for item in items)


def _at_margin(text: str, edit: Edit, item: str) -> Edit:
    """The edit with the further lines of the item below its first."""
    before, found, after = edit.new_text.partition(item)
    if not found or "\n" not in item:
        return edit
    head = before.rstrip(" \t")
    own_line = head.endswith(("\n", "\r"))
    margin = before[len(head) :] if own_line else _margin(text, edit.span.start)
    newline = newline_of(text)
    return Edit(edit.span, before + item.replace("\n", newline + margin) + after)


def _margin(text: str, at: int) -> str:
    """The white space that the line of a place begins with."""
    lines = lines_of(text)
    start = lines.line_start(lines.line_at(at))
    line = text[start:at]
    return line[: len(line) - len(line.lstrip())]


def _items(text: str, inside: Span) -> Iterator[str]:
    """What commas separate between two places of one line, without those within brackets."""
    start = at = inside.start
    depth = 0

    def cut(end: int) -> Iterator[str]:
        nonlocal start, at
        while not depth and (comma := text.find(",", at, end)) >= 0:
            if text[start:comma].strip():
                yield text[start:comma].strip()
            start = at = comma + 1

    for token in scan(text, inside.start, inside.end):
        yield from cut(token.span.start)
        depth += {TokenKind.OPEN: 1, TokenKind.CLOSE: -1}.get(token.kind, 0)
        at = token.span.end
    yield from cut(inside.end)
    if text[start : inside.end].strip():
        yield text[start : inside.end].strip()
