"""The quotes of generated code, as ruff would have them."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from celeryls.forms.expressions import literal_source
from celeryls.generate.quoting import requoted


@pytest.mark.parametrize(
    ("code", "single"),
    [
        ('x = "a"\n', "x = 'a'\n"),
        ("x = \"it's\"\n", "x = \"it's\"\n"),
        ('x = "say \\"hi\\""\n', "x = 'say \"hi\"'\n"),
        ('x = "a\'b\\"c"\n', "x = 'a\\'b\"c'\n"),
        ('x = "\\\\"\n', "x = '\\\\'\n"),
        ('x = "\\n\\x07\\N{BULLET}"\n', "x = '\\n\\x07\\N{BULLET}'\n"),
        ('x = b"a"\n', "x = b'a'\n"),
        ('x = r"a\\b"\n', 'x = r"a\\b"\n'),
        ('"""Say "hi"."""\nx = ""\n', '"""Say "hi"."""\nx = \'\'\n'),
        ('f(\n    name="é",  # "a"\n)\n', "f(\n    name='é',  # \"a\"\n)\n"),
        ('x: "list[str]" = {"a": "b"}\n', "x: 'list[str]' = {'a': 'b'}\n"),
    ],
)  # fmt: skip
def test_single_quotes(code, single):
    assert requoted(code, "'") == single
    assert requoted(code, '"') == code


@given(st.lists(st.text(alphabet="ab'\"\\\n\t é{}") | st.binary(max_size=5), max_size=5))
def test_any_string_keeps_its_value(values):
    code = f"x = [{', '.join(map(literal_source, values))}]\n"
    names = {}
    exec(requoted(code, "'"), names)
    assert names["x"] == values


def test_ruff_would_do_the_same():
    texts = ["a", "it's", 'say "hi"', "a'b\"c", "''\"", '""\'', "\\", "\\'", "é\n", ""]
    code = "".join(f"x{at} = {literal_source(text)}\n" for at, text in enumerate(texts))
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "-"]
    formatted = subprocess.run(
        [*command, "--config", "format.quote-style='single'"],
        input=code, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert requoted(code, "'") == formatted.stdout
