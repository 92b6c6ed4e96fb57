"""What rules about workflows are given: one chain, group or chord, and its members."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from celeryls.facts import CanvasSite
from celeryls.project.dispatch import Dispatch
from celeryls.rules.base import FileContext, Finding, Rule
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

    @cached_property
    def _members(self) -> tuple[tuple[int, Dispatch], ...]:
        return tuple(self._found())

    def _found(self) -> Iterator[tuple[int, Dispatch]]:
        dispatches = self.file.once(_by_start)
        for at, part in enumerate(self.site.parts or ()):
            dispatch = dispatches.get(part.start)
            if dispatch is None or not dispatch.site.called or dispatch.site.span.end > part.end:
                continue
            rest = Span(dispatch.site.span.end, part.end).of(self.file.text).strip()
            if not rest or rest.startswith(_KEEPS):
                yield at, dispatch

    def finding(self, rule: Rule, message: str, span: Span, fixes: tuple[Fix, ...] = ()) -> Finding:
        """A finding about a member of this workflow."""
        return Finding(rule.code, message, span, span, self.site.span, fixes)


def _by_start(file: FileContext) -> dict[int, Dispatch]:
    """The call sites of a file by the offset where they begin."""
    return {one.site.span.start: one for one in file.project.dispatches(file.path)}


def _canvases(file: FileContext) -> tuple[CanvasContext, ...]:
    found = []
    for site in file.project.body(file.path).canvases:
        kind = file.project.workflow_kind(file.path, site)
        if kind is not None:
            found.append(CanvasContext(file, site, kind))
    return tuple(found)


class CanvasRule(Rule):
    """A rule that looks at one workflow at a time."""

    def check(self, file: FileContext) -> Iterator[Finding]:
        for context in file.once(_canvases):
            yield from self.check_canvas(context)

    def check_canvas(self, context: CanvasContext) -> Iterator[Finding]:
        """Every finding about one workflow."""
        raise NotImplementedError
