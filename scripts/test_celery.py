"""Ask every supported Celery what the installed one is asked by the tests.

    python scripts/test_celery.py [VERSION...]

The newest patch of each minor version goes into an environment of its own; then the tests run
there that hold our rules, our catalog and the tasks that we write against Celery itself.
"""

import subprocess
import sys
import venv
from pathlib import Path

from beside import ROOT, beside, install, pytest

VERSIONS = ("5.3", "5.4", "5.5", "5.6")
"""Those that are not installed for all other tests."""
CELERY = "Celery "
TESTS = ("tests/catalog", "tests/rules/test_arity.py")
ON_WORKERS = "tests/worker/test_combinations.py"
"""Takes two minutes a version, so that a bare run asks the oldest and one in the middle."""
WITH_WORKERS = ("5.3", "5.5")
AS_CELERY = "tests/rules/test_*_as_celery.py"
REQUIREMENTS = (
    *("hypothesis", "pydantic", "pytest", "pytest-asyncio", "redis"),
    *("django>=5.2,<6", "fastapi", "flask", "httpx"),
)


def run(name: str) -> subprocess.CompletedProcess[str]:
    """Run the tests with one version."""
    version = name.removeprefix(CELERY)
    folder = ROOT / ".venvs" / f"celery-{version}"
    own = str(folder / "bin" / "python")
    if not Path(own).exists():
        venv.create(folder, with_pip=True)
    install(own, f"celery=={version}.*", *REQUIREMENTS)
    files = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob(AS_CELERY))
    on_workers = [ON_WORKERS] if version in WITH_WORKERS or version in sys.argv[1:] else []
    return pytest(own, *TESTS, *files, *on_workers)


if __name__ == "__main__":
    wanted = sys.argv[1:] or VERSIONS
    raise SystemExit(beside([f"{CELERY}{version}" for version in wanted], run))
