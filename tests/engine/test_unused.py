"""CEL000: comments that silence nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from celeryls.config import Config
from celeryls.engine import Selection, check_file
from celeryls.ide.fix_all import fixed
from tests.project.reading import workspace

HEAD = "from celery import shared_task\n\n\n"
GOOD = HEAD + "@shared_task(acks_late=True, max_retries=0){}\ndef f(): ...\n"
LATE = HEAD + "@shared_task(max_retries=0){}\ndef f(): ...\n"

# A comment where nothing is to be silenced, and what is left of it.
UNUSED = {
    "  # celeryls: ignore[CEL101]": "",
    "  # celeryls: ignore": "",
    "  # noqa: CEL101": "",
    "  # noqa:CEL101": "",
    "  # noqa: E501, CEL101": "  # noqa: E501",
    "  # noqa: CEL101, E501": "  # noqa: E501",
    "  # noqa: E501, CEL101, F401": "  # noqa: E501, F401",
    "  # noqa: E501 CEL101": "  # noqa: E501",
    "  # noqa: CEL102, CEL101": "",
    "  # celeryls: ignore[CEL101, missing-retry]": "",
    "  # celeryls: ignore[ CEL101 ]": "",
    "  # celeryls: ignore[CEL999]": "",
    "  # idempotent # celeryls: ignore[CEL101]": "  # idempotent",
    "  # celeryls: ignore[CEL101]  # noqa: E501": "  # noqa: E501",
    "  # celeryls: ignore[CEL101] it is cheap": "  # it is cheap",
    "  # type: ignore # noqa: CEL101": "  # type: ignore",
}
USED = [
    "  # celeryls: ignore[CEL101]",
    "  # celeryls: ignore",
    "  # celeryls: ignore[missing-acks-late]",
    "  # noqa: CEL101",
    "  # noqa: E501, CEL101",
]
LEFT_ALONE = [
    "  # noqa",
    "  # noqa: E501",
    "  # noqa: CEL017",
    "  # noqa: CEL999",
    "  # celeryls: ignore[CEL017]",
    "  # celeryls: ignore[CEL702]",  # off here
    "  # noqa: CEL702",
]


def reported(root: Path, text: str, **settings: tuple[str, ...]) -> list[str]:
    opened = workspace(root, {"t.py": text})
    path = str(root / "t.py")
    found = check_file(opened.snapshot(), path, text, Selection(replace(Config(), **settings)))
    assert found is not None
    return [item.rule.code for item in found]


def mended(root: Path, text: str) -> str:
    path = str(root / "t.py")
    project = workspace(root, {"t.py": text}).snapshot()
    result = fixed(project, {path: text}, Selection(Config()))
    return result.texts.get(path, text)


@pytest.mark.parametrize("comment", UNUSED)
def test_a_comment_that_silences_nothing_goes(comment: str, tmp_path: Path) -> None:
    text = GOOD.format(comment)
    assert set(reported(tmp_path, text)) == {"CEL000"}
    assert mended(tmp_path, text) == GOOD.format(UNUSED[comment])


@pytest.mark.parametrize("comment", USED)
def test_a_comment_that_silences_something_stays(comment: str, tmp_path: Path) -> None:
    assert reported(tmp_path, LATE.format(comment)) == []


@pytest.mark.parametrize("comment", LEFT_ALONE)
def test_what_can_not_be_judged_stays(comment: str, tmp_path: Path) -> None:
    assert reported(tmp_path, GOOD.format(comment)) == []


def test_half_of_a_list_is_used(tmp_path: Path) -> None:
    text = LATE.format("  # celeryls: ignore[CEL102, CEL101]")
    assert reported(tmp_path, text) == ["CEL000"]
    assert mended(tmp_path, text) == LATE.format("  # celeryls: ignore[CEL101]")


def test_lines_of_their_own_go_whole(tmp_path: Path) -> None:
    own = "# celeryls: ignore-file[CEL301]\n"
    above = GOOD.format("").replace("@shared", "# celeryls: ignore[CEL101]\n@shared")
    assert mended(tmp_path, own + above) == GOOD.format("")
    crlf = (own + GOOD.format("  # noqa: CEL101")).replace("\n", "\r\n")
    assert mended(tmp_path, crlf) == GOOD.format("").replace("\n", "\r\n")


def test_rules_that_do_not_run_are_not_judged(tmp_path: Path) -> None:
    text = GOOD.format("  # celeryls: ignore[CEL101]")
    assert reported(tmp_path, text, ignore=("CEL101",)) == []
    assert reported(tmp_path, text, select=("CEL000",)) == []
    assert reported(tmp_path, text, select=("CEL000", "CEL101")) == ["CEL000"]
    assert reported(tmp_path, text, ignore=("CEL000",)) == []
    assert reported(tmp_path, GOOD.format("  # celeryls: ignore"), select=("CEL0", "CEL1")) == []


def test_half_typed_code_is_not_judged(tmp_path: Path) -> None:
    text = GOOD.format("  # celeryls: ignore[CEL101]") + "x = (\n"
    assert reported(tmp_path, text) == []


def test_a_rule_that_fails_is_not_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from celeryls.rules.registry import find_rule

    def fail(self: object, file: object) -> None:
        raise RuntimeError("a bug of ours")

    monkeypatch.setattr(type(find_rule("CEL101")), "check", fail)
    assert reported(tmp_path, GOOD.format("  # celeryls: ignore[CEL101]")) == []


def test_a_finding_that_gives_way_is_silenced_all_the_same(tmp_path: Path) -> None:
    call = "f.delay(countdown=3)  # celeryls: ignore[CEL301, CEL304]\n"
    assert reported(tmp_path, GOOD.format("") + call) == []
