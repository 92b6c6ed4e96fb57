"""What `celeryls check` shows to people."""

import pytest
import wcwidth

from celeryls.cli.terminal import visible, width
from tests.cli.running import Run
from tests.rules.harness import write

TASKS = """\
from celery import shared_task

@shared_task(acks_late=True, max_retries=0)
def charge(order_id): ...

"""
MESSAGE = 'task "t.charge" takes 1 argument, 2 given: it takes order_id [call-arguments]'


def _said(run: Run, code: str) -> list[str]:
    """The lines about a file with this code from its line 6 on."""
    write(run.folder, {"t.py": TASKS + code})
    ran = run("check", "--select", "CEL301")
    assert ran.code == 1
    return ran.out.splitlines()


def test_a_finding_its_source_and_what_it_has_to_do_with(run: Run) -> None:
    assert _said(run, "charge.delay(1, 2)\n") == [
        f"t.py:6:1: error CEL301 {MESSAGE}",
        "  |",
        "6 | charge.delay(1, 2)",
        "  | ^^^^^^^^^^^^^^^^^^",
        " ::: t.py:4:5",
        "4 | def charge(order_id): ...",
        '  |     ------ task "t.charge" is declared here',
        "  = fix: Remove the argument that the task does not take (unsafe)",
        "",
        "Found 1 problem (1 error). 1 can be mended with --fix --unsafe-fixes.",
        "More about a rule: celeryls rule CEL301",
    ]


def test_what_is_related_may_be_in_another_file(run: Run) -> None:
    write(run.folder, {"shop/tasks.py": "\n" * 120 + TASKS})
    write(run.folder, {"t.py": "from shop.tasks import charge\ncharge.delay()\n"})
    assert run("check", "--select", "CEL301").out.splitlines()[1:7] == [
        "    |",
        "  2 | charge.delay()",
        "    | ^^^^^^^^^^^^^^",
        "   ::: shop/tasks.py:124:5",
        "124 | def charge(order_id): ...",
        '    |     ------ task "shop.tasks.charge" is declared here',
    ]


@pytest.mark.parametrize(
    ("before", "blank"),
    [
        ('"漢字"; ', 8),
        ('"e\u0301 한글 \u1100\u1161\u11a8"; ', 13),
        ('"😀 👨\u200d👩\u200d👧 👍🏽 ❤\ufe0f 🏳\ufe0f\u200d🌈"; ', 18),
        ('"soft\xadhyphen \u200b"; ', 16),
        ('"漢"\t;\t', 7),
    ],
)
def test_marks_stand_below_what_they_mean(before: str, blank: int, run: Run) -> None:
    line, marks = _said(run, f"{before}charge.delay(1, 2)\n")[2:4]
    assert line == f"6 | {before}charge.delay(1, 2)"
    assert marks.removeprefix("  | ").rstrip("^").replace("\t", "") == " " * (
        blank - before.count("\t")
    )
    assert marks.count("\t") == before.count("\t")
    assert marks.count("^") == len("charge.delay(1, 2)")


def test_wide_code_has_wide_marks(run: Run) -> None:
    line, marks = _said(run, 'charge.delay("漢字", 2)\n')[2:4]
    assert line.endswith('charge.delay("漢字", 2)')
    assert marks.count("^") == len('charge.delay("漢字", 2)') + 2


WORDS = [
    "漢字",
    "e\u0301",
    "한글",
    "\u1112\u1161\u11ab",
    "😀",
    "👍🏽",
    "❤\ufe0f",
    "❤",
    "\xad",
    "\u200b",
]
WORDS += [
    "👨\u200d👩\u200d👧\u200d👦",
    "🏳\ufe0f\u200d🌈",
    "🇩🇪",
    "ｗｉｄｅ",
    "ﾊﾝ",
    "नी",
    "ไทย",
    "\ufeff",
    "…",
]


@pytest.mark.parametrize("text", [*WORDS, "a".join(WORDS), "".join(reversed(WORDS))])
def test_texts_are_as_wide_as_terminals_have_them(text: str) -> None:
    assert width(text) == wcwidth.wcswidth(text)


def test_source_does_not_command_the_terminal(run: Run) -> None:
    code = '"\x1b]0;title\x07\x1b[2J\x9b31m"; "\u202e)"; charge.delay(1, "\x0c")\n'
    out = "\n".join(_said(run, code))
    assert not set(out) & {"\x1b", "\x07", "\x9b", "\u202e", "\x0c"}
    assert '6 | "␛]0;title␇␛[2J\ufffd31m"; "\ufffd)"; charge.delay(1, "␌")' in out
    assert " " * 27 + "^" * 20 in out


def test_neither_do_names(run: Run) -> None:
    write(
        run.folder, {"\x1b[31m.py": TASKS.replace("=0", "=0, name='\\x1b[32m'") + "charge.delay()"}
    )
    out = run("check", "--select", "CEL301").out
    assert "\x1b" not in out
    assert out.startswith('␛[31m.py:6:1: error CEL301 task "␛[32m" needs "order_id"')


def test_offsets_stay_what_they_are() -> None:
    everything = "".join(map(chr, range(0x3000))) + "\ud800\U0001f600"
    assert len(visible(everything)) == len(everything)
    assert visible("plain\ttext é 漢") == "plain\ttext é 漢"


def test_a_place_of_many_lines_is_shown_between_marks(run: Run) -> None:
    assert _said(run, "charge.delay(\n    1,\n\t2,\n    3,\n    4,\n    5,\n)\n")[1:8] == [
        "   |",
        " 6 | / charge.delay(",
        " 7 | |     1,",
        " 8 | |     2,",
        "   | | ...",
        "12 | | )",
        "   | |_^",
    ]


def test_two_lines_are_shown_whole(run: Run) -> None:
    assert _said(run, "charge.delay(1,\n\t2)\n")[2:5] == [
        "6 | / charge.delay(1,",
        "7 | |     2)",
        "  | |______^",
    ]


def test_of_a_line_without_end_what_matters_is_shown(run: Run) -> None:
    line, marks = _said(run, f"X = '{'x' * 5000}'; charge.delay(1, 2); '{'y' * 5000}'\n")[2:4]
    assert len(line) < 180
    assert line.startswith("6 | …xxx") and line.endswith("yyy…")
    at = line.index("charge.delay(1, 2)")
    assert marks == "  | ".ljust(at) + "^" * len("charge.delay(1, 2)")
    line, marks = _said(run, f"charge.delay(1, '{'y' * 5000}')\n")[2:4]
    assert len(marks) < len(line) < 180


def test_nothing_is_promised_that_fix_does_not_do(run: Run) -> None:
    """A fix that needs a file which was not asked for is not taken."""
    write(run.folder, {"shop/app.py": "from celery import Celery\n\napp = Celery('shop')\n"})
    write(run.folder, {"shop/t.py": TASKS.replace("=0)", "=0, queue='mail')")})
    every = run("check")
    assert every.out.splitlines()[-2].endswith("1 can be mended with --fix --unsafe-fixes.")
    one = run("check", "shop/t.py")
    assert "fix: Move to task_routes" in one.out
    assert one.out.splitlines()[-2] == "Found 1 problem (1 info)."
    before = (run.folder / "shop/t.py").read_text()
    assert "Mended" not in run("check", "shop/t.py", "--fix", "--unsafe-fixes").out
    assert (run.folder / "shop/t.py").read_text() == before
    assert "Mended 1 problem." in run("check", "--fix", "--unsafe-fixes").out
