"""`celeryls check --fix` and `--diff`: what is written, and that nothing else is."""

import os
import stat
import subprocess
from pathlib import Path

import pytest

from tests.cli.running import Run, script
from tests.rules.harness import write

_HEAD = "from celery import shared_task\n\n\n"
_UNBOUND = _HEAD + "@shared_task(acks_late=True, max_retries=0)\ndef f(self):\n    ...\n"
_BOUND = _UNBOUND.replace("max_retries=0", "max_retries=0, bind=True")
_LATE = _HEAD + "@shared_task(max_retries=0)\ndef f():\n    ...\n"


def test_safe_fixes_are_written(run: Run) -> None:
    write(run.folder, {"t.py": _UNBOUND, "u.py": _LATE})
    ran = run("check", "--fix")
    assert (run.folder / "t.py").read_text() == _BOUND
    assert (run.folder / "u.py").read_text() == _LATE
    assert ran.code == 1  # the unsafe one is left
    assert "Mended 1 problem." in ran.out
    assert "1 can be mended with --fix --unsafe-fixes" in ran.out


def test_all_mended_is_clean(run: Run) -> None:
    write(run.folder, {"t.py": _UNBOUND})
    ran = run("check", "--fix")
    assert (ran.code, ran.out) == (
        0,
        "mended t.py: CEL105 self-without-bind\nMended 1 problem. Nothing left to report.\n",
    )
    assert run("check", "--fix").out == "No problems found.\n"


def test_unsafe_fixes_when_asked_for(run: Run) -> None:
    write(run.folder, {"u.py": _LATE})
    assert run("check", "--fix", "--unsafe-fixes").code == 0
    assert "max_retries=0, acks_late=True" in (run.folder / "u.py").read_text()


def test_unsafe_fixes_alone_make_no_sense(run: Run) -> None:
    write(run.folder, {"u.py": _LATE})
    run("check", "--unsafe-fixes").says("--fix")


def test_only_selected_rules_are_fixed(run: Run) -> None:
    write(run.folder, {"t.py": _UNBOUND.replace("max_retries", "max_retires")})
    run("check", "--fix", "--select", "CEL105")
    assert (run.folder / "t.py").read_text() == _BOUND.replace("max_retries", "max_retires")


@pytest.mark.parametrize("arguments", [["--diff"], ["--diff", "--fix"]])
def test_a_diff_changes_nothing_and_applies(arguments: list[str], tmp_path: Path) -> None:
    write(tmp_path, {"shop/t.py": _UNBOUND})
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    ran = script(tmp_path, "check", *arguments)
    assert ran.code == 1
    assert (tmp_path / "shop/t.py").read_text() == _UNBOUND
    assert ran.out.startswith("--- a/shop/t.py\n+++ b/shop/t.py\n@@ ")
    subprocess.run(["git", "apply"], cwd=tmp_path, input=ran.out, text=True, check=True)
    assert (tmp_path / "shop/t.py").read_text() == _BOUND


def test_a_diff_of_a_file_without_a_last_newline_applies(tmp_path: Path) -> None:
    text = _HEAD + "@shared_task(acks_late=True, max_retries=0)\ndef f(self): ..."
    write(tmp_path, {"t.py": text})
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    ran = script(tmp_path, "check", "--diff")
    assert "\\ No newline at end of file\n" in ran.out
    subprocess.run(["git", "apply"], cwd=tmp_path, input=ran.out, text=True, check=True)
    assert (tmp_path / "t.py").read_text() == text.replace("=0", "=0, bind=True")


@pytest.mark.parametrize("odd", ["\u2028", "\x0c", "\x85", "\x1c"])
def test_a_diff_knows_what_a_line_is(odd: str, tmp_path: Path) -> None:
    text = _UNBOUND.replace("    ...\n", f"    return 'a{odd}b'\n")
    write(tmp_path, {"t.py": text})
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    ran = script(tmp_path, "check", "--diff")
    subprocess.run(["git", "apply"], cwd=tmp_path, input=ran.out.encode(), check=True)
    assert (tmp_path / "t.py").read_text("utf-8") == text.replace("=0", "=0, bind=True")


def test_a_diff_with_nothing_to_change_is_empty(run: Run) -> None:
    write(run.folder, {"t.py": _BOUND})
    ran = run("check", "--diff")
    assert (ran.code, ran.out) == (0, "")


def test_json_after_a_fix_tells_what_is_left(run: Run) -> None:
    write(run.folder, {"t.py": _UNBOUND, "u.py": _LATE})
    items = run("check", "--fix", "--output-format", "json").json
    assert [item["path"] for item in items] == ["u.py"]


def test_a_diff_is_no_json(run: Run) -> None:
    write(run.folder, {"t.py": _UNBOUND})
    run("check", "--diff", "--output-format", "json").says("--diff")


BYTES = {
    "latin-1": ("# -*- coding: latin-1 -*-\nx = 'caf\xe9'\n" + _UNBOUND).encode("latin-1"),
    "cp1252, second line": ("#!/x\n# coding: cp1252\nx = '\u20ac'\n" + _UNBOUND).encode("cp1252"),
    "byte-order mark": ("\ufeff" + _UNBOUND).encode(),
    "CRLF": _UNBOUND.replace("\n", "\r\n").encode(),
    "CR": _UNBOUND.replace("\n", "\r").encode(),
    "mixed": _UNBOUND.replace("\n", "\r\n", 2).encode(),
    "no newline at the end": _UNBOUND.rstrip().encode(),
    "form feed": ("\x0c" + _UNBOUND).encode(),
    "trailing space": _UNBOUND.replace("...", "...   ").encode(),
}


