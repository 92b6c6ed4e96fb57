"""The small edits that fixes are made of.  Offsets are code points."""

from celeryls.facts import DecoratorSite, FunctionSite, KeywordSite
from celeryls.syntax.scan import TokenKind, scan
from celeryls.text import Applicability, Edit, Fix, LineIndex, Span, lines_of

LINE_LENGTH = 88
"""Columns up to which a decorator stays on one line; what formatters allow by default."""


def add_keywords(text: str, decorator: DecoratorSite, *keywords: str) -> tuple[Edit, ...]:
    """Add keyword arguments (`"acks_late=True"`) to a decorator, in the layout it has.

    A one-line decorator that would get too long is laid out one argument a line.
    """
    lines = lines_of(text)
    line = lines.line_at(decorator.span.start)
    arguments = sorted([*decorator.args, *(keyword.span for keyword in decorator.keywords)])
    added = ", ".join(keywords)
    one_line = lines.line_at(decorator.span.end) == line
    width = decorator.span.end - lines.line_start(line) + len(added) + 2
    if one_line and width > LINE_LENGTH:
        return _one_a_line(text, lines, decorator, arguments, keywords)
    if not decorator.called:
        at = decorator.callee.end
        return (Edit(Span(at, at), f"({added})"),)
    if not arguments:
        at = text.index("(", decorator.callee.end) + 1
        return (Edit(Span(at, at), added),)
    last = arguments[-1]
    # A parenthesised argument ends after its bracket, which its span leaves out.
    end, comma = _after_argument(text, last.end, decorator.span.end - 1)
    line = lines.line_at(last.start)
    own_line = not text[lines.line_start(line) : last.start].strip()
    closing_line = lines.line_at(decorator.span.end - 1)
    if not own_line or lines.line_at(end if comma is None else comma) == closing_line:
        return (Edit(Span(end, end), f", {added}"),)
    indent = text[lines.line_start(line) : last.start]
    newline = _newline(text, lines, line)
    below = "".join(f"{newline}{indent}{keyword}," for keyword in keywords)
    after = lines.line_span(lines.line_at(comma if comma is not None else end)).end
    if comma is not None:
        return (Edit(Span(after, after), below),)
    if after == end:
        return (Edit(Span(end, end), "," + below),)
    return Edit(Span(end, end), ","), Edit(Span(after, after), below)


def _one_a_line(
    text: str,
    lines: LineIndex,
    decorator: DecoratorSite,
    arguments: list[Span],
    keywords: tuple[str, ...],
) -> tuple[Edit, ...]:
    """Spread a one-line decorator over lines; its arguments keep their text."""
    line = lines.line_at(decorator.span.start)
    start = lines.line_start(line)
    margin = text[start : _past_space(text, start)]
    newline = _newline(text, lines, line)
    break_ = f"{newline}{margin}    "
    added = "".join(f"{break_}{keyword}," for keyword in keywords) + newline + margin
    if not decorator.called:
        at = decorator.callee.end
        return (Edit(Span(at, at), f"({added})"),)
    opened = text.index("(", decorator.callee.end) + 1
    closed = decorator.span.end - 1
    if not arguments:
        return (Edit(Span(opened, closed), added),)
    edits = [Edit(Span(opened, _past_space(text, opened)), break_)]
    for argument in arguments[:-1]:
        _, comma = _after_argument(text, argument.end, closed)
        assert comma is not None
        edits.append(Edit(Span(comma + 1, _past_space(text, comma + 1)), break_))
    end, _ = _after_argument(text, arguments[-1].end, closed)
    edits.append(Edit(Span(end, closed), "," + added))
    return tuple(edits)


def _past_space(text: str, at: int) -> int:
    while text[at] in " \t":
        at += 1
    return at


def _newline(text: str, lines: LineIndex, line: int) -> str:
    """The characters that end `line`."""
    end = lines.line_span(line).end
    return text[end : lines.line_start(line + 1)] or "\n"


def _after_argument(text: str, start: int, limit: int) -> tuple[int, int | None]:
    """Where the argument that ends near `start` really ends, and its comma if it has one."""
    if start == limit or text[start] == ",":  # nearly always
        return start, (start if start < limit else None)
    end = start
    at = start
    for token in scan(text, start, limit):
        comma = _comma(text, at, token.span.start)
        if comma is not None:
            return end, comma
        at = token.span.end
        if token.kind is TokenKind.CLOSE:
            end = at
    return end, _comma(text, at, limit)


def _comma(text: str, start: int, end: int) -> int | None:
    found = text.find(",", start, end)
    return found if found >= 0 else None


