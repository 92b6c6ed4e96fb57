"""Runs the command: in this process where that is enough, as the installed script elsewhere."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from celeryls.cli import main

SCRIPT = Path(sys.executable).with_name("celeryls")


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def says(self, *parts: str) -> None:
        """One line to standard error that has these parts, exit code 2, nothing else."""
        assert self.code == 2, self
        assert self.out == ""
        assert len(self.err.splitlines()) == 1, self.err
        for part in parts:
            assert part in self.err, self.err


class Run:
    """Runs `celeryls` in a folder, in this process."""

    def __init__(
        self, folder: Path, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.folder = folder
        self._patch = patch
        self._capsys = capsys

    def __call__(self, *arguments: str) -> Ran:
        self._patch.chdir(self.folder)
        self._patch.setattr(sys, "argv", ["celeryls", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = self._capsys.readouterr()
        assert "Traceback" not in out + err
        code = ended.value.code
        return Ran(code if isinstance(code, int) else 0, out, err)


def script(folder: Path, *arguments: str, stdin: str | None = None) -> Ran:
    """Run the installed script in a folder."""
    done = subprocess.run(
        [str(SCRIPT), *arguments],
        cwd=folder,
        input=stdin if stdin is not None else "",
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return Ran(done.returncode, done.stdout, done.stderr)
