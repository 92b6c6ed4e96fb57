"""Calls that send a task, and whether the name they use is the module's."""

import pytest

from celeryls.facts import extract
from celeryls.syntax.expr import (
    UNKNOWN,
    Attribute,
    Call,
    Choice,
    Const,
    Expr,
    Imported,
    Local,
    Name,
    Seq,
    Starred,
)

from .helpers import body, unmark


def test_sites() -> None:
    text, spans = unmark(
        "x = '😀'; y = «tasks . «»add.delay(1)»\n".replace("«»", "")
        + "f(«add.apply_async(args=[1], **é)», # add.delay()\n   «add.\\\n  delay(*a)»)\n"
        + "«self.sub.task.delay»\n«add.delay_on_commit()»\n"
    )
    calls = extract(text).body.calls
    assert [call.span for call in calls] == spans
    assert [(c.target, c.method, c.called, c.target_span.of(text)) for c in calls] == [
        (Name("tasks.add"), "delay", True, "tasks . add"),
        (Name("add"), "apply_async", True, "add"),
        (Name("add"), "delay", True, "add"),
        (Name("self.sub.task"), "delay", False, "self.sub.task"),
        (Name("add"), "delay_on_commit", True, "add"),
    ]
    assert [[a.of(text) for a in call.args] for call in calls] == [["1"], [], ["*a"], [], []]
    assert [(k.name, k.span.of(text), k.value_span.of(text)) for k in calls[1].keywords] == [
        ("args", "args=[1]", "[1]"),
        (None, "**é", "é"),
    ]


def test_what_a_signature_is_made_of() -> None:
    calls = body("add.s(1).set(queue='x').apply_async()\nmake('a').delay()\n").calls
    signed = Call(Name("add.s"), (Const(1),), ())
    changed = Call(Attribute(signed, "set"), (), (("queue", Const("x")),))
    assert [(call.target, call.method) for call in calls] == [
        (Name("add"), "s"),
        (changed, "apply_async"),
        (Call(Name("make"), (Const("a"),), ()), "delay"),
    ]


def test_what_a_task_is_given() -> None:
    calls = body(
        "def f(x):\n    wait = 5\n    add.apply_async([x, y], countdown=wait, **z)\n"
        "    add.delay(*x)\n    add.s(1)\n"
    ).calls
    assert [call.given for call in calls] == [
        (Seq("list", (Local("x", "parameter"), Name("y"))), Const(5), Name("z")),
        (Starred(Local("x", "parameter")),),
        (Const(1),),
    ]


LOCAL = {
    "parameter": "def f(task): task.delay()",
    "parameter of any kind": "def f(*task): task.delay()",
    "keyword parameter": "async def f(**task): await task.delay()",
    "assigned later": "def f():\n    task.delay()\n    task = 1",
    "annotated": "def f():\n    task: Task\n    task.delay()",
    "dotted": "def f(task): task.sub.delay()",
    "loop": "def f():\n    for task in x: task.delay()",
    "with": "def f():\n    with x as task: task.delay()",
    "except": "def f():\n    try: pass\n    except E as task: task.delay()",
    "import": "def f():\n    from x import task\n    task.delay()",
    "import of a package": "def f():\n    import task.sub\n    task.sub.add.delay()",
    "import over lines": "def f():\n    from x import (\n        task,\n    )\n    task.delay()",
    "deleted": "def f():\n    task.delay()\n    del task",
    "inner function": "def f():\n    def task(): ...\n    task.delay()",
    "inner class": "def f():\n    class task: ...\n    task.delay()",
    "walrus": "def f():\n    if (task := x): task.delay()",
    "walrus in a comprehension": "def f():\n    [y for y in x if (task := y)]\n    task.delay()",
    "match": "def f():\n    match x:\n        case [task, *_]: task.delay()",
    "match as": "def f():\n    match x:\n        case str() as task: task.delay()",
    "match star": "def f():\n    match x:\n        case [*task]: task.delay()",
    "match mapping": "def f():\n    match x:\n        case {**task}: task.delay()",
    "enclosing function": "def f(task):\n    def g():\n        task.delay()",
    "class between": "def f(task):\n    class A:\n        def g(self): task.delay()",
    "nonlocal": "def f(task):\n    def g():\n        nonlocal task\n        task.delay()",
    "lambda": "x = lambda task: task.delay()",
    "lambda in a default": "def f(x=lambda task: task.delay()): ...",
    "comprehension": "[task.delay() for task in tasks]",
    "set comprehension": "{task.delay() for task in tasks}",
    "dict comprehension": "{1: task.delay() for task in tasks}",
    "dict comprehension key": "{task.delay(): 1 for task in tasks}",
    "generator": "x = any(task.delay() for task, y in tasks)",
    "comprehension condition": "[1 for task in tasks if task.delay()]",
    "second loop of a comprehension": "[1 for task in tasks for x in task.delay()]",
    "comprehension around": "[[task.delay() for x in y] for task in tasks]",
    "comprehension over lines": "[\n    task.delay()\n    for task in tasks\n]",
    "lambda in a comprehension": "[lambda: task.delay() for task in tasks]",
    "comprehension in a class": "class A:\n    x = [task.delay() for task in y]",
    "class body": "class A:\n    task = x\n    y = task.delay()",
}

