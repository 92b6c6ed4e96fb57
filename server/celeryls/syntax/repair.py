"""Broken source, mended a place at a time until Python takes the rest.

Each step looks at one syntax error and replaces the lines that most likely cause it, so that
what is around them keeps its meaning.  A line stays a line: offsets of other lines don't move.
"""

import re

from celeryls.syntax.scan import TokenKind, open_brackets, scan
from celeryls.text import LineIndex, Span, lines_of

_BLANK = " \t\f"
"""What Python takes for white space in a line.  `str.strip` takes more: U+2028, for one."""
_HEADER = re.compile(
    r"(?:async\s+)?(?:def|class|if|elif|else|for|while|with|try|except|finally|match|case)\b"
)
_NEVER_IN_BRACKETS = re.compile(
    r"(?:async\s+)?(?:def|with)\b|(?:class|while|try|return|raise|import|from|pass|break"
    r"|continue|del|global|nonlocal|assert|elif|except|finally)\b|@\w"
)
_DECORABLE = re.compile(r"(?:async|def|class)\b|[@#]")
_UNFINISHED = re.compile(r"[=:.+\-*/%@&|^<>~]$|\b(?:and|as|else|for|if|in|is|lambda|not|or)$")
_CLOSES = {"(": ")", "[": "]", "{": "}"}