@pytest.mark.parametrize("how", BYTES)
def test_the_bytes_around_a_fix_stay_what_they_are(how: str, run: Run) -> None:
    path = run.folder / "t.py"
    path.write_bytes(BYTES[how])
    assert run("check", "--fix").code == 0
    assert path.read_bytes() == BYTES[how].replace(b"max_retries=0", b"max_retries=0, bind=True")


@pytest.mark.parametrize("mode", [0o755, 0o600, 0o640])
def test_the_mode_of_a_file_is_kept(mode: int, run: Run) -> None:
    path = run.folder / "t.py"
    write(run.folder, {"t.py": _UNBOUND})
    path.chmod(mode)
    run("check", "--fix")
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert path.read_text() == _BOUND


def test_a_read_only_file_is_left_alone_and_said(run: Run) -> None:
    path = run.folder / "t.py"
    write(run.folder, {"t.py": _UNBOUND})
    path.chmod(0o444)
    run("check", "--fix").says("t.py can't be written", "read-only; make it writable first")
    assert path.read_text() == _UNBOUND


def test_a_link_stays_a_link(run: Run) -> None:
    write(run.folder, {"real/t.py": _UNBOUND})
    (run.folder / "t.py").symlink_to("real/t.py")
    run("check", "t.py", "--fix")
    assert (run.folder / "t.py").is_symlink()
    assert (run.folder / "real/t.py").read_text() == _BOUND


def test_a_file_without_findings_is_not_touched(run: Run) -> None:
    write(run.folder, {"t.py": _BOUND})
    before = (run.folder / "t.py").stat()
    run("check", "--fix")
    after = (run.folder / "t.py").stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


def test_nothing_is_left_behind(run: Run) -> None:
    write(run.folder, {"t.py": _UNBOUND})
    run("check", "--fix")
    assert sorted(os.listdir(run.folder)) == [".git", "t.py"]


def test_a_file_that_does_not_parse_is_not_made_worse(run: Run) -> None:
    text = _UNBOUND + "\nx = (\n"
    write(run.folder, {"t.py": text})
    run("check", "--fix")
    after = (run.folder / "t.py").read_text()
    assert after in (text, text.replace("=0", "=0, bind=True"))


_APP = 'from celery import Celery\n\napp = Celery("shop")\n'
_QUEUED = _HEAD + '@shared_task(queue="mail")\ndef f():\n    ...\n'
_MOVE = ("check", "--fix", "--unsafe-fixes", "--select", "CEL107")


def test_a_fix_of_several_files_writes_them_all(run: Run) -> None:
    write(run.folder, {"shop/app.py": _APP, "shop/t.py": _QUEUED, "shop/u.py": _QUEUED})
    ran = run(*_MOVE)
    assert ran.code == 0
    assert (run.folder / "shop/t.py").read_text() == _QUEUED.replace('(queue="mail")', "")
    assert (run.folder / "shop/app.py").read_text() == (
        _APP + 'app.conf.task_routes = {\n    "shop.t.f": {"queue": "mail"},\n'
        '    "shop.u.f": {"queue": "mail"},\n}\n'
    )
    assert ran.out == (
        "mended shop/t.py: CEL107 routing-option-deprecated\n"
        "mended shop/u.py: CEL107 routing-option-deprecated\n"
        "Mended 2 problems. Nothing left to report.\n"
    )


def test_no_file_is_changed_that_was_not_given(run: Run) -> None:
    write(run.folder, {"shop/app.py": _APP, "shop/t.py": _QUEUED})
    run(*_MOVE, "shop/t.py")
    assert (run.folder / "shop/t.py").read_text() == _QUEUED
    assert (run.folder / "shop/app.py").read_text() == _APP


def test_several_files_are_written_or_none(run: Run) -> None:
    app, tasks = run.folder / "shop/app.py", run.folder / "shop/a.py"
    write(run.folder, {"shop/app.py": "# coding: ascii\n" + _APP})
    write(run.folder, {"shop/a.py": _QUEUED.replace('"mail"', '"mail", name="\\xe9"')})
    before = app.read_bytes(), tasks.read_bytes()
    ran = run(*_MOVE)
    # The name of the task can't be written in the encoding of the other file.
    ran.says("shop/app.py can't be written, so nothing was changed")
    assert (app.read_bytes(), tasks.read_bytes()) == before


def test_a_file_that_says_nothing_of_celery_yet_is_mended(run: Run) -> None:
    app = (
        "import os\nfrom celery import Celery\n\n"
        'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "proj.settings")\napp = Celery("proj")\n'
    )
    write(run.folder, {"proj/__init__.py": "", "proj/celery.py": app, "shop/t.py": _LATE})
    run("check", "--fix", "--unsafe-fixes", "--select", "CEL703")
    assert (run.folder / "proj/__init__.py").read_text() == (
        'from .celery import app as celery_app\n\n__all__ = ("celery_app",)\n'
    )
