"""Runs a real Neovim with the configuration under `editors/nvim`, and real Celery after it."""

import json
import os
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CONFIGURATION = HERE.parent.parent / "editors" / "nvim"
SCRIPTS = Path(sysconfig.get_path("scripts"))
NVIM = SCRIPTS / "nvim"

# Neovim reads `-l` as the last of its own options, so what it needs to find comes before.
_RUNTIME_PATH = "lua vim.opt.runtimepath:prepend(vim.split(vim.env.RUNTIME_PATH, ','))"


@dataclass(frozen=True)
class Editor:
    """A Neovim in a project, with nothing of the machine's own configuration."""

    project: Path
    home: Path

    def run(self, script: str) -> dict[str, Any]:
        """Run a script of this folder in the project; what it saw."""
        assert NVIM.is_file(), f"{NVIM} is missing: install requirements-dev.txt (make test does)"
        seen = self.home / "seen.json"
        done = subprocess.run(
            [NVIM, "--headless", "-u", "NONE", "--cmd", _RUNTIME_PATH, "-l", HERE / script],
            cwd=self.project,
            env=self._environment() | {"SEEN": str(seen)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}\n{self.log()}"
        found: dict[str, Any] = json.loads(seen.read_text(encoding="utf-8"))
        return found

    def saved(self) -> str:
        """The file as it is on disk now."""
        return (self.project / "shop" / "tasks.py").read_text(encoding="utf-8")

    def log(self) -> str:
        """What Neovim's client wrote down, the server's standard error included."""
        log = self.home / "state" / "nvim" / "lsp.log"
        return log.read_text(encoding="utf-8") if log.is_file() else ""

    def _environment(self) -> dict[str, str]:
        kept = {
            key: os.environ[key]
            for key in ("LANG", "PYTHONPATH", "SYSTEMROOT")
            if key in os.environ
        }
        xdg = {
            f"XDG_{kind.upper()}_HOME": str(self.home / kind)
            for kind in ("config", "data", "state", "cache")
        }
        return {
            **kept,
            **xdg,
            "HOME": str(self.home),
            "NVIM_LOG_FILE": str(self.home / "nvim.log"),
            "PATH": os.pathsep.join([str(SCRIPTS), os.environ.get("PATH", "")]),
            "RUNTIME_PATH": f"{CONFIGURATION},{HERE}",
        }


_ASK = """
import json, sys
from shop.tasks import app
def options(task):
    found = {key: getattr(task, key, None) for key in sys.argv[1:]}
    found["bind"] = not isinstance(type(task).__dict__["run"], staticmethod)
    return found
print(json.dumps({
    name: options(task) for name, task in app.tasks.items() if name.startswith("shop.")
}, default=lambda value: value.__name__))
"""


def registered(project: Path, *options: str) -> dict[str, dict[str, Any]]:
    """The tasks that real Celery registers when it imports `shop.tasks`, with their options."""
    done = subprocess.run(
        [sys.executable, "-c", _ASK, *options],
        cwd=project,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return found
