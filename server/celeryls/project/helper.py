"""A second process, which reads half of the files where a folder is big and nothing is cached.

It runs this module's `main`, and is asked for no more than the cache would have had: a record a
file, with the hash of what it read.  If it can't be started, fails, or is late, the first process
reads the files itself.
"""

import gc
import hashlib
import os
import struct
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from celeryls.facts import extract, has_traces
from celeryls.project import cache_codec as codec
from celeryls.project.cache import FACTS, RECORD, TRACED, UNREADABLE, Known
from celeryls.text.files import UnreadableSource, decode, read_bytes

MANY = 2000
"""With fewer files, what a process needs to start is hardly won back on a busy machine."""
_FAILED = 128
"""The flag of a file that could not be opened."""
_PATIENCE = 10.0
"""Seconds to wait at least when our half is done; else as long as that took."""
_CODE = "import sys; sys.path.append(sys.argv[1]); from celeryls.project.helper import main; main()"


class Helper:
    """A process that is reading `paths`."""

    def __init__(self, paths: Sequence[str]) -> None:
        import subprocess  # most folders need no second process

        self._paths = paths
        self._began = time.monotonic()
        self._output = b""
        root = str(Path(__file__).parent.parent.parent)
        # Isolated: what lies in the working directory must never be imported.
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", _CODE, root],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._thread = threading.Thread(target=self._talk, daemon=True)
        self._thread.start()

    def _talk(self) -> None:
        try:
            self._output, _ = self._process.communicate(b"\0".join(map(os.fsencode, self._paths)))
        except (OSError, ValueError):  # it died, or was ended
            self._output = b""

    def answers(self) -> Iterator[tuple[str, bytes, Known]]:
        """The files that it read: path, hash of the content, what is known of it."""
        self._thread.join(max(_PATIENCE, time.monotonic() - self._began))
        if self._thread.is_alive():
            return
        output = memoryview(self._output)
        if output[:32] != (codec.stamp() or b""):
            return  # it runs other code than we do
        start = 32
        for path in self._paths:
            try:
                key, flags, length = RECORD.unpack_from(output, start)
            except struct.error:  # it has said less than it should
                return
            start += RECORD.size
            if flags != _FAILED:
                yield path, key, Known(flags, output[start : start + length])
            start += length

    def stop(self) -> None:
        self._process.kill()
        self._thread.join()


def helper_for(paths: Sequence[str]) -> Helper | None:
    """A process that reads `paths`, if there is a processor for it."""
    try:
        processors = len(os.sched_getaffinity(0))
    except (AttributeError, OSError):
        processors = os.cpu_count() or 1
    if processors < 2 or not sys.executable or codec.stamp() is None:
        return None
    try:
        return Helper(paths)
    except (OSError, ValueError):
        return None


def main() -> None:
    """Read paths from the input, separated by NUL; write the stamp, then a record a path."""
    gc.disable()  # see Workspace.scan
    paths = sys.stdin.buffer.read().split(b"\0")
    out = sys.stdout.buffer
    out.write(codec.stamp() or bytes(32))
    for path in paths:
        try:
            data = read_bytes(os.fsdecode(path))
            key, known = hashlib.sha256(data).digest(), _known(data)
        except (OSError, UnreadableSource):
            key, known = bytes(32), Known(_FAILED)
        out.write(RECORD.pack(key, known.flags, len(known.data)))
        out.write(known.data)


def _known(data: bytes) -> Known:
    try:
        text = decode(data).text
    except UnreadableSource as error:
        return Known(UNREADABLE, str(error).encode("utf-8", "replace"))
    if not has_traces(text):
        return Known(0)
    try:
        return Known(TRACED | FACTS, codec.to_bytes(extract(text)))
    except Exception:  # no facts that can be sent
        return Known(_FAILED)
