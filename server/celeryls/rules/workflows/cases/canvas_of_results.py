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
_MORE = (
    _HEAD.replace("chain,", "chain, chord,", 1)
    + """\
@shared_task
def plan(urls):
    return [fetch.s(url) for url in urls]

@shared_task
def clean(): ...

"""
)
_APP = _MORE.replace("shared_task", "Celery, shared_task", 1) + "app = Celery('shop')\n"
VALID += [
    Valid("signatures of a comprehension", _MORE + "group(fetch.s(i) for i in range(3))()\n"),
    Valid("what comes of a call", _MORE + "group([fetch.s(fetch(i)) for i in range(3)])()\n"),
    Valid("a task that makes signatures", _MORE + "group(plan([1]))()\nchain(*plan([1]))()\n"),
    Valid("tasks in the header of a chord", _MORE + "chord([clean, clean], store.s())()\n"),
    Valid("`|` of something else", _MORE + "flags = fetch(1) | 5\n"),
    Valid(
        "no task of Celery's",
        _MORE + "def f(): ...\ngroup(f, fetch.s(1))()\nchain(f(), store.s())\n",
    ),
    Valid("a variable that is a signature", _MORE + "sig = clean.si()\ngroup(sig, fetch.s(1))()\n"),
    Valid(
        "one of several",
        _MORE
        + "def go(x):\n    sig = clean\n    if x:\n        sig = clean.si()\n    group(sig)()\n",
    ),
    Valid("a parameter hides it", _MORE + "def go(fetch):\n    group(fetch, fetch)()\n"),
    Valid(
        "pickle carries a task",
        _APP + "app.conf.task_serializer = 'pickle'\nfetch.apply_async((1,), link=store)\n",
    ),
    Valid(
        "another serializer", _APP + "fetch.apply_async((1,), link=store, serializer='pickle')\n"
    ),
    Valid(
        "what a variable held is used otherwise",
        _MORE + "def go(x):\n    r = fetch.s(1)\n    r.set(x=1)\n    group(r, r)()\n",
    ),
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
    Invalid(
        _HEAD + "group([«fetch.delay(i)» for i in range(3)])()\n",
        "a group takes signatures",
        _HEAD + "group([fetch.s(i) for i in range(3)])()\n",
    ),
    Invalid(
        _HEAD + "group(«fetch.delay(i)» for i in range(3))()\n",
        "a group takes signatures",
        _HEAD + "group(fetch.s(i) for i in range(3))()\n",
    ),
    Invalid(
        _MORE + "chord([«fetch.delay(i)» for i in range(3)], store.s())()\n",
        "a chord takes signatures",
        _MORE + "chord([fetch.s(i) for i in range(3)], store.s())()\n",
    ),
    Invalid(
        _HEAD + "def go():\n    jobs = [«fetch.delay(1)», store.si(2)]\n    group(jobs)()\n",
        "a group takes signatures",
        _HEAD + "def go():\n    jobs = [fetch.s(1), store.si(2)]\n    group(jobs)()\n",
    ),
    Invalid(
        _HEAD + "chain(«fetch(1)», store.s())()\n",
        'task "shop.tasks.fetch" runs here: a chain takes signatures',
        _HEAD + "chain(fetch.s(1), store.s())()\n",
    ),
    Invalid(
        _HEAD + "(fetch.s(1) | «store(2)»).delay()\n",
        'task "shop.tasks.store" runs here: a chain takes signatures',
        _HEAD + "(fetch.s(1) | store.s(2)).delay()\n",
    ),
    Invalid(
        _MORE + "group(«clean», fetch.s(1))()\n",
        'task "shop.tasks.clean" is no signature, and a group takes those',
        _MORE + "group(clean.s(), fetch.s(1))()\n",
    ),
    Invalid(_MORE + "group([«fetch»])()\n", "is no signature", None),
    Invalid(
        _MORE + "chain(fetch.s(1), «store»)()\n",
        "is no signature",
        _MORE + "chain(fetch.s(1), store.s())()\n",
    ),
    Invalid(
        _MORE + "chord([fetch.s(1)], «store»)()\n",
        "a chord takes those",
        _MORE + "chord([fetch.s(1)], store.s())()\n",
    ),
    Invalid(
        _APP + "fetch.apply_async((1,), link=«store»)\n",
        "link takes those",
        _APP + "fetch.apply_async((1,), link=store.s())\n",
    ),
    Invalid(_APP + "fetch.apply_async((1,), link_error=«store»)\n", "link_error takes those", None),
]
