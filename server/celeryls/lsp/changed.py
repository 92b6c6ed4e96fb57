"""`celeryls/changed` (docs/lsp-extensions.md): tells a client that its views are out of date."""

import asyncio
import logging
from collections.abc import Hashable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from celeryls.lsp.protocol import CHANGED
from celeryls.lsp.uris import uri_of

if TYPE_CHECKING:
    from celeryls.facts import Body
    from celeryls.lsp.folder import Folder
    from celeryls.lsp.server import CelerylsServer

logger = logging.getLogger(__name__)
QUIET = 0.3
"""Seconds without a further change before anything is said."""


class Changed:
    """Compares folders with what they were when the client was last told.  Lives on the loop.

    Says nothing to clients that did not ask for it (`notifyChanges` among the options of
    `initialize`).
    """

    def __init__(self, server: "CelerylsServer") -> None:
        self._server = server
        self._timer: asyncio.TimerHandle | None = None
        self._typed: set[str] = set()
        self._read: set[str] = set()
        self._generations: dict[str, int] = {}
        self._said: dict[str, Hashable] = {}

    def look(self, typed: str | None = None, read: Iterable[str] = ()) -> None:
        """Something may have changed: look once it is quiet.

        `typed` is a document that did, `read` are files that were read again.
        """
        if not self._server.session.notify_changes:
            return
        if typed is not None:
            self._typed.add(typed)
        self._read.update(read)
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(QUIET, self._look)

    def _look(self) -> None:
        try:
            self._tell()
        except Exception:
            logger.exception("looking for changes that views show failed")

    def _tell(self) -> None:
        session = self._server.session
        read, self._read = self._read, set()
        changed = [
            folder
            for root, folder in session.folders.items()
            if self._is_new(folder) or any(Path(path).is_relative_to(root) for path in read)
        ]
        typed, self._typed = self._typed, set()
        for path in sorted(typed & session.documents.keys()):
            folder = session.folder_of(path)
            facts = folder.workspace.snapshot().files.get(path)
            said = _said(session.documents[path].text, facts.body if facts is not None else None)
            if self._said.get(path) != said and folder not in changed:
                changed.append(folder)
            self._said[path] = said
        gone = self._generations.keys() - session.folders.keys()
        for root in gone:
            del self._generations[root]
        if changed or gone:
            uris = [uri_of(str(folder.path or folder.near)) for folder in changed]
            self._server.protocol.notify(CHANGED, {"uris": uris})

    def _is_new(self, folder: "Folder") -> bool:
        """Whether the meaning of a folder that was read is another one than before."""
        if not folder.scanned.is_set():
            return False
        root, now = str(folder.path), folder.workspace.generation
        before = self._generations.get(root)
        self._generations[root] = now
        return before != now


def _said(text: str, body: "Body | None") -> Hashable:
    """What a view shows of one document beside what other files depend on.

    The number of its lines stands for the places, which move with each of them.
    """
    if body is None:
        return None
    return (
        text.count("\n"),
        tuple((c.target, c.method, c.called, c.values, c.within) for c in body.calls),
        tuple((c.callee, c.within) for c in body.canvases),
        tuple((s.key, s.task, s.schedule) for s in body.schedules),
        tuple((s.name, s.value, s.where, s.owner) for s in body.settings),
    )
