"""Facts of text in any state: never an error, and nothing that lies outside the text."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pytest
from hypothesis import given, settings

from celeryls.facts import FileFacts, extract
from celeryls.syntax import parse
from celeryls.text import Span

from ..syntax.broken import HOSTILE, texts
from ..syntax.samples import SAMPLES

pytestmark = pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")


def spans_in(value: object) -> Iterator[Span]:
    if isinstance(value, Span):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from spans_in(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from spans_in(getattr(value, field.name))


def check(text: str) -> FileFacts:
    facts = extract(text)
    for span in spans_in(facts.body):
        assert 0 <= span.start <= span.end <= len(text)
    for site in facts.body.functions:
        assert site.line <= site.def_line
        assert not site.parens.length or site.parens.of(text).startswith("(")
        for decorator in site.decorators:
            assert decorator.span.start <= decorator.callee.start
            assert decorator.callee.end <= decorator.span.end
    assert len(facts.body.functions) == len(facts.interface.functions)
    assert not list(spans_in(facts.interface.functions))
    assert facts == extract(text, parse(text))
    hash(facts.interface.functions)
    return facts


@settings(max_examples=300)
@given(texts)
def test_any_text_has_facts(text: str) -> None:
    facts = check(text)
    if facts.hopeless:
        assert facts.interface == FileFacts().interface


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_has_facts(text: str) -> None:
    facts = extract(text)
    assert facts == extract(text)
    if "def f(): pass\n" in text:
        assert [decl.name for decl in facts.interface.functions] == ["f"]


@pytest.mark.parametrize("text", SAMPLES)
def test_samples(text: str) -> None:
    assert check(text).interface.functions


MANY = 4_000
LARGE = {
    "tasks": "@app.task\ndef f(self):\n    return self.x.delay(f.delay(1))\n" * MANY,
    "calls in one function": "def f(task):\n" + "    task.delay(1)\n" * MANY,
    "calls in one list": "x = [" + "task.delay(1), " * MANY + "]",
    "globals": "def f():\n    global x\n    x = 1\n" * MANY,
    "methods": "class A:\n" + "    @p\n    def f(self): return self\n" * MANY,
    "settings": "app.conf.update(\n" + "    a=1,\n" * 250 + ")\nX = {}\n" + "X['a'] = 1\n" * MANY,
    "walrus": "if (x := 1): pass\n" * MANY,
    "parameters": "def f(" + ", ".join(f"a{n}" for n in range(MANY)) + "):\n    pass\n",
    "errors": "x = (\n" * MANY,
    "header without body": "@d\ndef f(\n" + "    a,\n" * MANY + "):\n\nx = 1\n",
}


@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE)
def test_large_text_has_facts(text: str) -> None:
    # Where a step took time in proportion to the rest of the file, this would take minutes.
    facts = extract(text)
    assert facts.hopeless or facts.interface.names or facts.body.calls
