from celeryls.rules.cases import Invalid, Valid

_HEAD = """\
from celery import Celery

app = Celery("shop")

@app.task
def charge(x): ...

"""


def _entry(args: str) -> str:
    return _HEAD + f"S = {{'a': {{'task': 'shop.tasks.charge', 'schedule': 60, 'args': {args}}}}}\n"


VALID = [
    Valid("a tuple", _entry("(16,)")),
    Valid("tuples of none and of two", _entry("()") + _entry("(1, 2)")),
    Valid("a list", _entry("[16]")),
    Valid("nothing", _entry("None") + _entry("''") + _entry("{}")),
    Valid("a name", _entry("(ARGS)")),
    Valid("a call", _entry("(tuple(x))")),
    Valid("one of two", _entry("(1,) if x else ()")),
    Valid("a number that is set from outside", "import os\n" + _entry("os.environ.get('A', 1)")),
    Valid("another scheduler", _HEAD + "S = {'task': 'a', 'schedule': '0 4 * * *', 'args': 1}\n"),
    Valid(
        "a test",
        _entry("(16)") + "app.add_periodic_task(60, charge.s(), args=16)\n",
        path="shop/tests/test_it.py",
    ),
    Valid("no schedule entry", _HEAD + "S = {'command': 'a', 'args': (16)}\n"),
    Valid("a periodic task", _HEAD + "app.add_periodic_task(60, charge.s(), args=(16,))\n"),
    Valid(
        "a name of the function's own",
        _HEAD + "ARGS = 16\ndef add(ARGS):\n    app.add_periodic_task(1, charge.s(), args=ARGS)\n",
    ),
    Valid("a periodic task of another kind", _HEAD + "app.add_periodic_job(60, f, args=(16))\n"),
]
INVALID = [
    Invalid(_entry("«(16)»"), "a tuple of one needs a comma", _entry("(16,)")),
    Invalid(_entry("«( 'shop' )»"), "a tuple of one needs a comma", _entry("( 'shop', )")),
    Invalid(_entry("«'shop'»"), "are no list or tuple", _entry("('shop',)")),
    Invalid(
        _HEAD + "S = {'a': dict(task='x', schedule=60, args=«0»)}\n",
        "are no list or tuple",
        _HEAD + "S = {'a': dict(task='x', schedule=60, args=(0,))}\n",
    ),
    Invalid(
        _HEAD + "S = {'a': dict(task='x', schedule=60, args=«(1)»)}\n",
        "are no list or tuple",
        _HEAD + "S = {'a': dict(task='x', schedule=60, args=(1,))}\n",
    ),
    Invalid(_HEAD + "ARGS = (16)\n" + _entry("«ARGS»")[len(_HEAD) :], "are no list", None),
    Invalid(_entry("«{'x': 1}»"), "are no list or tuple", None),
    Invalid(
        _HEAD + "app.add_periodic_task(60, charge.s(), args=«(16)»)\n",
        "a tuple of one needs a comma",
        _HEAD + "app.add_periodic_task(60, charge.s(), args=(16,))\n",
    ),
]
