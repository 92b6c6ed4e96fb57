"""Reading a folder, and telling the client how far it is if that takes a while."""

import asyncio
import contextlib
import logging
import uuid
from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from celeryls.lsp.folder import Folder
    from celeryls.lsp.server import CelerylsServer

logger = logging.getLogger(__name__)
PATIENCE = 0.5
"""Seconds that reading a folder may take before anybody is told."""
EVERY = 0.5
"""Seconds between two reports."""


class Count:
    """How many files are done; set by the thread that reads, asked by the loop."""

    def __init__(self) -> None:
        self.done = 0
        self.total = 0

    def __call__(self, done: int, total: int) -> None:
        self.done, self.total = done, total

    @property
    def percentage(self) -> int:
        return 100 * self.done // self.total if self.total else 0

    @property
    def message(self) -> str:
        return f"{self.done} of {self.total} files"


async def read_folder(server: "CelerylsServer", folder: "Folder") -> None:
    """Read a folder's files off the loop."""
    count = Count()
    reading = asyncio.ensure_future(server.off_loop(lambda _: folder.scan(count)))
    done, _ = await asyncio.wait([reading], timeout=PATIENCE)
    if not done and _can_show(server):
        try:
            await _show(server, reading, count)
        except Exception as error:  # a client that can't show it must not keep us from reading
            logger.warning("the client does not show progress: %s", error)
    await reading


def _can_show(server: "CelerylsServer") -> bool:
    window = server.session.capabilities.window
    return bool(window is not None and window.work_done_progress)


async def _show(server: "CelerylsServer", reading: "asyncio.Future[None]", count: Count) -> None:
    token = str(uuid.uuid4())
    progress = server.work_done_progress
    await asyncio.wait_for(progress.create_async(token), timeout=5)
    if reading.done():
        return
    begin = types.WorkDoneProgressBegin(
        title="Reading Celery code",
        percentage=count.percentage,
        message=count.message,
        cancellable=False,
    )
    progress.begin(token, begin)
    try:
        while True:
            done, _ = await asyncio.wait([reading], timeout=EVERY)
            if done:
                return
            report = types.WorkDoneProgressReport(
                percentage=count.percentage, message=count.message
            )
            progress.report(token, report)
    finally:
        with contextlib.suppress(Exception):
            progress.end(token, types.WorkDoneProgressEnd(message=count.message))
