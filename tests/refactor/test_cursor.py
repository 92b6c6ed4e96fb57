"""Where the cursor has to be."""

import subprocess
import sys

import pytest

from celeryls.refactor.convert_function import find_function
from celeryls.syntax import parse

ON_SYNC = """\
x = 1
@(│
    a│
)
@b│(
    1,│
)
│def sy│nc(
    a,  # │the a
    b=lambda: 2,
│) -> (
    int│
):  # why│
    # Inside.
    return 1
"""
NESTED = """\
class Shop:
    try:
        ...
    except OSError:
        match x:
            case 1:
                def s│ync(self):
                    def inner(): ...
"""


def found(text):
    offset = text.index("│")
    target = find_function(parse(text.replace("│", "")), offset)
    return None if target is None else target.name


@pytest.mark.parametrize("number", range(ON_SYNC.count("│")))
def test_on_its_head(number):
    parts = ON_SYNC.split("│")
    text = "".join(parts[: number + 1]) + "│" + "".join(parts[number + 1 :])
    assert found(text) == "sync"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("def sync(): re│turn 1", "sync"),
        ("def sync():\n    re│turn 1", None),
        ('def sync():\n    """D│oc."""', None),
        ("│x = 1\ndef sync(): ...", None),
        ("def sync(): ...\n│", None),
        ("def sync():\n    @a\n    def inn│er(): ...", "sync.<locals>.inner"),
        ("def sync():\n    │@a\n    def inner(): ...", "sync.<locals>.inner"),
        ("def sync():\n    class A:\n        def b│(self): ...", "sync.<locals>.A.b"),
        ("class A:\n    class B:\n        async def c│(self): ...", "A.B.c"),
        (NESTED, "Shop.sync"),
        ("│", None),
        ('"""│', None),
    ],
)
def test_elsewhere(text, name):
    assert found(text) == name


def test_looking_and_refusing_does_without_libcst():
    code = """
import sys
from celeryls.refactor.convert_function import find_function, refusal
from celeryls.syntax import parse

parsed = parse("def sync(): ...")
assert refusal(parsed, find_function(parsed, 5), is_task=False) is None
print("libcst" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
