"""What can go wrong around a command: one line that says what to do, and no traceback."""

import os
import sys
from pathlib import Path

import pytest

from tests.cli.running import Run, script
from tests.rules.harness import write

_TASK = "from celery import shared_task\n@shared_task(max_retries=0)\ndef f(): ...\n"


@pytest.mark.parametrize("command", ["check", "tasks"])
def test_a_path_that_does_not_exist(command: str, run: Run) -> None:
    write(run.folder, {"t.py": _TASK})
    run(command, "t.py", "nowhere/x.py").says("nowhere/x.py does not exist")


@pytest.mark.parametrize("arguments", [("check",), ("tasks",), ("convert",)])
def test_a_path_that_can_not_exist(arguments: tuple[str, ...], run: Run) -> None:
    path = "a" * 5000 + ("::f" if arguments == ("convert",) else "")
    ran = run(*arguments, path)
    ran.says("aaa")
    assert len(ran.err) < 200


def test_a_link_to_itself(run: Run) -> None:
    (run.folder / "loop.py").symlink_to("loop.py")
    assert run("check", "loop.py").code == 2
    assert run("check").code == 0


def test_a_bug_of_ours_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("never\nmind")

    monkeypatch.setattr("celeryls.cli.check.open_workspaces", fail)
    run("check").says("RuntimeError: never mind", "report")


def test_a_directory_without_python(run: Run) -> None:
    (run.folder / "docs").mkdir()
    ran = run("check", "docs")
    assert ran.code == 0
    assert "no Python files in docs" in ran.err
    assert ran.out == "No problems found.\n"


def test_a_file_that_is_not_utf_8(run: Run) -> None:
    (run.folder / "t.py").write_bytes(b"# celery \xff\n")
    write(run.folder, {"u.py": _TASK})
    ran = run("check", "--output-format", "json")
    assert [item["path"] for item in ran.json] == ["u.py"]
    assert len(ran.err.splitlines()) == 1
    assert "t.py" in ran.err and "byte 9" in ran.err and "UTF-8" in ran.err


def test_a_file_that_is_not_utf_8_is_not_written(run: Run) -> None:
    data = b"# celery \xff\n" + _TASK.encode()
    (run.folder / "t.py").write_bytes(data)
    run("check", "--fix", "--unsafe-fixes")
    assert (run.folder / "t.py").read_bytes() == data


def test_a_file_that_is_not_python(run: Run) -> None:
    write(run.folder, {"t.py": "celery " + "-" * 100_000 + "1\n", "u.py": _TASK})
    ran = run("check")
    assert "u.py" in ran.out
    python = "Python {}.{}".format(*sys.version_info)
    assert "t.py" in ran.err and f"not valid for {python}" in ran.err


@pytest.mark.parametrize("command", ["check", "tasks", "config"])
def test_a_broken_configuration(command: str, tmp_path: Path) -> None:
    write(tmp_path, {"t.py": _TASK, "pyproject.toml": "[tool.celeryls\n"})
    script(tmp_path, command).says("pyproject.toml", "not valid TOML", "line 1")


def test_an_unknown_setting_is_one_warning(run: Run) -> None:
    write(run.folder, {"t.py": _TASK, "celeryls.toml": "selct = ['CEL101']\n"})
    ran = run("check", "--output-format", "json")
    assert ran.code == 1
    assert [item["code"] for item in ran.json] == ["CEL101"]
    assert len(ran.err.splitlines()) == 1
    assert 'did you mean "select"' in ran.err


def test_a_bad_value_is_one_warning(run: Run) -> None:
    write(run.folder, {"t.py": _TASK, "pyproject.toml": "[tool.celeryls]\nignore = 'CEL101'\n"})
    ran = run("check")
    assert ran.code == 1
    assert len(ran.err.splitlines()) == 1
    assert '"ignore"' in ran.err and "list of strings" in ran.err


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_an_unknown_rule_on_the_command_line(option: str, run: Run) -> None:
    write(run.folder, {"t.py": _TASK})
    run("check", option, "CEL1O1").says('unknown rule "CEL1O1"', "did you mean")


@pytest.mark.parametrize(
    "setting", ["ignore = ['CELX']", "select = ['nope']", "severity = {CELX = 'off'}"]
)
def test_an_unknown_rule_in_the_configuration_is_one_warning(setting: str, run: Run) -> None:
    """The default stands in, as for any other value that can't be taken."""
    write(run.folder, {"t.py": _TASK, "celeryls.toml": setting})
    ran = run("check")
    assert "unknown rule" in ran.err and "celeryls.toml" in ran.err
    assert len(ran.err.splitlines()) == 1
    assert ran.code == 1
    assert "CEL101" in ran.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("check", "--nonsense"),
        ("check", "--output-format", "yaml"),
        ("check", "--fail-on", "fatal"),
        ("--nonsense",),
        ("convert",),
    ],
)
def test_a_call_that_is_wrong(arguments: tuple[str, ...], run: Run) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err


def test_a_folder_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from celeryls.project import walk

    write(tmp_path, {"a/t.py": "", "b/t.py": ""})
    real = os.scandir

    def refuse(path: str) -> object:
        if path.endswith("a"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(walk.os, "scandir", refuse)
    assert list(walk.python_files(tmp_path)) == [str(tmp_path / "b/t.py")]


def test_a_file_that_can_not_be_written(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write(run.folder, {"t.py": _TASK})

    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    run("check", "--fix", "--unsafe-fixes").says("t.py can't be written", "Permission denied")
    monkeypatch.undo()
    assert (run.folder / "t.py").read_text() == _TASK
    assert sorted(os.listdir(run.folder)) == [".git", "t.py"]


def test_a_pipe_is_not_waited_for(run: Run) -> None:
    os.mkfifo(run.folder / "pipe.py")
    write(run.folder, {"t.py": _TASK})
    assert run("check").code == 1
    run("check", "pipe.py").says("pipe.py is neither a file nor a folder")


def test_a_reader_that_has_seen_enough(tmp_path: Path) -> None:
    import subprocess

    from tests.cli.running import SCRIPT

    many = "from celery import shared_task\n" + "".join(
        f"@shared_task\ndef f{i}(): ...\n" for i in range(2000)
    )
    write(tmp_path, {".git/x": "", "t.py": many})
    with subprocess.Popen(
        [str(SCRIPT), "check"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as started:
        assert started.stdout is not None and started.stderr is not None
        started.stdout.readline()
        started.stdout.close()
        assert started.stderr.read() == b""


def test_a_terminal_that_knows_no_unicode(tmp_path: Path) -> None:
    import subprocess

    from tests.cli.running import SCRIPT

    text = _TASK.replace("max_retries=0", "queue='\N{PILE OF POO}'")
    write(tmp_path, {".git/x": "", "\N{PILE OF POO}.py": text})
    done = subprocess.run(
        [str(SCRIPT), "check"],
        cwd=tmp_path,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"},
        check=False,
    )
    assert done.returncode == 1
    assert b"CEL101" in done.stdout
    assert b"Traceback" not in done.stderr
