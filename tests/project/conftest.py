"""What the tests of the cache share."""

from pathlib import Path

import pytest

from celeryls.facts import FileFacts, extract
from celeryls.project.cache import VARIABLE
from tests.project.cached import FILES
from tests.rules.harness import write


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the cache of a test is."""
    folder = tmp_path / "cache"
    monkeypatch.setenv(VARIABLE, str(folder))
    return folder


@pytest.fixture
def root(tmp_path: Path, place: Path) -> Path:
    """A project that has tasks, and uses the cache at `place`."""
    folder = tmp_path / "project"
    write(folder, FILES)
    (folder / "shop/latin.py").write_bytes(b"# caf\xe9\n")
    return folder


@pytest.fixture
def extracted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that facts were taken from."""
    texts: list[str] = []

    def counted(text: str) -> FileFacts:
        texts.append(text)
        return extract(text)

    monkeypatch.setattr("celeryls.project.workspace.extract", counted)
    return texts
