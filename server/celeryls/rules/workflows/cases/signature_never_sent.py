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
INVALID = [
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
