"""Ruff, its formatter, mypy and our own rules find nothing in the app that a project gets."""

import itertools
import subprocess
import sys
from pathlib import Path

import pytest

from tests.generate.scaffolds import KINDS, findings, scaffolded
from tests.generate.test_tools import SELECTED

LENGTHS = (79, 88, 100, 120)
VERSIONS = ("5.3", "5.7")


def project(root: Path, kind: str, length: int, version: str) -> Path:
    files = dict(KINDS[kind])
    settings = (
        f"[tool.ruff]\nline-length = {length}\n[tool.celeryls]\ncelery-version = '{version}'\n"
    )
    files["pyproject.toml"] = files.get("pyproject.toml", "") + settings
    scaffolded(
        root, files, queues="default, mail, " + ", ".join(f"q{n}" for n in range(length % 4))
    )
    return root


@pytest.mark.parametrize(
    ("kind", "length"), list(zip(KINDS, itertools.cycle(LENGTHS), strict=False))
)
def test_ruff_and_our_rules_find_nothing(tmp_path: Path, kind: str, length: int) -> None:
    root = project(tmp_path, kind, length, VERSIONS[length % 2])
    options = ["--isolated", "--no-cache", f"--config=line-length={length}"]
    # What was there already is not ours: the secret of the settings, print in manage.py.
    written = [
        str(path) for path in root.rglob("*.py") if path.name not in ("manage.py", "urls.py")
    ]
    run(
        "ruff",
        "check",
        *options,
        f"--select={SELECTED}",
        "--ignore=S105,INP001",
        *written,
        cwd=root,
    )
    run("ruff", "format", "--check", "--diff", *options, *written, cwd=root)
    assert findings(root) == []


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "django"])
def test_mypy_finds_nothing(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, kind: str, version: str
) -> None:
    root = project(tmp_path, kind, 88, version)
    path = root / "src" if (root / "src").exists() else root
    cache = f"--cache-dir={tmp_path_factory.getbasetemp() / 'mypy'}"
    run("mypy", "--strict", "--python-version=3.10", cache, ".", cwd=path)


def run(*arguments: str, cwd: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
