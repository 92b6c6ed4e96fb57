"""What a module's names are bound to."""

import pytest

from celeryls.facts import Binding, ClassDecl, FunctionDecl, Import
from celeryls.syntax.expr import UNKNOWN, Call, Const, Dict, Name, Operation, Seq

from .helpers import interface

ONE = Const(1)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        # Imports
        ("import celery", {"celery": [Import("celery", None)]}),
        ("import a.b.c", {"a": [Import("a", None)]}),
        ("import a.b as x, c", {"x": [Import("a.b", None)], "c": [Import("c", None)]}),
        ("from a.b import c as d, e", {"d": [Import("a.b", "c")], "e": [Import("a.b", "e")]}),
        ("from . import app", {"app": [Import("", "app", 1)]}),
        ("from ...a import b as c", {"c": [Import("a", "b", 3)]}),
        (
            "try:\n    from a import x\nexcept ImportError:\n    x = None\n",
            {"x": [Import("a", "x"), Const(None)]},
        ),
        ("if TYPE_CHECKING:\n    import a\nelse:\n    a = 1", {"a": [Import("a", None), ONE]}),
        ("def f():\n    import a\n    from b import *\n    c = 1", {"f": [FunctionDecl]}),
        # Assignments
        ("a = b = 1", {"a": [ONE], "b": [ONE]}),
        ("a: int = 1\nb: int", {"a": [ONE]}),
        ("a, (b, *c) = 1, x", {"a": [UNKNOWN], "b": [UNKNOWN], "c": [UNKNOWN]}),
        ("a = 1\na += 1", {"a": [ONE, UNKNOWN]}),
        ("a = [1]\na = {}", {"a": [Seq("list", (ONE,)), Dict(())]}),
        ("a.b = 1\nf().c = 2\na[0].d = 3", {}),
        ("for a, b in x: c = 1", {"a": [UNKNOWN], "b": [UNKNOWN], "c": [ONE]}),
        (
            "with x as a, y as (b, c): d = 1",
            {"a": [UNKNOWN], "b": [UNKNOWN], "c": [UNKNOWN], "d": [ONE]},
        ),
        ("match x:\n    case 1: a = 1", {"a": [ONE]}),
        ("while x: a = 1\nelse: a = 2", {"a": [ONE, Const(2)]}),
        ("try: a = 1\nfinally: b = 1", {"a": [ONE], "b": [ONE]}),
        # A walrus binds outside of what it is in, but for functions and lambdas.
        ("if (a := 1): pass", {"a": [ONE]}),
        ("print(a := f())", {"a": [Call(Name("f"), (), ())]}),
        ("x = [y for z in w if (b := z)]", {"b": [UNKNOWN], "x": [UNKNOWN]}),
        ("while (a := 1):\n    (b := 1)\n    print(':=')", {"a": [ONE], "b": [ONE]}),
        ("f = lambda x=(a := 1): (b := 1)", {"a": [ONE], "f": [UNKNOWN]}),
        ("def f(x=(a := 1)):\n    (b := 1)", {"a": [ONE], "f": [FunctionDecl]}),
        # What is changed later is no longer what it was.
        ("a = {}\na['x'] = 1", {"a": [Dict(()), UNKNOWN]}),
        ("a = {}\na['x']['y'] += 1", {"a": [Dict(()), UNKNOWN]}),
        ("a = {}\na.update(x=1)", {"a": [Dict(()), UNKNOWN]}),
        ("a = {}\na['x'].update(y=1)", {"a": [Dict(()), UNKNOWN]}),
        ("a = {}\nb = a.pop('x')", {"a": [Dict(()), UNKNOWN], "b": None}),
        ("a = {}\ndel a['x']", {"a": [Dict(()), UNKNOWN]}),
        ("a = []\nif x:\n    a.append(1)", {"a": [Seq("list", ()), UNKNOWN]}),
        ("from a import LIST\nLIST += ['x']", {"LIST": [Import("a", "LIST"), UNKNOWN]}),
        ("a = {}\na.get('x')\na.b.update()\na.items()", {"a": [Dict(())]}),
        ("a = {}\ndef f():\n    a['x'] = 1\n    a.update()", {"a": [Dict(())], "f": None}),
        # Functions may bind names of the module.
        ("a = 1\ndef f():\n    global a, b\n    a = 2", {"a": [ONE, UNKNOWN], "f": None}),
        ("def f():\n    global a\n    for a in x: pass", {"a": [UNKNOWN], "f": None}),
        ("def f():\n    global a\n    import a", {"a": [UNKNOWN], "f": None}),
        (
            "class A:\n    def f(self):\n        global a\n        a = 1",
            {"a": [UNKNOWN], "A": None},
        ),
        ("def f():\n    def g():\n        global a\n        a = 1\n", {"a": [UNKNOWN], "f": None}),
        ("a = 1\ndef f():\n    global a\n    print(a)", {"a": [ONE], "f": None}),
        ("def f():\n    a = 1\n    def g():\n        nonlocal a\n        a = 2", {"f": None}),
        # Classes
        ("class A:\n    b = 1\n    class C: pass\n    import d", {"A": [ClassDecl]}),
    ],
)
def test_names(code: str, expected: dict[str, list[Binding | type] | None]) -> None:
    names = interface(code).names
    assert set(names) == set(expected)
    for name, bindings in expected.items():
        if bindings is not None:
            assert len(names[name]) == len(bindings)
            for found, binding in zip(names[name], bindings, strict=True):
                assert type(found) is binding if isinstance(binding, type) else found == binding


