"""One file through the rules: holes, rules that fail, rules that give way, fixing."""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from celeryls.config import Config
from celeryls.engine import Diagnostic, Selection, check_file, fix_files
from celeryls.ide.fix_all import fix_all_edits, fixed
from celeryls.project import Project
from celeryls.rules.base import FileContext, Finding, Rule
from celeryls.rules.registry import find_rule
from celeryls.text import Applicability, Edit, Fix, Span, apply_edits
from tests.project.reading import workspace

_TASK = "from celery import shared_task\n\n@shared_task(bind=True)\ndef f():\n    return 1\n"


def found(root: Path, text: str, **settings: tuple[str, ...]) -> list[str]:
    """The codes that are reported while `text` is in an open buffer."""
    opened = workspace(root, {"t.py": text})
    path = str(root / "t.py")
    opened.open(path, text)
    config = replace(Config(), **settings)
    items = check_file(opened.snapshot(), path, text, Selection(config))
    return [] if items is None else [item.rule.code for item in items]


# --- rules that fail ---------------------------------------------------------------------


def test_a_rule_that_fails_is_logged_and_the_others_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(self: Rule, file: FileContext) -> Iterator[Finding]:
        yield from ()
        raise RuntimeError("a bug of ours")

    monkeypatch.setattr(type(find_rule("CEL101")), "check", fail)
    with caplog.at_level(logging.ERROR):
        assert found(tmp_path, _TASK) == ["CEL102", "CEL104"]
    (record,) = caplog.records
    assert "CEL101" in record.getMessage()
    assert "t.py" in record.getMessage()
    assert record.exc_info is not None


def test_findings_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = _TASK + _TASK.replace("def f", "def g")
    assert found(tmp_path, text) == ["CEL101", "CEL102", "CEL104"] * 2


def test_a_file_that_is_not_of_the_workspace_has_no_findings(tmp_path: Path) -> None:
    project = workspace(tmp_path, {"t.py": _TASK}).snapshot()
    assert check_file(project, str(tmp_path / "x.py"), _TASK, Selection(Config())) == ()


# --- holes -------------------------------------------------------------------------------

HALF_TYPED = {
    "decorator": (_TASK.replace("@shared_task(bind=True)", "@shared_task(bind=True"), []),
    "decorator, option": (_TASK.replace("bind=True", "bind=True, acks_"), []),
    "decorator, value": (_TASK.replace("bind=True", "bind=True, acks_late="), []),
    "parameters": (_TASK.replace("def f():", "def f("), []),
    "a line of the body": (_TASK.replace("return 1", "return 1 +"), ["CEL101", "CEL104"]),
    "elsewhere": (_TASK + "\nx = (\n", ["CEL101", "CEL102", "CEL104"]),
}


@pytest.mark.parametrize("where", HALF_TYPED)
def test_what_a_half_typed_line_could_hide_is_not_reported(where: str, tmp_path: Path) -> None:
    text, expected = HALF_TYPED[where]
    assert found(tmp_path, text) == expected


def test_a_blanked_bind_does_not_make_self_without_bind(tmp_path: Path) -> None:
    text = _TASK.replace("def f()", "def f(self)")
    assert found(tmp_path, text, select=("CEL105",)) == []
    for typed in ("@shared_task(bind=", "@shared_task(bind=True, (", "@shared_task(**"):
        broken = text.replace("@shared_task(bind=True)", typed)
        assert found(tmp_path, broken, select=("CEL105",)) == [], typed


def test_nothing_can_be_said_of_a_text_that_defies_parsing(tmp_path: Path) -> None:
    opened = workspace(tmp_path, {"t.py": _TASK})
    text = "-" * 100_000 + "1"
    opened.open(str(tmp_path / "t.py"), text)
    selection = Selection(Config())
    assert check_file(opened.snapshot(), str(tmp_path / "t.py"), text, selection) is None


# --- fixing --------------------------------------------------------------------------------


