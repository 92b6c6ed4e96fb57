"""Spots of features as locations of the protocol, for whole projects at a time."""

from typing import Any, TypeAlias

from celeryls.ide.spots import Spot
from celeryls.lsp.convert import to_range
from celeryls.lsp.session import Session
from celeryls.project import Project
from celeryls.text import LineIndex, Span, lines_of

Json: TypeAlias = dict[str, Any]


class Places:
    """Converts the spots of one project; reads each file once.  For one answer, in any thread."""

    def __init__(self, session: Session, project: Project) -> None:
        self._session = session
        self._project = project
        self._lines: dict[str, LineIndex] = {}

    def location(self, spot: Spot | None) -> Json | None:
        """A `Location`, in the encoding that was agreed on; `None` for no spot."""
        return None if spot is None else self.at(spot.path, spot.span)

    def at(self, path: str, span: Span) -> Json:
        """The same for a span in a file."""
        lines = self._lines.get(path)
        if lines is None:
            lines = self._lines[path] = lines_of(self._project.text(path) or "")
        found = to_range(lines, span, self._session.encoding)
        return {
            "uri": self._session.uri_of(path),
            "range": {
                "start": {"line": found.start.line, "character": found.start.character},
                "end": {"line": found.end.line, "character": found.end.character},
            },
        }


def without_nothing(**values: object) -> Json:
    """An object of the values that there are: what is `None` is left out."""
    return {key: value for key, value in values.items() if value is not None}