def test_star_imports_in_order() -> None:
    found = interface("from a import *\nif x:\n    from ..b import *\nfrom . import *")
    assert found.star_imports == (Import("a", None), Import("b", None, 2), Import("", None, 1))
    assert found.names == {}


def test_values() -> None:
    names = interface(
        """
        QUEUE = "low"
        OPTIONS = {"queue": QUEUE, **BASE, "retries": 2 + 1}
        TIMES = (60, -1, *REST)
        NAME = f"{PREFIX}.task"
        app = make_celery(conf, "x", *rest, debug=settings.DEBUG, **more)
        computed = [x for x in y]
        """
    ).names
    assert names["OPTIONS"] == (
        Dict(
            (
                (Const("queue"), Name("QUEUE")),
                (None, Name("BASE")),
                (Const("retries"), Operation("+", (Const(2), ONE))),
            )
        ),
    )
    assert names["NAME"] == (Operation("join", (Name("PREFIX"), Const(".task"))),)
    assert names["computed"] == (UNKNOWN,)
    (app,) = names["app"]
    assert isinstance(app, Call)
    assert app.keywords == (("debug", Name("settings.DEBUG")), (None, Name("more")))


@pytest.mark.parametrize(
    ("body", "attributes"),
    [
        ("a = 1", {"a": ONE}),
        ("a: int = 1\nb: int", {"a": ONE}),
        ("a = b = 1", {"a": UNKNOWN, "b": UNKNOWN}),
        ("a, b = 1, 2", {"a": UNKNOWN, "b": UNKNOWN}),
        ("a = 1\na += 1", {"a": UNKNOWN}),
        ("if x: a = 1\nelse: a = 2", {"a": UNKNOWN}),
        ("if x: a = 1\na = 2", {"a": Const(2)}),
        ("for a in x: pass", {"a": UNKNOWN}),
        ("from x import a as b", {"b": UNKNOWN}),
        ("@property\ndef a(self): ...", {"a": UNKNOWN}),
        ("a = 1\n@property\ndef a(self): ...", {"a": UNKNOWN}),
        ("a = 1\ndef a(self): ...", {"a": UNKNOWN}),
        ("def a(self):\n    b = 1\n    self.c = 1", {}),
        ("class Meta:\n    a = 1", {}),
        ("a = 1\ndel a", {"a": UNKNOWN}),
        ('"""Doc."""\npass\n...', {}),
    ],
)
def test_class_attributes(body: str, attributes: dict[str, object]) -> None:
    code = "class A:\n" + "".join(f"    {line}\n" for line in body.splitlines())
    (found,) = interface(code).names["A"]
    assert isinstance(found, ClassDecl)
    assert found.attributes == attributes


def test_class() -> None:
    (found,) = interface(
        """
        class Base(celery.Task, make_base("x"), metaclass=Meta, abstract=True):
            acks_late = True
            def on_failure(self, exc): ...
            async def run(self):
                def inner():
                    self.retry()
            if x:
                def __call__(self): ...
            @staticmethod
            def helper(): ...
        """
    ).names["Base"]
    assert isinstance(found, ClassDecl)
    assert found.bases == (Name("celery.Task"), Call(Name("make_base"), (Const("x"),), ()))
    assert {name: [param.name for param in params] for name, params in found.methods.items()} == {
        "on_failure": ["self", "exc"],
        "run": ["self"],
        "__call__": ["self"],
        "helper": [],
    }
    assert found.attributes == {"acks_late": Const(True), "helper": UNKNOWN}
    assert found.retries


@pytest.mark.parametrize(
    "body",
    ["retry = 1", "def f(self): self.retry_later()", "def f(self): retry()", "'self.retry()'"],
)
def test_class_that_does_not_retry(body: str) -> None:
    (found,) = interface(f"class A:\n    {body}\n").names["A"]
    assert isinstance(found, ClassDecl)
    assert not found.retries
