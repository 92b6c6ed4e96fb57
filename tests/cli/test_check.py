"""`celeryls check`: exit codes, the JSON contract, selection."""

from pathlib import Path

import pytest

from celeryls import DOCS_URL
from tests.cli.running import Run, script
from tests.rules.harness import write

_CLEAN = (
    "from celery import shared_task\n\n\n"
    "@shared_task(acks_late=True, max_retries=0)\ndef f():\n    ...\n"
)
_UNBOUND = _CLEAN.replace("def f()", "def f(self)")
_LATE = _CLEAN.replace("acks_late=True, ", "")


def test_the_installed_script_finds_what_is_wrong(tmp_path: Path) -> None:
    write(tmp_path, {".git/x": "", "shop/tasks.py": _UNBOUND})
    ran = script(tmp_path, "check")
    assert ran.code == 1
    assert ran.out.startswith("shop/tasks.py:5:7: error CEL105 ")
    assert "[self-without-bind]" in ran.out
    assert "      ^^^^\n" in ran.out
    assert ran.out.endswith(
        "Found 1 problem (1 error). 1 can be mended with --fix.\n"
        "More about a rule: celeryls rule CEL105\n"
    )
    assert ran.err == ""


def test_nothing_to_report(run: Run) -> None:
    write(run.folder, {"t.py": _CLEAN})
    ran = run("check")
    assert (ran.code, ran.out, ran.err) == (0, "No problems found.\n", "")
    assert run("check", "--output-format", "json").json == []


FAIL_ON = [
    ((), _LATE, 1),
    ((), _UNBOUND, 1),
    (("--fail-on", "error"), _LATE, 0),
    (("--fail-on", "error"), _UNBOUND, 1),
    (("--fail-on", "warning"), _LATE, 1),
    (("--fail-on", "hint"), _CLEAN, 0),
    (("--ignore", "CEL101"), _LATE, 0),
    (("--ignore", "missing-acks-late"), _LATE, 0),
    (("--ignore", "CEL1"), _LATE, 0),
    (("--select", "CEL105"), _LATE, 0),
    (("--select", "CEL105,CEL101"), _LATE, 1),
    (("--select", "CEL105", "--select", "CEL101"), _LATE, 1),
    (("--select", "CEL101", "--ignore", "ALL"), _LATE, 0),
    (("--select", " CEL101 , "), _LATE, 1),
]


@pytest.mark.parametrize(("arguments", "text", "code"), FAIL_ON)
def test_the_exit_code(arguments: tuple[str, ...], text: str, code: int, run: Run) -> None:
    write(run.folder, {"t.py": text})
    assert run("check", *arguments).code == code


def test_a_severity_below_the_threshold_is_shown_and_passes(run: Run) -> None:
    write(run.folder, {"t.py": _LATE, "celeryls.toml": 'severity = {CEL101 = "info"}\n'})
    ran = run("check")
    assert ran.code == 0
    assert "info CEL101" in ran.out
    assert run("check", "--fail-on", "info").code == 1


def test_an_item_of_json_is_exactly_what_is_promised(run: Run) -> None:
    write(run.folder, {"shop/tasks.py": _UNBOUND})
    (item,) = run("check", "--output-format", "json").json
    message = item.pop("message")
    assert '"shop.tasks.f"' in message
    assert item == {
        "code": "CEL105",
        "name": "self-without-bind",
        "severity": "error",
        "path": "shop/tasks.py",
        "line": 5,
        "column": 7,
        "end_line": 5,
        "end_column": 11,
        "url": f"{DOCS_URL}/rules/self-without-bind/",
        "fix": {
            "applicability": "safe",
            "title": "Add bind=True",
            "edits": [
                {
                    "path": "shop/tasks.py",
                    "start": {"line": 4, "column": 43},
                    "end": {"line": 4, "column": 43},
                    "new_text": ", bind=True",
                }
            ],
        },
        "alternatives": [],
    }


def test_json_without_a_fix_and_with_several(run: Run) -> None:
    text = "from celery import shared_task\n@shared_task(acks_late=True)\ndef f(): ...\n"
    write(run.folder, {"t.py": text})
    (item,) = run("check", "--output-format", "json").json
    assert item["fix"]["applicability"] == "unsafe"
    assert len(item["alternatives"]) == 2
    const = "O = {'bind': False, 'acks_late': True, 'max_retries': 0}\n"
    text = f"from celery import shared_task\n{const}@shared_task(**O)\ndef f(self): ...\n"
    write(run.folder, {"t.py": text})
    (item,) = run("check", "--output-format", "json").json
    assert (item["fix"], item["alternatives"]) == (None, [])


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_columns_count_code_points_and_lines_end_where_python_ends_them(
    newline: str, run: Run
) -> None:
    text = (
        "from celery import shared_task\n"
        "x = '\N{PILE OF POO}\u2028\x0c\x85'\n"
        "def o(*a): return lambda f: f\n"
        "@o('\N{PILE OF POO}')\n"
        "@shared_task(queue='\N{PILE OF POO}e\u0301', max_retires=1, acks_late=True)\n"
        "def f(): ...\n"
    ).replace("\n", newline)
    write(run.folder, {"t.py": text})
    ran = run("check", "--output-format", "json", "--select", "CEL106")
    (item,) = ran.json
    assert (item["line"], item["column"], item["end_column"]) == (5, 27, 38)
    (edit,) = item["fix"]["edits"]
    assert edit["start"] == {"line": 5, "column": 27}
    assert edit["end"] == {"line": 5, "column": 38}


