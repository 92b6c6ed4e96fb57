"""Words are looked for in what files say now."""

from pathlib import Path

import pytest

from celeryls.project import Project, Workspace
from tests.project.reading import workspace

WITH = "from celery import shared_task\n@shared_task\ndef f(): return f.weight, 'colour'\n"
WITHOUT = "from celery import shared_task\n@shared_task\ndef g(): return 1\n"


@pytest.fixture
def read(tmp_path: Path) -> Workspace:
    return workspace(tmp_path, {"a.py": WITH, "b.py": WITHOUT})


def test_keys_count_if_they_are_asked_for(tmp_path: Path) -> None:
    text = "import celery\nA = {'weight': 1}\nprint(x['height'])\n"
    project = workspace(tmp_path, {"a.py": text}).snapshot()
    assert project.mentions("weight")
    assert not project.mentions("weight", as_key=False)
    assert project.mentions("height", as_key=False)


@pytest.mark.parametrize(
    ("word", "there"),
    [("weight", True), ("colour", True), ("eight", False), ("weigh", False), ("g", False)],
)
def test_attributes_and_whole_strings_are_mentions(
    read: Workspace, word: str, *, there: bool
) -> None:
    assert read.snapshot().mentions(word) is there


def test_a_word_in_the_file_itself_is_not_beside_it(read: Workspace, tmp_path: Path) -> None:
    project = read.snapshot()
    assert project.mentioned_beside(str(tmp_path / "b.py"), "weight")
    assert not project.mentioned_beside(str(tmp_path / "a.py"), "weight")


def test_a_buffer_counts_as_it_is_now(read: Workspace, tmp_path: Path) -> None:
    def height_is_there() -> bool:
        return read.snapshot().mentions("height")

    assert not height_is_there()
    read.open(str(tmp_path / "b.py"), WITHOUT.replace("return 1", "return g.height"))
    assert height_is_there()
    read.open(str(tmp_path / "b.py"), WITHOUT)
    assert not height_is_there()


def test_the_disk_counts_as_it_is_now(read: Workspace, tmp_path: Path) -> None:
    assert not read.snapshot().mentions("height")
    (tmp_path / "b.py").write_text(WITHOUT.replace("return 1", "return g.height"))
    read.refresh(str(tmp_path / "b.py"))
    assert read.snapshot().mentions("height")
    (tmp_path / "b.py").unlink()
    read.refresh(str(tmp_path / "b.py"))
    assert not read.snapshot().mentions("height")


def test_an_older_snapshot_keeps_its_answer(read: Workspace, tmp_path: Path) -> None:
    before: Project = read.snapshot()
    read.open(str(tmp_path / "b.py"), WITHOUT.replace("return 1", "return g.height"))
    assert read.snapshot().mentions("height")
    assert not before.mentions("height")


def test_many_words_of_one_file_are_all_answered(read: Workspace) -> None:
    project = read.snapshot()
    assert not any(project.mentions(f"word{number}") for number in range(200))
    assert project.mentions("weight")


def test_files_without_celery_are_looked_through_when_asked_for(tmp_path: Path) -> None:
    read = workspace(tmp_path, {"a.py": WITH, "plain.py": "print(settings.BROKER_URL)\n"})
    beside = str(tmp_path / "a.py")
    assert not read.snapshot().mentioned_beside(beside, "BROKER_URL")
    assert read.snapshot().mentioned_anywhere_beside(beside, "BROKER_URL")
    assert read.snapshot().mentioned_anywhere_beside(beside, "nothing", "BROKER_URL")
    assert not read.snapshot().mentioned_anywhere_beside(beside, "BROKER", "ROKER_URL")


def test_and_again_once_one_of_them_was_changed(tmp_path: Path) -> None:
    read = workspace(tmp_path, {"a.py": WITH, "plain.py": "print(1)\n"})
    plain, beside = tmp_path / "plain.py", str(tmp_path / "a.py")

    def is_there() -> bool:
        return read.snapshot().mentioned_anywhere_beside(beside, "BROKER_URL")

    assert not is_there()
    plain.write_text("print(settings.BROKER_URL)\n", "utf-8")
    read.refresh(str(plain))
    assert is_there()
    plain.unlink()
    read.refresh(str(plain))
    assert not is_there()
