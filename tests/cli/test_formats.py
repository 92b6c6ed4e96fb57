"""What `celeryls check` prints for programs and for CI."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator

from tests.cli.running import Run, script
from tests.cli.sarif import complaints
from tests.rules.harness import write

ROOT = Path(__file__).parent.parent.parent
TASKS = """\
from celery import shared_task

@shared_task(acks_late=True, max_retries=0)
def charge(order_id): ...

@shared_task(acks_late=True, max_retries=0, queue="mail")
def größe_😀(): ...
"""
CALLS = 'from shop.tasks import charge\n\n"größe 😀"; charge.delay(1, "%, :")\n'
APP = 'from celery import Celery\n\napp = Celery("shop")\n'
FILES = {"shop/tasks.py": TASKS.replace("größe_😀", "größe"), "shop/a b%ü.py": CALLS}


@pytest.fixture
def shop(run: Run) -> Run:
    write(run.folder, {**FILES, "shop/app.py": APP})
    return run


# --- SARIF -----------------------------------------------------------------------------------


def _sarif(ran_out: str) -> dict[str, Any]:
    (one,) = json.loads(ran_out)["runs"]
    return one


def test_sarif_has_rules_places_and_mends(shop: Run) -> None:
    ran = shop("check", "--output-format", "sarif")
    assert ran.code == 1
    run = _sarif(ran.out)
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["CEL107", "CEL301"]
    call, option = run["results"]
    assert (call["ruleId"], rules[call["ruleIndex"]]["id"], call["level"]) == (
        "CEL301",
        "CEL301",
        "error",
    )
    place = call["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "shop/a%20b%25%C3%BC.py", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 3, "startColumn": 12, "endLine": 3, "endColumn": 35}
    (related,) = call["relatedLocations"]
    assert related["physicalLocation"]["artifactLocation"]["uri"] == "shop/tasks.py"
    assert related["physicalLocation"]["region"]["startLine"] == 4
    assert option["level"] == "note"
    assert option["fixes"][0]["description"]["text"] == "Move to task_routes (unsafe)"
    changes = option["fixes"][0]["artifactChanges"]
    assert {change["artifactLocation"]["uri"] for change in changes} == {
        "shop/app.py",
        "shop/tasks.py",
    }


def test_sarif_is_what_the_standard_and_github_want(shop: Run, tmp_path: Path) -> None:
    for arguments in ([], ["--select", "ALL"], ["--select", "CEL501"]):
        log = tmp_path / "out.sarif"
        log.write_text(shop("check", "--output-format", "sarif", *arguments).out, "utf-8")
        assert complaints(log) == ""


def test_a_broken_log_is_complained_about(tmp_path: Path) -> None:
    """The validator is one that can say no."""
    log = tmp_path / "out.sarif"
    log.write_text('{"version": "2.1.0", "runs": [{"tool": {"driver": {"nam": "x"}}}]}')
    assert complaints(log)


@pytest.mark.parametrize("kind", ["sarif", "gitlab"])
def test_fingerprints_stay_when_lines_move(kind: str, shop: Run) -> None:
    def prints() -> list[str]:
        found = json.loads(shop("check", "--select", "ALL", "--output-format", kind).out)
        if kind == "gitlab":
            return [issue["fingerprint"] for issue in found]
        return [r["partialFingerprints"]["celeryls/v1"] for r in found["runs"][0]["results"]]

    before = prints()
    assert len(set(before)) == len(before) > 3
    path = shop.folder / "shop/tasks.py"
    path.write_text('"""New."""\n\n# And more.\n' + path.read_text())
    assert prints() == before
    path.write_text(path.read_text().replace("charge(order_id)", "charge(order)"))
    after = prints()
    assert after != before
    assert set(after) & set(before)


# --- GitHub, GitLab, JUnit -------------------------------------------------------------------


def test_github_gets_commands_that_it_can_read(shop: Run) -> None:
    ran = shop("check", "--output-format", "github")
    assert ran.code == 1
    call, option = ran.out.splitlines()
    assert call == (
        "::error title=CEL301 call-arguments,file=shop/a b%25ü.py,line=3,endLine=3,col=12,"
        'endColumn=35::task "shop.tasks.charge" takes 1 argument, 2 given: it takes order_id'
    )
    assert option.startswith("::notice title=CEL107 routing-option-deprecated,file=shop/tasks.py")


def test_what_is_in_a_message_ends_no_command(run: Run) -> None:
    write(run.folder, {"t.py": TASKS + 'charge.delay(1, **{"a\\r\\n::warning::x%": 2})\n'})
    out = run("check", "--select", "CEL3", "--output-format", "github").out
    assert len(out.splitlines()) <= 1


def test_gitlab_gets_its_issues(shop: Run) -> None:
    call, option = json.loads(shop("check", "--output-format", "gitlab").out)
    assert call["check_name"] == "call-arguments"
    assert call["severity"] == "major"
    assert call["location"] == {
        "path": "shop/a b%ü.py",
        "positions": {"begin": {"line": 3, "column": 12}, "end": {"line": 3, "column": 35}},
    }
    assert re.fullmatch("[0-9a-f]{32}", call["fingerprint"])
    assert option["severity"] == "info"


def test_junit_has_a_failure_for_each_finding(shop: Run) -> None:
    root = ElementTree.fromstring(shop("check", "--output-format", "junit").out)
    suites = {suite.get("name"): suite for suite in root}
    assert suites.keys() == {"shop/a b%ü.py", "shop/tasks.py"}
    (case,) = suites["shop/a b%ü.py"]
    assert case.get("name") == "CEL301 call-arguments (line 3, column 12)"
    failure = case.find("failure")
    assert failure is not None
    assert "takes 1 argument, 2 given" in (failure.get("message") or "")


def test_junit_survives_what_xml_can_not_say(run: Run) -> None:
    write(run.folder, {"t.py": TASKS.replace('"mail"', '"mail", nam_\x0be="x\\x00"')})
    write(run.folder, {"u.py": TASKS.replace("max_retries=0, queue", "name='a\x01\x1b', queue")})
    out = run("check", "--select", "ALL", "--output-format", "junit").out
    assert len(ElementTree.fromstring(out)) >= 1


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("json", "[]\n"),
        ("github", ""),
        ("gitlab", "[]\n"),
        ("text", "No problems found.\n"),
    ],
)
def test_nothing_found(kind: str, expected: str, run: Run) -> None:
    write(run.folder, {"t.py": APP})
    ran = run("check", "--output-format", kind)
    assert (ran.code, ran.out) == (0, expected)


def test_nothing_found_is_a_test_that_passed(run: Run) -> None:
    write(run.folder, {"t.py": APP})
    ran = run("check", "--output-format", "junit")
    (suite,) = ElementTree.fromstring(ran.out)
    assert (ran.code, suite.get("tests"), suite.get("failures")) == (0, "1", "0")
    run_log = _sarif(run("check", "--output-format", "sarif").out)
    assert run_log["results"] == run_log["tool"]["driver"]["rules"] == []


def test_json_edits_of_another_file_count_in_that_file(shop: Run) -> None:
    items = shop("check", "--output-format", "json", "--select", "CEL107").json
    (edit,) = [e for e in items[0]["fix"]["edits"] if e["path"] == "shop/app.py"]
    assert edit["start"] == edit["end"] == {"line": 4, "column": 1}


# --- where, and in whose words ------------------------------------------------------------


@pytest.mark.parametrize("kind", ["sarif", "github", "gitlab", "junit"])
def test_ci_wants_paths_of_the_repository(kind: str, shop: Run) -> None:
    """Whatever folder the command runs in: that is where CI puts its annotations."""
    at_root = shop("check", "--output-format", kind)
    (shop.folder / "shop/.keep").touch()
    shop.folder = shop.folder / "shop"
    assert shop("check", "..", "--output-format", kind).out == at_root.out


@pytest.mark.parametrize("kind", ["sarif", "gitlab"])
def test_without_a_repository_paths_are_those_of_this_folder(kind: str, tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": "", "a/t.py": TASKS.replace("_😀", "") + "charge.delay()\n"})
    out = script(tmp_path / "a", "check", "--select", "CEL301", "--output-format", kind).out
    assert '"t.py"' in out


def test_what_a_message_quotes_is_no_link(run: Run) -> None:
    """SARIF has links in plain text; a name in somebody's branch must not make one."""
    name = "[more](https://evil.example)"
    write(run.folder, {"t.py": TASKS.replace("max_retries=0)", f'name="{name}")', 1)})
    (run.folder / "t.py").write_text((run.folder / "t.py").read_text() + "charge.delay()\n")
    out = run("check", "--select", "CEL301", "--output-format", "sarif").out
    (result,) = _sarif(out)["results"]
    assert r'task "\[more\](https://evil.example)" needs' in result["message"]["text"]
    assert r"\[more\](" in result["relatedLocations"][0]["message"]["text"]


