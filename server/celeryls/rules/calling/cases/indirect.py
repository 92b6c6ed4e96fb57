"""Cases of CEL301: calls of a task's method by another name."""

from celeryls.rules.cases import Invalid, Valid

_HEAD = """\
from celery import Task, chain, shared_task

@shared_task
def charge(order_id, amount=1): ...

@shared_task(bind=True)
def bound(self, order_id): ...

@shared_task
def strict(a, b, *, c): ...

@shared_task
def many(*args): ...

@shared_task
def nothing(): ...

"""

_GO = _HEAD + "def go(x, y):\n"
_PART = "from functools import partial\n" + _HEAD
FITS = [
    Valid("by another name", _GO + "    send = charge.delay\n    send(x)\n    send(x, y)\n"),
    Valid(
        "one of several",
        _GO + "    send = charge.delay\n    if x:\n        send = many.delay\n    send(x, y, 1)\n",
    ),
    Valid(
        "a parameter of that name",
        _GO + "    send = nothing.delay\n    def inner(send):\n        send(1)\n    return inner\n",
    ),
    Valid(
        "another function's",
        _GO + "    send = nothing.delay\n    send()\ndef stay(send):\n    send(1)\n",
    ),
    Valid(
        "its apply_async", _GO + "    send = charge.apply_async\n    send((x, y), countdown=5)\n"
    ),
    Valid("all of something", _GO + "    send = charge.delay\n    send(*x)\n    send(**y)\n"),
    Valid("more may follow", _PART + "later = partial(strict.delay, 1)\nlater(2, c=3)\n"),
    Valid("another partial", _HEAD + "from mine import partial\npartial(nothing.delay, 1)\n"),
    Valid(
        "at the end of a transaction", _PART + "transaction.on_commit(partial(charge.delay, 1))\n"
    ),
    Valid("bound twice in the module", _HEAD + "send = nothing.delay\nsend = print\nsend(1)\n"),
]
WRONG = [
    Invalid(_GO + "    send = nothing.delay\n    «send(x)»\n", "takes no arguments, 1 given", None),
    Invalid(_GO + "    send = charge.delay\n    «send()»\n", 'needs "order_id"', None),
    Invalid(_HEAD + "send = strict.delay\ndef go():\n    «send(1, 2)»\n", 'needs "c"', None),
    Invalid(
        _GO + "    push = charge.apply_async\n    «push((x, y, 1), countdown=3)»\n",
        "takes 2 arguments, 3 given",
        None,
    ),
    Invalid(
        _GO + "    push = charge.apply_async\n    «push(kwargs={'order': x})»\n",
        'has no parameter "order"',
        None,
    ),
    Invalid(_PART + "later = «partial(nothing.delay, 1)»\n", "takes no arguments", None),
    Invalid(
        "import functools\n" + _HEAD + "later = «functools.partial(charge.delay, sum=1)»\n",
        'has no parameter "sum"',
        None,
    ),
    Invalid(
        _PART + "transaction.on_commit(«partial(strict.delay, 1)»)\n", 'needs "b" and "c"', None
    ),
]
