"""What can't be converted, and what a person reads then."""

import pytest

from celeryls.refactor.convert_function import refusal
from tests.refactor.converting import at_cursor, converted, outline, refused


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "async def sync(): ...",
            "sync is async: a worker does not await it. "
            "Convert a plain function that calls asyncio.run instead.",
        ),
        (
            "def sync():\n    for x in y:\n        yield x",
            "sync is a generator: its result can't be sent. Return a list instead.",
        ),
        (
            "def sync():\n    yield from x",
            "sync is a generator: its result can't be sent. Return a list instead.",
        ),
        (
            "class Shop:\n    def sync(self): ...",
            "sync is a method: Celery would call it without its object. "
            "Convert a function at the module's top level that calls it.",
        ),
        (
            "class Shop:\n    @staticmethod\n    def sync(): ...",
            "sync is a method: Celery would call it without its object. "
            "Convert a function at the module's top level that calls it.",
        ),
        (
            "def around():\n    if x:\n        def sync(): ...",
            "sync is inside the function around: a worker could not find it. "
            "Move it to the module's top level first.",
        ),
        (
            "def sync(a, self): ...",
            "sync has a parameter called self already; rename it first.",
        ),
        ("def sync(*self): ...", "sync has a parameter called self already; rename it first."),
        ("def sync(*, self=1): ...", "sync has a parameter called self already; rename it first."),
        (
            "self = 1\ndef sync(a): return self",
            "sync uses a name self, which the task would be called; rename it first.",
        ),
        (
            "def sync(a):\n    def inner():\n        return self.x",
            "sync uses a name self, which the task would be called; rename it first.",
        ),
        (
            "def sync(a):\n    global self",
            "sync uses a name self, which the task would be called; rename it first.",
        ),
        (
            "def sync(a):\n    from x import y as self",
            "sync uses a name self, which the task would be called; rename it first.",
        ),
        (
            "def sync(): ...\n\n\nsync = cached(sync)",
            "sync means something else too (line 4), so it isn't clear which one would be the "
            "task. Rename one of them first.",
        ),
        (
            "try:\n    from fast import sync\nexcept ImportError:\n    def sync(): ...",
            "sync means something else too (line 2), so it isn't clear which one would be the "
            "task. Rename one of them first.",
        ),
        (
            'if __name__ == "__main__":\n    def sync(): ...',
            "sync is defined under a condition that is false when a worker imports the module. "
            "Move it out of there first.",
        ),
        (
            "if typing.TYPE_CHECKING:\n    def sync(): ...",
            "sync is defined under a condition that is false when a worker imports the module. "
            "Move it out of there first.",
        ),
        ("def sync(a):\n    return (", "The file has a syntax error; mend it first."),
        ("def sync(a): ...\n\nx = (", "The file has a syntax error; mend it first."),
    ],
)
def test_refused(text, reason):
    assert refused(text) == reason


def test_a_task_already():
    assert refused("@task\ndef sync(self): ...", is_task=True) == "sync is a task already."


@pytest.mark.parametrize(
    "text",
    [
        "def sync():\n    def inner():\n        yield 1\n    return list(inner())",
        "def sync(a):\n    return [x for x in a], (lambda: (yield))",
        "def sync(a):\n    async def run(): ...\n    return asyncio.run(run())",
        "def sync(a):\n    class Inner:\n        def get(self):\n            return self.x",
        "def sync(a):\n    return lambda self: self.x",
        "def sync(a):\n    return a.self",
        "def sync(a):\n    return f(self=a)",
        "if typing.TYPE_CHECKING:\n    x = 1\nelse:\n    def sync(): ...",
        "def other():\n    sync = 1\n\n\ndef sync(): ...",
        "class Shop:\n    def sync(self): ...\n\n\ndef │sync(): ...",
    ],
)
def test_what_only_looks_alike_is_converted(text):
    assert "@shared_task(\n" in converted(text)[0]


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        ("import click\n@click.command()", "@click.command"),
        ("from click import command as c\n@c", "@c"),
        ("import functools\n@functools.lru_cache", "@functools.lru_cache"),
        ("from contextlib import contextmanager\n@contextmanager", "@contextmanager"),
        ("from typing import overload\n@overload", "@overload"),
        # It keeps the function, and would call it without self.
        ("from django.dispatch import receiver\n@receiver(saved)", "@receiver"),
        ("@app.route('/')", "@app.route"),
        ("@staticmethod", "@staticmethod"),
        ("from .own import logged\n@logged", "@logged"),
        ("transaction = x\n@transaction.atomic", "@transaction.atomic"),
        ("import django.db\n@django.transaction.atomic", "@django.transaction.atomic"),
        ("@decorators[0]", "A computed decorator"),
        ("@(lambda f: f)", "A computed decorator"),
        ("from django.db import transaction\n@transaction.atomic\n@logged", "@logged"),
    ],
)
def test_decorators_that_may_not_leave_a_plain_function_behind(lines, shown):
    assert refused(f"{lines}\ndef sync(a): ...") == (
        f"{shown} isn't known to leave a plain function behind that takes a task's self. "
        "Take it off first, or convert a function that this one calls."
    )


