"""What `celeryls check` prints: one module for each format, loaded when it is asked for.

Each has a `render(report)` that gives the whole text.
"""

import importlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from celeryls.cli.workspaces import display
from celeryls.engine import Diagnostic
from celeryls.text import Applicability, Encoding, LineIndex, Span, lines_of

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

    `mended` are the diagnostics that were fixed, each with its path; `checked` are the files
    that `--fix` may change.  `text_of` gives the text of any other file of the project, for
    places in it.
    """

    found: tuple[Found, ...]
    mended: tuple[tuple[str, Diagnostic], ...]
    checked: frozenset[str]
    text_of: Callable[[str], str | None]

    def mends(self, item: Diagnostic) -> Applicability | None:
        """How far the fix goes that `--fix` would take; `None` if there is none to take."""
        for fix in item.finding.fixes[:1]:
            if self.checked.issuperset(fix.edits):
                return fix.applicability
        return None


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
    return [made.of(in_repository(one.path), one.text, one.item) for one in found]


def in_repository(path: str) -> str:
    """A path as CI takes it: relative to the root of the repository around here, with `/`.

    Outside of that, and without a repository, as `display` has it.
    """
    root = _repository(os.getcwd())
    if root is None or not path.startswith(root):
        return display(path)
    return path.removeprefix(root).replace(os.sep, "/")


@cache
def _repository(here: str) -> str | None:
    """The root of the repository that a folder is in, with a separator at its end."""
    folder = Path(here).resolve()
    for root in (folder, *folder.parents):
        if (root / ".git").exists():
            return str(root).rstrip(os.sep) + os.sep
    return None


def sayable(text: str) -> str:
    """`text` as other programs can take it in: without halves of surrogate pairs."""
    return (
        text
        if text.isascii()
        else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )
