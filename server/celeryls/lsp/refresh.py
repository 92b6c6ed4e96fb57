"""Asking the client to ask again: what is shown in one document may depend on others."""

import asyncio
import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from celeryls.lsp.server import CelerylsServer

logger = logging.getLogger(__name__)
DELAY = 0.5
"""Seconds of quiet before the client is asked."""


class Refresher:
    """Has the client ask for lenses and hints again if they may differ.  Lives on the event loop.

    A client asks by itself for the document that is typed in, and knows of no other.
    """

    def __init__(self, server: "CelerylsServer") -> None:
        self._server = server
        self._pending: asyncio.Task[None] | None = None
        self._folders: dict[str, Any] = {}
        self._said: dict[str, Any] = {}
        """What open documents say that is shown in others, when that was last looked at."""

    def schedule(self) -> None:
        """Something changed: look what it comes to in a while, unless more changes before."""
        if self._pending is not None:
            self._pending.cancel()
        self._pending = asyncio.ensure_future(self._later())

    async def _later(self) -> None:
        await asyncio.sleep(DELAY)
        try:
            if self._differs():
                # From here on it is not cancelled by the next key.
                self._pending = None
                await self._ask()
        except asyncio.CancelledError:
            raise
        except Exception as error:
            logger.warning("the client did not refresh: %s", error)

    def _differs(self) -> bool:
        session = self._server.session
        folders, said = self._folders, self._said
        self._folders = {
            str(folder.near): (
                folder.workspace.generation,
                folder.workspace.loaded.config.code_lens,
                folder.workspace.loaded.config.inlay_hints,
            )
            for folder in session.all_folders()
        }
        self._said = {path: self._said_in(path) for path in session.documents}
        known = said.keys() & self._said.keys()
        changed = any(said[path] != self._said[path] for path in known)
        return bool(session.documents) and (changed or folders != self._folders)

    def _said_in(self, path: str) -> Any:
        """The tasks that a document sends and schedules, without places."""
        facts = self._server.session.project(path).files.get(path)
        if facts is None:
            return None
        calls = [(site.target, site.method, site.values) for site in facts.body.calls]
        return calls, [(entry.task, entry.schedule) for entry in facts.body.schedules]

    async def _ask(self) -> None:
        workspace = self._server.session.capabilities.workspace
        if workspace is not None and workspace.code_lens and workspace.code_lens.refresh_support:
            await self._server.workspace_code_lens_refresh_async(None)
        if workspace is not None and workspace.inlay_hint and workspace.inlay_hint.refresh_support:
            await self._server.workspace_inlay_hint_refresh_async(None)
