"""What one command leaves for the next, and `--no-cache`."""

from pathlib import Path

import pytest

from celeryls.facts import FileFacts, extract
from celeryls.project.cache import VARIABLE
from tests.cli.running import Ran, Run, script
from tests.rules.harness import write

FILES = {
    "shop/app.py": "from celery import Celery\n\napp = Celery('shop')\n",
    "shop/orders.py": "from shop.app import app\n\n\n@app.task\ndef place(order): ...\n",
}


@pytest.fixture
def place(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the cache of a test is."""
    folder = tmp_path / "cache"
    monkeypatch.setenv(VARIABLE, str(folder))
    write(run.folder, FILES)
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


def said(ran: Ran) -> tuple[int, str, str]:
    return ran.code, ran.out, ran.err


@pytest.mark.parametrize("command", ["check", "tasks"])
@pytest.mark.parametrize("form", ["text", "json"])
def test_the_next_command_parses_nothing_and_says_the_same(
    command: str, form: str, run: Run, place: Path, extracted: list[str]
) -> None:
    (run.folder / "latin.py").write_bytes(b"# caf\xe9\n")
    first = run(command, "--output-format", form)
    assert len(extracted) == 2
    assert "place" in first.out
    assert "latin.py" in first.err
    extracted.clear()
    assert said(run(command, "--output-format", form)) == said(first)
    assert extracted == []
    assert said(run(command, "--output-format", form, "--no-cache")) == said(first)
    assert len(extracted) == 2


@pytest.mark.parametrize("command", ["check", "tasks"])
def test_no_cache_leaves_nothing(command: str, run: Run, place: Path) -> None:
    run(command, "--no-cache")
    assert not place.exists()
    run(command)
    assert place.exists()


@pytest.mark.parametrize("command", ["check", "tasks"])
def test_no_cache_believes_nothing(
    command: str, run: Run, place: Path, extracted: list[str]
) -> None:
    run(command)
    before = [(path, path.stat().st_mtime_ns) for path in (place / "facts").iterdir()]
    extracted.clear()
    run(command, "--no-cache")
    assert len(extracted) == 2
    assert [(path, path.stat().st_mtime_ns) for path in (place / "facts").iterdir()] == before


def test_a_fix_is_seen_by_the_next_command(run: Run, place: Path) -> None:
    first = run("check", "--select", "CEL101")
    assert first.code == 1
    fixed = run("check", "--select", "CEL101", "--fix", "--unsafe-fixes")
    assert "acks_late=True" in (run.folder / "shop/orders.py").read_text("utf-8")
    assert fixed.code == 0
    assert run("check", "--select", "CEL101").code == 0


def test_a_file_in_the_home_folder_leaves_nothing(
    tmp_path: Path, place: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    write(home, FILES)
    monkeypatch.setenv("HOME", str(home))
    ran = run("tasks", str(home / "shop/orders.py"))
    assert ran.code == 0
    # The folder of the file is a place of its own, the home folder is none.
    ran = run("tasks", str(home))
    assert ran.code == 0
    assert len(list((place / "facts").iterdir())) == 1


def test_the_installed_script_needs_no_place_for_it(run: Run, place: Path) -> None:
    place.write_text("in the way", "utf-8")
    ran = script(run.folder, "tasks")
    assert (ran.code, ran.err) == (0, "")
    assert "1 task" in ran.out
    assert place.read_text("utf-8") == "in the way"
