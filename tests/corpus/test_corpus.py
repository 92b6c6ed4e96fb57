"""Real projects: what is found there is what somebody has read and found true.

`findings.json` holds, per project, the number of tasks, the number of findings of each rule,
and for the rules that claim a fault (CEL104, CEL105, CEL106) every finding with the reason why
it is true.  After a change of analysis a difference has to be read by eye before it goes in.
"""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
CORPUS = ROOT / ".corpus"
FINDINGS = json.loads((Path(__file__).parent / "findings.json").read_text("utf-8"))
CLAIMS = ("CEL104", "CEL105", "CEL106")
pytestmark = pytest.mark.corpus


def _run(*arguments: str, expected: tuple[int, ...]) -> list[dict]:
    done = subprocess.run(
        [sys.executable, "-m", "celeryls", *arguments, "--output-format", "json"],
        cwd=CORPUS,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in expected, done.stderr
    assert "error" not in done.stderr, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("project", sorted(FINDINGS))
def test_the_tasks_of_a_project_are_found(project: str) -> None:
    assert len(_run("tasks", project, expected=(0,))) == FINDINGS[project]["tasks"]


@pytest.mark.parametrize("project", sorted(FINDINGS))
def test_findings_are_those_that_were_read(project: str) -> None:
    found = _run("check", project, expected=(0, 1))
    assert dict(Counter(item["code"] for item in found)) == FINDINGS[project]["counts"]
    claims = {
        f"{item['code']} {item['path']}:{item['line']}" for item in found if item["code"] in CLAIMS
    }
    assert claims == set(FINDINGS[project]["claims"])
