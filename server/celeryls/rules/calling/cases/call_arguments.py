from celeryls.rules.calling.cases import indirect
from celeryls.rules.calling.cases.handed import (
    FITS,
    OTHER_BELOW,
    PASSED,
    SAME_BELOW,
    SEND,
    WRONG,
)
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


def _mends(call: str, mended: str | None) -> Invalid:
    """A call, and what becomes of it."""
    return Invalid(f"{_HEAD}«{call}»\n", "task", mended and f"{_HEAD}{mended}\n")


def _adds(params: str, line: str, mended: str | None) -> Invalid:
    """A line in a function with such parameters, and what becomes of it."""
    head = f"{_HEAD}def view({params}):\n    "
    at = next(line.index(name) for name in ("charge.", "bound.", "strict.") if name in line)
    depth, end = 1, line.index("(", at) + 1
    while depth:
        depth += (line[end] == "(") - (line[end] == ")")
        end += 1
    marked = f"{line[:at]}«{line[at:end]}»{line[end:]}"
    return Invalid(f"{head}{marked}\n", "task", mended and f"{head}{mended}\n")


def _within(body: str, call: str) -> str:
    return _HEAD + body.replace("CALL", call)


_KNOWN = [
    "def f():\n    order_id = 1\n    CALL\n",
    "def f():\n    order_id: int = 1\n    if x:\n        CALL\n",
    "def f():\n    x, (y, order_id) = g()\n    return CALL\n",
    "def f():\n    try:\n        order_id = g()\n        CALL\n    finally:\n        pass\n",
    "def f():\n    order_id = 1\n    try:\n        g()\n    except E:\n        CALL\n",
    "def f():\n    for order_id in ids:\n        CALL\n",
    "def f():\n    with g() as order_id:\n        CALL\n",
    "def f():\n    order_id = 1\n    match x:\n        case 1:\n            CALL\n",
    "def f():\n    return [CALL for order_id in ids]\n",
    "def f(order_id):\n    return [CALL for x in ids]\n",
    "f = lambda order_id: CALL\n",
    "def f(order_id):\n    def g():\n        CALL\n    return g\n",
    "def f(order_id):\n    order_id = int(order_id)\n    CALL\n",
    "class A:\n    async def f(self, *, order_id):\n        CALL\n",
    "async def f():\n    async for order_id in ids():\n        CALL\n",
]
"""Where the variable certainly has a value."""
_UNKNOWN = [
    "order_id = 1\nCALL\n",
    "order_id = 1\ndef f():\n    CALL\n",
    "def f():\n    CALL\n    order_id = 1\n",
    "def f():\n    if x:\n        order_id = 1\n    CALL\n",
    "def f():\n    for order_id in ids:\n        pass\n    CALL\n",
    "def f():\n    for order_id in ids:\n        pass\n    else:\n        CALL\n",
    "def f():\n    try:\n        order_id = 1\n    except E:\n        CALL\n",
    "def f():\n    with g():\n        order_id = 1\n    CALL\n",
    "def f():\n    order_id: int\n    CALL\n",
    "def f():\n    x.order_id = x[order_id] = 1\n    CALL\n",
    "def f(order_id):\n    del order_id\n    CALL\n",
    "def f(order_id):\n    try:\n        g()\n    except E as order_id:\n        pass\n    CALL\n",
    "def f():\n    global order_id\n    order_id = 1\n    CALL\n",
    "def f():\n    def order_id(): ...\n    CALL\n",
    "def f(order_id, x=CALL): ...\n",
    "def f(order_id):\n    class A:\n        x = CALL\n",
    "class A:\n    order_id = 1\n    CALL\n",
    "def f():\n    return [x for x in CALL for order_id in ids]\n",
    "def f(order_id):\n    def g():\n        order_id = CALL\n    return g\n",
    "def f():\n    order_id = {1: 2}\n    CALL\n",
    "def f():\n    while x:\n        order_id = 1\n    CALL\n",
]
_ROWS = """\
x = «charge.delay(
    1,  # one
    total=(2),  # two, (three)
    # the rest
    amout=4,
)»  # end
"""
_ROWS_MENDED = """\
x = charge.delay(
    1,  # one
    # the rest
    amount=4,
)  # end
"""
_ARGS = """\
«charge.apply_async(
    args=(
        1,  # one
        2,  # two
        3
        # no more
    ),
    countdown=5,
)»
"""
_ARGS_MENDED = """\
charge.apply_async(
    args=(
        1,  # one
        2,  # two
        # no more
    ),
    countdown=5,
)
"""
_MODELS = """\
from celery import shared_task
from django.db import models, transaction

class Order(models.Model): ...

@shared_task
def charge(order): ...

"""
_ORDER = "def f():\n    order = Order.objects.get(pk=1)\n"
_SAVED = "def f(order):\n    with transaction.atomic():\n        order.save()\n"

