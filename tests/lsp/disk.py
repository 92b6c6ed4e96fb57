"""A disk that is slow when a test wants it to be, and says what was read of it.

Run as a program it is the real server, on such a disk.
"""

import json
import os
import sys
import time
from pathlib import Path


class SlowDisk:
    """The side of the test.  `folder` must not be the server's."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir()
        self.server = (__file__, os.fspath(folder))
        (folder / "reads").touch()

    def hold(self, name: str) -> None:
        """Whoever reads a file of this name waits until `release`."""
        (self._folder / "hold").write_text(name)

    def release(self) -> None:
        (self._folder / "hold").unlink()

    @property
    def is_waited_for(self) -> bool:
        return (self._folder / "waiting").exists()

    def pause(self, seconds: float) -> None:
        """Each file takes so long."""
        (self._folder / "pause").write_text(str(seconds))

    def reads(self) -> list[str]:
        """The names of the files that were read since this was last asked."""
        log = self._folder / "reads"
        found = [Path(json.loads(line)).name for line in log.read_text().splitlines()]
        log.write_text("")
        return found


def main(folder: Path) -> None:
    from celeryls.text import files

    really = files.read_bytes
    pause = float((folder / "pause").read_text()) if (folder / "pause").exists() else 0

    def slowly(path: str) -> bytes:
        with (folder / "reads").open("a") as log:
            log.write(json.dumps(path) + "\n")
        time.sleep(pause)
        until = time.monotonic() + 20  # so that a test that fails ends
        try:
            while time.monotonic() < until and (folder / "hold").read_text() == Path(path).name:
                (folder / "waiting").touch()
                time.sleep(0.01)
        except FileNotFoundError:
            pass
        return really(path)

    files.read_bytes = slowly
    from celeryls.lsp.server import serve_stdio

    serve_stdio()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
