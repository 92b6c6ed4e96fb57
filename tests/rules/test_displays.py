"""Items added to displays and calls: what ruff would have left, whatever was there."""

import subprocess
import sys

import pytest

from celeryls.rules.displays import add_to_argument, add_to_display
from celeryls.syntax import parse
from celeryls.text import apply_edits

ONE = '"b": 2'
MANY = '"b": {\n    "c": 1,\n}'
DISPLAYS = {
    ("X = {}\n", ONE): 'X = {"b": 2}\n',
    ("X = {}\n", MANY): 'X = {\n    "b": {\n        "c": 1,\n    },\n}\n',
    ('X = {"a": 1}\n', ONE): 'X = {"a": 1, "b": 2}\n',
    ('X = {"a": (1, 2)}  # why\n', MANY): (
        'X = {\n    "a": (1, 2),\n    "b": {\n        "c": 1,\n    },\n}  # why\n'
    ),
    ('X = {\n    "a": 1,  # first\n}\n', MANY): (
        'X = {\n    "a": 1,  # first\n    "b": {\n        "c": 1,\n    },\n}\n'
    ),
    ('class C:\n    X = {"a": "{,"}\n', MANY): (
        'class C:\n    X = {\n        "a": "{,",\n        "b": {\n            "c": 1,\n        },\n'
        "    }\n"
    ),
    (f'X = {{"a": "{"x" * 70}"}}\n', ONE): f'X = {{\n    "a": "{"x" * 70}",\n    "b": 2,\n}}\n',
}


def span_of(text, kind):
    parsed = parse(text)
    value = parsed.tree.body[0]
    value = getattr(value, "body", [value])[0].value
    return parsed.span(value), parsed, value


@pytest.mark.parametrize(("text", "item"), DISPLAYS)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_an_item_is_laid_out_as_ruff_would(text: str, item: str, newline: str) -> None:
    changed = text.replace("\n", newline)
    span, _, _ = span_of(changed, "dict")
    after = apply_edits(changed, add_to_display(changed, span, item, line_length=88))
    assert after == DISPLAYS[text, item].replace("\n", newline)
    if newline == "\n":
        assert formatted(after) == after


CALLS = {
    'app = Celery("shop", include=["a"])\n': 'app = Celery("shop", include=["a", "shop.b"])\n',
    'app = Celery("shop", broker="redis://localhost", include=["shop.first", "shop.second"])\n': (
        'app = Celery(\n    "shop",\n    broker="redis://localhost",\n'
        '    include=["shop.first", "shop.second", "shop.b"],\n)\n'
    ),
    f'app = Celery("shop", include=["{"x" * 56}"])\n': (
        f'app = Celery(\n    "shop",\n    include=["{"x" * 56}", "shop.b"],\n)\n'
    ),
    'app = Celery(\n    "shop",\n    include=["a"],\n)\n': (
        'app = Celery(\n    "shop",\n    include=["a", "shop.b"],\n)\n'
    ),
    f'app = Celery(\n    "shop",\n    include=["{"x" * 62}"],\n)\n': (
        f'app = Celery(\n    "shop",\n    include=[\n        "{"x" * 62}",\n        "shop.b",\n'
        "    ],\n)\n"
    ),
}


@pytest.mark.parametrize("text", CALLS)
def test_a_call_is_spread_where_it_gets_too_long(text: str) -> None:
    span, parsed, call = span_of(text, "call")
    (include,) = (keyword for keyword in call.keywords if keyword.arg == "include")
    display = parsed.span(include.value)
    after = apply_edits(text, add_to_argument(text, span, display, '"shop.b"', line_length=88))
    assert after == CALLS[text]
    assert formatted(after) == after


def formatted(text: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--isolated", "-"],
        input=text, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
