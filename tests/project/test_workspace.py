"""Buffers over disk, what typing changes and what it doesn't."""

import os
from pathlib import Path

import pytest

from celeryls.config import Config, Loaded
from celeryls.facts import has_traces
from celeryls.project import Project, Workspace
from tests.project.reading import functions, in_force, names, workspace
from tests.rules.harness import write

_TASK = "from celery import shared_task\n\n@shared_task\ndef f(x):\n    return x\n"
_APP = "from celery import Celery\napp = Celery('x')\napp.conf.task_acks_late = True\n"


def resolution(project: Project) -> object:
    return project._resolution


def test_an_open_buffer_stands_for_the_file(tmp_path: Path) -> None:
    opened = workspace(tmp_path, {"t.py": _TASK})
    path = str(tmp_path / "t.py")
    opened.open(path, _TASK.replace("def f", "def g"))
    assert names(opened.snapshot()) == ["t.g"]
    assert "def g" in (opened.snapshot().text(path) or "")


def test_a_closed_buffer_gives_way_to_the_disk(tmp_path: Path) -> None:
    opened = workspace(tmp_path, {"t.py": _TASK})
    path = str(tmp_path / "t.py")
    opened.open(path, "x = 1\n")
    assert names(opened.snapshot()) == []
    opened.close(path)
    assert names(opened.snapshot()) == ["t.f"]
    assert opened.snapshot().text(path) == _TASK


def test_a_buffer_that_was_never_saved_is_gone_when_closed(tmp_path: Path) -> None:
    opened = workspace(tmp_path, {})
    opened.open(str(tmp_path / "new.py"), _TASK)
    assert names(opened.snapshot()) == ["new.f"]
    opened.close(str(tmp_path / "new.py"))
    assert list(opened.snapshot().files) == []


def test_a_file_that_was_removed_while_open_is_gone_when_closed(tmp_path: Path) -> None:
    opened = workspace(tmp_path, {"t.py": _TASK})
    opened.open(str(tmp_path / "t.py"), _TASK)
    (tmp_path / "t.py").unlink()
    opened.refresh(str(tmp_path / "t.py"))
    assert names(opened.snapshot()) == ["t.f"]
    opened.close(str(tmp_path / "t.py"))
    assert names(opened.snapshot()) == []


def test_disk_changes_do_not_touch_an_open_buffer(tmp_path: Path) -> None:
    opened = workspace(tmp_path, {"t.py": _TASK})
    path = str(tmp_path / "t.py")
    opened.open(path, _TASK)
    write(tmp_path, {"t.py": _TASK.replace("def f", "def on_disk")})
    opened.refresh(path)
    assert names(opened.snapshot()) == ["t.f"]
    opened.close(path)
    assert names(opened.snapshot()) == ["t.on_disk"]


def test_files_made_changed_and_removed_on_disk_are_followed(tmp_path: Path) -> None:
    opened = workspace(tmp_path, {})
    path = str(tmp_path / "t.py")
    write(tmp_path, {"t.py": _TASK})
    opened.refresh(path)
    assert names(opened.snapshot()) == ["t.f"]
    write(tmp_path, {"t.py": _TASK.replace("def f", "def g")})
    opened.refresh(path)
    assert names(opened.snapshot()) == ["t.g"]
    os.unlink(path)
    opened.refresh(path)
    assert names(opened.snapshot()) == []


def test_a_package_that_begins_later_changes_names(tmp_path: Path) -> None:
    opened = workspace(tmp_path, {"back/shop/tasks.py": _TASK})
    assert names(opened.snapshot()) == ["back.shop.tasks.f"]
    write(tmp_path, {"back/shop/__init__.py": ""})
    opened.refresh(str(tmp_path / "back/shop/__init__.py"))
    assert names(opened.snapshot()) == ["shop.tasks.f"]


