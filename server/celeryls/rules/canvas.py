"""What rules about workflows are given: one chain, group or chord, and its members."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from celeryls.facts import CanvasSite
from celeryls.project.dispatch import Dispatch
from celeryls.rules.base import FileContext, Finding, Rule
from celeryls.rules.calls import by_start
from celeryls.text import Fix, Span

_KEEPS = (".set(", ".on_error(")


@dataclass
class CanvasContext:
    """One workflow of a file; `kind` is `chain` (also for `|`), `group` or `chord`."""

    file: FileContext
    site: CanvasSite
    kind: str

    def members(self) -> Iterator[tuple[int, Dispatch]]:
        """The members that are calls of tasks' methods, each with its place among all.

        What follows a signature (`.set(queue="x")`) belongs to it.
        """
        return iter(self._members)

    def body(self) -> Dispatch | None:
        """What a chord ends with, if that is a call of a task's method."""
        return self._member(self.site.body) if self.site.body is not None else None

    def each(self) -> Dispatch | None:
        """What a comprehension makes the members of, if that is a call of a task's method."""
        return self._member(self.site.each) if self.site.each is not None else None

    @cached_property
    def _members(self) -> tuple[tuple[int, Dispatch], ...]:
        return tuple(self._found())

    def _found(self) -> Iterator[tuple[int, Dispatch]]:
        for at, part in enumerate(self.site.parts or ()):
            dispatch = self._member(part)
            if dispatch is not None:
                yield at, dispatch

    def _member(self, part: Span) -> Dispatch | None:
        dispatch = self.file.once(by_start).get(part.start)
        if dispatch is None or not dispatch.site.called or dispatch.site.span.end > part.end:
            return None
        rest = Span(dispatch.site.span.end, part.end).of(self.file.text).strip()
        return dispatch if not rest or rest.startswith(_KEEPS) else None

    def finding(self, rule: Rule, message: str, span: Span, fixes: tuple[Fix, ...] = ()) -> Finding:
        """A finding about a member of this workflow."""
        return Finding(rule.code, message, span, span, self.site.span, fixes)


def canvases(file: FileContext) -> tuple[CanvasContext, ...]:
    """The workflows of a file, in order."""
    found = []
    for site in file.project.body(file.path).canvases:
        kind = file.project.workflow_kind(file.path, site)
        if kind is not None:
            found.append(CanvasContext(file, site, kind))
    return tuple(found)


class CanvasRule(Rule):
    """A rule that looks at one workflow at a time."""

    def check(self, file: FileContext) -> Iterator[Finding]:
        for context in file.once(canvases):
            yield from self.check_canvas(context)

    def check_canvas(self, context: CanvasContext) -> Iterator[Finding]:
        """Every finding about one workflow."""
        raise NotImplementedError
