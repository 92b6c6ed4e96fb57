from celeryls.rules.cases import Invalid, Valid

_HEAD = "from celery import shared_task\n\n@shared_task\ndef f(x): ...\n\n"

VALID = [
    Valid("tuple", _HEAD + "f.apply_async(args=(1,))\nf.apply_async((1,))\n"),
    Valid("list", _HEAD + "f.apply_async(args=[1])\nf.apply_async([1])\n"),
    Valid("nothing", _HEAD + "f.apply_async(args=None)\nf.apply_async(None, {'x': 1})\n"),
    Valid("a name may be a tuple", _HEAD + "f.apply_async(args=args)\nf.apply_async(args)\n"),
    Valid("a name in brackets that says so", _HEAD + "f.apply_async(args=(my_args))\n"),
    Valid("a call over lines", _HEAD + "f.apply_async(\n    args=(\n        make()\n    )\n)\n"),
    Valid("a call in brackets", _HEAD + "f.apply_async(args=(make()))\n"),
    Valid("what makes a tuple", _HEAD + "f.apply_async(args=tuple(x))\nf.apply_async(list(x))\n"),
    Valid("a str of one's own", _HEAD + "from own import str\n\nf.apply_async(args=str(x))\n"),
    Valid(
        "a str of the function around it",
        _HEAD + "def g(str):\n    f.apply_async(args=str(1))\n",
    ),
    Valid("not a task", "x.apply_async(args=(1))\n# celery\n"),
]
VALID += [
    Valid("what keys are in", _HEAD + "f.apply_async(order.ids)\nf.apply_async(args=order.args)\n"),
    Valid(
        "parameters",
        _HEAD + "def go(x: tuple, y, *z: int):\n    f.apply_async(x)\n    f.apply_async(y)\n"
        "    f.apply_async(z)\n",
    ),
    Valid(
        "a parameter bound again", _HEAD + "def go(x: int):\n    x = [x]\n    f.apply_async(x)\n"
    ),
    Valid("another str", _HEAD + "from mine import str\nf.apply_async(str(1))\n"),
    Valid("a name without a dot", _HEAD + "f.apply_async(id)\n"),
]
INVALID = [
    Invalid(
        _HEAD + "f.apply_async(«order.pk»)\n",
        "a tuple of one needs a comma",
        _HEAD + "f.apply_async((order.pk,))\n",
    ),
    Invalid(
        _HEAD + "f.apply_async(args=«order().user_id»)\n",
        "a tuple of one needs a comma",
        _HEAD + "f.apply_async(args=(order().user_id,))\n",
    ),
    Invalid(
        _HEAD + "def go(x: int):\n    f.apply_async(«x»)\n",
        "a tuple of one needs a comma",
        _HEAD + "def go(x: int):\n    f.apply_async((x,))\n",
    ),
    Invalid(
        _HEAD + "f.apply_async(«str(x)»)\n",
        "a tuple of one needs a comma",
        _HEAD + "f.apply_async((str(x),))\n",
    ),
    Invalid(
        _HEAD + "f.apply_async(args=«(1)», countdown=5)\n",
        'the args for task "shop.tasks.f" are no list or tuple',
        _HEAD + "f.apply_async(args=(1,), countdown=5)\n",
    ),
    Invalid(
        _HEAD + "f.apply_async(args=«(order.pk)»)\n",
        "a tuple of one needs a comma",
        _HEAD + "f.apply_async(args=(order.pk,))\n",
    ),
    Invalid(
        _HEAD + "f.apply_async(«(order_id)»)\n",
        "a tuple of one needs a comma",
        _HEAD + "f.apply_async((order_id,))\n",
    ),
    Invalid(
        _HEAD + "f.apply_async(\n    args=«(\n        order.pk\n    )»,\n)\n",
        "a tuple of one needs a comma",
        _HEAD + "f.apply_async(\n    args=(\n        order.pk,\n    ),\n)\n",
    ),
    Invalid(
        _HEAD + "f.apply_async(args=«'abc'»)  # a text\n",
        "no list or tuple",
        _HEAD + "f.apply_async(args=('abc',))  # a text\n",
    ),
    Invalid(
        _HEAD + "f.apply_async(«5»)\n",
        "no list or tuple",
        _HEAD + "f.apply_async((5,))\n",
    ),
    Invalid(
        _HEAD + "def g(order):\n    f.apply_async(args=«(str(order.pk))»)\n",
        "a tuple of one needs a comma",
        _HEAD + "def g(order):\n    f.apply_async(args=(str(order.pk),))\n",
    ),
    Invalid(
        _HEAD + "f.apply_async(«int('5')»)\n",
        "no list or tuple",
        _HEAD + "f.apply_async((int('5'),))\n",
    ),
]