def fix(root: Path, text: str, *, unsafe: bool = False, **settings: tuple[str, ...]) -> str:
    project = workspace(root, {"t.py": text}).snapshot()
    selection = Selection(replace(Config(), **settings))
    path = str(root / "t.py")
    result = fixed(project, {path: text}, selection, unsafe=unsafe)
    assert not result.failed
    after = result.texts.get(path, text)
    again = fixed(project.with_text(path, after), {path: after}, selection, unsafe=unsafe)
    assert again.texts == {}, "fixing is not at its end"
    return after


def test_several_fixes_at_one_place_end_in_one_text(tmp_path: Path) -> None:
    text = "from celery import shared_task\n\n@shared_task\ndef f(self): ...\n"
    assert fix(tmp_path, text, unsafe=True) == (
        "from celery import shared_task\n\n"
        "@shared_task(\n    acks_late=True,\n    autoretry_for=(ConnectionError, TimeoutError),\n"
        "    retry_backoff=True,\n    retry_backoff_max=600,\n    retry_jitter=True,\n"
        "    max_retries=3,\n    bind=True,\n)\n"
        "def f(self): ...\n"
    )


def test_safe_fixes_only_unless_asked(tmp_path: Path) -> None:
    text = "from celery import shared_task\n\n@shared_task(max_retires=2)\ndef f(self): ...\n"
    assert fix(tmp_path, text) == text.replace("max_retires=2", "max_retries=2, bind=True")


def test_many_tasks_are_fixed_at_once(tmp_path: Path) -> None:
    text = "from celery import shared_task\n" + "".join(
        f"@shared_task(max_retires=1, time_limt=2)\ndef f{i}(self): ...\n" for i in range(40)
    )
    after = fix(tmp_path, text)
    assert after.count("max_retries=1, time_limit=2, bind=True") == 40


def test_the_edits_of_fix_all_give_the_fixed_text_and_touch_no_other_line(tmp_path: Path) -> None:
    text = _TASK + "\r\n# untouched \u2028 \N{PILE OF POO}\n" + _TASK.replace("def f", "def g")
    project = workspace(tmp_path, {"t.py": text}).snapshot()
    edits = fix_all_edits(project, str(tmp_path / "t.py"), text, Selection(Config()))
    assert apply_edits(text, edits) == text.replace("f()", "f(self)").replace("g()", "g(self)")
    assert all("\n" not in edit.span.of(text) for edit in edits)


# --- fixes as they should not be -----------------------------------------------------------


def diagnostic(*edits: Edit, applicability: Applicability = Applicability.SAFE) -> Diagnostic:
    rule = find_rule("CEL101")
    assert rule is not None
    span = Span(0, 1)
    made = Fix.in_file("t.py", "x", applicability, *edits)
    return Diagnostic(rule, "error", Finding(rule.code, "m", span, span, span, (made,)))


def insert(at: int, text: str) -> Edit:
    return Edit(Span(at, at), text)


def one_file(
    text: str, check: Callable[[str], tuple[Diagnostic, ...]], *, unsafe: bool = False
) -> tuple[str, int, bool]:
    """The text of one file after its fixes, how many were applied, and whether one failed."""
    result = fix_files(
        {"t.py": text}, lambda changed, path: check(changed.get(path, text)), unsafe=unsafe
    )
    return result.texts.get("t.py", text), len(result.applied), bool(result.failed)


def test_overlapping_fixes_wait_for_the_next_round() -> None:
    rounds: list[str] = []

    def check(text: str) -> tuple[Diagnostic, ...]:
        rounds.append(text)
        wanted = [old for old in ("aaa", "aab") if old in text]
        return tuple(
            diagnostic(Edit(Span(text.index(old), text.index(old) + 3), "c")) for old in wanted
        )

    assert one_file("aaaab", check) == ("cab", 1, False)
    assert rounds == ["aaaab", "cab"]


def test_a_fix_that_is_never_done_comes_to_an_end() -> None:
    text, applied, _ = one_file("x\n", lambda text: (diagnostic(insert(0, "# y\n")),))
    assert text == "# y\n" * applied + "x\n"
    assert applied < 20


