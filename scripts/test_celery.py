"""Ask every supported Celery what the installed one is asked by the tests.

    python scripts/test_celery.py [VERSION...]

The newest patch of each minor version goes into an environment of its own; then the tests run
there that hold our rules, our catalog and the tasks that we write against Celery itself.
"""

import subprocess
import sys
import venv
from pathlib import Path

VERSIONS = ("5.3", "5.4", "5.5", "5.6")
"""Those that are not installed for all other tests."""
ROOT = Path(__file__).parent.parent
TESTS = ("tests/catalog", "tests/rules/test_arity.py")
ON_WORKERS = "tests/worker/test_combinations.py"
"""Takes two minutes a version, so that a bare run asks the oldest and one in the middle."""
WITH_WORKERS = ("5.3", "5.5")
AS_CELERY = "tests/rules/test_*_as_celery.py"
REQUIREMENTS = (
    *("hypothesis", "pydantic", "pytest", "pytest-asyncio", "redis"),
    *("django>=5.2,<6", "fastapi", "flask", "httpx"),
)


def run(version: str) -> bool:
    """Run the tests with one version; true if they pass."""
    folder = ROOT / ".venvs" / f"celery-{version}"
    own = str(folder / "bin" / "python")
    if not Path(own).exists():
        venv.create(folder, with_pip=True)
    pip = [own, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, "-e", ".", f"celery=={version}.*", *REQUIREMENTS], cwd=ROOT, check=True)
    files = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob(AS_CELERY))
    print(f"\nCelery {version}", flush=True)
    tests = [own, "-m", "pytest", "-q", "-p", "no:cacheprovider", *TESTS, *files]
    if version in WITH_WORKERS or version in sys.argv[1:]:
        tests.append(ON_WORKERS)
    return subprocess.run(tests, cwd=ROOT, check=False).returncode == 0


def main() -> int:
    results = {version: run(version) for version in sys.argv[1:] or VERSIONS}
    for version, passed in results.items():
        print(f"Celery {version}: {'passed' if passed else 'FAILED'}")
    return 0 if all(results.values()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
