"""Run the core's tests on every supported Python other than the one that runs this.

    python scripts/test_core.py [VERSION...]

Looks for `python3.10` and so on, on the path and among pyenv's versions; a version that is
nowhere is an error, since a skipped one would prove nothing.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from beside import ROOT, beside, install, pytest

VERSIONS = ("3.10", "3.11", "3.12", "3.13")
PYTHON = "Python "
CORE = (
    *("text", "syntax", "facts", "config", "project", "rules", "engine", "catalog"),
    *("forms", "generate", "refactor", "ide"),
)
# These run tools, web frameworks and workers that are installed for development only.
NOT_CORE = (
    *(
        f"tests/generate/test_{name}.py"
        for name in (
            *("tools", "templates", "scaffold_tools", "scaffold_worker", "whole_plans"),
            *("endpoint", "endpoint_worker", "metrics", "quoting", "test"),
        )
    ),
    "tests/refactor/test_heads.py",
    "tests/rules/test_displays.py",
)
REQUIREMENTS = ("celery>=5.7", "hypothesis", "pydantic", "pytest", "pytest-asyncio", "redis")


def interpreter(version: str) -> str | None:
    """Where a Python is, if it is installed."""
    for name in (f"python{version}", "python3", "python"):
        found = shutil.which(name)
        if found and _version_of(found) == version:
            return found
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    for path in sorted(pyenv.glob(f"versions/{version}.*/bin/python")):
        if _version_of(str(path)) == version:
            return str(path)
    return None


def _version_of(path: str) -> str | None:
    script = "import sys; print('%d.%d' % sys.version_info[:2])"
    asked = subprocess.run([path, "-c", script], capture_output=True, text=True, check=False)
    return asked.stdout.strip() or None


def run(name: str) -> subprocess.CompletedProcess[str]:
    """Run the core's tests in an environment of their own."""
    version = name.removeprefix(PYTHON)
    folder = ROOT / ".venvs" / version
    own = folder / "bin" / "python"
    if not own.exists():
        subprocess.run([str(interpreter(version)), "-m", "venv", folder], check=True)
    install(str(own), *REQUIREMENTS)
    ignored = [f"--ignore={path}" for path in NOT_CORE]
    return pytest(str(own), *ignored, *(f"tests/{name}" for name in CORE))


def main() -> int:
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    wanted = sys.argv[1:] or [version for version in VERSIONS if version != here]
    missing = [version for version in wanted if interpreter(version) is None]
    if missing:
        print(f"Python {', '.join(missing)} not found: install it, then run this again")
        return 2
    return beside([f"{PYTHON}{version}" for version in wanted], run)


if __name__ == "__main__":
    raise SystemExit(main())
