"""What `celeryls check` prints: one module for each format, loaded when it is asked for.

Each has a `render(report)` that gives the whole text.
"""

import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from celeryls.cli.workspaces import display
from celeryls.engine import Diagnostic
from celeryls.text import Encoding, LineIndex, Span, lines_of

FORMATS = ("text", "json", "sarif", "github", "gitlab", "junit")


@dataclass(frozen=True, slots=True)
class Found:
    """A finding, with the file that it is in."""

    path: str
    text: str
    item: Diagnostic

    @property
    def lines(self) -> LineIndex:
        return lines_of(self.text)


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a check.

    `mended` are the diagnostics that were fixed, each with its path.  `text_of` gives the text
    of any other file of the project, for places in it.
    """

    found: tuple[Found, ...]
    mended: tuple[tuple[str, Diagnostic], ...] = ()
    text_of: Callable[[str], str | None] = lambda path: None


@dataclass(frozen=True, slots=True)
class Region:
    """A span as people and most formats count: lines and columns from 1, the end exclusive.

    Columns are code points.
    """

    line: int
    column: int
    end_line: int
    end_column: int


def region(lines: LineIndex, span: Span) -> Region:
    """Where a span is."""
    start = lines.position(span.start, Encoding.UTF32)
    end = lines.position(span.end, Encoding.UTF32)
    return Region(start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def render(name: str, report: Report) -> str:
    """The report in one of `FORMATS`."""
    module = importlib.import_module(f"celeryls.cli.formats.{name}")
    rendered: str = module.render(report)
    return rendered


def fingerprints(found: Iterable[Found]) -> list[str]:
    """One stable name for each finding, which stays the same when lines move."""
    from celeryls.engine.fingerprint import Fingerprints

    made = Fingerprints()
    return [made.of(display(one.path), one.text, one.item) for one in found]