VALID = [
    *(Valid("a decorator that may change them", PASSED + code) for code in OTHER_BELOW),
    Valid(
        "by name, where a base may change them",
        "from celery import Celery, Task\napp = Celery('shop')\nclass B(Task):\n"
        "    def __call__(self, *args, **kwargs): ...\n"
        "@app.task(base=B)\ndef f(a, b): ...\napp.send_task('shop.tasks.f', (1,))\n",
    ),
    *(Valid(trap, SEND + code) for trap, code in FITS.items()),
    Valid("all arguments", _HEAD + "charge.delay(1)\ncharge.delay(1, amount=2)\nbound.delay(1)\n"),
    Valid("apply_async", _HEAD + "charge.apply_async((1,), {'amount': 2}, countdown=5)\n"),
    Valid("more of them by a star", _HEAD + "charge.delay(*ids)\ncharge.delay(**more)\n"),
    Valid("args that are not written out", _HEAD + "charge.apply_async(args=ids, kwargs=more)\n"),
    Valid("a chain adds the result", _HEAD + "chain(charge.s(1), bound.s())()\n"),
    Valid(
        "a signature has them already",
        _HEAD + "charge.s(1).apply_async()\nx = bound.si(1)\nx.delay()\n"
        "def f():\n    y = charge.s(1)\n    y.apply_async(countdown=1)\n",
    ),
    Valid("a partial signature", _HEAD + "charge.s()\n"),
    Valid("a local variable of that name", _HEAD + "def f(charge):\n    charge.delay(1, 2, 3)\n"),
    Valid(
        "a local variable that is bound anew",
        _HEAD + "def f():\n    charge = make()\n    charge.delay(1, 2, 3)\n",
    ),
    Valid(
        "arguments are not checked",
        "from celery import shared_task\n@shared_task(typing=False)\ndef f(x): ...\nf.delay()\n",
    ),
    Valid(
        "an app that does not check",
        "from celery import Celery\napp = Celery('x', strict_typing=False)\n"
        "@app.task\ndef f(x): ...\nf.delay()\n",
    ),
    Valid(
        "an inner decorator adds an argument",
        "from celery import shared_task\n@shared_task\n@inject\ndef f(x): ...\nf.delay()\n",
    ),
    Valid(
        "options that can't be followed may bind",
        "from celery import shared_task\nfrom x import O\n"
        "@shared_task(**O)\ndef f(x): ...\nf.delay()\n",
    ),
    Valid(
        "a base that translates arguments",
        "from celery import Task, shared_task\nclass B(Task):\n"
        "    def apply_async(self, args=None, kwargs=None, **o): ...\n"
        "@shared_task(base=B)\ndef f(x): ...\nf.delay()\n",
    ),
    Valid(
        "a decorator of one's own",
        "from celery import shared_task\ndef job(f): return shared_task(inject(f))\n"
        "@job\ndef f(x): ...\nf.delay()\n",
    ),
    Valid(
        "self without bind is the mistake",
        "from celery import shared_task\n@shared_task\ndef f(self, x): ...\nf.delay(1)\n",
    ),
    Valid(
        "bind without self is the mistake",
        "from celery import shared_task\n@shared_task(bind=True)\ndef f(): ...\nf.delay(1)\n",
    ),
    Valid(
        "one of two tasks",
        _HEAD + "def f(x):\n    t = charge if x else bound\n    t.delay(1, 2, 3)\n",
    ),
]
INVALID = [
    Invalid(_HEAD + "«charge.delay()»\n", 'task "shop.tasks.charge" needs "order_id"', None),
    Invalid(
        _HEAD + "«charge.delay(1, 2, 3)»\n",
        'task "shop.tasks.charge" takes 2 arguments, 3 given: it takes order_id, amount',
        _HEAD + "charge.delay(1, 2)\n",
    ),
    Invalid(
        _HEAD + "«charge.delay(1, total=2)»\n",
        'has no parameter "total"',
        _HEAD + "charge.delay(1)\n",
    ),
    Invalid(
        _HEAD + "«charge.delay(1, amout=2)»\n",
        'has no parameter "amout"',
        _HEAD + "charge.delay(1, amount=2)\n",
    ),
    Invalid(
        _HEAD + "«charge.delay(1, 2, amout=2)»\n",
        'has no parameter "amout"',
        None,
    ),
    Invalid(
        _HEAD + "«charge.delay(*ids, amout=2)»\n",
        'has no parameter "amout"',
        _HEAD + "charge.delay(*ids, amount=2)\n",
    ),
    Invalid(_HEAD + "«charge.delay(*ids, total=2)»\n", 'has no parameter "total"', None),
    Invalid(_HEAD + "«charge.delay(1, order_id=2)»\n", 'gets "order_id" twice', None),
    _mends("bound.delay(1, 2)", "bound.delay(1)"),
    _mends("bound.delay((1), (2))", "bound.delay((1))"),
    _mends("bound.delay(1, 2, x=f(3))", "bound.delay(1)"),
    _mends("bound.delay(1, x=2, order_i=3)", None),
    _mends("bound.delay(order_d=2, order_i=3)", None),
    _mends("bound.delay(x=2, order_i=3)", "bound.delay(order_id=3)"),
    _mends("bound.delay(1, make(x for x in y))", "bound.delay(1)"),
    _mends("bound.delay(1, (n := 2))", None),
    _mends("bound.delay(1, countdown_=5)", "bound.delay(1)"),
    _mends("bound.s(1, countdown=5)", None),
    _mends("bound.s(x=5)", None),
    _mends("nothing.delay(x for x in y)", None),
    _mends("nothing.delay(1)", "nothing.delay()"),
    _mends("many.delay(1, x=1)", "many.delay(1)"),
    _mends("many.delay(1, arg=1)", "many.delay(1)"),
    _mends("charge.apply_async(args=(1, 2, 3))", "charge.apply_async(args=(1, 2))"),
    _mends("charge.apply_async([1, 2, 3], countdown=5)", "charge.apply_async([1, 2], countdown=5)"),
    _mends("bound.apply_async((1, 2))", "bound.apply_async((1,))"),
    _mends("bound.apply_async(((1), (2),))", "bound.apply_async(((1),))"),
    _mends("nothing.apply_async((1,), countdown=5)", "nothing.apply_async((), countdown=5)"),
    _mends(
        "charge.apply_async((1, 2, 3), {'x': 1, 'y': 2})",
        "charge.apply_async((1, 2), {})",
    ),
    _mends(
        "charge.apply_async(kwargs={'order_id': 1, 'x': 1})",
        "charge.apply_async(kwargs={'order_id': 1})",
    ),
    _mends(
        "charge.apply_async((1,), {'amout': 2, **more})",
        "charge.apply_async((1,), {'amount': 2, **more})",
    ),
    _mends(
        "charge.apply_async((1,), {'amout': 2, 'x': 3})",
        "charge.apply_async((1,), {'amount': 2})",
    ),
    _mends("charge.apply_async((1,), {'amo' 'ut': 2})", None),
    _mends("charge.apply_async((1,), {'x': 2, 'x': 3})", None),
    _mends("charge.apply_async(kwargs={'x': 1})", None),
    Invalid(_HEAD + "«charge.apply_async()»\n", 'needs "order_id"', None),
    Invalid(_HEAD + _ROWS, "has no parameter", _HEAD + _ROWS_MENDED),
    Invalid(
        (_HEAD + _ROWS).replace("\n", "\r\n"),
        "has no parameter",
        (_HEAD + _ROWS_MENDED).replace("\n", "\r\n"),
    ),
    Invalid(_HEAD + 'x = f"{«charge.delay(1, 2, 3)»}"\n', "3 given", None),
    Invalid(_HEAD + _ARGS, "3 given", _HEAD + _ARGS_MENDED),
    Invalid(
        _HEAD
        + "f(\n    «charge.delay(\n        1,  # one\n        2,\n        3,  # three\n    )»\n)\n",
        "3 given",
        _HEAD + "f(\n    charge.delay(\n        1,  # one\n        2,\n    )\n)\n",
    ),
    _adds("order_id", "charge.delay()", "charge.delay(order_id)"),
    _adds("order_id", "charge.delay(amount=2)", "charge.delay(amount=2, order_id=order_id)"),
    _adds("order_id", "charge.delay(amout=2)", "charge.delay(amount=2, order_id=order_id)"),
    _adds("order_id", "charge.delay_on_commit()", "charge.delay_on_commit(order_id)"),
    _adds("order_id", "charge.delay(pk=1)", None),
    _adds("order", "charge.delay()", None),
    _adds("*order_id", "charge.delay()", None),
    _adds("order_id", "bound.si()", "bound.si(order_id)"),
    _adds("order_id, b, c", "strict.delay(1)", "strict.delay(1, b, c=c)"),
    _adds("order_id, b", "strict.delay(1)", None),
    _adds("a, b, c", "strict.delay(b=1)", "strict.delay(b=1, a=a, c=c)"),
    _adds("a, b, c", "strict.delay()", "strict.delay(a, b, c=c)"),
    _adds("a, b, c", "strict.apply_async()", 'strict.apply_async(args=(a, b), kwargs={"c": c})'),
    _adds(
        "a, b, c",
        "strict.apply_async(queue='slow')",
        "strict.apply_async(queue='slow', args=(a, b), kwargs={\"c\": c})",
    ),
    _adds("a, b, c", "strict.apply_async(())", 'strict.apply_async((a, b), kwargs={"c": c})'),
    _adds("a, b, c", "strict.apply_async([1], {'c': 1})", "strict.apply_async([1, b], {'c': 1})"),
    _adds("a, b, c", "strict.apply_async((1,), {})", 'strict.apply_async((1, b), {"c": c})'),
    _adds(
        "a, b, c",
        "strict.apply_async(None, {'b': 1, 'c': 2})",
        "strict.apply_async(None, {'b': 1, 'c': 2, 'a': a})",
    ),
    _adds("a, b, c", "strict.apply_async((), {'a': 1})", None),
    _adds("a", "strict.apply_async((*ids,), {'c': 1, 'd': 2})", None),
    _adds("a, b, c", "strict.apply_async((1, 2), None)", None),
    _adds("order_id", "bound.apply_async(())", "bound.apply_async((order_id,))"),
    _adds("order_id", "bound.apply_async()", "bound.apply_async(args=(order_id,))"),
    _adds(
        "order_id",
        "bound.apply_async(None)",
        'bound.apply_async(None, kwargs={"order_id": order_id})',
    ),
    _mends(
        "charge.apply_async((*ids,), {'amout': 2})",
        "charge.apply_async((*ids,), {'amount': 2})",
    ),
    _adds(
        "order_id",
        "charge.apply_async(kwargs={'amount': 1}, countdown=5)",
        "charge.apply_async(kwargs={'amount': 1, 'order_id': order_id}, countdown=5)",
    ),
    _adds(
        "order_id",
        "charge.apply_async(\n        countdown=5  # seconds\n    )",
        "charge.apply_async(\n        countdown=5,  # seconds\n        args=(order_id,),\n    )",
    ),
    _adds(
        "order_id",
        "charge.delay(\n        amount=5,  # of them, (all)\n    )",
        "charge.delay(\n        amount=5,  # of them, (all)\n        order_id=order_id,\n    )",
    ),
    _adds("order_id", "g(lambda: charge.delay())", "g(lambda: charge.delay(order_id))"),
    _adds("order_id", "g(charge.delay(  # why\n    ))", "g(charge.delay(order_id  # why\n    ))"),
    *(
        Invalid(_within(body, "«charge.delay()»"), "needs", _within(body, "charge.delay(order_id)"))
        for body in _KNOWN
    ),
    *(Invalid(_within(body, "«charge.delay()»"), "needs", None) for body in _UNKNOWN),
    Invalid(_MODELS + _ORDER + "    «charge.delay()»\n", 'needs "order"', None),
    Invalid(_MODELS + _SAVED + "        «charge.delay()»\n", 'needs "order"', None),
    Invalid(_HEAD + "«bound.si()»\n", 'needs "order_id"', None),
    _mends("bound.s(1, 2)", "bound.s(1)"),
    Invalid(
        "from shop import more\n\ndef view():\n    «more.send.delay_on_commit(1)»\n",
        'task "shop.more.send" takes no arguments, 1 given',
        "from shop import more\n\ndef view():\n    more.send.delay_on_commit()\n",
        {
            "shop/__init__.py": "",
            "shop/more.py": "from celery import shared_task\n@shared_task\ndef send(): ...\n",
        },
    ),
    *(Invalid(SEND + code, message, None) for code, message in WRONG.items()),
    *(Invalid(PASSED + code, 'needs "b"', None) for code in SAME_BELOW),
    Invalid(
        "from celery import Task, shared_task\nclass B(Task):\n"
        "    def __call__(self, *args, **kwargs): ...\n"
        "@shared_task(base=B)\ndef f(a, b): ...\n«f.delay(1)»\n",
        'needs "b"',
        None,
    ),
    Invalid(
        "from celery import Celery\n"
        "def make(web):\n    celery = Celery(web.name)\n"
        "    class InContext(celery.Task):\n        def __call__(self, *a, **k): ...\n"
        "    celery.Task = InContext\n    return celery\n"
        "celery = make(web)\n@celery.task\ndef f(a, b): ...\n«f.delay(1)»\n",
        'needs "b"',
        None,
    ),
]
VALID += indirect.FITS
INVALID += indirect.WRONG