def remove_keywords(
    text: str, decorator: DecoratorSite, *keywords: KeywordSite
) -> tuple[Edit, ...]:
    """Take keyword arguments out, each with its comma.

    What has lines of its own is taken out with them and with the comment that ends them; all
    other comments stay.
    """
    spans = sorted([*decorator.args, *(keyword.span for keyword in decorator.keywords)])
    gone = {at for at, span in enumerate(spans) if span in {k.span for k in keywords}}
    return _without_all(text, spans, gone, decorator.span.end - 1)


def remove_items(
    text: str, container: Span, items: list[Span], gone: set[int], *, is_tuple: bool = False
) -> tuple[Edit, ...]:
    """Take items out of a display or arguments out of a call, as `remove_keywords` does.

    `container` is from bracket to bracket, `items` all that is in it, in order, `gone` the places
    of those to take out.  What is left of a tuple is one.
    """
    closed = container.end - 1
    spans: list[Span] = []
    commas: list[int | None] = [container.start]
    for item in items:  # brackets around an item belong to it, and its span leaves them out
        before = commas[-1]
        assert before is not None, "a comma between two items"
        end, comma = _after_argument(text, item.end, closed)
        spans.append(Span(_code_start(text, before + 1), end))
        commas.append(comma)
    edits = _without_all(text, spans, gone, closed)
    left = [at for at in range(len(items)) if at not in gone]
    if is_tuple and len(left) == 1 and commas[-1] is None:
        comma = commas[left[0] + 1]
        if comma is None:
            return *edits, Edit(Span(spans[-1].end, spans[-1].end), ",")
        return tuple(
            Edit(Span(comma + 1, span.end), "") if span.start <= comma < span.end else edit
            for edit in edits
            for span in (edit.span,)
        )
    return edits


def _without_all(text: str, spans: list[Span], gone: set[int], closed: int) -> tuple[Edit, ...]:
    """Take the arguments at some places out; those beside each other on a line in one edit."""
    lines = lines_of(text)
    runs: list[tuple[int, int]] = []
    for at in sorted(gone):
        same_line = at > 0 and lines.line_at(spans[at - 1].end) == lines.line_at(spans[at].start)
        if runs and runs[-1][1] == at - 1 and same_line:
            runs[-1] = runs[-1][0], at
        else:
            runs.append((at, at))
    return tuple(
        Edit(_without(text, lines, spans, first, last, closed), "") for first, last in runs
    )


def _without(
    text: str, lines: LineIndex, spans: list[Span], first: int, last: int, closed: int
) -> Span:
    """What to take out so that the arguments from `first` to `last`, of one line, are gone."""
    start = spans[first].start
    end, comma = _after_argument(text, spans[last].end, closed)
    stop = end if comma is None else comma + 1
    above, below = lines.line_at(start), lines.line_at(stop)
    before = text[lines.line_start(above) : start]
    after = text[stop : lines.line_span(below).end].strip()
    if not before.strip() and (not after or after.startswith("#")):
        return Span(lines.line_start(above), lines.line_start(below + 1))
    if last + 1 < len(spans) and lines.line_at(spans[last + 1].start) == below:
        return Span(start, spans[last + 1].start)
    if first > 0 and lines.line_at(spans[first - 1].end) == above:
        kept, between = _after_argument(text, spans[first - 1].end, start)
        if last + 1 == len(spans):
            return Span(kept, end)
        return Span(kept if between is None else between + 1, stop)
    return Span(start, stop)


def add_first_parameter(text: str, function: FunctionSite, name: str) -> Edit:
    """Put a parameter before all others."""
    start = function.parens.start + 1
    inside = text[start : function.parens.end - 1]
    if not inside.strip():
        return Edit(Span(start, start), name)
    stripped = inside.lstrip()
    first = start + len(inside) - len(stripped)
    between = text[start:first]
    if stripped.startswith("#") or not ("\n" in between or "\r" in between):
        return Edit(Span(start, start), f"{name}, ")
    return Edit(Span(start, start), f"{between}{name},")


def remove_first_parameter(text: str, function: FunctionSite) -> Edit:
    """Take the first parameter out, with its comma, and with its line if it has one alone.

    It is one that others may stand in place of: no default, and no `/` right after it.
    """
    lines = lines_of(text)
    start, closed = function.params[0].start, function.parens.end - 1
    end, comma = _after_argument(text, function.params[0].end, closed)
    if comma is None:
        return Edit(Span(start, end), "")
    line = lines.line_span(lines.line_at(start))
    if not text[line.start : start].strip() and not text[comma + 1 : line.end].strip():
        return Edit(Span(line.start, lines.line_start(lines.line_at(comma) + 1)), "")
    return Edit(Span(start, _past_space(text, comma + 1)), "")


