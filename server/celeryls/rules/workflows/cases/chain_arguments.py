from celeryls.rules.cases import Invalid, Valid

_HEAD = """\
from celery import chain, chord, group, shared_task

@shared_task
def fetch(url): ...

@shared_task
def store(page, where="disk"): ...

@shared_task
def clean_up(): ...

@shared_task(bind=True)
def bound(self): ...

"""

VALID = [
    Valid("takes the result", _HEAD + "chain(fetch.s(1), store.s())()\n"),
    Valid("takes the result and more", _HEAD + "chain(fetch.s(1), store.s('tape'))()\n"),
    Valid("immutable", _HEAD + "chain(fetch.s(1), clean_up.si(), bound.si())()\n"),
    Valid("the first step gets nothing", _HEAD + "chain(clean_up.s(), store.s())()\n"),
    Valid("a group has no steps", _HEAD + "group(clean_up.s(), clean_up.s())()\n"),
    Valid(
        "any arguments",
        _HEAD + "@shared_task\ndef all(*args): ...\nchain(fetch.s(1), all.s(2, 3))()\n",
    ),
    Valid("steps that are not written out", _HEAD + "chain(*steps)()\nchain(fetch.s(1), x)()\n"),
    Valid("the header of a chord", _HEAD + "chord([clean_up.s(), clean_up.s()], store.s())()\n"),
    Valid(
        "the header of a chord that is called with its body",
        _HEAD + "chord([fetch.s(1), clean_up.s()])(store.s())\n",
    ),
    Valid("a chord without a body", _HEAD + "x = chord([clean_up.s(), clean_up.s()])\n"),
    Valid(
        "another chain",
        _HEAD + "from itertools import chain as all_of\nall_of(fetch.s(1), clean_up.s())\n",
    ),
    Valid("flags", _HEAD + "x = flags.a | flags.b\n"),
]
_GO = _HEAD + "def go(urls):\n"
VALID += [
    Valid(
        "immutable",
        _HEAD + "chain(fetch.s(1), clean_up.s().set(expires=time(), immutable=True))()\n",
    ),
    Valid(
        "steps that are added",
        _GO + "    steps = [fetch.si(1)]\n    steps.insert(0, clean_up.s())\n    chain(*steps)()\n",
    ),
    Valid(
        "made immutable later",
        _GO + "    b = clean_up.s()\n    b.set_immutable(True)\n    (fetch.si(1) | b)()\n",
    ),
    Valid(
        "a variable bound again",
        _GO
        + "    b = clean_up.s()\n    if urls:\n        b = store.s()\n    (fetch.si(1) | b)()\n",
    ),
    Valid(
        "handed to something",
        _GO + "    steps = [fetch.si(1), clean_up.s()]\n    fix(steps)\n    chain(*steps)()\n",
    ),
    Valid(
        "the first step in a variable",
        _GO + "    steps = [clean_up.s(), store.s()]\n    chain(*steps)()\n",
    ),
    Valid(
        "callbacks that fit",
        _HEAD + "fetch.apply_async((1,), link=store.s())\nfetch.s(1).link(clean_up.si())\n",
    ),
    Valid(
        "an immutable callback",
        _HEAD + "fetch.apply_async((1,), link=clean_up.s().set(immutable=True))\n",
    ),
    Valid(
        "a group hands no result to its callback", _HEAD + "group(fetch.s(1)).link(clean_up.s())\n"
    ),
    Valid(
        "a variable that is a group",
        _GO + "    job = group(fetch.s(1))\n    job.link(clean_up.s())\n",
    ),
    Valid("a function of one's own", _HEAD + "enqueue(link=clean_up.s())\n"),
    Valid(
        "an error callback is CEL406's",
        _HEAD + "fetch.apply_async((1,), link_error=clean_up.s())\n",
    ),
    Valid("a link of something else", _GO + "    urls.link(clean_up.s())\n"),
]
INVALID = [
    Invalid(
        _HEAD + "chord([clean_up.s(), fetch.s(2)])(«clean_up.s()»)\n",
        "gets the results of the header as its first argument",
        _HEAD + "chord([clean_up.s(), fetch.s(2)])(clean_up.si())\n",
    ),
    Invalid(
        _HEAD + "chord(group(fetch.s(1), fetch.s(2)), body=«bound.s()»).delay()\n",
        "gets the results of the header as its first argument",
        _HEAD + "chord(group(fetch.s(1), fetch.s(2)), body=bound.si()).delay()\n",
    ),
    Invalid(
        _HEAD + "chain(fetch.s(1), «(clean_up)  # and so is\n    .s()»)()\n",
        "but takes no arguments",
        _HEAD + "chain(fetch.s(1), (clean_up)  # and so is\n    .si())()\n",
    ),
    Invalid(
        _HEAD + "chain(fetch.s(1), «clean_up.s()»)()\n",
        'task "shop.tasks.clean_up" gets the result of the step before it as its first argument, '
        "but takes no arguments, 1 given",
        _HEAD + "chain(fetch.s(1), clean_up.si())()\n",
    ),
    Invalid(
        _HEAD + "(fetch.s(1) | «bound.s()».set(queue='x') | store.s()).delay()\n",
        "takes no arguments, 1 given",
        _HEAD + "(fetch.s(1) | bound.si().set(queue='x') | store.s()).delay()\n",
    ),
    Invalid(
        "from celery import chain as steps\n" + _HEAD + "steps(fetch.s(1), «clean_up.s()»)()\n",
        "takes no arguments, 1 given",
        "from celery import chain as steps\n" + _HEAD + "steps(fetch.s(1), clean_up.si())()\n",
    ),
    Invalid(
        _HEAD + "chain([fetch.s(1), «store.s(1, 'tape')»])()\n",
        "takes 2 arguments, 3 given",
        _HEAD + "chain([fetch.s(1), store.si(1, 'tape')])()\n",
    ),
    Invalid(
        _HEAD + "chain(fetch.s(1), «store.s(page=2)»)()\n",
        'gets "page" twice',
        _HEAD + "chain(fetch.s(1), store.si(page=2))()\n",
    ),
    Invalid(
        _HEAD + "chord([fetch.s(1), fetch.s(2)], «clean_up.s()»)()\n",
        "gets the results of the header",
        _HEAD + "chord([fetch.s(1), fetch.s(2)], clean_up.si())()\n",
    ),
    Invalid(
        _GO + "    a = fetch.si(1)\n    b = «clean_up.s()»\n    (a | b).delay()\n",
        "the step before it",
        _GO + "    a = fetch.si(1)\n    b = clean_up.si()\n    (a | b).delay()\n",
    ),
    Invalid(
        _GO + "    steps = [fetch.si(1), «clean_up.s()»]\n    chain(*steps)()\n",
        "the step before it",
        _GO + "    steps = [fetch.si(1), clean_up.si()]\n    chain(*steps)()\n",
    ),
    Invalid(
        _GO + "    steps = (fetch.si(1), «clean_up.s()»)\n    return chain(steps)\n",
        "the step before it",
        _GO + "    steps = (fetch.si(1), clean_up.si())\n    return chain(steps)\n",
    ),
    Invalid(
        _GO + "    head = [fetch.s(1)]\n    body = «clean_up.s()»\n    chord(head, body)()\n",
        "the results of the header",
        _GO + "    head = [fetch.s(1)]\n    body = clean_up.si()\n    chord(head, body)()\n",
    ),
    Invalid(
        _GO + "    body = «clean_up.s()»\n    chord(fetch.s(u) for u in urls)(body)\n",
        "the results of the header",
        _GO + "    body = clean_up.si()\n    chord(fetch.s(u) for u in urls)(body)\n",
    ),
    Invalid(
        _HEAD + "fetch.apply_async((1,), link=«clean_up.s()»)\n",
        'task "shop.tasks.clean_up" gets the result of the task that it is linked to',
        _HEAD + "fetch.apply_async((1,), link=clean_up.si())\n",
    ),
    Invalid(
        _HEAD + "fetch.apply_async((1,), link=[«store.s(1, 2)», clean_up.si()])\n",
        "takes 2 arguments, 3 given",
        _HEAD + "fetch.apply_async((1,), link=[store.si(1, 2), clean_up.si()])\n",
    ),
    Invalid(
        _HEAD + "fetch.s(1).link(«clean_up.s()»)\n",
        "takes no arguments, 1 given",
        _HEAD + "fetch.s(1).link(clean_up.si())\n",
    ),
    Invalid(
        _GO + "    job = fetch.s(1)\n    job.link(«clean_up.s()»)\n    job.delay()\n",
        "takes no arguments, 1 given",
        _GO + "    job = fetch.s(1)\n    job.link(clean_up.si())\n    job.delay()\n",
    ),
]