class Repair:
    """One broken text on its way to one that parses; `holes` are the lines given up."""

    def __init__(self, source: str) -> None:
        self._index = lines_of(source)
        self._lines = [self._index.line_text(line) for line in range(len(self._index))]
        self._done: set[int] = set()

    @property
    def text(self) -> str:
        """The text with everything replaced so far."""
        parts: list[str] = []
        at = 0
        for line in sorted(self._done):
            span = self._index.line_span(line)
            parts += (self._index.text[at : span.start], self._lines[line])
            at = span.end
        parts.append(self._index.text[at:])
        return "".join(parts)

    @property
    def holes(self) -> tuple[Span, ...]:
        """The extents of the replaced lines as they were."""
        return tuple(self._index.line_span(line) for line in sorted(self._done))

    def step(self, error: SyntaxError) -> bool:
        """Replace what causes `error`; whether there was something left to replace."""
        before = len(self._done)
        line = min(error.lineno or 1, len(self._lines)) - 1
        if isinstance(error, IndentationError):
            if "expected an indented block" in error.msg:
                self._give_body(error.msg)
            else:
                self._drop_block(line)
        elif "triple-quoted" in error.msg:
            self._drop_line(self._open_string(line))
        elif "'except' or 'finally'" in error.msg:
            self._give_up_try(line)
        if len(self._done) == before:
            bracket = self._bracket_around(line)
            if bracket is None:
                self._drop_statement(line)
            else:
                self._drop_argument(line, *bracket)
        if len(self._done) == before:
            self._drop_line(self._nearest(line, 0))
        return len(self._done) > before

    # --- what may be wrong ------------------------------------------------------------

    def _give_body(self, message: str) -> None:
        """`def f():` with nothing below it yet."""
        found = re.search(r"on line (\d+)", message)
        if found is None:
            return
        line = self._header_end(int(found.group(1)) - 1)
        code = self._code(line)
        if line not in self._done and code.endswith(":"):
            self._replace(line, f"{code} pass")

    def _header_end(self, line: int) -> int:
        """The last line of a header that may go on between brackets."""
        text = self.text
        index = LineIndex(text)
        depth = 0
        for kind, span in scan(text, index.line_start(line)):
            if depth == 0 and index.line_at(span.start) > line:
                break
            depth += (kind is TokenKind.OPEN) - (kind is TokenKind.CLOSE)
            line = index.line_at(span.end)
        return line

    def _drop_block(self, line: int) -> None:
        """Lines that are indented as none can be here."""
        indent = self._indent(line)
        while line < len(self._lines) and (self._is_blank(line) or self._indent(line) >= indent):
            if line not in self._done and not self._is_blank(line):
                self._replace(line, "")
            line += 1

    def _give_up_try(self, line: int) -> None:
        """`try:` whose `except` isn't there yet."""
        handled: set[int] = set()
        for above in range(line - 1, -1, -1):
            code = self._lines[above].lstrip(_BLANK)
            if re.match(r"(?:except|finally)\b", code):
                handled.add(self._indent(above))
            elif re.match(r"try\b", code):
                if self._indent(above) not in handled and above not in self._done:
                    self._replace(above, self._lines[above].replace("try", "if 1", 1))
                    return
                handled.discard(self._indent(above))

    def _open_string(self, line: int) -> int:
        """Where a string of three quotes was left open, if the last one is on `line`.

        What should begin the next such string ends it, and text follows at once.
        """
        text = self.text
        for kind, (start, end) in scan(text):
            if (
                kind is TokenKind.STRING
                and text[end : end + 1].isalnum()
                and text.startswith(('"""', "'''"), end - 3)
                and "\n" in text[start:end].replace("\r", "\n")
            ):
                return LineIndex(text).line_at(start)
        return line

    def _drop_argument(self, line: int, opened: int, bracket: str) -> None:
        """Something between brackets, unless it is a bracket that was left open."""
        code = self._lines[line].lstrip(_BLANK)
        closes = code[:1] in (")", "]", "}")
        inside = closes or self._indent(line) > self._indent(opened)
        if not inside or _NEVER_IN_BRACKETS.match(code) or (closes and code[0] != _CLOSES[bracket]):
            self._drop_line(opened)
        else:
            wrong = self._nearest(line - 1 if closes else line, opened)
            above = None if wrong is None else self._nearest(wrong - 1, opened + 1)
            if above is not None and _UNFINISHED.search(self._code(above)):
                # `queue=` swallows the next argument, and the error is reported after that.
                wrong = above
            self._drop_line(wrong)

    def _drop_statement(self, line: int) -> None:
        above = self._nearest(line - 1, 0)
        dangling = above is not None and self._lines[above].lstrip(_BLANK).startswith("@")
        if dangling and not _DECORABLE.match(self._lines[line].lstrip(_BLANK)):
            self._drop_line(above)
        else:
            self._drop_line(self._nearest(line, 0))

    # --- replacing --------------------------------------------------------------------

    def _drop_line(self, line: int | None) -> None:
        if line is None or line in self._done:
            return
        if self._bracket_around(line) is not None:
            self._replace(line, self._closing(line))
            return
        opens = open_brackets(self._lines[line], len(self._lines[line]))
        header = _HEADER.match(self._lines[line].lstrip())
        self._replace(line, self._stand_in(line))
        if opens and not header:
            self._drop_continuation(line)

    def _drop_continuation(self, line: int) -> None:
        """What stands between the brackets that a dropped line opens."""
        indent = self._indent(line)
        for below in range(line + 1, len(self._lines)):
            code = self._lines[below].strip(_BLANK)
            if code and self._indent(below) <= indent:
                if re.fullmatch(r"[)\]},;\s]+", code):
                    self._replace(below, "")
                return
            if code:
                self._replace(below, "")

    def _stand_in(self, line: int) -> str:
        """What keeps the blocks: `pass`, or a header that the lines below can hang on."""
        text = self._lines[line]
        code = text.lstrip()
        if not code:
            return ""
        # White space that Python refuses (pasted from a web page) was meant to indent.
        indent = re.sub(r"[^\t\f]", " ", text[: len(text) - len(code)])
        if code.startswith("@"):
            return indent
        if _HEADER.match(code):
            for below in range(line + 1, len(self._lines)):
                if not self._is_blank(below):
                    return indent + ("if 1:" if self._indent(below) > len(indent) else "pass")
        return indent + "pass"

    def _closing(self, line: int) -> str:
        """The brackets that a line closes and has not opened, with what comes after them."""
        text = self._lines[line]
        depth, closing, end = 0, "", len(text)
        for kind, span in scan(text):
            if kind is TokenKind.OPEN:
                depth += 1
            elif kind is TokenKind.CLOSE:
                depth -= 1
                if depth < 0:
                    depth, closing, end = 0, closing + span.of(text), span.end
        return " " * self._indent(line) + closing + text[end:] if closing else ""

    def _replace(self, line: int, text: str) -> None:
        self._lines[line] = text
        self._done.add(line)

    # --- looking around ---------------------------------------------------------------

    def _is_blank(self, line: int) -> bool:
        return not self._lines[line].strip(_BLANK)

    def _indent(self, line: int) -> int:
        return len(self._lines[line]) - len(self._lines[line].lstrip(_BLANK))

    def _code(self, line: int) -> str:
        """A line without its comment."""
        text = self._lines[line]
        ends = [span.start for kind, span in scan(text) if kind is TokenKind.COMMENT]
        return text[: ends[0] if ends else None].rstrip(_BLANK)

    def _nearest(self, line: int, first: int) -> int | None:
        """The nearest line at or above `line` that has code and wasn't replaced."""
        for above in range(line, first - 1, -1):
            if above not in self._done and not self._is_blank(above):
                return above
        return None

    def _bracket_around(self, line: int) -> tuple[int, str] | None:
        """The line and kind of the innermost bracket that is open where `line` begins."""
        text = self.text
        index = LineIndex(text)
        brackets = open_brackets(text, index.line_start(line))
        return (index.line_at(brackets[-1]), text[brackets[-1]]) if brackets else None