def test_the_carets_stand_below_what_they_mean(run: Run) -> None:
    text = (
        "if 1:\n\tfrom celery import shared_task\n\t@shared_task(max_retires=1)\n\tdef f(): ...\n"
    )
    write(run.folder, {"t.py": text})
    lines = run("check", "--select", "CEL106").out.splitlines()
    assert lines[2] == "3 | \t@shared_task(max_retires=1)"
    assert lines[3] == "  | \t             ^^^^^^^^^^^"


def test_paths_are_relative_to_here_and_outside_they_are_absolute(run: Run) -> None:
    write(run.folder, {"a b/\N{PILE OF POO}.py": _LATE, "here/x.py": ""})
    items = run("check", "--output-format", "json").json
    assert items[0]["path"] == "a b/\N{PILE OF POO}.py"
    run.folder = run.folder / "here"
    items = run("check", "--output-format", "json", "..").json
    assert items[0]["path"] == str(run.folder.parent / "a b/\N{PILE OF POO}.py")


def test_a_file_is_judged_with_the_whole_project_around_it(run: Run) -> None:
    app = "from celery import Celery\napp = Celery()\napp.conf.task_acks_late = True\n"
    write(run.folder, {"shop/app.py": app, "shop/tasks.py": _LATE})
    assert run("check", "shop/tasks.py").code == 0
    assert run("check", "shop").code == 0


def test_only_what_was_asked_for_is_reported(run: Run) -> None:
    write(run.folder, {"a/t.py": _LATE, "b/t.py": _LATE, "ab/t.py": _LATE})
    paths = [item["path"] for item in run("check", "a", "--output-format", "json").json]
    assert paths == ["a/t.py"]


def test_a_file_named_twice_is_reported_once(run: Run) -> None:
    write(run.folder, {"a/t.py": _LATE})
    assert len(run("check", "a", "a/t.py", "./a/", "--output-format", "json").json) == 1


def test_a_file_that_was_asked_for_is_read_though_git_ignores_it(run: Run) -> None:
    write(run.folder, {".gitignore": "gen/\n", "gen/t.py": _LATE})
    assert run("check").code == 0
    assert run("check", "gen/t.py").code == 1
    assert run("check", "gen").code == 1


def test_a_file_that_was_asked_for_needs_no_name_of_python(run: Run) -> None:
    write(run.folder, {"worker": _LATE})
    assert run("check", "worker").code == 1


def test_projects_side_by_side_have_their_own_settings(run: Run) -> None:
    write(
        run.folder,
        {
            "one/celeryls.toml": 'ignore = ["CEL101"]\n',
            "one/t.py": _LATE,
            "two/celeryls.toml": "",
            "two/t.py": _LATE,
        },
    )
    items = run("check", "one", "two", "--output-format", "json").json
    assert [item["path"] for item in items] == ["two/t.py"]


def test_a_file_in_the_home_folder_does_not_read_all_of_it(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (run.folder / ".git").rmdir()
    monkeypatch.setenv("HOME", str(run.folder))
    app = "from celery import Celery\napp = Celery()\napp.conf.task_acks_late = True\n"
    write(run.folder, {"t.py": _LATE, "private/app.py": app})
    assert run("check", "t.py").code == 1


def test_what_is_excluded_is_checked_if_it_is_named_unless_forced(run: Run) -> None:
    config = '[tool.celeryls]\nexclude = ["old"]\n'
    write(run.folder, {"pyproject.toml": config, "old/t.py": _UNBOUND, "new/t.py": _LATE})
    named = ("check", "old/t.py", "new/t.py", "--output-format", "json")
    assert {item["path"] for item in run(*named).json} == {"old/t.py", "new/t.py"}
    assert {item["path"] for item in run(*named, "--force-exclude").json} == {"new/t.py"}
    alone = run("check", "old/t.py", "--force-exclude")
    assert (alone.code, alone.out, alone.err) == (0, "No problems found.\n", "")
