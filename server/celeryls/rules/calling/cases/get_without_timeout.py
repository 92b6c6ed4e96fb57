from celeryls.rules.cases import Invalid, Valid

_HEAD = "from celery import shared_task\n\n@shared_task\ndef count(): ...\n\n"
VALID = [
    Valid("a timeout", _HEAD + "count.delay().get(timeout=10)\ncount.delay().get(10)\n"),
    Valid("with others", _HEAD + "count.delay().get(interval=1, timeout=10)\n"),
    Valid("perhaps a timeout", _HEAD + "count.delay().get(*a)\ncount.delay().get(**k)\n"),
    Valid("not known", _HEAD + "count.delay().get(limit())\n"),
    Valid("nobody waits", _HEAD + "count.delay().id\ncount.delay()\n"),
    Valid("run here", _HEAD + "count.apply().get()\n"),
    Valid("another get", "d.delay().get()\n"),
    Valid("a test", _HEAD + "count.delay().get()\n", path="shop/tests/test_it.py"),
]
INVALID = [
    Invalid(
        _HEAD + "def f():\n    return «count.delay()».get()\n",
        'waiting for task "shop.tasks.count" has no end',
        None,
    ),
    Invalid(
        _HEAD + "x = «count.apply_async(queue='a')».get(propagate=False, interval=1)\n",
        "give a timeout",
        None,
    ),
]
