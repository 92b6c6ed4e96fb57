"""The second process: with it or without, the same is found."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from celeryls.config import Config, Loaded
from celeryls.facts import FileFacts, extract
from celeryls.project import Workspace, cache_codec, helper
from celeryls.project import workspace as workspaces
from celeryls.project.cache import cache_for
from tests.project.reading import functions
from tests.rules.harness import write

TASK = "from celery import shared_task\n\n@shared_task(name=NAME)\ndef f{n}(x):\n    return x\n"


@pytest.fixture
def root(tmp_path: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Enough files for a second process, and a second processor whatever the machine has."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    monkeypatch.setattr(workspaces, "MANY", 40)
    folder = tmp_path / "project"
    write(folder, {f"p/t{n:02}.py": TASK.replace("{n}", str(n)) for n in range(40)})
    write(folder, {f"q/m{n:02}.py": f"x = {n}\n" for n in range(40)})
    for n in range(4):
        (folder / f"q/latin{n}.py").write_bytes(b"# caf\xe9 %d\n" % n)
    return folder


@pytest.fixture
def extracted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that facts were taken from in this process."""
    texts: list[str] = []

    def counted(text: str) -> FileFacts:
        texts.append(text)
        return extract(text)

    monkeypatch.setattr(workspaces, "extract", counted)
    return texts


def opened(root: Path, *, cached: bool = False) -> Workspace:
    made = Workspace(root, Loaded(Config(), root), cache_for(root) if cached else None)
    made.scan()
    return made


def alone(root: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    with monkeypatch.context() as patched:
        patched.setattr(workspaces, "helper_for", lambda paths: None)
        return opened(root)


@pytest.mark.parametrize("cached", [True, False])
def test_two_processes_find_what_one_finds(
    cached: bool, root: Path, extracted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = alone(root, monkeypatch)
    assert len(extracted) == 40
    extracted.clear()
    two = opened(root, cached=cached)
    assert 0 < len(extracted) < 30
    assert list(two.snapshot().files.items()) == list(one.snapshot().files.items())
    assert sorted(two.unread, key=str) == sorted(one.unread, key=str)
    assert len(two.unread) == 4


def test_what_it_read_is_kept_and_it_is_not_needed_again(
    root: Path, extracted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(root, cached=True)
    extracted.clear()

    def never(paths: object) -> None:
        raise AssertionError("started for what is known")

    monkeypatch.setattr(workspaces, "helper_for", never)
    assert len(functions(opened(root, cached=True).snapshot())) == 40
    assert extracted == []


def _fails(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(helper, "_CODE", "raise SystemExit(1)")


def _answers_something(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(helper, "_CODE", "print('hello' * 1000)")


def _answers_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(helper, "_CODE", "pass")


def _says_too_little(patch: pytest.MonkeyPatch) -> None:
    code = "; from celeryls.project import cache_codec as c; sys.stdout.buffer.write(c.stamp())"
    patch.setattr(helper, "_CODE", helper._CODE.partition("; from")[0] + code)


def _stops_half_way(patch: pytest.MonkeyPatch) -> None:
    code = "; import celeryls.project.helper as h; h.read_bytes = lambda p: 1 / 0; h.main()"
    patch.setattr(helper, "_CODE", helper._CODE.partition("; from")[0] + code)


def _is_late(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(helper, "_PATIENCE", 0.1)
    patch.setattr(helper, "_CODE", "import time; time.sleep(60)")


def _runs_other_code(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(cache_codec, "stamp", lambda: b"other" + bytes(27))


def _is_no_python(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sys, "executable", "/nowhere/python")


@pytest.mark.parametrize(
    "trouble",
    [
        _fails,
        _answers_something,
        _answers_nothing,
        _says_too_little,
        _stops_half_way,
        _is_late,
        _runs_other_code,
        _is_no_python,
    ],
)
def test_without_its_answers_this_process_reads_all(
    trouble: Callable[[pytest.MonkeyPatch], None],
    root: Path,
    extracted: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trouble(monkeypatch)
    assert len(functions(opened(root).snapshot())) == 40
    assert len(extracted) == 40


def test_what_lies_in_the_working_directory_is_not_imported(
    root: Path, tmp_path: Path, extracted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    trap = "import pathlib\npathlib.Path(__file__).with_name('harm').touch()\n"
    names = ["celeryls/__init__.py", "ast.py", "hashlib.py", "sitecustomize.py", "click.py"]
    write(tmp_path / "here", dict.fromkeys(names, trap))
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "here"))
    assert len(functions(opened(root).snapshot())) == 40
    assert 0 < len(extracted) < 30
    assert list((tmp_path / "here").rglob("harm")) == []


def test_it_ends_when_the_scan_is_stopped(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[helper.Helper] = []
    monkeypatch.setattr(helper, "_CODE", "import time; time.sleep(60)")
    real = helper.helper_for

    def noted(paths: list[str]) -> helper.Helper | None:
        made = real(paths)
        assert made is not None
        started.append(made)
        return made

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(workspaces, "helper_for", noted)
    with pytest.raises(KeyboardInterrupt):
        Workspace(root, Loaded(Config(), root)).scan(on_progress=stop)
    assert [made._process.poll() is not None for made in started] == [True]


def test_one_processor_needs_none(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0}, raising=False)
    assert helper.helper_for(["a.py"]) is None
