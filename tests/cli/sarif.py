"""Microsoft's validator of SARIF, which has the schema and what GitHub asks for beside it."""

import os
import stat
import subprocess
import sysconfig
from pathlib import Path

PACKAGE = "@microsoft/sarif-multitool-linux"
VERSION = "5.7.0"


def validator() -> Path:
    """The program; it is installed beside Python's own when it is first needed."""
    scripts = Path(sysconfig.get_path("scripts"))
    folder = scripts.parent / "sarif-multitool"
    program = folder / "node_modules" / PACKAGE / "Sarif.Multitool"
    if not program.exists():
        subprocess.run(
            [scripts / "npm", "install", "--silent", "--prefix", folder, f"{PACKAGE}@{VERSION}"],
            env={**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"},
            check=True,
            capture_output=True,
        )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


def complaints(log: Path) -> str:
    """What is wrong with a SARIF file, by the standard and for GitHub; empty if nothing is."""
    result = log.with_suffix(".validated")
    done = subprocess.run(
        [
            *(validator(), "validate", log, "--rule-kind", "Sarif;Ghas", "--level", "Error"),
            *("--output", result, "--log", "ForceOverwrite"),
        ],
        env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert "1 files scanned" in said, said
    return "\n".join(line for line in said.splitlines() if ": error " in line)
