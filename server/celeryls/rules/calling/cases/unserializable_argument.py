from celeryls.rules.cases import Invalid, Valid

_HEAD = (
    "from pathlib import Path\nfrom celery import shared_task\n\n@shared_task\ndef f(x): ...\n\n"
)

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
]
