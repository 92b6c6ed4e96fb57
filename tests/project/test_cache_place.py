"""The cache's place: who shares it, what is dropped, and what it is dropped for."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from celeryls.config import Config, Loaded
from celeryls.project import Workspace, cache_codec
from celeryls.project import cache as caching
from celeryls.project.cache import Cache, cache_folder, cache_for
from tests.project.cached import TASKS, opened, stored
from tests.project.reading import functions, names
from tests.rules.harness import write

# --- several at once --------------------------------------------------------------------

PROCESS = """\
import sys
from pathlib import Path
from celeryls.config import Config, Loaded
from celeryls.project import Workspace
from celeryls.project.cache import cache_for

root, mine = Path(sys.argv[1]), Path(sys.argv[1], sys.argv[2])
TASK = "from celery import shared_task\\n@shared_task(name='{turn}')\\ndef f(): ...\\n"
for turn in range(25):
    mine.write_text(TASK.replace("{turn}", str(turn)))
    workspace = Workspace(root, Loaded(Config(), root), cache_for(root))
    workspace.scan()
    found = [task.name for task in workspace.snapshot().tasks_in(str(mine))]
    assert found == [str(turn)], (turn, found)
"""


def test_servers_at_once_do_not_disturb_each_other(
    root: Path, place: Path, extracted: list[str]
) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, str(root), f"own_{number}.py"],
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(3)
    ]
    for process in running:
        assert (process.wait(120), process.communicate()[1]) == (0, "")
    assert [path.suffix for path in (place / "facts").iterdir()] == [".facts"]
    opened(root)
    extracted.clear()
    expected = sorted([*TASKS, "24", "24", "24"])
    assert sorted(name or "" for name in names(opened(root).snapshot())) == expected
    assert extracted == []


# --- how much, where and for how long ---------------------------------------------------


@pytest.fixture
def several(root: Path, place: Path) -> list[Path]:
    """Files of three workspaces, the one used longest ago first."""
    paths: list[Path] = []
    for number in range(3):
        folder = root.with_name(f"copy{number}")
        shutil.copytree(root, folder)
        opened(folder)
        (made,) = set((place / "facts").iterdir()) - set(paths)
        os.utime(made, (number + 1, number + 1))
        paths.append(made)
    return paths


def test_those_not_used_for_longest_go_first(
    root: Path, place: Path, several: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = several
    opened(root.with_name("copy0"))  # of use again
    monkeypatch.setattr(caching, "BUDGET", 3 * first.stat().st_size + 100)
    opened(root)
    left = set((place / "facts").iterdir())
    assert {first, third} < left
    assert second not in left
    assert len(left) == 3


def test_a_workspace_that_is_too_big_is_not_kept(
    root: Path, place: Path, several: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = several
    monkeypatch.setattr(caching, "BUDGET", before[0].stat().st_size)
    assert names(opened(root).snapshot()) == TASKS
    assert sorted((place / "facts").iterdir()) == sorted(before)


def test_what_a_dead_process_left_is_removed(root: Path, place: Path) -> None:
    opened(root)
    for name, age in (("old.tmp", 1), ("new.tmp", None), ("theirs.txt", 1)):
        (place / "facts" / name).write_text("x", "utf-8")
        if age:
            os.utime(place / "facts" / name, (age, age))
    write(root, {"more.py": "import celery\n"})
    opened(root)
    left = {path.name for path in (place / "facts").iterdir()} - {stored(place).name}
    assert left == {"new.tmp", "theirs.txt"}


def test_others_can_not_read_it(root: Path, place: Path) -> None:
    opened(root)
    assert stored(place).stat().st_mode & 0o777 == 0o600
    assert stored(place).parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the XDG rules are for others")
@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"CELERYLS_CACHE_DIR": "/given", "XDG_CACHE_HOME": "/xdg"}, "/given"),
        ({"XDG_CACHE_HOME": "/xdg"}, "/xdg/celeryls"),
        ({"XDG_CACHE_HOME": "relative"}, "/home/me/.cache/celeryls"),
        ({"XDG_CACHE_HOME": ""}, "/home/me/.cache/celeryls"),
        ({}, "/home/me/.cache/celeryls"),
    ],
)
def test_it_is_where_users_have_their_caches(
    variables: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CELERYLS_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"HOME": "/home/me", **variables}.items():
        monkeypatch.setenv(name, value)
    assert cache_folder() == Path(expected)


def test_a_home_folder_has_no_cache(
    root: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(root))
    workspace = Workspace(root, Loaded(Config(), root), cache_for(root))
    workspace.scan([str(root / "shop/orders.py")])
    assert functions(workspace.snapshot()) == ["place"]
    assert not place.exists()


def test_without_a_cache_nothing_is_written(root: Path, place: Path) -> None:
    workspace = Workspace(root, Loaded(Config(), root))
    workspace.scan()
    workspace.keep_cache()
    assert names(workspace.snapshot()) == TASKS
    assert not place.exists()


# --- the stamp --------------------------------------------------------------------------


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The code of the layers that make facts, in another place."""
    package = Path(caching.__file__).parent.parent
    for layer in cache_codec._LAYERS:
        shutil.copytree(package / layer, tmp_path / "celeryls" / layer)
    monkeypatch.setattr(cache_codec, "__file__", str(tmp_path / "celeryls/project/cache_codec.py"))
    monkeypatch.setattr(cache_codec, "_BEGAN", 1e11)
    return tmp_path / "celeryls"


def fresh_stamp() -> bytes | None:
    return cache_codec.stamp.__wrapped__()


def _edited(copied: Path) -> None:
    path = copied / "facts/model.py"
    path.write_bytes(path.read_bytes() + b"\n")


def _added(copied: Path) -> None:
    (copied / "syntax/more.py").write_bytes(b"")


def _renamed(copied: Path) -> None:
    (copied / "text/span.py").rename(copied / "text/spam.py")


@pytest.mark.parametrize("change", [_edited, _added, _renamed])
def test_other_code_has_another_stamp(change: Callable[[Path], None], copied: Path) -> None:
    before = fresh_stamp()
    assert before is not None
    assert fresh_stamp() == before
    change(copied)
    assert fresh_stamp() not in (before, None)


def test_another_python_has_another_stamp(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fresh_stamp()
    monkeypatch.setattr(sys, "version", "3.99.0")
    assert fresh_stamp() != before


def test_code_that_changed_under_us_has_none(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_codec, "_BEGAN", (copied / "facts/model.py").stat().st_ctime - 1)
    assert fresh_stamp() is None


@pytest.mark.parametrize("layer", ["text", "syntax", "facts"])
def test_code_that_is_not_in_files_has_none(layer: str, copied: Path) -> None:
    for path in (copied / layer).rglob("*.py"):
        path.rename(path.with_suffix(".pyc"))
    assert fresh_stamp() is None
    shutil.rmtree(copied / layer)
    assert fresh_stamp() is None


def test_without_a_stamp_nothing_is_kept(root: Path, place: Path) -> None:
    cache = Cache(place / "facts" / "x.facts", None)
    key = cache.key(b"text")
    cache.put(key, caching.Known(caching.TRACED))
    cache.save()
    assert cache.get(key) is None
    assert not place.exists()


def test_the_stamp_stands_for_all_that_facts_come_from() -> None:
    code = "import sys, celeryls.facts; print(*(m for m in sys.modules if 'celeryls' in m))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    layers = {name.split(".")[1] for name in done.stdout.split() if "." in name}
    assert layers == set(cache_codec._LAYERS)
