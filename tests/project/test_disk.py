"""What is seen of files that change without a word."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from celeryls.project.disk import FULL_EVERY, Disk
from celeryls.project.walk import python_folders


class Walks:
    """Walks through a folder, and counts how often."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0

    def __call__(self) -> Iterator[tuple[str, list[str]]]:
        self.count += 1
        yield from python_folders(self.folder)


def _old(*paths: Path) -> None:
    """As if nothing had happened to these for an hour."""
    for path in paths:
        stamp = path.stat().st_mtime - 3600
        os.utime(path, (stamp, stamp))


@pytest.fixture
def walks(tmp_path: Path) -> Walks:
    for name in ("a.py", "in/b.py", "in/c.py", "plain/readme.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x = 1\n")
    _old(*tmp_path.rglob("*"), tmp_path)
    return Walks(tmp_path)


@pytest.fixture
def disk(walks: Walks) -> Disk:
    found = Disk(walks)
    found.remember()
    walks.count = 0
    return found


def _changes(disk: Disk, folder: Path) -> set[str]:
    return {Path(path).relative_to(folder).as_posix() for path in disk.changes()}


def test_nothing_happens(disk: Disk, tmp_path: Path, walks: Walks) -> None:
    for _ in range(FULL_EVERY - 1):
        assert _changes(disk, tmp_path) == set()
    assert walks.count == 0
    assert _changes(disk, tmp_path) == set()
    assert walks.count == 1


def test_each_kind_of_change_is_said_once(disk: Disk, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 22\n")
    assert _changes(disk, tmp_path) == {"a.py"}
    (tmp_path / "in" / "b.py").unlink()
    assert _changes(disk, tmp_path) == {"in/b.py"}
    (tmp_path / "in" / "c.py").rename(tmp_path / "in" / "d.py")
    assert _changes(disk, tmp_path) == {"in/c.py", "in/d.py"}
    (tmp_path / "plain" / "new").mkdir()
    (tmp_path / "plain" / "new" / "e.py").touch()
    assert _changes(disk, tmp_path) == {"plain/new/e.py"}
    (tmp_path / "plain" / "new").rename(tmp_path / "moved")
    assert _changes(disk, tmp_path) == {"plain/new/e.py", "moved/e.py"}
    (tmp_path / "plain" / "readme.txt").write_text("y")
    assert _changes(disk, tmp_path) == set()


def test_what_is_ignored_now_is_gone(disk: Disk, tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("in/\n")
    assert _changes(disk, tmp_path) == {"in/b.py", "in/c.py"}


def test_the_time_may_go_back_and_the_size_differ(disk: Disk, tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    _old(path)
    assert _changes(disk, tmp_path) == {"a.py"}
    stamp = path.stat()
    path.write_text("x = 333\n")
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert _changes(disk, tmp_path) == {"a.py"}


def test_what_is_made_while_we_look_is_seen(tmp_path: Path, walks: Walks) -> None:
    """Its folder may be no newer than it was when we looked at it."""

    def walk() -> Iterator[tuple[str, list[str]]]:
        for folder, files in walks():
            if folder == str(tmp_path / "in") and walks.count == 1:
                (tmp_path / "in" / "late.py").touch()
            yield folder, files

    disk = Disk(walk)
    disk.remember()
    assert _changes(disk, tmp_path) == {"in/late.py"}


def test_what_others_told_of_is_not_said_again(disk: Disk, tmp_path: Path) -> None:
    for name in ("a.py", "in/b.py"):
        (tmp_path / name).write_text("x = 4444\n")
    (tmp_path / "in" / "c.py").unlink()
    disk.seen([str(tmp_path / name) for name in ("a.py", "in/c.py", "elsewhere.py")])
    assert _changes(disk, tmp_path) == {"in/b.py"}
    assert _changes(disk, tmp_path) == set()


def test_the_folder_itself_may_go(disk: Disk, tmp_path: Path) -> None:
    moved = tmp_path.with_name(f"{tmp_path.name}-moved")
    tmp_path.rename(moved)
    try:
        assert _changes(disk, tmp_path) == {"a.py", "in/b.py", "in/c.py"}
    finally:
        moved.rename(tmp_path)
    assert _changes(disk, tmp_path) == {"a.py", "in/b.py", "in/c.py"}


def test_settings(tmp_path: Path, disk: Disk) -> None:
    path = tmp_path / "celeryls.toml"
    assert disk.configuration_changes([str(path)]) == []
    path.touch()
    assert disk.configuration_changes([str(path)]) == [str(path)]
    assert disk.configuration_changes([str(path)]) == []
    path.unlink()
    assert disk.configuration_changes([str(path)]) == [str(path)]


def test_a_walk_within_some_folders(tmp_path: Path) -> None:
    for name in ("a/b/x.py", "a/c/y.py", "z.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    within = {str(tmp_path / "a"), str(tmp_path / "a" / "b")}
    found = [path for _, files in python_folders(tmp_path, within=within) for path in files]
    assert found == [str(tmp_path / "z.py"), str(tmp_path / "a" / "b" / "x.py")]
