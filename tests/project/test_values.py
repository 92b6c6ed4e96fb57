"""What an expression comes to without running it."""

from pathlib import Path

import pytest

from celeryls.project import Project
from celeryls.syntax.expr import UNKNOWN, Call, Const, Environ, Expr, Name, Seq, is_known
from tests.project.reading import project

_HEAD = """\
import os
from datetime import timedelta
from celery.schedules import crontab
from kombu import Exchange, Queue
import kombu
N = 3
TEXT = "shop"
ALL = ["a", "b"]
OPTIONS = {"x": 1, **{"y": 2}}
"""


def _five_minutes() -> Call:
    return Call(Name("datetime.timedelta"), (), (("minutes", Const(5)),))


VALUES: dict[str, tuple[str, Expr]] = {
    "constant": ("N", Const(3)),
    "arithmetic": ("60 * N + 1", Const(181)),
    "f-string": ("f'{TEXT}.tasks'", Const("shop.tasks")),
    "concatenation": ("TEXT + '.tasks'", Const("shop.tasks")),
    "format": ("'{}.{1}'.format(TEXT, 'x')", UNKNOWN),
    "format by position": ("'{}.{}'.format(TEXT, N)", Const("shop.3")),
    "format with a width": ("'{:>9}'.format(TEXT)", UNKNOWN),
    "item": ("OPTIONS['y']", Const(2)),
    "item of a list": ("ALL[1]", Const("b")),
    "no such item": ("OPTIONS['z']", UNKNOWN),
    "either, the same": ("3 if x else N", Const(3)),
    "either, different": ("4 if x else N", UNKNOWN),
    "list": ("[TEXT, N]", Seq("list", (Const("shop"), Const(3)))),
    "timedelta": ("timedelta(minutes=2 + N)", _five_minutes()),
    "queue": ("Queue(TEXT)", Call(Name("kombu.Queue"), (Const("shop"),), ())),
    "queue by module": ("kombu.Queue(TEXT)", Call(Name("kombu.Queue"), (Const("shop"),), ())),
    "exchange": ("Exchange('x')", Call(Name("kombu.Exchange"), (Const("x"),), ())),
    "environment": ("os.environ.get('X', N)", Environ(Const(3))),
    "environment, nothing set": ("os.getenv('X')", Environ(Const(None))),
    "environment, converted": ("int(os.getenv('X', 5))", Environ(Const(5))),
    "environment, demanded": ("os.environ['X']", UNKNOWN),
    "attribute with a default": ("getattr(conf, 'X', 5)", Environ(Const(5))),
}


@pytest.fixture
def read(tmp_path: Path) -> Project:
    lines = [f"V{at} = {written}" for at, (written, _) in enumerate(VALUES.values())]
    return project(tmp_path, {"settings.py": _HEAD + "\n".join(lines) + "\n"})


def test_values(read: Project) -> None:
    (path,) = read.files
    found = {name: read.evaluate(path, Name(f"V{at}")) for at, name in enumerate(VALUES)}
    assert found == {name: value for name, (_, value) in VALUES.items()}


def test_what_is_as_good_as_a_literal() -> None:
    assert is_known(_five_minutes())
    assert not is_known(Call(Name("datetime.timedelta"), (UNKNOWN,), ()))
    assert not is_known(Call(Name("shop.make"), (), ()))
    assert not is_known(Environ(Const(3)))
