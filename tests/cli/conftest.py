from pathlib import Path

import pytest

from tests.cli.running import Run


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in a folder that is a repository of its own."""
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    folder = tmp_path / "project"
    (folder / ".git").mkdir(parents=True)
    return Run(folder, monkeypatch, capsys)