def test_fixes_that_undo_each_other_come_to_an_end() -> None:
    other = {"a": "b", "b": "a"}
    text, applied, _ = one_file("a\n", lambda text: (diagnostic(Edit(Span(0, 1), other[text[0]])),))
    assert (text, applied) == ("a\n", 2)


def test_a_fix_that_breaks_the_file_is_thrown_away() -> None:
    assert one_file("x = 1\n", lambda text: (diagnostic(insert(5, " )")),)) == ("x = 1\n", 0, True)


def test_a_fix_that_breaks_the_file_in_a_later_round_keeps_the_rounds_before() -> None:
    def check(text: str) -> tuple[Diagnostic, ...]:
        return (diagnostic(insert(5, " + 1" if "+" not in text else " )")),)

    assert one_file("x = 1\n", check) == ("x = 1 + 1\n", 1, True)


@pytest.mark.parametrize("applicability", [Applicability.UNSAFE, Applicability.DISPLAY_ONLY])
def test_what_is_not_safe_is_left(applicability: Applicability) -> None:
    item = diagnostic(insert(0, "# y\n"), applicability=applicability)
    assert one_file("x\n", lambda text: (item,)) == ("x\n", 0, False)


def test_what_only_shows_the_way_is_never_applied() -> None:
    item = diagnostic(insert(0, "# y\n"), applicability=Applicability.DISPLAY_ONLY)
    assert one_file("x\n", lambda text: (item,), unsafe=True) == ("x\n", 0, False)


def across(edits: Mapping[str, Edit]) -> Diagnostic:
    """A diagnostic whose fix edits several files."""
    item = diagnostic()
    fix = Fix("x", Applicability.SAFE, {path: (edit,) for path, edit in edits.items()})
    return replace(item, finding=replace(item.finding, fixes=(fix,)))


def test_a_fix_reaches_every_file_it_may_change() -> None:
    item = across({"t.py": insert(0, "# t\n"), "u.py": insert(0, "# u\n")})

    def check(changed: Mapping[str, str], path: str) -> tuple[Diagnostic, ...]:
        return (item,) if path == "t.py" and not changed else ()

    files = {"t.py": "1\n", "u.py": "2\n"}
    assert fix_files(files, check, unsafe=False).texts == {"t.py": "# t\n1\n", "u.py": "# u\n2\n"}
    assert fix_files({"t.py": "1\n"}, check, unsafe=False).texts == {}


def test_a_fix_that_breaks_another_file_is_thrown_away_whole() -> None:
    bad = across({"t.py": insert(0, "# t\n"), "u.py": insert(0, "(")})
    good = across({"v.py": insert(0, "# v\n")})

    def check(changed: Mapping[str, str], path: str) -> tuple[Diagnostic, ...]:
        return {"t.py": (bad,), "v.py": () if "v.py" in changed else (good,)}.get(path, ())

    files = {"t.py": "1\n", "u.py": "2\n", "v.py": "3\n"}
    result = fix_files(files, check, unsafe=False)
    assert (result.texts, result.failed) == ({"v.py": "# v\n3\n"}, {"u.py"})


def test_a_fix_that_shows_a_mistake_elsewhere_is_not_the_end() -> None:
    def check(changed: Mapping[str, str], path: str) -> tuple[Diagnostic, ...]:
        if path in changed or (path == "a.py" and "b.py" not in changed):
            return ()
        return (across({path: insert(0, "# fixed\n")}),)

    result = fix_files({"a.py": "1\n", "b.py": "2\n"}, check, unsafe=False)
    assert result.texts == {"a.py": "# fixed\n1\n", "b.py": "# fixed\n2\n"}


def test_a_project_with_another_text_is_another_project(tmp_path: Path) -> None:
    project: Project = workspace(tmp_path, {"t.py": _TASK}).snapshot()
    path = str(tmp_path / "t.py")
    other = project.with_text(path, _TASK.replace("def f", "def g"))
    assert [task.decl.name for task in project.tasks()] == ["f"]
    assert [task.decl.name for task in other.tasks()] == ["g"]
    assert other.text(path) != project.text(path)
