from celeryls.rules.cases import Invalid, Valid

_HEAD = "from celery import chain, shared_task\n\n@shared_task\ndef f(x=1): ...\n\n"

VALID = [
    Valid("sent", _HEAD + "f.delay()\nf.s(1).delay()\nchain(f.s(), f.s())()\n"),
    Valid("kept", _HEAD + "s = f.s(1)\nw = chain(f.s(), f.s())\n"),
    Valid("handed on", _HEAD + "on_commit(f.delay)\nf.apply_async(link=f.s())\n"),
    Valid("returned", _HEAD + "def g():\n    return f.s(1)\n"),
    Valid("something else's s", _HEAD + "x.s(1)\nx.delay\na | b\n"),
    Valid("awaited", _HEAD + "async def g():\n    await f.s(1)\n"),
]
_GO = _HEAD + "def go(x):\n"
VALID += [
    Valid("a variable that is sent", _GO + "    w = chain(f.s(), f.s())\n    w.delay()\n"),
    Valid("a variable that is returned", _GO + "    w = f.s() | f.s()\n    return w\n"),
    Valid(
        "read by a function in it",
        _GO + "    w = f.s()\n    def later():\n        w.delay()\n    return later\n",
    ),
    Valid(
        "another function's", _GO + "    nonlocal w\n    w = f.s()\n".replace("nonlocal", "global")
    ),
    Valid("added to", _GO + "    w = f.s()\n    w |= f.s()\n    w()\n"),
    Valid("a variable that says so", _GO + "    _w = f.s()\n"),
    Valid("all variables", _GO + "    w = f.s()\n    return locals()\n"),
    Valid("the result of a call", _GO + "    w = f.delay()\n    v = chain(f.s(), f.s())()\n"),
    Valid("an attribute", _GO + "    x.w = f.s()\n"),
    Valid("two names", _GO + "    w = x.w = f.s()\n"),
    Valid("flags", _GO + "    w = x.a | x.b\n"),
    Valid("in a class", _HEAD + "class A:\n    w = f.s()\n"),
    Valid(
        "read before, in a loop",
        _GO + "    for i in x:\n        if i:\n            w()\n        w = f.s()\n",
    ),
    Valid("in a test", _GO + "    w = f.s()\n", path="tests/test_tasks.py"),
]
INVALID = [
    Invalid(
        _GO + "    work = «chain(f.s(), f.s())»  # later\n",
        "this chain is never sent",
        _GO + "    work = chain(f.s(), f.s()).delay()  # later\n",
    ),
    Invalid(
        _GO + "    if x:\n        work: object = «f.si(x)»\n",
        'this signature of task "shop.tasks.f" is never sent',
        _GO + "    if x:\n        work: object = f.si(x).delay()\n",
    ),
    Invalid(_GO + "    work = «f.s() | f.s()»\n", "this chain is never sent", None),
    Invalid(
        _HEAD + "def g():\n    «f.s(1)»  # later\n",
        'this signature of task "shop.tasks.f" is never sent',
        _HEAD + "def g():\n    f.s(1).delay()  # later\n",
    ),
    Invalid(
        _HEAD + "«chain(f.s(), f.s())»\n",
        "this chain is never sent",
        _HEAD + "chain(f.s(), f.s()).delay()\n",
    ),
    Invalid(_HEAD + "«f.delay»\n", "delay is not called", _HEAD + "f.delay()\n"),
    Invalid(_HEAD + "«f.s(1) | f.s()»\n", "this chain is never sent", None),
]
