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
]
