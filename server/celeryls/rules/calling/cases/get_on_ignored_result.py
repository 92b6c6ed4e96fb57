from celeryls.rules.cases import Invalid, Valid

_HEAD = "from celery import shared_task\n\n@shared_task(ignore_result=True)\ndef f(x=1): ...\n\n"

VALID = [
    Valid("not asked for", _HEAD + "f.delay(1)\nx = f.delay(1).id\n"),
    Valid("kept", _HEAD.replace("True", "False") + "f.delay(1).get()\n"),
    Valid("kept by the call", _HEAD + "f.apply_async((1,), ignore_result=False).get()\n"),
    Valid("not known", _HEAD.replace("True", "flag()") + "f.delay(1).get()\n"),
]
INVALID = [
    Invalid(
        _HEAD + "x = «f.delay(1)».get()\n",
        'task "shop.tasks.f" ignores its result',
        None,
    ),
]
