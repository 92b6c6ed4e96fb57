"""The edits that fixes are made of, on decorators in any layout."""

import ast
import copy
import io
import tokenize
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from celeryls.facts import DecoratorSite, extract
from celeryls.rules.edits import (
    add_keywords,
    remove_first_parameter,
    remove_items,
    remove_keywords,
)
from celeryls.syntax import parse
from celeryls.text import Edit, Span, apply_edits

_VALUES = st.sampled_from(["1", "(2)", "((3))", '"#,)"', "(1, 2)", "f(x, y=[1])", "a if b else c"])
_GAPS = st.sampled_from(["", " ", "  ", "\n    ", "  # one, (two\n    ", "\n    # three\n    "])


@st.composite
def _decorators(draw: st.DrawFn) -> str:
    """A call with keywords in any layout, among them `x0` to `x3`."""
    count = draw(st.integers(1, 4))
    parts = []
    for at in range(count):
        comma = (
            draw(st.sampled_from([",", " ,", "\n    ,"]))
            if at < count - 1 or draw(st.booleans())
            else ""
        )
        parts.append(f"{draw(_GAPS)}x{at}={draw(_VALUES)}{comma}")
    return f"app.task({''.join(parts)}{draw(_GAPS)})"


def _edited(decorator: str, edit: Callable[[str, DecoratorSite], tuple[Edit, ...]]) -> str:
    text = f"@{decorator}\ndef f(): ...\n"
    ast.parse(text)
    (site,) = extract(text).body.functions
    return apply_edits(text, edit(text, site.decorators[0]))


def _keywords(text: str) -> dict[str, str]:
    (function,) = ast.parse(text).body
    (call,) = function.decorator_list
    return {k.arg: ast.unparse(k.value) for k in call.keywords}


def _comments(text: str) -> list[str]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [token.string for token in tokens if token.type == tokenize.COMMENT]


@given(_decorators(), st.sets(st.sampled_from(["x0", "x1", "x2", "x3"]), min_size=1))
def test_what_is_removed_is_gone_and_all_else_is_there(decorator: str, names: set[str]) -> None:
    before = f"@{decorator}\ndef f(): ...\n"

    def edit(text: str, site: DecoratorSite) -> tuple[Edit, ...]:
        return remove_keywords(text, site, *(k for k in site.keywords if k.name in names))

    after = _edited(decorator, edit)
    left = {name: value for name, value in _keywords(before).items() if name not in names}
    assert _keywords(after) == left
    # What stands above an argument stays; what ends its lines goes with them.
    assert after.count("# three") == before.count("# three")


@given(_decorators())
def test_what_is_added_is_there_and_nothing_is_lost(decorator: str) -> None:
    before = f"@{decorator}\ndef f(): ...\n"
    after = _edited(decorator, lambda text, site: add_keywords(text, site, "y=True"))
    assert _keywords(after) == {**_keywords(before), "y": "True"}
    assert sorted(_comments(after)) == sorted(_comments(before))


_ITEMS = st.sampled_from(
    ["1", "(2)", "((3))", '"#,)"', "(1, 2)", "f(x, y=[1])", "( # in it, (\n 4\n )", "(5 # five\n)"]
)


@st.composite
def _containers(draw: st.DrawFn) -> tuple[str, set[int]]:
    """A call or display in any layout, and the places of items to take out."""
    kind = draw(st.sampled_from(["f()", "[]", "()", "{}"]))
    count = draw(st.integers(1, 4))
    parts = []
    for at in range(count):
        comma = (
            ""
            if at == count - 1 and draw(st.booleans())
            else draw(st.sampled_from([",", " ,", "\n    ,"]))
        )
        if kind == "()" and count == 1:
            comma = ","
        key = draw(st.sampled_from(["", f'"k{at}": ', f'("k{at}") :'])) if kind == "{}" else ""
        key = key or (f"k{at}: " if kind == "{}" else "")
        parts.append(f"{draw(_GAPS)}{key}{draw(_ITEMS)}{comma}")
    gone = draw(st.sets(st.integers(0, count - 1), min_size=1))
    return f"x = {kind[:-1]}{''.join(parts)}{draw(_GAPS)}{kind[-1]}  # end\n", gone


