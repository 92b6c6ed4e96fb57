"""Spots of features as locations of the protocol, for whole projects at a time."""

from typing import TYPE_CHECKING, Any, TypeAlias

from celeryls.lsp.session import Session
from celeryls.text import LineIndex, Span, lines_of

if TYPE_CHECKING:
    from celeryls.ide.spots import Spot
    from celeryls.project import Project

Json: TypeAlias = dict[str, Any]


class Places:
    """Converts the spots of one project; reads each file once.  For one answer, in any thread."""

    def __init__(self, session: Session, project: "Project") -> None:
        self._session = session
        self._project = project
        self._files: dict[str, tuple[str, LineIndex]] = {}
        self._made: dict[tuple[str, Span], Json] = {}

    def location(self, spot: "Spot | None") -> Json | None:
        """A `Location`, in the encoding that was agreed on; `None` for no spot."""
        return None if spot is None else self.at(spot.path, spot.span)

    def at(self, path: str, span: Span) -> Json:
        """The same for a span in a file.  Of equal ones there is one, which nobody may change."""
        made = self._made.get((path, span))
        if made is None:
            made = self._made[path, span] = self._location(path, span)
        return made

    def _location(self, path: str, span: Span) -> Json:
        known = self._files.get(path)
        if known is None:
            lines = lines_of(self._project.text(path) or "")
            known = self._files[path] = self._session.uri_of(path), lines
        uri, lines = known
        return {
            "uri": uri,
            "range": {
                "start": self._position(lines, span.start),
                "end": self._position(lines, span.end),
            },
        }

    def _position(self, lines: LineIndex, offset: int) -> Json:
        if lines.text.isascii():  # most files are, and then every encoding counts the same
            line = lines.line_at(offset)
            return {"line": line, "character": offset - lines.line_start(line)}
        line, character = lines.position(offset, self._session.encoding)
        return {"line": line, "character": character}


def without_nothing(**values: object) -> Json:
    """An object of the values that there are: what is `None` is left out."""
    return {key: value for key, value in values.items() if value is not None}
