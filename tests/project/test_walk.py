"""Which files belong to a workspace folder."""

import os
from pathlib import Path

import pathspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from celeryls.config import Config, Loaded
from celeryls.project import Workspace
from celeryls.project.walk import _Rules, python_files
from tests.rules.harness import write


def found(root: Path, files: dict[str, str], *exclude: str, folder: str = "") -> list[str]:
    write(root, files)
    paths = python_files(root / folder, exclude, root)
    return [os.path.relpath(path, root).replace(os.sep, "/") for path in paths]


def test_files_come_in_a_stable_order(tmp_path: Path) -> None:
    files = dict.fromkeys(["b.py", "a.py", "p/z.py", "p/b.py", "a/x.py", "x.txt", "x.pyc"], "")
    assert found(tmp_path, files) == ["a.py", "b.py", "a/x.py", "p/b.py", "p/z.py"]


def test_what_is_never_read(tmp_path: Path) -> None:
    files = dict.fromkeys(
        [
            "node_modules/x.py",
            ".hidden/x.py",
            "__pycache__/x.py",
            "venv/x.py",
            "env/x.py",
            "my-environment/pyvenv.cfg",
            "my-environment/lib/x.py",
            "lib/site-packages/x.py",
        ],
        "",
    )
    assert found(tmp_path, files) == []


IGNORED = {
    "*.gen.py": ["a.py", "sub/a.py"],
    "sub/": ["a.py", "a.gen.py"],
    "/a.py": ["a.gen.py", "sub/a.gen.py", "sub/a.py"],
    "a.py": ["a.gen.py", "sub/a.gen.py"],
    "*.py\n!a.py": ["a.py", "sub/a.py"],
    "sub/*\n!sub/a.py": ["a.gen.py", "a.py", "sub/a.py"],
    "sub/\n!sub/a.py": ["a.gen.py", "a.py"],
    "# a.py": ["a.gen.py", "a.py", "sub/a.gen.py", "sub/a.py"],
    "**/a.py": ["a.gen.py", "sub/a.gen.py"],
}


@pytest.mark.parametrize("lines", IGNORED)
def test_what_git_ignores_is_left_out(lines: str, tmp_path: Path) -> None:
    files = dict.fromkeys(["a.py", "a.gen.py", "sub/a.py", "sub/a.gen.py"], "")
    assert sorted(found(tmp_path, {**files, ".gitignore": lines})) == sorted(IGNORED[lines])


def test_a_nested_gitignore_counts_below_its_folder(tmp_path: Path) -> None:
    files = {"a.py": "", "p/a.py": "", "p/q/a.py": "", "p/.gitignore": "a.py\n!/q/a.py\n"}
    assert found(tmp_path, files) == ["a.py", "p/q/a.py"]


def test_the_repositorys_rules_hold_in_a_folder_of_it(tmp_path: Path) -> None:
    files = {
        ".git/HEAD": "",
        ".gitignore": "gen/\n*.gen.py\n",
        "back/a.py": "",
        "back/b.gen.py": "",
    }
    assert found(tmp_path, {**files, "back/gen/x.py": ""}, folder="back") == ["back/a.py"]


@pytest.mark.parametrize("pattern", ["legacy/", "legacy", "/legacy/", "leg*", "legacy/**"])
def test_exclude_takes_gitignores_patterns(pattern: str, tmp_path: Path) -> None:
    files = {"a.py": "", "legacy/b.py": "", "legacy/deep/c.py": ""}
    assert found(tmp_path, files, pattern) == ["a.py"]


def test_exclude_wins_over_what_gitignore_takes_back(tmp_path: Path) -> None:
    files = {"a.py": "", "b.py": "", ".gitignore": "!b.py\n"}
    assert found(tmp_path, files, "b.py") == ["a.py"]


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "", "sub/b.py": ""})
    (tmp_path / "sub/loop").symlink_to(tmp_path)
    (tmp_path / "again").symlink_to(tmp_path / "sub")
    assert found(tmp_path, {}) == ["a.py", "sub/b.py"]