@pytest.mark.parametrize(
    "lines",
    [
        "from django.db import transaction\n@transaction.atomic",
        "from django.db.transaction import atomic as all_or_nothing\n@all_or_nothing(using='x')",
        "import django.db.transaction\n@django.db.transaction.atomic()",
        "import django.db.transaction as t\n@t.atomic",
        "import tenacity\n@tenacity.retry(stop=tenacity.stop_after_attempt(2))",
        "import sentry_sdk\n@sentry_sdk.trace",
    ],
)
def test_decorators_that_are_known_to(lines):
    imports, _, decorator = lines.rpartition("\n")
    before = f"from celery import shared_task\n{imports}\n\n\n{decorator}\ndef sync(a): ...\n"
    assert outline(before) == before.replace(
        f"\n{decorator}", f"\n@shared_task(...)\n{decorator}"
    ).replace("(a): ...", "(self, a): ...")


WRAPPER = """\
from functools import wraps

def logged(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        print(function.__name__)
        return function(*args, **kwargs)
    return wrapper

@logged
def sync(a): ...
"""
FACTORY = """\
import functools

def logged(level, *, to=print):
    def decorator(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            with opened(level):
                return function(*args, **kwargs)
        return wrapper
    return decorator

@logged(3)
def sync(a): ...
"""


@pytest.mark.parametrize("text", [WRAPPER, FACTORY])
def test_decorators_of_the_same_file_that_hand_everything_on(text):
    assert "@logged" in converted(text)[0]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # What comes first, `self` from now on, is looked at, dropped, or not taken.
        ("print(function.__name__)", "print(args[0])"),
        ("function(*args, **kwargs)", "function(*args[1:], **kwargs)"),
        ("function(*args, **kwargs)", "function(conn, *args, **kwargs)"),
        ("wrapper(*args, **kwargs)", "wrapper(a, *args, **kwargs)"),
        ("wrapper(*args, **kwargs)", "wrapper(*args)"),
        ("wrapper(*args, **kwargs)", "wrapper(a)"),
        # The function goes elsewhere, where it would be called without.
        ("print(function.__name__)", "REGISTRY.append(function)"),
        ("return wrapper", "REGISTRY[0] = function; return wrapper"),
        # Not a plain function.
        ("return wrapper", "return Wrapped(wrapper)"),
        ("return wrapper", "return"),
        ("    return wrapper", ""),
        # No name and docstring of its own.
        ("    @wraps(function)\n", ""),
        ("@wraps(function)", "@wraps(print)"),
        ("@wraps(function)", "@wraps(function)\n    @other"),
        # Used as if it took arguments.
        ("@logged", "@logged()"),
    ],
)
def test_decorators_of_the_same_file_that_do_not(old, new):
    assert WRAPPER.count(old)
    assert refused(WRAPPER.replace(old, new)).startswith("@logged isn't known to leave")


def test_a_factory_that_is_used_bare():
    assert refused(FACTORY.replace("@logged(3)", "@logged")).startswith("@logged isn't known")


def test_decorators_that_the_project_is_known_to_have():
    text = "from shop.own import logged\nfrom .near import traced\n@logged\n@traced(1)\n"
    known = {"shop.own.logged", "traced"}
    parsed, target = at_cursor(f"{text}def sync(a): ...")
    assert refusal(parsed, target, is_task=False, known_decorators=known) is None
    assert refused(f"{text}@other\ndef sync(a): ...", known_decorators=known).startswith("@other")
