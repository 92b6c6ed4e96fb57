"""The language server: which handler answers which message."""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.protocol import default_converter

from celeryls import __version__
from celeryls.lsp.changed import Changed
from celeryls.lsp.diagnostics import Publisher
from celeryls.lsp.protocol import CelerylsProtocol, ContentModified, QuietRefusals, RequestRefused
from celeryls.lsp.refresh import Refresher
from celeryls.lsp.session import Session
from celeryls.lsp.watching import Changes

if TYPE_CHECKING:
    from celeryls.config import Problem
    from celeryls.lsp.folder import Folder

logger = logging.getLogger(__name__)
Answer = TypeVar("Answer")


class Cancelled(Exception):
    """Nobody waits for the answer any more."""


class Token:
    """Says whether an answer is still wanted; safe to ask from any thread."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        self._event.set()

    def check(self) -> None:
        """Raises `Cancelled` once the answer is no longer wanted."""
        if self._event.is_set():
            raise Cancelled


class CelerylsServer(LanguageServer):
    """pygls' server with a session of ours."""

    def __init__(self) -> None:
        super().__init__(
            "celeryls",
            __version__,
            protocol_cls=CelerylsProtocol,
            converter_factory=default_converter,
        )
        self.session = Session()
        self.publisher = Publisher(self)
        self.refresher = Refresher(self)
        self.changes = Changes(self)
        self.changed = Changed(self)
        self._workers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="celeryls")
        self._queue = ThreadPoolExecutor(max_workers=2, thread_name_prefix="celeryls-queue")
        self._told: set[str] = set()
        self._background: set[asyncio.Task[None]] = set()

    def in_background(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something that no message waits for."""
        task = asyncio.ensure_future(work)
        # The loop itself would let go of it half way through.
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def off_loop(self, work: Callable[[Token], Answer], *, queued: bool = False) -> Answer:
        """Run `work` in a thread; if the request is cancelled, so is its token.

        What is `queued` has threads of its own, so that much of it keeps no request waiting.
        """
        token = Token()
        loop = asyncio.get_running_loop()
        try:
            threads = self._queue if queued else self._workers
            return await loop.run_in_executor(threads, work, token)
        except asyncio.CancelledError:
            token.cancel()
            raise

    def plain(self, value: object) -> Any:
        """A value of the protocol as JSON, for an answer that has no type of the protocol's."""
        return self.protocol._converter.unstructure(value)

    def tell(self, folder: "Folder") -> None:
        """Show each problem of a folder's configuration to the user, once."""
        problems: tuple[Problem, ...] = (
            *folder.workspace.loaded.problems,
            *folder.rules().problems,
        )
        for problem in problems:
            if problem.message not in self._told:
                self._told.add(problem.message)
                self.window_show_message(
                    types.ShowMessageParams(types.MessageType.Warning, problem.message)
                )

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Errors go to the log.  pygls would open a pop-up for each."""
        if isinstance(error, ContentModified | RequestRefused):
            return  # an answer, and no error of ours
        logger.error("%s: %s", getattr(source, "__name__", source), error)

    def shutdown(self) -> None:
        """Stop, without waiting for answers that nobody will read."""
        for folder in self.session.all_folders():
            folder.stop()
        for threads in (self._workers, self._queue):
            threads.shutdown(wait=False, cancel_futures=True)
        super().shutdown()  # type: ignore[no-untyped-call]


def create_server() -> CelerylsServer:
    """A server with all features registered."""
    from celeryls.lsp import handlers

    # pygls logs each message at info level, and answers that are refusals as errors.
    for name in ("pygls", "pygls.protocol.json_rpc"):
        logging.getLogger(name).setLevel(logging.ERROR)
    logging.getLogger("pygls.protocol.json_rpc").addFilter(QuietRefusals())
    server = CelerylsServer()
    handlers.register(server)
    return server


def serve_stdio() -> None:
    """Serve one client over standard input and output."""
    create_server().start_io()


def serve_tcp(host: str, port: int) -> None:
    """Serve one client over TCP."""
    create_server().start_tcp(host, port)
