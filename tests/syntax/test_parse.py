"""Parsing takes any text, and says exactly where things are in what it understood."""

import ast
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from celeryls.syntax import Parsed, parse, parses
from celeryls.text import Span

from . import broken, samples

# What invalid escapes in the texts made here cause is a warning of the compiler.
pytestmark = pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")


def functions(parsed: Parsed) -> list[str]:
    return [n.name for n in ast.walk(parsed.tree) if isinstance(n, ast.FunctionDef)]


def check(text: str) -> Parsed:
    """Parse, and look whether everything it says lies inside the text."""
    parsed = parse(text)
    whole = Span(0, len(text))
    assert parsed.text == text
    assert len(parsed.source) == len(text)
    assert parsed.broken == bool(parsed.holes)
    assert list(parsed.holes) == sorted(set(parsed.holes))
    assert parsed.hopeless <= (parsed.holes == (whole,))
    for node in ast.walk(parsed.tree):
        if isinstance(node, ast.expr | ast.stmt):
            start, end = parsed.span(node)
            assert 0 <= start <= end <= len(text)
            assert parsed.start(node) == start
    return parsed


@given(broken.texts)
def test_any_text_is_parsed(text: str) -> None:
    parsed = check(text)
    if parses(text):
        assert not parsed.broken
        expected = ast.parse(parsed.source)
        assert ast.dump(parsed.tree) == ast.dump(expected)


@pytest.mark.parametrize("text", broken.HOSTILE.values(), ids=broken.HOSTILE)
def test_hostile_text_is_parsed(text: str) -> None:
    parsed = parse(text)
    assert parsed.hopeless or parsed.tree.body or not text.strip(" \r\n\x00") or parsed.broken
    assert parses(text) in (True, False)


@pytest.mark.parametrize("text", samples.SAMPLES)
def test_whole_samples_have_no_holes(text: str) -> None:
    parsed = check(text)
    assert parses(text)
    assert not parsed.broken
    assert len(functions(parsed)) >= 1


WEIRD = ["\f", "\f\f", "'😀\u2028\x85\v'\n", "# é\u2028@\n", "'''\f\r\n\u2029'''\r", "x = '中'; "]


@given(st.lists(st.sampled_from(WEIRD), max_size=4).map("".join), st.sampled_from(samples.SAMPLES))
def test_spans_point_at_their_text(before: str, sample: str) -> None:
    text = before + sample.removeprefix("\ufeff")
    parsed = parse(text)
    assert not parsed.broken
    found = 0
    for node in ast.walk(parsed.tree):
        if isinstance(node, ast.Name | ast.Attribute):
            code = parsed.span(node).of(text)
            assert code == (node.id if isinstance(node, ast.Name) else ast.unparse(node)) or (
                isinstance(node, ast.Attribute) and code.endswith(node.attr)
            )
            found += 1
        elif isinstance(node, ast.FunctionDef):
            assert parsed.span(node).of(text).startswith(f"def {node.name}(")
            found += 1
        elif isinstance(node, ast.keyword) and node.arg:
            assert parsed.span(node).of(text).startswith(node.arg)
    assert found > 20


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff@app.task\ndef f(): pass",
        "\ufeffimport os; @",
        "x = 1\x00; task.delay(1)",
        "x = '\ud83d'; task.delay(1)",
        "x = '\ud83d\ude00é😀'; task.delay(1)",
        "\ufeffx = '\ufeff\u2028'; task.delay(1)",
        "\f\f  \ftask.delay(1)",
        "if 1:\n\f    task.delay(1)",
        "x = '''\r\n\r\f\u2028'''; task.delay(1)",
        "é = {task.delay(1): '''\n😀'''}",
    ],
)
def test_columns_after_what_no_parser_takes(text: str) -> None:
    parsed = check(text)
    for node in ast.walk(parsed.tree):
        if isinstance(node, ast.Call):
            assert parsed.span(node).of(text) == "task.delay(1)"
            break
        if isinstance(node, ast.FunctionDef):
            assert parsed.span(node.decorator_list[0]).of(text) == "app.task"
            break
    else:
        assert parsed.broken
        assert "task" not in text


def test_a_byte_order_mark_is_no_hole() -> None:
    parsed = check("\ufeffimport os\n")
    assert isinstance(parsed.tree.body[0], ast.Import)
    assert parse("x = '\ufeff'").tree.body[0].value.value == "\ufeff"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "holes"),
    [
        ("x = 1\n@shared_task(\ndef f():\n    pass\n", ["@shared_task("]),
        ("def f():\n    x.delay(\n\ndef g():\n    pass\n", ["    x.delay("]),
        ("def f():\n    if x.\n        y()\n\ndef g(): pass\n", ["    if x."]),
        ("a = 1\n\u2028\ndef f(): pass\n", ["\u2028"]),
        ("if a:\n\xa0\xa0  b = 1\ndef f(): pass\n", ["\xa0\xa0  b = 1"]),
        ("def f():\r    return [\r\rdef g(): pass\r", ["    return ["]),
        ("\ud83d = 1\ndef f(): pass\n", ["\ud83d = 1"]),
        ("x = 1\ny = \ufeff 2\ndef f(): pass\n", ["y = \ufeff 2"]),
        ("x = '\ndef f(): pass", ["x = '"]),
    ],
)
def test_holes_are_what_was_blanked(text: str, holes: list[str]) -> None:
    parsed = check(text)
    assert [hole.of(text) for hole in parsed.holes] == holes
    assert not parsed.hopeless
    assert functions(parsed) == re.findall(r"def (\w)", text)


@pytest.mark.parametrize("text", ["x = '''\n", "(" * 300 + "\n" + "x\n)" * 20, "-" * 9000 + "1"])
def test_hopeless(text: str) -> None:
    parsed = check(text)
    if parsed.hopeless:
        assert parsed.tree.body == []
        assert parsed.holes == (Span(0, len(text)),)
    else:
        assert parsed.broken


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", True),
        ("\ufeffx = 1", True),
        ("# \ud83d", True),
        ("x = (", False),
        ("x\x00", False),
        ("  x = 1", False),
        ("-" * 100_000 + "1", False),
        ("return", True),
    ],
)
def test_parses(text: str, expected: bool) -> None:
    assert parses(text) is expected


@pytest.mark.parametrize("option", ["default", "error", "always"])
def test_the_user_s_escapes_are_not_ours_to_print(option: str) -> None:
    code = (
        "from celeryls.syntax import parse\n"
        r"parsed = parse('x = \'\\d\'\nassert (1, 2)\nif x is 1: pass\ny = 1or 2\n')"
        "\nassert not parsed.broken and len(parsed.tree.body) == 4\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", option, "-c", code], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