def test_a_file_without_traces_is_read_again_when_it_changes(tmp_path: Path) -> None:
    text = "from celery import shared_task\nfrom c import O\n@shared_task(**O)\ndef f(): ...\n"
    opened = workspace(tmp_path, {"c.py": "O = {'acks_late': True}\n", "t.py": text})
    assert in_force(opened.snapshot(), "acks_late")[0] is True
    write(tmp_path, {"c.py": "O = {'acks_late': False}\n"})
    opened.refresh(str(tmp_path / "c.py"))
    assert in_force(opened.snapshot(), "acks_late")[0] is False
    opened.open(str(tmp_path / "c.py"), "O = {'acks_late': 'buffer'}\n")
    assert in_force(opened.snapshot(), "acks_late")[0] == "buffer"
    opened.close(str(tmp_path / "c.py"))
    assert in_force(opened.snapshot(), "acks_late")[0] is False


OWN_DECORATORS = {
    "jobs.py": "from celery import shared_task\n\n\ndef job(f):\n    return shared_task(f)\n",
    "more.py": "from jobs import job\n\n\ndef run(f):\n    return job(f)\n",
    "work.py": "from jobs import job\n\n\n@job\ndef work(): ...\n",
    "later.py": "from more import run\n\n\n@run\ndef later(): ...\n",
    "plain.py": "def nothing(): ...\n",
}


def test_files_without_traces_are_searched_for_them_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[bytes | str] = []

    def counted(data: bytes | str) -> bool:
        searched.append(data)
        return has_traces(data)

    monkeypatch.setattr("celeryls.project.workspace.has_traces", counted)
    opened = workspace(tmp_path, OWN_DECORATORS)
    assert functions(opened.snapshot()) == ["later", "work"]
    assert searched.count(OWN_DECORATORS["plain.py"].encode()) == 1


@pytest.mark.parametrize("data", [b"# \xff\n", b"# \xff\nfrom jobs import job\n@job\n"])
def test_looking_for_own_decorators_forgets_no_unreadable_file(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "latin.py").write_bytes(data)
    opened = workspace(tmp_path, OWN_DECORATORS)
    assert functions(opened.snapshot()) == ["later", "work"]
    assert [Path(item.path).name for item in opened.unread] == ["latin.py"]


def test_a_scan_that_is_stopped_leaves_own_decorators_and_unreadable_files(tmp_path: Path) -> None:
    (tmp_path / "latin.py").write_bytes(b"# \xff celery\n")
    opened = workspace(tmp_path, OWN_DECORATORS)

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        opened.scan(on_progress=stop)
    assert [Path(item.path).name for item in opened.unread] == ["latin.py"]
    write(tmp_path, {"work.py": OWN_DECORATORS["work.py"].replace("work()", "other()")})
    opened.refresh(str(tmp_path / "work.py"))
    assert functions(opened.snapshot()) == ["later", "other"]


def test_own_decorators_that_are_gone_are_forgotten_by_the_next_scan(tmp_path: Path) -> None:
    opened = workspace(tmp_path, OWN_DECORATORS)
    write(tmp_path, {"jobs.py": "def job(f):\n    return f\n"})
    opened.scan()
    assert functions(opened.snapshot()) == []
    write(tmp_path, {"jobs.py": OWN_DECORATORS["jobs.py"]})
    opened.scan()
    assert functions(opened.snapshot()) == ["later", "work"]


def test_settings_that_change_take_effect(tmp_path: Path) -> None:
    opened = workspace(tmp_path, {"a/t.py": _TASK})
    assert names(opened.snapshot()) == ["a.t.f"]
    opened.configure(Loaded(Config(src=("a",)), tmp_path))
    assert names(opened.snapshot()) == ["t.f"]


def test_reading_the_folder_again_forgets_what_no_longer_belongs_to_it(tmp_path: Path) -> None:
    opened = workspace(tmp_path, {"a.py": _TASK, "b.py": _TASK, "c.py": _TASK})
    (tmp_path / "a.py").unlink()
    opened.configure(Loaded(Config(exclude=("b.py",)), tmp_path))
    opened.scan()
    assert names(opened.snapshot()) == ["c.f"]


def test_a_snapshot_stays_what_it_was(tmp_path: Path) -> None:
    opened = workspace(tmp_path, {"t.py": _TASK})
    before = opened.snapshot()
    opened.open(str(tmp_path / "t.py"), _TASK.replace("def f", "def g"))
    assert names(before) == ["t.f"]
    assert names(opened.snapshot()) == ["t.g"]


