from celeryls.rules.cases import Invalid, Valid

_HEAD = (
    "from pathlib import Path\nfrom celery import shared_task\n\n@shared_task\ndef f(x): ...\n\n"
)

_CAUGHT = _HEAD + "def go():\n    try:\n        go()\n    except OSError as err:\n        "

VALID = [
    Valid("what JSON carries", _HEAD + "f.delay([1])\nf.delay({'a': 1})\nf.delay(x=(1, 2))\n"),
    Valid("what kombu carries", _HEAD + "f.delay(datetime.now())\nf.delay(Decimal(1))\n"),
    Valid("made a list", _HEAD + "f.delay(list({1, 2}))\nf.delay(str(Path('x')))\n"),
    Valid(
        "another serializer",
        "from celery import shared_task\n@shared_task(serializer='pickle')\ndef f(x): ...\n"
        "f.delay({1})\n",
    ),
    Valid(
        "another serializer by settings",
        "from celery import Celery\napp = Celery('x')\napp.conf.task_serializer = 'pickle'\n"
        "@app.task\ndef f(x): ...\nf.delay({1})\n",
    ),
    Valid("another path", _HEAD.replace("pathlib", "mine") + "f.delay(Path('x'))\n"),
    Valid("a set of one's own", _HEAD + "def set(x): ...\n\nf.delay(set([1]))\n"),
    Valid("what is made of it", _HEAD + "f.delay(len({1}))\nf.delay(sorted({1, 2}))\n"),
    Valid("keys of a dict that JSON makes texts of", _HEAD + "f.delay({1: 2})\n"),
    Valid(
        "another library's timedelta", _HEAD + "from x import timedelta\nf.delay(timedelta(1))\n"
    ),
    Valid(
        "options, which are not handed over", _HEAD + "f.apply_async((1,), headers={'a': {1}})\n"
    ),
    Valid("a serializer of the call", _HEAD + "f.apply_async(({1},), serializer='pickle')\n"),
    Valid(
        "variables that hold something else, or may",
        _HEAD
        + """\
def go(ids, other, err):
    wanted = set(ids)
    wanted = list(wanted)
    f.delay(wanted)
    f.delay(other.keys())
    f.delay(err)
    many = set(ids)
    f.delay(sorted(many))
    f.delay(len(many))
    try:
        go(ids)
    except OSError as err:
        f.delay(str(err))
    except ValueError as wrong:
        wrong = str(wrong)
        f.delay(wrong)
    for set in ids:
        f.delay(set)
""",
    ),
    Valid("a quotient", _HEAD + "def go(a):\n    f.delay(a / 2)\n    f.delay(len(a) / 2)\n"),
]
INVALID = [
    Invalid(
        _HEAD + "f.delay(«{1, 2}»)\n",
        'JSON can\'t carry a set, which task "shop.tasks.f" is sent',
        _HEAD + "f.delay(list({1, 2}))\n",
    ),
    Invalid(
        _HEAD + "f.delay(x=«{y for y in z}»)\n",
        "a set",
        _HEAD + "f.delay(x=list({y for y in z}))\n",
    ),
    Invalid(
        _HEAD + "f.delay(«Path('x')»)\n",
        "a path",
        _HEAD + "f.delay(str(Path('x')))\n",
    ),
    Invalid(_HEAD + "f.delay(«lambda: 1»)\n", "a function", None),
    Invalid(
        _HEAD + "f.apply_async((«{1}»,))\n",
        "a set",
        _HEAD + "f.apply_async((list({1}),))\n",
    ),
    Invalid(
        _HEAD + "f.apply_async(kwargs={'x': [1, «range(3)»]})\n",
        "a range",
        _HEAD + "f.apply_async(kwargs={'x': [1, list(range(3))]})\n",
    ),
    Invalid(
        _HEAD + "f.delay(\n    [\n        1,\n        «ValueError('é')»,  # why\n    ]\n)\n",
        "an exception",
        _HEAD + "f.delay(\n    [\n        1,\n        str(ValueError('é')),  # why\n    ]\n)\n",
    ),
    Invalid(
        "from datetime import timedelta\n" + _HEAD + "f.delay(«timedelta(1)»)\n",
        "a timedelta",
        None,
    ),
    Invalid(
        _HEAD + "def go(ids):\n    wanted = set(ids)\n    f.delay(«wanted»)\n",
        "a set",
        _HEAD + "def go(ids):\n    wanted = set(ids)\n    f.delay(list(wanted))\n",
    ),
    Invalid(
        _HEAD + "def go(a):\n    by = {'a': a}\n    by['b'] = a\n    f.delay(«by.keys()»)\n",
        "a view of a dict",
        _HEAD + "def go(a):\n    by = {'a': a}\n    by['b'] = a\n    f.delay(list(by.keys()))\n",
    ),
    Invalid(
        _HEAD + "def go(ids):\n    wanted = {1, 2}\n    f.apply_async(«(wanted,)»)\n",
        "a set",
        None,
    ),
    Invalid(
        _HEAD + "def go(a):\n    f.delay(«Path(a) / 'b' / a»)\n",
        "a path",
        _HEAD + "def go(a):\n    f.delay(str(Path(a) / 'b' / a))\n",
    ),
    Invalid(
        _CAUGHT + "f.delay(x=«err»)\n",
        "an exception",
        _CAUGHT + "f.delay(x=str(err))\n",
    ),
]
