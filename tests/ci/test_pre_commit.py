"""The hooks of `.pre-commit-hooks.yaml`, run by pre-commit itself in a repository with tasks."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.ci.conftest import commit, environment, git
from tests.rules.harness import write

TYPO = "from celery import shared_task\n\n\n@shared_task(max_retires=3)\ndef sync(): ...\n"
MENDED = TYPO.replace("max_retires", "max_retries")
LATE = "from shop.app import app\n\n\n@app.task(max_retries=0)\ndef sync(): ...\n"
APP = 'from celery import Celery\n\napp = Celery("shop")\n'
CONFIG = """\
repos:
  - repo: {repo}
    rev: {rev}
    hooks:
      - id: {hook}
        args: [--select, "CEL101,CEL106"]
"""


class Repository:
    """A repository of somebody who uses the hooks."""

    def __init__(self, folder: Path, published: Path, home: Path) -> None:
        self.folder = folder
        self._published = published
        self._environment = environment(PRE_COMMIT_HOME=str(home), NO_COLOR="1")

    def run(self, hook: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Commit all there is, then run a hook on all files, or as told."""
        rev = git(self._published, "rev-parse", "HEAD")
        config = CONFIG.format(repo=self._published.as_uri(), rev=rev, hook=hook)
        write(self.folder, {".pre-commit-config.yaml": config})
        commit(self.folder)
        return subprocess.run(
            [sys.executable, "-m", "pre_commit", "run", hook, *(arguments or ("--all-files",))],
            cwd=self.folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps what it installs; once for all tests."""
    return tmp_path_factory.mktemp("pre-commit")


@pytest.fixture
def repository(tmp_path: Path, published: Path, home: Path) -> Repository:
    return Repository(tmp_path, published, home)


def test_a_finding_fails_the_commit_and_changes_nothing(repository: Repository) -> None:
    write(repository.folder, {"tasks.py": TYPO})
    ran = repository.run("celeryls", "--all-files")
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert 'tasks.py:4:14: warning CEL106 task "tasks.sync": "max_retires"' in ran.stdout
    assert (repository.folder / "tasks.py").read_text() == TYPO


def test_the_fixing_hook_mends_the_file(repository: Repository) -> None:
    write(repository.folder, {"tasks.py": TYPO})
    ran = repository.run("celeryls-fix")
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "files were modified by this hook" in ran.stdout
    assert (repository.folder / "tasks.py").read_text() == MENDED


def test_what_other_files_say_counts_for_the_files_of_a_commit(repository: Repository) -> None:
    write(repository.folder, {"shop/__init__.py": "", "shop/app.py": APP, "shop/tasks.py": LATE})
    named = ("--files", "shop/tasks.py")
    assert "CEL101" in repository.run("celeryls", *named).stdout
    write(repository.folder, {"shop/app.py": f"{APP}app.conf.task_acks_late = True\n"})
    ran = repository.run("celeryls", *named)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_what_the_project_excludes_is_left_out(repository: Repository) -> None:
    config = '[tool.celeryls]\nexclude = ["old"]\n'
    write(repository.folder, {"pyproject.toml": config, "old/tasks.py": TYPO})
    ran = repository.run("celeryls")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Passed" in ran.stdout
