from celeryls.rules.cases import Invalid, Valid

_HEAD = "from celery import shared_task\nN = 90\n\n@shared_task\ndef f(): ...\n\n"

VALID = [
    Valid("in time", _HEAD + "f.apply_async(countdown=30, expires=60)\n"),
    Valid("only one of them", _HEAD + "f.apply_async(countdown=30)\nf.apply_async(expires=3)\n"),
    Valid("not known", _HEAD + "f.apply_async(countdown=60, expires=soon)\n"),
    Valid("never", _HEAD + "f.apply_async(countdown=60, expires=None)\n"),
    Valid("in time, of a signature", _HEAD + "f.s().set(countdown=30, expires=60).delay()\n"),
]
INVALID = [
    Invalid(
        _HEAD + "f.apply_async(«countdown=60», expires=30)\n",
        'task "shop.tasks.f" expires after 30 s, but may start only after 60 s',
        None,
    ),
    Invalid(_HEAD + "f.apply_async(expires=N, «countdown=2 * 60»)\n", "expires after 90 s", None),
    Invalid(_HEAD + "f.s().set(«countdown=600», expires=60).delay()\n", "expires after 60 s", None),
]