def move_decorator_up(text: str, function: FunctionSite, at: int) -> tuple[Edit, ...]:
    """Make a decorator the outermost one.  The comment on its lines goes with it."""
    lines = lines_of(text)
    first = _lines_of(text, lines, function.decorators[0]).start
    taken = _lines_of(text, lines, function.decorators[at])
    return Edit(Span(first, first), taken.of(text)), Edit(taken, "")


def remove_decorator(text: str, decorator: DecoratorSite) -> Edit:
    """Take a decorator out, with its lines."""
    return Edit(_lines_of(text, lines_of(text), decorator), "")


def _lines_of(text: str, lines: LineIndex, decorator: DecoratorSite) -> Span:
    """The lines that a decorator has for itself, with the end of the last.

    It may stand in brackets, which its span leaves out.
    """
    first = lines.line_at(decorator.span.start)
    while not lines.line_span(first).of(text).lstrip().startswith("@"):
        first -= 1
    before = scan(text, text.index("@", lines.line_start(first)), decorator.span.start)
    opened = sum(token.kind is TokenKind.OPEN for token in before)
    end = decorator.span.end
    closing = (t for t in scan(text, end) if t.kind is TokenKind.CLOSE)
    for _ in range(opened):
        end = next(closing).span.end
    return Span(lines.line_start(first), lines.line_start(lines.line_at(end) + 1))


def brackets(text: str, span: Span) -> Span | None:
    """The round brackets around a value alone, if it has some with no comment between."""
    before, after = text[: span.start].rstrip(), text[span.end :].lstrip()
    if not (before.endswith("(") and after.startswith(")")):
        return None
    owner = before[:-1].rstrip()
    if owner and (owner[-1].isalnum() or owner[-1] in "_)]"):
        return None  # those of a call
    return Span(len(before) - 1, len(text) - len(after) + 1)


def tuple_of_one(path: str, text: str, span: Span) -> Fix:
    """Make a tuple of a value, with the brackets that it may have already."""
    start, end = Span(span.start, span.start), Span(span.end, span.end)
    edits: tuple[Edit, ...] = (Edit(end, ","),)
    if brackets(text, span) is None:
        edits = (Edit(start, "("), Edit(end, ",)"))
    return Fix.in_file(path, "Make it a tuple of one", Applicability.SAFE, *edits)


def add_item(text: str, display: Span, item: str) -> tuple[Edit, ...]:
    """Add an item at the end of a dict, list or tuple display, in the layout that it has."""
    opened, closed = display.start + 1, display.end - 1
    end = _code_end(text, opened, closed)
    if end == opened:
        return () if text[opened:closed].strip() else (Edit(Span(opened, closed), item),)
    comma = text[end - 1] == ","
    lines = lines_of(text)
    line = lines.line_start(lines.line_at(closed))
    if text[line:closed].strip():  # the closing bracket shares a line with an item
        return (Edit(Span(end, end), f" {item}" if comma else f", {item}"),)
    last = lines.line_at(end)
    first = lines.line_start(lines.line_at(_code_start(text, opened)))
    margin = text[first : _past_space(text, first)]
    if first <= display.start:
        margin = text[line:closed] + "    "
    newline = _newline(text, lines, last)
    after = lines.line_span(last).end
    below = Edit(Span(after, after), f"{newline}{margin}{item},")
    if comma:
        return (below,)
    if after == end:
        return (Edit(Span(end, end), f",{newline}{margin}{item},"),)
    return Edit(Span(end, end), ","), below


def _code_end(text: str, start: int, end: int) -> int:
    """Where the last code between two places ends, without comments and space."""
    code = start
    at = start
    for token in scan(text, start, end):
        code = _stripped_end(text, at, token.span.start, code)
        at = token.span.end
        if token.kind is not TokenKind.COMMENT:
            code = at
    return _stripped_end(text, at, end, code)


def _stripped_end(text: str, start: int, end: int, code: int) -> int:
    stripped = text[start:end].rstrip()
    return start + len(stripped) if stripped else code


def _code_start(text: str, start: int) -> int:
    """Where the first code after a place begins."""
    at = start
    for token in scan(text, start, len(text)):
        between = text[at : token.span.start]
        if between.strip() or token.kind is not TokenKind.COMMENT:
            return at + len(between) - len(between.lstrip())
        at = token.span.end
    return at
