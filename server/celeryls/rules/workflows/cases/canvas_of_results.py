from celeryls.rules.cases import Invalid, Valid

_HEAD = """\
from celery import chain, group, shared_task

@shared_task
def fetch(url): ...

@shared_task
def store(page): ...

"""

VALID = [
    Valid("signatures", _HEAD + "chain(fetch.s(1), store.s())()\ngroup(fetch.s(1))()\n"),
    Valid("sent as a whole", _HEAD + "chain(fetch.s(1), store.s()).delay()\n"),
    Valid("an argument of a step", _HEAD + "chain(fetch.s(store.delay(1).id), store.s())()\n"),
    Valid("another group", _HEAD + "from mine import group\ngroup(fetch.delay(1))\n"),
    Valid("a link", _HEAD + "fetch.apply_async((1,), link=store.s())\n"),
]
INVALID = [
    Invalid(
        _HEAD + "chain(«fetch.delay(1)», store.s())()\n",
        'delay sends task "shop.tasks.fetch" at once: a chain takes signatures',
        _HEAD + "chain(fetch.s(1), store.s())()\n",
    ),
    Invalid(
        _HEAD.replace("chain", "chain, chord", 1) + "chord([fetch.s(1)])(«store.delay()»)\n",
        "a chord takes signatures",
        _HEAD.replace("chain", "chain, chord", 1) + "chord([fetch.s(1)])(store.s())\n",
    ),
    Invalid(
        _HEAD + "group([\n    «fetch  # not with delay\n    .delay(1)»\n])()\n",
        "a group takes signatures",
        _HEAD + "group([\n    fetch  # not with delay\n    .s(1)\n])()\n",
    ),
    Invalid(
        _HEAD + "group([«fetch.delay(1)»])()\n",
        "a group takes signatures",
        _HEAD + "group([fetch.s(1)])()\n",
    ),
    Invalid(
        _HEAD + "fetch.apply_async((1,), link=«store.delay(2)»)\n",
        "link takes signatures",
        _HEAD + "fetch.apply_async((1,), link=store.s(2))\n",
    ),
]