GLOBAL = {
    "module": "task.delay()",
    "module, assigned there": "task = x\ntask.delay()",
    "function": "def f(other): task.delay()",
    "global": "def f():\n    global task\n    task = x\n    task.delay()",
    "global over an enclosing function": (
        "def f(task):\n    def g():\n        global task\n        task.delay()"
    ),
    "decorator": "@task.delay()\ndef f(task): ...",
    "default": "def f(task=task.delay()): ...",
    "default of a lambda": "x = lambda task=task.delay(): 1",
    "base of a class": "class A(task.delay()):\n    task = 1",
    "other function": "def f(task): ...\ndef g(): task.delay()",
    "inner function's own": "def f():\n    def g():\n        task = 1\n    task.delay()",
    "inner function's parameter": "def f():\n    lambda task: 1\n    task.delay()",
    "class body seen from a method": "class A:\n    task = 1\n    def f(self): task.delay()",
    "class body seen from a comprehension": (
        "class A:\n    task = 1\n    x = [task.delay() for y in z]"
    ),
    "class body inside a function": "def f():\n    class A:\n        task = 1\n    task.delay()",
    "first iterable": "[1 for task in task.delay()]",
    "after a comprehension": "def f():\n    x = [1 for task in y]\n    task.delay()",
    "beside a comprehension": "[task for task in x] + [task.delay()]",
    "module walrus": "if (task := x): task.delay()",
    "module loop": "for task in x: task.delay()",
    "attribute": "def f():\n    x.task = 1\n    task.delay()",
    "keyword": "def f():\n    g(task=1)\n    task.delay()",
    "f-string": "def f(x): return f'{task.delay()}'",
}


@pytest.mark.parametrize("code", LOCAL.values(), ids=LOCAL)
def test_a_scope_around_it_binds_the_name(code: str) -> None:
    (call,) = body(code).calls
    assert call.target not in (Name("task"), Name("task.sub"), Name("task.sub.add"))


@pytest.mark.parametrize("code", GLOBAL.values(), ids=GLOBAL)
def test_the_name_is_the_module_s(code: str) -> None:
    (call,) = body(code).calls
    assert call.target == Name("task")


def test_every_place_in_order() -> None:
    calls = body(
        """
        @b.delay(a.delay())
        def f(x=c.delay()):
            for y in d.delay():
                return {**e.delay(), "k": [f.delay(), *g.delay()]}
        class A(h.delay(), k=i.delay()):
            x: j = k.delay()
            async def f(self):
                async with l.delay() as m:
                    await n.delay(lambda: o.delay())
                try: ...
                except p.delay(): ...
                match q.delay():
                    case 1 if r.delay(): ...
                assert s.delay(), t.delay()
                x[u.delay():v.delay()] = w.delay() if y.delay() else z.delay()
        """
    ).calls
    targets = [call.target.dotted for call in calls if isinstance(call.target, Name)]
    assert "".join(targets) == "bacdefghiklnopqrstuvwyz"
    assert list(calls) == sorted(calls, key=lambda call: call.span)


MEANS: dict[str, tuple[str, Expr]] = {
    "value": ("x = shop.tasks.add", Name("shop.tasks.add")),
    "value of a value": ("y = add\n    x = y", Name("add")),
    "annotated": ("x: Task = add", Name("add")),
    "either": ("x = add if y else sub", Choice((Name("add"), Name("sub")))),
    "one of two": ("if y: x = add\n    else: x = sub", Choice((Name("add"), Name("sub")))),
    "unpacked": ("x, y = add, sub", Name("add")),
    "unpacked from a call": ("x, y = f()", Local("x", "unpacked")),
    "loop": ("for x in f(): pass", Local("x", "loop")),
    "loop over a display": ("for x in (add, sub): pass", Choice((Name("add"), Name("sub")))),
    "import": ("from .a import b as x", Imported("a", "b", 1)),
    "module": ("import a.b as x", Imported("a.b", None, 0)),
    "with": ("with y as x: pass", Local("x", "rebound")),
    "inner function": ("def x(): ...", Local("f.<locals>.x", "function")),
    "changed": ("x = add\n    x += 1", Local("x", "rebound")),
    "signature": ("x = add.s(1)", Call(Name("add.s"), (Const(1),), ())),
    "unknown": ("x = lambda: 1", UNKNOWN),
}


@pytest.mark.parametrize(("code", "meaning"), MEANS.values(), ids=MEANS)
def test_what_a_local_name_stands_for(code: str, meaning: Expr) -> None:
    calls = body(f"def f():\n    {code}\n    x.delay()\n").calls
    assert [call.target for call in calls if call.method == "delay"] == [meaning]


def test_self_is_the_class() -> None:
    calls = body("class A:\n    def f(self):\n        self.g.delay()\n").calls
    assert [(call.target, call.within) for call in calls] == [(Name("A.g"), "A.f")]
