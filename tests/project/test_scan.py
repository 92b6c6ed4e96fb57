"""Reading a whole folder: how it goes on, what is parsed, files that can't be read."""

import gc
from pathlib import Path

import pytest

from celeryls.config import Config, Loaded
from celeryls.facts import extract
from celeryls.project import Workspace
from tests.project.reading import names, workspace
from tests.rules.harness import write

_TASK = "from celery import shared_task\n\n@shared_task\ndef f(x):\n    return x\n"


def test_latin_1_is_read_as_it_declares_itself(tmp_path: Path) -> None:
    text = "# -*- coding: latin-1 -*-\nNAME = 'caf\xe9'\n" + _TASK.replace(
        "@shared_task", "@shared_task(name=NAME)"
    )
    (tmp_path / "t.py").write_bytes(text.encode("latin-1"))
    opened = workspace(tmp_path, {})
    assert names(opened.snapshot()) == ["caf\xe9"]
    assert opened.unread == []


def test_files_that_can_not_be_read_are_named_and_the_others_answer(tmp_path: Path) -> None:
    (tmp_path / "bytes.py").write_bytes(b"# \xff celery\n")
    (tmp_path / "odd.py").write_bytes(b"# coding: klingon\n")
    (tmp_path / "big.py").write_bytes(b"# celery\n" * 250_000)
    opened = workspace(tmp_path, {"t.py": _TASK})
    assert names(opened.snapshot()) == ["t.f"]
    unread = {Path(item.path).name: item.reason for item in opened.unread}
    assert sorted(unread) == ["big.py", "bytes.py", "odd.py"]
    assert "2 MB" in unread["big.py"]
    assert "byte 2" in unread["bytes.py"]
    assert "klingon" in unread["odd.py"]


def test_a_file_of_nearly_2_mb_is_read(tmp_path: Path) -> None:
    opened = workspace(tmp_path, {"t.py": _TASK + "# filling\n" * 195_000})
    assert names(opened.snapshot()) == ["t.f"]


def test_a_file_that_was_unreadable_is_no_longer_named_once_mended(tmp_path: Path) -> None:
    (tmp_path / "t.py").write_bytes(b"# \xff celery\n")
    opened = workspace(tmp_path, {})
    write(tmp_path, {"t.py": _TASK})
    opened.refresh(str(tmp_path / "t.py"))
    assert names(opened.snapshot()) == ["t.f"]
    assert opened.unread == []


def test_an_unreadable_file_that_is_gone_is_no_longer_named(tmp_path: Path) -> None:
    (tmp_path / "t.py").write_bytes(b"# \xff celery\n")
    opened = workspace(tmp_path, {})
    (tmp_path / "t.py").unlink()
    opened.scan()
    assert opened.unread == []


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs Linux")
def test_a_file_that_the_system_refuses_is_named(tmp_path: Path) -> None:
    # Even root can't read this one from its beginning.
    (tmp_path / "a.py").symlink_to("/proc/self/mem")
    opened = workspace(tmp_path, {"t.py": _TASK})
    assert names(opened.snapshot()) == ["t.f"]
    assert [Path(item.path).name for item in opened.unread] == ["a.py"]
    assert "error" in opened.unread[0].reason


def test_of_5000_files_only_those_with_traces_are_parsed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = {f"p{n // 100}/m{n}.py": f"def f{n}(): ...\n" for n in range(4_990)}
    files = {**plain, **{f"p{n}/tasks.py": _TASK for n in range(10)}}
    parsed: list[str] = []
    monkeypatch.setattr(
        "celeryls.project.workspace.extract", lambda text: parsed.append(text) or extract(text)
    )
    opened = workspace(tmp_path, files)
    assert names(opened.snapshot()) == [f"p{n}.tasks.f" for n in range(10)]
    assert parsed == [_TASK] * 10


def test_progress_is_told_now_and_then(tmp_path: Path) -> None:
    write(tmp_path, {f"t{n}.py": "" for n in range(120)})
    opened = Workspace(tmp_path, Loaded(Config(), tmp_path))
    told: list[tuple[int, int]] = []
    opened.scan(on_progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 120), (50, 120), (100, 120), (120, 120)]


def test_a_scan_that_is_stopped_changes_nothing(tmp_path: Path) -> None:
    opened = workspace(tmp_path, {"t.py": _TASK})
    write(tmp_path, {"u.py": _TASK})

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        opened.scan(on_progress=stop)
    assert gc.isenabled()
    assert names(opened.snapshot()) == ["t.f"]


def test_a_project_inside_a_project_is_part_of_it(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": "",
        "tasks.py": _TASK,
        "inner/pyproject.toml": "[tool.celeryls]\nexclude = ['*']\n",
        "inner/.git/HEAD": "",
        "inner/back/__init__.py": "",
        "inner/back/tasks.py": _TASK,
    }
    assert sorted(map(str, names(workspace(tmp_path, files).snapshot()))) == [
        "back.tasks.f",
        "tasks.f",
    ]
    inner = workspace(tmp_path / "inner", {})
    assert names(inner.snapshot()) == ["back.tasks.f"]
