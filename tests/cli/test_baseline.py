"""A baseline: what was there is not shown, what is new is, in the terminal."""

import json
from pathlib import Path

from tests.cli.running import Run
from tests.rules.harness import write

BAD = """\
from celery import shared_task


@shared_task
def charge(order_id): ...


charge.delay()
"""


def _codes(run: Run, *arguments: str) -> list[str]:
    return [item["code"] for item in run("check", "--output-format", "json", *arguments).json]


def test_what_is_known_is_silent_and_what_is_new_is_not(run: Run) -> None:
    write(run.folder, {"shop/tasks.py": BAD, "shop/more.py": BAD})
    assert run("check").code == 1
    ran = run("check", "--write-baseline")
    assert (ran.code, ran.out) == (
        0,
        "Wrote 6 findings to celeryls-baseline.json; check is silent about them now.\n",
    )
    assert json.loads((run.folder / "celeryls-baseline.json").read_text())["shop/tasks.py"] == [
        "CEL101 def charge(order_id): ...",
        "CEL102 def charge(order_id): ...",
        "CEL301 charge.delay()",
    ]
    ran = run("check")
    assert (ran.code, ran.out, ran.err) == (0, "No problems found.\n", "")
    # Lines move, and a new mistake is made.
    text = "# New.\n\n" + BAD.replace("charge.delay()", "if True:\n    charge.delay()")
    (run.folder / "shop/tasks.py").write_text(text + "charge.delay(1, 2)\n")
    assert _codes(run) == ["CEL301"]
    # The same mistake once more is one more.
    (run.folder / "shop/tasks.py").write_text(text + "charge.delay()\n")
    assert _codes(run) == ["CEL301"]


def test_what_is_mended_is_said_and_pruned(run: Run) -> None:
    write(run.folder, {"shop/tasks.py": BAD, "shop/more.py": BAD})
    run("check", "--write-baseline")
    (run.folder / "shop/tasks.py").write_text(BAD.replace("delay()", "delay(1)"))
    ran = run("check")
    assert ran.code == 0
    assert "1 entry of the baseline are not found any more" in ran.err
    assert "baseline" not in run("check", "--select", "CEL101").err
    assert "baseline" not in run("check", "shop/more.py").err
    (run.folder / "shop/more.py").unlink()
    assert "Wrote 2 findings" in run("check", "--write-baseline").out
    assert run("check").err == ""


def test_what_was_not_checked_stays_known(run: Run) -> None:
    write(run.folder, {"shop/tasks.py": BAD, "shop/more.py": BAD})
    run("check", "--write-baseline", "--select", "CEL101")
    assert _codes(run) == ["CEL102", "CEL301"] * 2
    run("check", "--write-baseline", "shop/tasks.py")
    assert _codes(run) == ["CEL102", "CEL301"]
    run("check", "--write-baseline", "--select", "CEL301")
    assert _codes(run) == ["CEL102"]


def test_another_file_by_the_configuration(run: Run, tmp_path: Path) -> None:
    write(run.folder, {"shop/tasks.py": BAD, "celeryls.toml": 'baseline = "ci/known.json"\n'})
    run("check", "--write-baseline").says("known.json can't be written")
    (run.folder / "ci").mkdir()
    run("check", "--write-baseline")
    assert run("check").code == 0
    (run.folder / "ci/known.json").write_text("[1")
    ran = run("check")
    assert ran.code == 1
    assert "known.json can't be read" in ran.err
    (run.folder / "ci/known.json").write_text("[]")
    assert "is no baseline" in run("check").err
    ran = run("check", "--write-baseline")
    assert ran.code == 2
    assert "is no baseline, as check --write-baseline writes it; move it away first" in ran.err
    assert (run.folder / "ci/known.json").read_text() == "[]"


def test_known_mistakes_are_not_mended(run: Run) -> None:
    write(run.folder, {"t.py": BAD.replace("(order_id)", "(self)")})
    run("check", "--write-baseline")
    before = (run.folder / "t.py").read_text()
    assert run("check", "--fix", "--unsafe-fixes").code == 0
    assert (run.folder / "t.py").read_text() == before


def test_it_goes_with_nothing_else(run: Run) -> None:
    run("check", "--write-baseline", "--fix").says("--write-baseline")
