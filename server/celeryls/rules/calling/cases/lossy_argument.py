from celeryls.rules.cases import Invalid, Valid

_HEAD = "from celery import shared_task\n\n@shared_task\ndef f(x, y=1): ...\n\n"
VALID = [
    Valid("what arrives as it is", _HEAD + "f.delay([1, 2], y={'a': [1]})\n"),
    Valid("args and kwargs themselves", _HEAD + "f.apply_async((1, 2), {'x': 1})\n"),
    Valid("a key that is not known", _HEAD + "f.delay({key: 1})\nf.delay(x)\n"),
    Valid("what a call makes", _HEAD + "f.delay(make((1, 2)))\n"),
    Valid(
        "pickle",
        "from celery import shared_task\n@shared_task(serializer='pickle')\ndef f(x): ...\n"
        "f.delay((1, 2))\n",
    ),
    Valid("a serializer of the call", _HEAD + "f.apply_async(((1,),), serializer='pickle')\n"),
    Valid("a test", _HEAD + "f.delay((1, 2))\n", path="shop/tests/test_it.py"),
]
INVALID = [
    Invalid(
        _HEAD + "f.delay(«{1: 'a'}»)\n",
        'JSON gives task "shop.tasks.f" something else: the key 1 arrives as a text',
        None,
    ),
    Invalid(_HEAD + "f.delay(y=«(1, 2)»)\n", "a tuple arrives as a list", None),
    Invalid(_HEAD + "f.delay(«[{'a': {None: 1}}]»)\n", "the key None arrives as a text", None),
    Invalid(
        _HEAD + "def g():\n    x = (1, 2)\n    f.apply_async(args=«[x]»)\n",
        "a tuple arrives as a list",
        None,
    ),
]