@given(_containers())
def test_what_is_left_of_a_container_is_what_was_there(container: tuple[str, set[int]]) -> None:
    text, gone = container
    parsed = parse(text)
    expected = copy.deepcopy(parsed.tree)  # the tree is shared
    (node,) = expected.body
    assert isinstance(node, ast.Assign)
    value = node.value
    if isinstance(value, ast.Dict):
        pairs = zip(value.keys, value.values, strict=True)
        items = [Span(parsed.start(k), parsed.span(v).end) for k, v in pairs if k]
    else:
        held = value.args if isinstance(value, ast.Call) else value.elts
        items = [parsed.span(item) for item in held]
    span = parsed.span(value)
    opened = text.index("(") if isinstance(value, ast.Call) else span.start
    is_tuple = isinstance(value, ast.Tuple)
    edits = remove_items(text, Span(opened, span.end), items, gone, is_tuple=is_tuple)
    after = apply_edits(text, edits)
    for field in ("keys", "values", "args", "elts"):
        if listed := getattr(value, field, None):
            setattr(value, field, [item for at, item in enumerate(listed) if at not in gone])
    assert ast.dump(ast.parse(after)) == ast.dump(expected), after
    assert after.count("# three") == text.count("# three")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("app.task(x=1)", "app.task()"),
        ("app.task(x=(1))", "app.task()"),
        ("app.task(x=1,)", "app.task()"),
        ("app.task(a=1, x=(2), b=3)", "app.task(a=1, b=3)"),
        ("app.task(a=1, x=2,)", "app.task(a=1,)"),
        ("app.task(a=(1), x=(2))", "app.task(a=(1))"),
        ("app.task(\n    a=1,  # one\n    x=2,  # two\n)", "app.task(\n    a=1,  # one\n)"),
        ("app.task(\n    x=2,  # two\n    a=1,\n)", "app.task(\n    a=1,\n)"),
        ("app.task(\n    # why\n    x=2,\n)", "app.task(\n    # why\n)"),
        ("app.task(a=1, x=2,  # both\n    b=3)", "app.task(a=1,  # both\n    b=3)"),
        ("app.task(a=1,  # one\n    x=2)", "app.task(a=1,  # one\n    )"),
        ("app.task(x=2,  # two\n    a=1)", "app.task(  # two\n    a=1)"),
        ("app.task(a=1, \\\n    x=2)", "app.task(a=1, \\\n    )"),
        ("app.task(\r\n    a=1,\r\n    x=2,\r\n)", "app.task(\r\n    a=1,\r\n)"),
        ("app.task(x=1, x1=2, a=3, x2=4)", "app.task(a=3)"),
    ],
)
def test_removing(before: str, after: str) -> None:
    def edit(text: str, site: DecoratorSite) -> tuple[Edit, ...]:
        found = (k for k in site.keywords if k.name is not None and k.name.startswith("x"))
        return remove_keywords(text, site, *found)

    assert _edited(before, edit) == f"@{after}\ndef f(): ...\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("(self)", "()"),
        ("(self,)", "()"),
        ("( self , x)", "( x)"),
        ("(self, *args)", "(*args)"),
        ("(self, *, x)", "(*, x)"),
        ("(self, **kwargs)", "(**kwargs)"),
        ("(self: 'Task[int, str]', x)", "(x)"),
        ("(\n    self,\n    x,\n)", "(\n    x,\n)"),
        ("(\n    self,  # the task\n    x,\n)", "(\n    # the task\n    x,\n)"),
        ("(self,\n    x)", "(\n    x)"),
        ("(  # all\n    self, x)", "(  # all\n    x)"),
        ("(\r\n    self,\r\n    x,\r\n)", "(\r\n    x,\r\n)"),
        ("(self # the task\n)", "( # the task\n)"),
    ],
)
def test_removing_the_first_parameter(before: str, after: str) -> None:
    text = f"@app.task\ndef f{before}: ...\n"
    (site,) = extract(text).body.functions
    done = apply_edits(text, (remove_first_parameter(text, site),))
    assert done == f"@app.task\ndef f{after}: ...\n"
    ast.parse(done)
