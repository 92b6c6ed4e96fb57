from celeryls.rules.cases import Invalid, Valid

_HEAD = "from celery import shared_task\n\n@shared_task\ndef count(): ...\n\n"
_CHAIN = "x = (\n    {}\n    .get(\n        interval=1,\n{}    )\n)\n"


def _limited(options: str) -> str:
    return _HEAD.replace("@shared_task", f"@shared_task({options})")


VALID = [
    Valid("a timeout", _HEAD + "count.delay().get(timeout=10)\ncount.delay().get(10)\n"),
    Valid("with others", _HEAD + "count.delay().get(interval=1, timeout=10)\n"),
    Valid("perhaps a timeout", _HEAD + "count.delay().get(*a)\ncount.delay().get(**k)\n"),
    Valid("not known", _HEAD + "count.delay().get(limit())\n"),
    Valid("nobody waits", _HEAD + "count.delay().id\ncount.delay()\n"),
    Valid("which is an AttributeError", _HEAD + "count.delay().join()\n"),
    Valid("run here", _HEAD + "count.apply().get()\n"),
    Valid("another get", "d.delay().get()\n"),
    Valid("a test", _HEAD + "count.delay().get()\n", path="shop/tests/test_it.py"),
]
INVALID = [
    Invalid(
        _HEAD + "def f():\n    return «count.delay()».get()\n",
        'waiting for task "shop.tasks.count" has no end',
        _HEAD + "def f():\n    return count.delay().get(timeout=10)\n",
    ),
    Invalid(
        _HEAD + "x = «count.apply_async(queue='a')».get(propagate=False, interval=1)\n",
        "give a timeout",
        _HEAD + "x = count.apply_async(queue='a').get(propagate=False, interval=1, timeout=10)\n",
    ),
    Invalid(
        _HEAD + "x = «count.delay()».get(\n    interval=1  # second\n)  # wait\n",
        "give a timeout",
        _HEAD + "x = count.delay().get(\n    interval=1,  # second\n    timeout=10,\n)  # wait\n",
    ),
    Invalid(
        (_HEAD + _CHAIN.format("«count.delay()»", "")).replace("\n", "\r\n"),
        "give a timeout",
        (_HEAD + _CHAIN.format("count.delay()", "        timeout=10,\n")).replace("\n", "\r\n"),
    ),
    Invalid(
        _limited("soft_time_limit=300, time_limit=360") + "«count.delay()».get()\n",
        "give a timeout",
        _limited("soft_time_limit=300, time_limit=360") + "count.delay().get(timeout=360)\n",
    ),
    Invalid(
        _limited("time_limit=5") + "«count.delay()».get()\n",
        "give a timeout",
        _limited("time_limit=5") + "count.delay().get(timeout=10)\n",
    ),
    Invalid(
        _limited("time_limit=LIMIT") + "«count.delay()».get()\n",
        "give a timeout",
        _limited("time_limit=LIMIT") + "count.delay().get(timeout=10)\n",
    ),
    Invalid(
        _HEAD + "«count.delay(*ids, eta=1)».get()\n",
        "give a timeout",
        _HEAD + "count.delay(*ids, eta=1).get(timeout=10)\n",
    ),
    Invalid(_HEAD + "«count.apply_async(countdown=60)».get()\n", "give a timeout", None),
    Invalid(_HEAD + "«count.apply_async(eta=when)».get()\n", "give a timeout", None),
    Invalid(_HEAD + "«count.apply_async(**options)».get()\n", "give a timeout", None),
]
