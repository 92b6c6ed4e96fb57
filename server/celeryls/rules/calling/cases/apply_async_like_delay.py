from celeryls.rules.cases import Invalid, Valid

_HEAD = "from celery import shared_task\n\n@shared_task\ndef f(x, y): ...\n\n"

VALID = [
    Valid("args and kwargs", _HEAD + "f.apply_async((1,), {'y': 2})\n"),
    Valid("names may be a tuple and a dict", _HEAD + "f.apply_async(args, kwargs)\n"),
    Valid("no kwargs", _HEAD + "f.apply_async((1, 2), None)\n"),
    Valid("a task id", _HEAD + "f.apply_async((1, 2), {}, 'id')\n"),
    Valid("delay", _HEAD + "f.delay(1, 2)\n"),
    Valid("a star", _HEAD + "f.apply_async(*both)\n"),
]
VALID += [
    Valid("attributes", _HEAD + "f.apply_async(job.args, job.kwargs)\n"),
    Valid("a parameter", _HEAD + "def go(x: tuple, y: dict):\n    f.apply_async(x, y)\n"),
    Valid("one key", _HEAD + "f.apply_async((order.id,), {'y': order.id})\n"),
]
INVALID = [
    Invalid(
        _HEAD + "f.apply_async(«user.id, user.email»)\n",
        "not one by one",
        _HEAD + "f.apply_async((user.id, user.email))\n",
    ),
    Invalid(
        _HEAD + "f.apply_async(«user, order.user_id», countdown=5)\n",
        "not one by one",
        _HEAD + "f.apply_async((user, order.user_id), countdown=5)\n",
    ),
    Invalid(
        _HEAD + "def go(x: str, y):\n    f.apply_async(«x, y»)\n",
        "not one by one",
        _HEAD + "def go(x: str, y):\n    f.apply_async((x, y))\n",
    ),
    Invalid(
        _HEAD + "f.apply_async(«x, str(y)»)\n",
        "not one by one",
        _HEAD + "f.apply_async((x, str(y)))\n",
    ),
    Invalid(
        _HEAD + "f.apply_async(«1, 2»)\n",
        'task "shop.tasks.f": apply_async takes the arguments as one list or tuple',
        _HEAD + "f.apply_async((1, 2))\n",
    ),
    Invalid(
        _HEAD + "f.apply_async(«order, 'x'», countdown=5)\n",
        "not one by one",
        _HEAD + "f.apply_async((order, 'x'), countdown=5)\n",
    ),
]
