"""A progress bar for people who wait, and for nobody else."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

PATIENCE = 1.0
"""Seconds that reading may take before a bar is shown."""


@contextmanager
def progress() -> Iterator[Callable[[int, int], None] | None]:
    """A callback for `Workspace.scan`; `None` where nobody looks: in a pipe, or in CI.

    The bar goes to standard error after a second, and is gone when the work is done.
    """
    if not sys.stderr.isatty() or os.environ.get("CI") or os.environ.get("TERM") == "dumb":
        yield None
        return
    bar = _Bar()
    try:
        yield bar
    finally:
        bar.clear()


class _Bar:
    def __init__(self) -> None:
        self._began = time.monotonic()
        self._bar: Any = None

    def __call__(self, done: int, total: int) -> None:
        if self._bar is None:
            if time.monotonic() - self._began < PATIENCE or done >= total:
                return
            self._bar = click.progressbar(
                length=total, label="Reading", file=sys.stderr, show_pos=True, width=0
            )
        self._bar.update(done - self._bar.pos)

    def clear(self) -> None:
        if self._bar is not None:
            sys.stderr.write("\r\x1b[K\x1b[?25h")  # the line, and the cursor that the bar hid
            sys.stderr.flush()
