"""Real projects: what is found there is what somebody has read and found true.

After a change of analysis a difference has to be read by eye before it goes on record; see
`findings.py` beside this file.
"""

from functools import cache
from pathlib import Path

import pytest

from tests.corpus import findings

RECORD = findings.recorded()
LOCK = (Path(__file__).parent / "wheels.txt").read_text("utf-8")
pytestmark = pytest.mark.corpus


@cache
def _described(project: str) -> findings.Item:
    return findings.described(project, findings.check(project), RECORD[project]["reasons"])


def test_every_locked_project_is_on_record() -> None:
    locked = {line.partition("==")[0].lower() for line in LOCK.splitlines() if "==" in line}
    assert sorted(RECORD) == sorted(locked)
    assert sorted(RECORD) == findings.projects()


@pytest.mark.parametrize("project", sorted(RECORD))
def test_the_tasks_of_a_project_are_found(project: str) -> None:
    assert _described(project)["tasks"] == RECORD[project]["tasks"]


@pytest.mark.parametrize("project", sorted(RECORD))
def test_findings_are_those_that_were_read(project: str) -> None:
    assert _described(project)["findings"] == RECORD[project]["findings"]


@pytest.mark.parametrize("project", sorted(RECORD))
def test_every_error_has_a_reason_and_no_reason_is_left_over(project: str) -> None:
    reasons = _described(project)["reasons"]
    assert [place for place, reason in reasons.items() if not reason] == []
    assert reasons == RECORD[project]["reasons"]