def test_a_document_that_is_no_file_breaks_nothing(tmp_path: Path) -> None:
    opened = workspace(tmp_path, {"t.py": _TASK})
    for uri in ("untitled:Untitled-1", "git:/t.py?x", "vscode-notebook-cell:/n.ipynb#W0"):
        opened.open(uri, _TASK)
        assert [task.decl.name for task in opened.snapshot().tasks_in(uri)] == ["f"]
        opened.close(uri)
    assert names(opened.snapshot()) == ["t.f"]


def test_a_single_file_without_a_folder(tmp_path: Path) -> None:
    write(tmp_path, {"t.py": _TASK, "other.py": _TASK})
    single = Workspace(None, Loaded(Config(), tmp_path))
    single.scan()
    single.open(str(tmp_path / "t.py"), _TASK)
    assert list(single.snapshot().files) == [str(tmp_path / "t.py")]
    assert functions(single.snapshot()) == ["f"]


# --- typing ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        _TASK.replace("return x", "return x + 1  # more"),
        _TASK.replace("return x", "y = x\n    return y"),
        _TASK.replace("return x", "return x.y("),
        "# a comment\n\n\n" + _TASK,
        _TASK.replace("\n", "\r\n"),
    ],
)
def test_typing_inside_a_body_recomputes_nothing(typed: str, tmp_path: Path) -> None:
    opened = workspace(tmp_path, {"t.py": _TASK})
    path = str(tmp_path / "t.py")
    opened.open(path, _TASK)
    before, generation = opened.snapshot(), opened.generation
    opened.open(path, typed)
    after = opened.snapshot()
    assert after is not before
    assert after.text(path) == typed
    assert resolution(after) is resolution(before)
    assert opened.generation == generation


def test_opening_an_unchanged_file_recomputes_nothing(tmp_path: Path) -> None:
    opened = workspace(tmp_path, {"t.py": _TASK})
    before = opened.snapshot()
    opened.open(str(tmp_path / "t.py"), _TASK)
    assert resolution(opened.snapshot()) is resolution(before)


@pytest.mark.parametrize(
    "typed",
    [
        _TASK.replace("@shared_task", "@shared_task(bind=True)"),
        _TASK.replace("f(x)", "f(x, y)"),
        "A = 1\n" + _TASK,
    ],
)
def test_an_interface_that_changes_is_seen(typed: str, tmp_path: Path) -> None:
    opened = workspace(tmp_path, {"t.py": _TASK})
    before = opened.snapshot()
    opened.open(str(tmp_path / "t.py"), typed)
    assert resolution(opened.snapshot()) is not resolution(before)


HALF_TYPED = [
    ("from celery import shared_task\n", "from celery import shared_task,\n"),
    ("from celery import shared_task\n", "from celery import \n"),
    ("from celery import shared_task\n", "from celery imp\n"),
    ("from celery import shared_task\n", "from celery import (shared_task\n"),
    ("from celery import shared_task\n", "from celery import shared_task as\n"),
    ("from celery import shared_task\n", "from celery import shared_task\nimport \n"),
    ("from celery import shared_task\n", "from celery import shared_task\nx = [\n"),
]


@pytest.mark.parametrize(("whole", "typed"), HALF_TYPED)
def test_an_import_that_is_being_typed_keeps_its_last_meaning(
    whole: str, typed: str, tmp_path: Path
) -> None:
    opened = workspace(tmp_path, {"t.py": _TASK})
    path = str(tmp_path / "t.py")
    opened.open(path, _TASK)
    opened.open(path, _TASK.replace(whole, typed))
    assert functions(opened.snapshot()) == ["f"]


@pytest.mark.parametrize(
    "typed",
    [
        "app.conf.task_acks_late = ",
        "app.conf.task_acks_late = (",
        "app.conf.task_acks_late = not",
        "app.conf.update(task_acks_late=",
        "app.conf[",
    ],
)
def test_a_setting_that_is_being_typed_keeps_its_last_value(typed: str, tmp_path: Path) -> None:
    opened = workspace(tmp_path, {"app.py": _APP, "t.py": _TASK})
    path = str(tmp_path / "app.py")
    opened.open(path, _APP)
    opened.open(path, _APP.replace("app.conf.task_acks_late = True", typed))
    assert in_force(opened.snapshot(), "acks_late") == (True, "settings")