STRANGE = """\
from celery import shared_task
@shared_task(name="half \\ud83d pair\\x1b[31m", acks_late=True, max_retries=0)
def f(): ...
f.delay(1)
"""


@pytest.mark.parametrize("kind", ["text", "json", "sarif", "github", "gitlab", "junit"])
def test_what_can_not_be_encoded_ends_nothing(kind: str, tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.py")).write_text(STRANGE)
    ran = script(tmp_path, "check", "--output-format", kind)
    assert (ran.code, ran.err) == (1, "")
    assert "half" in ran.out
    if kind in ("json", "sarif", "gitlab"):
        assert json.loads(ran.out)
    if kind in ("sarif", "gitlab"):
        assert "\\ud83d" not in ran.out
    if kind == "sarif":
        assert '"uri": "caf%E9.py"' in ran.out


# --- statistics ------------------------------------------------------------------------------


def test_statistics_count_rules(shop: Run) -> None:
    ran = shop("check", "--statistics")
    assert ran.code == 1
    assert ran.out == (
        "1  CEL107  [ ]  routing-option-deprecated\n"
        "1  CEL301  [ ]  call-arguments\n"
        "Found 2 problems (1 error, 1 info). 2 can be mended with --fix --unsafe-fixes.\n"
    )
    assert shop("check", "--statistics", "--output-format", "json").json == [
        {
            "code": "CEL107",
            "name": "routing-option-deprecated",
            "count": 1,
            "fixable": 0,
            "unsafe": 1,
        },
        {"code": "CEL301", "name": "call-arguments", "count": 1, "fixable": 0, "unsafe": 1},
    ]


def test_statistics_fit_their_schema(shop: Run) -> None:
    schema = json.loads((ROOT / "docs/schemas/statistics.json").read_text("utf-8"))
    validator = Draft202012Validator(schema)
    rows = shop("check", "--statistics", "--output-format", "json", "--select", "ALL").json
    validator.validate(rows)
    assert rows
    for key in rows[0]:
        assert not validator.is_valid([{k: v for k, v in rows[0].items() if k != key}])
    assert not validator.is_valid([{**rows[0], "more": 1}])


def test_statistics_say_what_can_be_mended(run: Run) -> None:
    head = TASKS[: TASKS.index("@")]
    unbound = "@shared_task(acks_late=True, max_retries=0)\ndef {}(self): ...\n"
    computed = "O = {'bind': False, 'acks_late': True, 'max_retries': 0}\n@shared_task(**O)\n"
    write(run.folder, {"t.py": head + unbound.format("f") + computed + "def g(self): ...\n"})
    assert run("check", "--statistics").out == (
        "2  CEL105  [-]  self-without-bind\n"
        "Found 2 problems (2 errors). 1 can be mended with --fix.\n"
    )
    write(run.folder, {"t.py": head + unbound.format("f")})
    out = run("check", "--statistics").out
    assert out.startswith("1  CEL105  [*]")
    assert "1 can be mended" in out
    assert run("check", "--statistics", "--fix").out == (
        "mended t.py: CEL105 self-without-bind\nMended 1 problem. Nothing left to report.\n"
    )
    assert run("check", "--statistics", "--ignore", "ALL").out == "No problems found.\n"


def test_statistics_of_other_formats_make_no_sense(shop: Run) -> None:
    shop("check", "--statistics", "--output-format", "sarif").says("--statistics", "json")


# --- selection -------------------------------------------------------------------------------


def test_a_rule_that_is_off_can_be_added(shop: Run) -> None:
    (shop.folder / "shop/lost.py").write_text(
        TASKS.replace("größe_😀", "x").replace(", queue=", ", name=")
    )
    codes = [i["code"] for i in shop("check", "--output-format", "json").json]
    more = shop("check", "--extend-select", "CEL702", "--output-format", "json").json
    assert sorted(codes) == [code for code in sorted(i["code"] for i in more) if code != "CEL702"]
    assert "CEL702" in {i["code"] for i in more}
    (shop.folder / "celeryls.toml").write_text('extend-select = ["CEL702"]\n')
    assert shop("check", "--output-format", "json").json == more


# --- what goes together --------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["text", "sarif"])
def test_a_format_is_loaded_when_it_is_asked_for(kind: str, shop: Run) -> None:
    code = (
        "import sys\nfrom celeryls.cli import main\n"
        f"sys.argv = ['celeryls', 'check', '--output-format', '{kind}']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(*sys.modules, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=shop.folder, capture_output=True, text=True, check=True
    )
    prefix = "celeryls.cli.formats."
    loaded = {m.removeprefix(prefix) for m in done.stderr.split() if m.startswith(prefix)}
    assert loaded == {kind}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["-", "t.py"], "standard input"),
        (["--stdin-filename", "t.py"], "--stdin-filename"),
        (["-", "--watch"], "watched"),
        (["--watch", "--fix"], "--watch"),
        (["--diff", "--output-format", "github"], "--diff"),
    ],
)
def test_what_does_not_go_together(arguments: list[str], says: str, run: Run) -> None:
    write(run.folder, {"t.py": APP})
    run("check", *arguments).says(says)
