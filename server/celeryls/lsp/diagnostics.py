"""Publishing diagnostics: debounced, versioned, and without blinking."""

import asyncio
import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lsprotocol import types

from celeryls.lsp.session import Document
from celeryls.text import Span, lines_of

if TYPE_CHECKING:
    from celeryls.engine import Diagnostic
    from celeryls.lsp.server import CelerylsServer
    from celeryls.project import Project

logger = logging.getLogger(__name__)
OTHERS_DELAY = 0.3
"""Seconds of quiet before the other open files are checked again."""


@dataclass(frozen=True, slots=True)
class Published:
    """What the client was last told about a document, and the text it was true of."""

    text: str
    found: "tuple[Diagnostic, ...]"


class Publisher:
    """Checks open documents and tells the client.  Lives on the event loop."""

    def __init__(self, server: "CelerylsServer") -> None:
        self._server = server
        self._pending: dict[str, asyncio.Task[None]] = {}
        self._published: dict[str, Published] = {}

    def schedule(self, path: str, delay: float, *, typed: bool = False) -> None:
        """Check a document in `delay` seconds, unless it changes again before that.

        Somebody looks at the one that is `typed` in: it does not wait for others.
        """
        running = self._pending.pop(path, None)
        if running is not None:
            running.cancel()
        self._pending[path] = asyncio.ensure_future(self._check_later(path, delay, typed=typed))

    def schedule_others(self, path: str | None, delay: float = OTHERS_DELAY) -> None:
        """Check the other open documents: what they refer to may have changed."""
        for other in self._server.session.documents:
            if other != path:
                self.schedule(other, delay)

    def published(self, path: str) -> Published | None:
        """What the client was last told about an open document."""
        return self._published.get(path)

    def clear(self, path: str, uri: str) -> None:
        """A document was closed: nothing is said about it any more."""
        running = self._pending.pop(path, None)
        if running is not None:
            running.cancel()
        self._published.pop(path, None)
        self._server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri=uri, diagnostics=[])
        )

    async def _check_later(self, path: str, delay: float, *, typed: bool) -> None:
        try:
            await asyncio.sleep(delay)
            # Before the settings are read, an option that they turn on would seem to be missing.
            await self._server.session.ready(path)
            await self._check(path, typed=typed)
        except asyncio.CancelledError:
            raise
        except Exception:
            logger.exception("checking %s failed", path)
        finally:
            if self._pending.get(path) is asyncio.current_task():
                del self._pending[path]

    async def _check(self, path: str, *, typed: bool) -> None:
        from celeryls.engine import check_file

        session = self._server.session
        document = session.documents.get(path)
        if document is None:
            return
        folder = session.folder_of(path)
        project = folder.workspace.snapshot()
        found = await self._server.off_loop(
            lambda _: check_file(project, path, document.text, folder.rules()), queued=not typed
        )
        if session.documents.get(path) is not document or found is None:
            return
        before = self._published.get(path)
        if before is not None and project.body(path).holes:
            found = _with_withheld(found, before, document.text)
        self._publish(project, document, found)

    def _publish(
        self, project: "Project", document: Document, found: "tuple[Diagnostic, ...]"
    ) -> None:
        self._published[document.path] = Published(document.text, found)
        lines = lines_of(document.text)
        self._server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(
                uri=document.uri,
                version=document.version,
                diagnostics=self._server.session.diagnostics(project, lines, found),
            )
        )


def _with_withheld(
    found: "tuple[Diagnostic, ...]", before: Published, text: str
) -> "tuple[Diagnostic, ...]":
    """`found`, and what was said before and can't be confirmed while a line is half typed."""
    said = {(item.finding.code, item.finding.message) for item in found}
    kept = list(found)
    carrier = _Carrier(before.text, text)
    for item in before.found:
        finding = item.finding
        if (finding.code, finding.message) in said:
            continue
        span = carrier.carried(finding.span)
        if span is not None:
            kept.append(replace(item, finding=replace(finding, span=span)))
    return tuple(sorted(kept, key=lambda item: item.finding.span))


class _Carrier:
    """Says where spans of an old text are in a new one."""

    def __init__(self, old: str, new: str) -> None:
        from difflib import SequenceMatcher

        self._before, self._after = lines_of(old), lines_of(new)
        before = [self._before.line_text(at) for at in range(len(self._before))]
        after = [self._after.line_text(at) for at in range(len(self._after))]
        shorter = min(len(before), len(after))
        # Mostly one line differs; to compare whole files would take too long.
        head = next((n for n in range(shorter) if before[n] != after[n]), shorter)
        most = shorter - head
        tail = next((n for n in range(most) if before[-1 - n] != after[-1 - n]), most)
        self._lines = {line: line for line in range(head)}
        self._lines |= {len(before) - 1 - n: len(after) - 1 - n for n in range(tail)}
        middle = before[head : len(before) - tail], after[head : len(after) - tail]
        for tag, i, j, k, m in SequenceMatcher(None, *middle, autojunk=False).get_opcodes():
            if tag == "equal" or (tag == "replace" and j - i == m - k):
                self._lines |= {head + i + n: head + k + n for n in range(j - i)}
        self._texts = before, after

    def carried(self, span: Span) -> Span | None:
        """Where a span within a line is; `None` if it is not there any more."""
        line = self._before.line_at(span.start)
        now = self._lines.get(line)
        if now is None:
            return None
        old, new = self._texts[0][line], self._texts[1][now]
        start = span.start - self._before.line_start(line)
        end = start + span.length
        moved = self._after.line_start(now) + start - span.start
        if old[:end] != new[:end]:
            if not new.endswith(old[start:]):
                return None
            moved += len(new) - len(old)
        return Span(span.start + moved, span.end + moved)