def test_a_text_that_defies_parsing_keeps_all_of_its_last_meaning(tmp_path: Path) -> None:
    opened = workspace(tmp_path, {"t.py": _TASK})
    path = str(tmp_path / "t.py")
    for _ in range(2):
        opened.open(path, "-" * 100_000 + "1")
        project = opened.snapshot()
        assert project.files[path].hopeless
        assert functions(project) == ["f"]
        assert project.site(next(project.tasks())) is not None
    opened.open(path, _TASK)
    assert not opened.snapshot().files[path].hopeless


def test_what_is_removed_for_good_is_forgotten(tmp_path: Path) -> None:
    opened = workspace(tmp_path, {"app.py": _APP, "t.py": _TASK})
    path = str(tmp_path / "app.py")
    opened.open(path, _APP.replace("app.conf.task_acks_late = True", "app.conf."))
    opened.open(path, _APP.replace("app.conf.task_acks_late = True\n", ""))
    assert in_force(opened.snapshot(), "acks_late") == (False, "default")


# --- files that go in circles, or can't be read -----------------------------------------


CYCLES = [
    {"a.py": "from b import x\n", "b.py": "from a import x\n"},
    {"a.py": "from a import x\n"},
    {"a.py": "import a\nx = a.x\n"},
    {"a.py": "x = x\n"},
    {"a.py": "x = y\ny = z\nz = x\n"},
    {"a.py": "from b import *\n", "b.py": "from c import *\n", "c.py": "from a import *\n"},
    {"a.py": "from a import *\n"},
    {"a/__init__.py": "from . import x\n", "a/x.py": "from a import x\n"},
    {"a.py": "class x(x): ...\n"},
    {"a.py": "class x(y): ...\nclass y(x): ...\n"},
    {"a.py": "def x(): return x()\n"},
    {"a.py": "x = {**x}\n"},
    {"a.py": "x = f'{x}'\n"},
    {"a.py": "x = y.z\ny = x\n"},
    {"a.py": "class x:\n    x = x.x\n"},
]
_ASK = """\
from celery import shared_task, Celery
from a import x
app = x()
app.conf.update(x)
app.config_from_object(x)
@app.task(x, base=x, **x)
@x.task
@shared_task(base=x, name=x, **x)
def f(): ...
@shared_task
def g(): ...
"""


@pytest.mark.parametrize("files", CYCLES)
def test_circles_end(files: dict[str, str], tmp_path: Path) -> None:
    marked = {name: "import celery\n" + text for name, text in files.items()}
    project = workspace(tmp_path, {**marked, "t.py": _ASK}).snapshot()
    assert functions(project) == ["f", "g"]
    for task in project.tasks():
        for option in ("acks_late", "max_retries", "autoretry_for"):
            project.effective(task, option)
    project.conventions(str(tmp_path / "t.py"))


def test_star_imports_in_a_circle_still_give_what_is_there(tmp_path: Path) -> None:
    files = {
        "a.py": "from b import *\nfrom celery import shared_task as one\n",
        "b.py": "from a import *\nfrom celery import shared_task as two\n",
        "t.py": "from a import *\n@one\ndef f(): ...\n@two\ndef g(): ...\n# celery\n",
        "u.py": "from b import *\n@one\ndef h(): ...\n@two\ndef i(): ...\n# celery\n",
    }
    assert functions(workspace(tmp_path, files).snapshot()) == ["f", "g", "h", "i"]


def test_a_long_chain_of_names_is_followed_or_given_up(tmp_path: Path) -> None:
    lines = "".join(f"x{i} = x{i + 1}\n" for i in range(3000))
    text = f"from celery import shared_task\n{lines}x3000 = shared_task\n@x0\ndef f(): ...\n"
    assert functions(workspace(tmp_path, {"t.py": text + _TASK}).snapshot())[-1] == "f"