def test_a_link_to_a_file_is_a_file_and_a_dangling_one_no_error(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "from celery import shared_task\n"})
    (tmp_path / "b.py").symlink_to(tmp_path / "a.py")
    (tmp_path / "c.py").symlink_to(tmp_path / "gone.py")
    (tmp_path / "d.py").symlink_to(tmp_path / "d.py")
    workspace = Workspace(tmp_path, Loaded(Config(), tmp_path))
    workspace.scan()
    assert sorted(workspace.snapshot().files) == [str(tmp_path / "a.py"), str(tmp_path / "b.py")]


def test_a_folder_named_like_a_file_is_no_file(tmp_path: Path) -> None:
    assert found(tmp_path, {"odd.py/a.py": ""}) == ["odd.py/a.py"]


def test_a_pipe_named_like_a_file_is_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    assert found(tmp_path, {"a.py": ""}) == ["a.py"]


def test_a_folder_that_does_not_exist_has_no_files(tmp_path: Path) -> None:
    assert list(python_files(tmp_path / "gone")) == []


def _refuse(*_: object) -> None:
    raise AssertionError("looked at the disk")


@pytest.mark.parametrize("where", ["/", "~", None])
def test_the_whole_machine_is_never_scanned(
    where: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    write(tmp_path, {"a.py": "from celery import shared_task\n"})
    folder = None if where is None else Path(where).expanduser()
    monkeypatch.setattr("celeryls.project.workspace.python_files", _refuse)
    workspace = Workspace(folder, Loaded(Config(), tmp_path))
    workspace.scan()
    assert workspace.snapshot().files == {}


def test_home_by_a_link_is_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    write(home, {"a.py": "from celery import shared_task\n"})
    (tmp_path / "link").symlink_to(home)
    monkeypatch.setenv("HOME", str(home))
    workspace = Workspace(tmp_path / "link", Loaded(Config(), tmp_path))
    workspace.scan()
    assert workspace.snapshot().files == {}


def test_folders_above_home_are_not_scanned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`/home` holds all of everybody's."""
    write(tmp_path, {"home/me/a.py": "from celery import shared_task\n"})
    monkeypatch.setenv("HOME", str(tmp_path / "home/me"))
    workspace = Workspace(tmp_path / "home", Loaded(Config(), tmp_path))
    workspace.scan()
    assert workspace.snapshot().files == {}


_LINES = [
    *["a", "b", "a*", "*.py", "?.py", "[ab]", "!a", "!b/", "a/", "/a", "a/b", "**/b", "a/**"],
    *["**", "*", "/", "!", "#a", "a\\*", "\\!a", " a", "a ", "a/*", "!a/b", "/a/", "b/**/a"],
    *["**/", "a.py", "!*.py", "./a", ""],
]
_NAMES = ["a", "b", "a.py", "b.py", "ab", "a b", "!a", "a*"]


@given(
    st.lists(st.sampled_from(_LINES), min_size=1, max_size=5),
    st.lists(st.sampled_from(_NAMES), min_size=1, max_size=4),
    st.booleans(),
)
def test_the_quick_answer_is_pathspecs(lines: list[str], parts: list[str], folder: bool) -> None:
    path = "/".join(parts)
    # `!` alone is an error.
    spec = pathspec.GitIgnoreSpec.from_lines(line for line in lines if line != "!")
    asked = spec.check_file(path + "/" * folder).include
    assert _Rules("/r", lines).verdict(f"/r/{path}", folder=folder) == asked


def test_a_line_that_is_no_pattern_is_passed_over(tmp_path: Path) -> None:
    files = dict.fromkeys(["a.py", "b.py"], "")
    assert found(tmp_path, {**files, ".gitignore": "!\n***\n[\nb.py\n!\n"}) == []
    assert found(tmp_path, {**files, ".gitignore": "!\n[\nb.py\n!\n"}, "!") == ["a.py"]
