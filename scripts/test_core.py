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

VERSIONS = ("3.10", "3.11", "3.12", "3.13")
ROOT = Path(__file__).parent.parent
CORE = (
    *("text", "syntax", "facts", "config", "project", "rules", "engine", "catalog"),
    *("forms", "generate", "refactor"),
)
# These run tools, web frameworks and workers that are installed for development only.
NOT_CORE = tuple(
    f"tests/generate/test_{name}.py"
    for name in (
        *("tools", "templates", "scaffold_tools", "scaffold_worker", "whole_plans"),
        *("metrics", "quoting", "test"),
    )
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


def run(version: str, python: str) -> bool:
    """Run the core's tests in an environment of their own; true if they pass."""
    folder = ROOT / ".venvs" / version
    if not (folder / "bin" / "python").exists():
        subprocess.run([python, "-m", "venv", folder], check=True)
    own = str(folder / "bin" / "python")
    pip = [own, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, "-e", ".", *REQUIREMENTS], cwd=ROOT, check=True)
    ignored = [f"--ignore={path}" for path in NOT_CORE]
    folders = [f"tests/{name}" for name in CORE]
    tests = [own, "-m", "pytest", "-q", "-p", "no:cacheprovider", *ignored, *folders]
    print(f"\nPython {version}", flush=True)
    return subprocess.run(tests, cwd=ROOT, check=False).returncode == 0


def main() -> int:
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    wanted = sys.argv[1:] or [version for version in VERSIONS if version != here]
    found = {version: interpreter(version) for version in wanted}
    missing = [version for version, path in found.items() if path is None]
    if missing:
        print(f"Python {', '.join(missing)} not found: install it, then run this again")
        return 2
    results = {version: run(version, str(path)) for version, path in found.items()}
    for version, passed in results.items():
        print(f"Python {version}: {'passed' if passed else 'FAILED'}")
    return 0 if all(results.values()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
