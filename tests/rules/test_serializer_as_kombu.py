"""What CEL311 says of values, asked of kombu's JSON."""

import collections
import datetime
import decimal
import functools
import pathlib
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kombu.exceptions import EncodeError
from kombu.serialization import dumps

from celeryls.rules.calling.json_values import BUILTINS, IMPORTED, uncarried
from celeryls.text import Span

_MODULES = {
    "collections": collections,
    "datetime": datetime,
    "decimal": decimal,
    "functools": functools,
    "pathlib": pathlib,
    "uuid": uuid,
}
REFUSED = [
    *("{1, 2}", "{x for x in [1]}", "set()", "frozenset([1])", "range(3)", "(x for x in [1])"),
    *("lambda: 1", "ValueError('x')", "KeyboardInterrupt()", "object()", "bytearray(b'x')", "1j"),
    *("map(str, [1])", "zip([1])", "iter([1])", "filter(None, [])", "reversed([])", "slice(1)"),
    *("enumerate([1])", "memoryview(b'x')", "pathlib.Path('x')", "datetime.timedelta(1)"),
    *("collections.deque([1])", "functools.partial(print)", "[1, {2}]", "{'a': ({1},)}"),
]
TAKEN = [
    *(
        "1",
        "'x'",
        "b'x'",
        "None",
        "True",
        "1.5",
        "[1, (2, 3)]",
        "{1: 2}",
        "{'a': [None]}",
        "f'{1}'",
    ),
    *("datetime.datetime.now()", "datetime.date.today()", "datetime.time(1)", "uuid.uuid4()"),
    *("decimal.Decimal(1)", "list({1})", "sorted({1})", "dict(a=1)", "len({1})", "str(object())"),
    *("collections.OrderedDict(a=1)", "collections.Counter('a')", "[x for x in {1}]"),
]


def _says(source: str) -> bool:
    """Whether we say that a value is not carried."""

    def meaning(name: str) -> str | None:
        return name if name.partition(".")[0] in _MODULES else f"builtins.{name}"

    return any(True for _ in uncarried(source, Span(0, len(source)), meaning))


def _is_refused(source: str) -> bool:
    try:
        dumps(eval(source, dict(_MODULES)), serializer="json")
    except EncodeError:
        return True
    return False


@pytest.mark.parametrize("source", REFUSED)
def test_what_kombu_refuses_is_reported(source: str) -> None:
    assert _is_refused(source)
    assert _says(source)


@pytest.mark.parametrize("source", TAKEN)
def test_what_kombu_takes_is_not(source: str) -> None:
    assert not _is_refused(source)
    assert not _says(source)


_ATOMS = st.sampled_from([source for source in REFUSED + TAKEN if ":" not in source])
_VALUES = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.lists(inner, max_size=3).map(lambda items: f"({''.join(f'{i}, ' for i in items)})"),
        inner.map(lambda item: f"{{'k': {item}}}"),
    ),
    max_leaves=5,
)


@given(_VALUES)
def test_so_is_whatever_is_made_of_them(source: str) -> None:
    assert _says(source) is _is_refused(source)


@pytest.mark.parametrize("name", [*BUILTINS, *IMPORTED])
def test_every_name_is_tried(name: str) -> None:
    tried = {source.partition("(")[0] for source in REFUSED}
    others = {"open", "pathlib.PurePath", "pathlib.PosixPath"}
    assert name in tried | others
