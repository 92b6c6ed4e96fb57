from celeryls.rules.cases import Invalid, Valid

_HEAD = """\
from celery import Task, chain, shared_task

@shared_task
def charge(order_id, amount=1): ...

@shared_task(bind=True)
def bound(self, order_id): ...

"""

VALID = [
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
        None,
    ),
    Invalid(_HEAD + "«charge.delay(1, total=2)»\n", 'has no parameter "total"', None),
    Invalid(
        _HEAD + "«charge.delay(1, amout=2)»\n",
        'has no parameter "amout"',
        _HEAD + "charge.delay(1, amount=2)\n",
    ),
    Invalid(_HEAD + "«charge.delay(1, 2, amout=2)»\n", 'has no parameter "amout"', None),
    Invalid(_HEAD + "«charge.delay(1, order_id=2)»\n", 'gets "order_id" twice', None),
    Invalid(_HEAD + "«bound.delay(1, 2)»\n", "takes 1 argument, 2 given", None),
    Invalid(_HEAD + "«charge.apply_async(args=(1, 2, 3))»\n", "takes 2 arguments, 3 given", None),
    Invalid(_HEAD + "«charge.apply_async()»\n", 'needs "order_id"', None),
    Invalid(_HEAD + "«charge.apply_async(kwargs={'x': 1})»\n", 'has no parameter "x"', None),
    Invalid(_HEAD + "«bound.si()»\n", 'needs "order_id"', None),
    Invalid(_HEAD + "«bound.s(1, 2)»\n", "takes 1 argument, 2 given", None),
    Invalid(
        "from shop import more\n\ndef view():\n    «more.send.delay_on_commit(1)»\n",
        'task "shop.more.send" takes no arguments, 1 given',
        None,
        {
            "shop/__init__.py": "",
            "shop/more.py": "from celery import shared_task\n@shared_task\ndef send(): ...\n",
        },
    ),
]
