"""`celeryls rule`, `celeryls config`, `--help`, and what a process imports."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from celeryls import __version__
from celeryls.rules.page import page
from celeryls.rules.registry import all_rules, find_rule
from tests.cli.running import Run, script
from tests.rules.harness import write


@pytest.mark.parametrize("name", ["CEL101", "cel101", "missing-acks-late"])
def test_a_rule_is_explained(name: str, run: Run) -> None:
    rule = find_rule("CEL101")
    assert rule is not None
    ran = run("rule", name)
    assert (ran.code, ran.out) == (0, page(rule))
    assert ran.out.startswith("# CEL101 missing-acks-late\n")


def test_without_a_name_all_are_listed(run: Run) -> None:
    out = run("rule").out
    for rule in all_rules():
        assert f"| {rule.name} | {rule.summary} |" in out
    assert "\n\n".join(page(rule) for rule in all_rules()) == run("rule", "--all").out


def test_an_unknown_rule(run: Run) -> None:
    run("rule", "CEL1O1").says('no rule "CEL1O1"', 'did you mean "CEL101"')
    run("rule", "xyz").says('no rule "xyz"')


def test_the_settings_in_force(run: Run) -> None:
    settings = 'select = ["CEL101"]\nceleryversion = 1\nseverity = {CEL102 = "info"}\n'
    write(run.folder, {"celeryls.toml": settings, "requirements.txt": "celery==5.4.0\n"})
    ran = run("config")
    assert ran.code == 0
    assert 'select = ["CEL101"]\n' in ran.out
    assert 'severity = { CEL102 = "info" }\n' in ran.out
    assert "ignore = []  # default\n" in ran.out
    assert "# Celery 5.4\n" in ran.out
    assert "celeryls.toml" in ran.out.splitlines()[0]
    assert 'unknown setting "celeryversion"' in ran.err


def test_the_settings_shown_are_a_configuration_file(run: Run) -> None:
    write(
        run.folder,
        {"celeryls.toml": 'celery-version = "5.4"\npython = "x\\"y"\nexclude = ["a\\\\b"]\n'},
    )
    shown = run("config").out
    write(run.folder, {"celeryls.toml": shown})
    again = run("config")
    assert again.err == ""
    assert again.out == shown


def test_the_schema_is_a_schema(run: Run) -> None:
    schema = run("config", "--schema").json
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert (schema["type"], schema["additionalProperties"]) == ("object", False)
    known = {"array", "string", "object", "integer", "boolean", "number"}
    for name, setting in schema["properties"].items():
        assert name == name.lower() and "_" not in name
        assert setting["type"] in known
        assert setting["description"]
        assert setting["type"] != "array" or setting["items"]["type"] in known


def test_help_and_version(tmp_path: Path) -> None:
    ran = script(tmp_path, "--help")
    assert ran.code == 0
    for command in ("server", "check", "tasks", "new", "convert", "rule", "config"):
        assert f"\n  {command} " in ran.out
        assert script(tmp_path, command, "--help").code == 0
    assert __version__ in script(tmp_path, "--version").out


_IMPORTED = """
import json, sys
from celeryls.cli import main
sys.argv = ["celeryls", *sys.argv[1:]]
try:
    main()
except SystemExit:
    pass
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})), file=sys.stderr)
"""

_PROTOCOL = {"pygls", "lsprotocol", "celery", "kombu"}
_HEAVY = {"libcst", "jinja2", "tomlkit"}
PROCESSES = [
    (["--help"], _PROTOCOL | _HEAVY | {"pathspec", "tomllib"}),
    (["check"], _PROTOCOL | _HEAVY),
    (["check", "--fix", "--unsafe-fixes"], _PROTOCOL | _HEAVY),
    (["tasks"], _PROTOCOL | _HEAVY),
    (["rule", "CEL101"], _PROTOCOL | _HEAVY),
    (["config"], _PROTOCOL | _HEAVY),
    (["new", "send", "--yes", "--dry-run"], _PROTOCOL),
    (["convert", "t.py::g", "--dry-run"], _PROTOCOL),
]


@pytest.mark.parametrize(("arguments", "unwanted"), PROCESSES)
def test_what_a_process_imports(arguments: list[str], unwanted: set[str], tmp_path: Path) -> None:
    text = "from celery import shared_task\n@shared_task\ndef f(self): ...\ndef g(): ...\n"
    write(tmp_path, {".git/x": "", "t.py": text})
    done = subprocess.run(
        [sys.executable, "-c", _IMPORTED, *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    imported = set(json.loads(done.stderr.splitlines()[-1]))
    assert "celeryls" in imported
    assert not imported & unwanted


def test_the_users_files_are_never_imported(tmp_path: Path) -> None:
    bomb = "raise SystemExit('imported')\nfrom celery import shared_task\n"
    names = ["json.py", "click.py", "celery.py", "sitecustomize.py", "celeryls.py", "conf.py"]
    write(tmp_path, {".git/x": "", **dict.fromkeys(names, bomb)})
    ran = script(tmp_path, "check", "--ignore", "CEL707")  # it is about such a celery.py
    assert (ran.code, ran.out) == (0, "No problems found.\n")
