"""Source to syntax tree, whatever state the source is in.

`ast` is by far the fastest parser there is for Python, and knows the newest grammar; what it
lacks is tolerance.  So broken text is repaired, a place at a time, and parsed again.  The
repaired lines are listed as *holes*, so that nobody draws conclusions from what isn't there.
Figures: `benchmarks/survival.py`.
"""

import ast
import re
import sys
import warnings
from functools import cached_property, lru_cache

from celeryls.syntax.repair import Repair
from celeryls.text import LineIndex, Span, lines_of

MAX_REPAIRS = 8
MAX_REPARSED = 3_000_000
"""Characters parsed again in one repair: a file of 2 MB, three seconds a time, gets two tries."""
MAX_CHAIN = 100_000
"""Links in one statement (`a.b().c + d`) above which Python 3.10 is not asked: it would crash."""
_FILENAME = "<celeryls>"
# Invalid escapes and the like in the user's code are not ours to print.
warnings.filterwarnings("ignore", module=re.escape(_FILENAME))


class Parsed:
    """One text and its tree.  Immutable.

    `holes` are the spans (code points) of what had to be blanked; `broken` says that there
    are any.  A text that defies repair has an empty tree and one hole that covers it all.

    `source` is the text as the parser was given it before repair: as long as `text`, with the
    characters replaced that no parser takes.  Columns of the tree count in it.
    """

    def __init__(
        self, text: str, tree: ast.Module, holes: tuple[Span, ...], source: str | None = None
    ) -> None:
        self.text = text
        self.source = text if source is None else source
        self.tree = tree
        self.holes = holes
        self.broken = bool(holes)
        self.hopeless = holes == (Span(0, len(text)),) and not tree.body

    @cached_property
    def lines(self) -> LineIndex:
        return lines_of(self.text)

    def offset(self, line: int, byte_column: int) -> int:
        """The offset of an `ast` position: lines from 1, columns in UTF-8 bytes."""
        start = self.lines.line_start(line - 1)
        end = start + byte_column
        if self.holes:
            # A repaired line may be longer than the line it stands for.
            end = min(end, self.lines.line_span(line - 1).end)
        before = self.source[start:end]
        if before.isascii():
            return end
        return start + len(before.encode()[:byte_column].decode("utf-8", "ignore"))

    def start(self, node: ast.expr | ast.stmt | ast.keyword | ast.arg | ast.alias) -> int:
        """The offset at which a node begins (a definition: at `def`, not at its decorators)."""
        return self.offset(node.lineno, node.col_offset)

    def span(
        self, node: ast.expr | ast.stmt | ast.keyword | ast.arg | ast.alias | ast.excepthandler
    ) -> Span:
        """The extent of a node in code points."""
        assert node.end_lineno is not None and node.end_col_offset is not None
        return Span(
            self.offset(node.lineno, node.col_offset),
            self.offset(node.end_lineno, node.end_col_offset),
        )


def parse(text: str) -> Parsed:
    """Parse `text`.  Never raises; see `Parsed` for what broken text gives.

    Facts and some rules want the tree of the same text; it is shared, so nobody may change it.
    """
    try:
        return _parsed(text)
    except MemoryError:  # which may be there next time: what is raised is not remembered
        return _hopeless(text)


@lru_cache(maxsize=4)
def _parsed(text: str) -> Parsed:
    source = _digestible(text)
    try:
        return Parsed(text, _ast(source), (), source)
    except SyntaxError as error:
        return _repair(text, source, error)
    except (ValueError, RecursionError):
        return _hopeless(text)


def parses(text: str) -> bool:
    """Whether Python accepts the syntax of `text` as it stands."""
    try:
        _ast(_encodable(text.removeprefix("\ufeff")))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _digestible(text: str) -> str:
    """`text` without what would stop the parser, each character replaced by one other."""
    source = text.replace("\x00", " ")
    if source.startswith("\ufeff"):
        # A form feed begins a line anew; a space would indent it.
        source = "\f" + source[1:]
    return _encodable(source)


def _encodable(source: str) -> str:
    """`source` without lone surrogates (half an emoji, from a client)."""
    if source.isascii():
        return source
    return re.sub("[\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", source)


def _ast(source: str) -> ast.Module:
    if sys.version_info < (3, 11) and _overflows(source):
        raise RecursionError
    return ast.parse(source, _FILENAME)


def _overflows(source: str) -> bool:
    """Whether a statement is so deep that Python 3.10 would exhaust the stack building its tree.

    Later versions count, and raise `RecursionError`.
    """
    return len(source) > MAX_CHAIN and any(
        sum(statement.count(link) for link in ".([+-*/%@&|^<>") > MAX_CHAIN
        for statement in re.split(r"[\r\n]+(?=\w)", source)
    )


def _hopeless(text: str) -> Parsed:
    return Parsed(text, ast.Module(body=[], type_ignores=[]), (Span(0, len(text)),))


def _repair(text: str, source: str, error: SyntaxError) -> Parsed:
    repair = Repair(source)
    for _ in range(min(MAX_REPAIRS, 1 + MAX_REPARSED // len(text))):
        if not repair.step(error):
            break
        try:
            tree = _ast(repair.text)
        except SyntaxError as next_error:
            error = next_error
        except (ValueError, RecursionError):
            break
        else:
            return Parsed(text, tree, repair.holes, source)
    return _hopeless(text)
