"""What a person is told besides."""

from pathlib import Path

import pytest
from kombu.exceptions import EncodeError
from kombu.serialization import dumps

from celeryls.project.conventions import Conventions
from celeryls.refactor.notes import NOT_JSON
from tests.refactor.converting import SHOP, converted

TWICE = (
    "sync may run twice, since it is acknowledged only when it is done: "
    "make sure that running it again does no harm."
)
ERRORS = (
    "It retries on Python's own ConnectionError and TimeoutError. Libraries raise others, "
    "such as requests.ConnectionError: add to autoretry_for what yours raises."
)


def notes(text, conventions=SHOP):
    return list(converted(text, conventions)[1].notes)


def test_always():
    assert notes("def sync(a): ...") == [TWICE, ERRORS]


def test_without_a_module():
    assert notes("def sync(): ...", Conventions()) == [
        TWICE,
        ERRORS,
        "The task has no explicit name: which module this file is depends on where Python starts.",
    ]


def test_errors_of_a_library_under_the_same_names():
    assert notes("from redis import ConnectionError\ndef sync(): ...") == [TWICE]


def test_a_decorator_that_retries_too():
    text = "from tenacity import retry\n@retry\ndef sync(): ..."
    assert "@retry retries within one run, and the task then retries the whole run." in notes(text)


@pytest.mark.parametrize(
    ("parameter", "note"),
    [
        ("a: set[int]", "JSON does not carry set (a): take a list."),
        ("a: int | frozenset[str] = 1", "JSON does not carry frozenset (a): take a list."),
        ("*, a: 'complex'", "JSON does not carry complex (a): take two floats."),
        ("a: Path", "JSON does not carry Path (a): take a str."),
        ("a: typing.Optional[pathlib.Path]", "JSON does not carry pathlib.Path (a): take a str."),
        (
            "a: Callable[[], int]",
            "JSON does not carry Callable (a): take the name of the function.",
        ),
    ],
)
def test_parameters_that_can_not_be_sent(parameter, note):
    head = "import pathlib, typing\nfrom pathlib import Path\nfrom typing import Callable\n"
    assert notes(f"{head}def sync({parameter}): ...") == [TWICE, note, ERRORS]


@pytest.mark.parametrize(
    "parameter",
    ["a: int", "a: dict[str, set[int]] | None", "a: bytes", "a: 1 + 1", "a: Own", "a: é"],
)
def test_parameters_that_can_or_that_nobody_knows(parameter):
    assert notes(f"def sync({parameter}): ...") == [TWICE, ERRORS]


def test_a_type_of_the_file_s_own_is_no_builtin():
    assert notes("class set: ...\ndef sync(a: set): ...") == [TWICE, ERRORS]


def function():
    pass


VALUES = {
    "complex": 1j,
    "frozenset": frozenset("a"),
    "range": range(3),
    "set": {1},
    "Path": Path("x"),
    "Callable": function,
    "Generator": (x for x in ()),
    "Iterator": iter(()),
}


@pytest.mark.parametrize("name", sorted(NOT_JSON))
def test_celery_s_serializer_does_refuse_them(name):
    with pytest.raises(EncodeError):
        dumps(VALUES[name.rpartition(".")[2]], serializer="json")


def test_a_function_that_is_passed_on():
    text = "def sync(): ...\n\nACTIONS = [sync]\nregister(sync)\nsync()\nsync.x = 1\n"
    assert notes(text)[2:] == [
        "sync is passed on as a value (lines 3, 4): that is the task from now on, which can be "
        "called like the function."
    ]


def test_another_of_the_same_name_is_passed_on():
    text = "def sync(): ...\n\ndef f(sync): return [sync]\nx = [sync for sync in y]\n"
    assert notes(text) == [TWICE, ERRORS]


def test_a_function_that_calls_itself():
    text = "def sync(n):\n    return n and sync(n - 1)\n\nsync(3)\n"
    assert notes(text)[2:] == [
        "sync calls itself: that stays a plain call within one run of the task."
    ]
