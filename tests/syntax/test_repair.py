"""What is left of a file while somebody types in it.

`«…»` marks what is given up; all the rest has to be understood.
"""

import ast

import pytest

from celeryls.syntax import parse

REST = "@app.task\ndef g(): pass\n"

CASES = {
    # code, and the functions that survive in front of `g`
    "argument without value": (
        "@app.task(\n    bind=True,\n«    max_retries=»\n)\ndef f(self): ...\n",
        ["@app.task(bind=True) f(self)"],
    ),
    "argument without value between others": (
        "app.conf.update(\n    a=1,\n«    b=,»\n    c=2,\n)\n",
        [],
    ),
    "argument without comma": (
        "@app.task(\n    bind=True,\n«    max_r»\n    queue='x',\n)\ndef f(self): ...\n",
        ["@app.task(bind=True, queue='x') f(self)"],
    ),
    "argument that swallows the next": (
        "@app.task(\n    bind=True,\n«    queue=»\n    name='x',\n    a=1,\n)\ndef f(self): ...\n",
        ["@app.task(bind=True, name='x', a=1) f(self)"],
    ),
    "entry that swallows the next": (
        "x = {\n    'a': 1,\n«    'b': »\n    'c': 1,\n    'd': 1,\n}\n",
        [],
    ),
    "parameter that swallows the next": (
        "def f(\n    a,\n«    b: »\n    c: int,\n    /,\n): ...\n",
        ["f(a, c: int, /)"],
    ),
    "open string in an argument": (
        "@app.task(\n    bind=True,\n«    queue='x,»\n)\ndef f(self): ...\n",
        ["@app.task(bind=True) f(self)"],
    ),
    "argument that closes the call": (
        "@app.task(\n    bind=True,\n«    queue=)»\ndef f(self): ...\n",
        ["@app.task(bind=True) f(self)"],
    ),
    "bracket in an argument": (
        "app.task(\n«    args=[1, 2»\n    queue='x',\n)\n",
        [],
    ),
    "parameter": ("def f(\n    a,\n«    b: »\n):\n    return 1\n", ["f(a)"]),
    "parameter that closes the list": ("def f(\n    a,\n«    b: ):»\n    return 1\n", ["f(a)"]),
    "entry of a dict": (
        "def f():\n    return {\n        'a': 1,\n«        'b': x.»\n    }\n",
        ["f()"],
    ),
    "imported name": ("from celery import (\n    shared_task,\n«    chain as »\n)\n", []),
    "closed with the wrong bracket": (
        "def f():\n«    x = [t.delay(»\n«        for t in y]»\n",
        ["f()"],
    ),
    "call that isn't closed": ("«app.conf.update(»\n«    a=1,»\n«    b=2,»\n\n", []),
    "call of several lines": ("«app.conf.upd ate(»\n«    a=1,»\n«)»\n", []),
    "call before a statement": ("def f():\n«    x.delay(»\n    return 1\n", ["f()"]),
    "decorator that isn't closed": ("«@app.task(bind=True, »\ndef f(self): ...\n", ["f(self)"]),
    "decorator without function": ("«@app.task»\nx = 1\n", []),
    "function without body": (
        "@app.task\n«def f(a, b):»\n\n",
        ["@app.task f(a, b)"],
    ),
    "function with a comment for body": (
        "@app.task\n«def f(a):  # what: ever»\n    # later\n\n",
        ["@app.task f(a)"],
    ),
    "function of several lines without body": (
        "@app.task\ndef f(\n    a,\n«) -> dict:»\n\n",
        ["@app.task f(a)"],
    ),
    "if without body": ("def f():\n«    if a:»\n    return 1\n", ["f()"]),
    "function without colon": ("«@app.task»\n«def f(a)»\n    return 1\n", []),
    "method that isn't closed": ("class A:\n«    def f(self»\n        pass\n", []),
    "try without except": ("def f():\n«    try:»\n        a()\n\n", ["f()"]),
    "outer try without except": (
        "def f():\n«    try:»\n        try:\n            a()\n        except E:\n            b()\n",
        ["f()"],
    ),
    "half an except": (
        "def f():\n    try:\n        a()\n    except A: pass\n«    except (B, »\n        b()\n",
        ["f()"],
    ),
    "docstring of one line": ('def f():\n«    """Doc»\n    return 1\n', ["f()"]),
    "docstring before another": (
        'def f():\n«    """Open»\n    a()\n\ndef h():\n    """Closed."""\n',
        ["f()", "h()"],
    ),
    "open docstring after and before another": (
        "def e():\n    '''\n    Closed.\n    '''\n"
        "def f():\n«    '''»\n    a()\n\ndef h():\n    '''Closed.\n    '''\n",
        ["e()", "f()", "h()"],
    ),
    "block that is indented too deep": (
        "def f():\n    a()\n«        b()»\n«        c()»\n",
        ["f()"],
    ),
    "block that is indented to nowhere": (
        "def f():\n    if a:\n        b\n«      c»\n«      d»\n",
        ["f()"],
    ),
    "tab after spaces": ("def f():\n    if a:\n        b\n«\tc»\n", ["f()"]),
    "white space from a web page": ("def f():\n«\xa0\xa0\xa0 a()»\n", ["f()"]),
    "loop": ("def f():\n«    for x in»\n        y()\n", ["f()"]),
    "match": ("def f():\n«    match x»\n        case 1: pass\n", None),
    "lone at": ("«@»\n", []),
    "keyword of another language": ("«function f() {»\n«    return 1»\n«}»\n", []),
    "merge conflict": (
        "«<<<<<<< HEAD»\nx = 1\n«=======»\nx = 2\n«>>>>>>> other»\n",
        [],
    ),
}


def survivors(text: str) -> list[str]:
    found = []
    for node in ast.walk(parse(text).tree):
        if isinstance(node, ast.FunctionDef):
            decorators = "".join(f"@{ast.unparse(d)} " for d in node.decorator_list)
            found.append(f"{decorators}{node.name}({ast.unparse(node.args)})")
    return found


@pytest.mark.parametrize(("marked", "expected"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_repair(marked: str, expected: list[str] | None, newline: str) -> None:
    code = (marked + REST).replace("\n", newline)
    text = code.replace("«", "").replace("»", "")
    if expected is None:  # how much is lost is not worth a promise, but the rest is there
        assert survivors(text)[-1] == "@app.task g()"
        return
    parsed = parse(text)
    assert [hole.of(text) for hole in parsed.holes] == [
        part.partition("»")[0] for part in code.split("«")[1:]
    ]
    assert survivors(text) == [*expected, "@app.task g()"]


def test_large_files_get_fewer_tries() -> None:
    filler = "#" * 1_600_000 + "\n"
    assert survivors(filler + "x = 1 1\n" * 2 + REST) == ["@app.task g()"]
    assert parse(filler + "x = 1 1\n" * 3 + REST).hopeless
    assert survivors("x = 1 1\n" * 3 + REST) == ["@app.task g()"]
