"""A repository with this package, as another project's CI would fetch it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
GIT = ("git", "-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")


def environment(**more: str) -> dict[str, str]:
    """Variables for another project's machine: no package of ours is on its path."""
    return {**{name: os.environ[name] for name in os.environ if name != "PYTHONPATH"}, **more}


def git(folder: Path, *arguments: str) -> str:
    command = [*GIT, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(folder: Path) -> str:
    """Commit all that is in a folder, in a repository that is made if there is none; its name."""
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "All")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is in the work tree, committed."""
    folder = tmp_path_factory.mktemp("published") / "celeryls"
    listed = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.split("\0")):
        source = ROOT / name
        if source.is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, folder / name)
    commit(folder)
    return folder
