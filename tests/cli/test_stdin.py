"""`celeryls check -`: text from standard input stands for a file of its project."""

import subprocess
from pathlib import Path

import pytest

from tests.cli.running import SCRIPT, Run, script
from tests.rules.harness import write

HEAD = "from celery import shared_task\n\n@shared_task(acks_late=True, max_retries=0)\n"
TASKS = f"""{HEAD}def charge(order_id): ...

@shared_task(acks_late=True, max_retries=0, queue="mail")
def size(): ...
"""
FILES = {
    "shop/tasks.py": TASKS,
    "shop/app.py": 'from celery import Celery\n\napp = Celery("shop")\n',
}


@pytest.fixture
def shop(run: Run) -> Run:
    write(run.folder, FILES)
    return run


FIXABLE = HEAD + "def f(self): ...\n"


def test_standard_input_stands_for_a_file_of_its_project(shop: Run) -> None:
    path = shop.folder / "shop/views.py"
    path.write_text("")
    ran = script(
        shop.folder,
        "check",
        "-",
        "--stdin-filename",
        "shop/views.py",
        "--output-format",
        "json",
        stdin="from .tasks import charge\ncharge.delay(1, 2)\n",
    )
    assert ran.code == 1
    assert [(i["code"], i["path"], i["line"]) for i in ran.json] == [("CEL301", "shop/views.py", 2)]
    assert path.read_text() == ""


def test_standard_input_without_a_name(tmp_path: Path) -> None:
    ran = script(tmp_path, "check", "-", stdin=FIXABLE)
    assert ran.code == 1
    assert "stdin.py:4:7: error CEL105" in ran.out


def test_standard_input_is_mended_on_standard_output(tmp_path: Path) -> None:
    ran = script(tmp_path, "check", "-", "--fix", stdin=FIXABLE)
    assert ran.code == 0
    assert ran.out == FIXABLE.replace("=0)", "=0, bind=True)")
    assert "mended stdin.py: CEL105" in ran.err
    again = script(tmp_path, "check", "-", "--fix", stdin=ran.out)
    assert again.out == ran.out
    assert list(tmp_path.iterdir()) == []
    diff = script(tmp_path, "check", "-", "--diff", "--stdin-filename", "a/b.py", stdin=FIXABLE)
    assert diff.code == 2
    (tmp_path / "a").mkdir()
    diff = script(tmp_path, "check", "-", "--diff", "--stdin-filename", "a/b.py", stdin=FIXABLE)
    assert diff.code == 1
    assert diff.out.startswith("--- a/a/b.py\n+++ b/a/b.py\n")


BYTES = {
    "byte-order mark, CRLF": ("\ufeff" + FIXABLE.replace("\n", "\r\n")).encode(),
    "latin-1": ("# coding: latin-1\n# \xe9\n" + FIXABLE).encode("latin-1"),
    "CR, no newline at the end": FIXABLE.rstrip().replace("\n", "\r").encode(),
    "nothing to mend": TASKS.encode(),
    "not Python": b"from celery import (\n",
    "nothing": b"",
}


@pytest.mark.parametrize("how", BYTES)
def test_the_bytes_of_standard_input_come_out_again(how: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [SCRIPT, "check", "-", "--fix"],
        cwd=tmp_path,
        input=BYTES[how],
        capture_output=True,
        check=False,
    )
    mended = BYTES[how].replace(b"max_retries=0)\ndef f", b"max_retries=0, bind=True)\ndef f")
    mended = mended.replace(b"max_retries=0)\rdef f", b"max_retries=0, bind=True)\rdef f")
    mended = mended.replace(b"max_retries=0)\r\ndef f", b"max_retries=0, bind=True)\r\ndef f")
    assert (mended == BYTES[how]) is ("not" in how and "no newline" not in how)
    assert done.stdout == mended


def test_standard_input_changes_no_file(shop: Run) -> None:
    """Not even for a fix that needs another file than the one that is given."""
    before = {path: path.read_bytes() for path in shop.folder.rglob("*.py")}
    ran = script(
        shop.folder,
        *("check", "-", "--stdin-filename", "shop/tasks.py", "--fix", "--unsafe-fixes"),
        stdin=FILES["shop/tasks.py"],
    )
    assert ran.out == FILES["shop/tasks.py"]
    assert "CEL107" in ran.err
    assert {path: path.read_bytes() for path in shop.folder.rglob("*.py")} == before
