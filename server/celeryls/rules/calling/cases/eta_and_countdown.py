from celeryls.rules.cases import Invalid, Valid

_HEAD = "from celery import shared_task\n\n@shared_task\ndef f(): ...\n\n"

VALID = [
    Valid("one of them", _HEAD + "f.apply_async(countdown=30)\nf.apply_async(eta=x)\n"),
    Valid("none for one of them", _HEAD + "f.apply_async(countdown=None, eta=x)\n"),
    Valid("delay", _HEAD + "f.delay(countdown=1, eta=2)\n"),
]
INVALID = [
    Invalid(
        _HEAD + "f.apply_async(«eta=x», countdown=60)\n",
        "countdown takes the place of eta, which has no effect",
        _HEAD + "f.apply_async(countdown=60)\n",
    ),
    Invalid(
        _HEAD + "f.apply_async(\n    countdown=60,\n    «eta=x»,\n)\n",
        "has no effect",
        _HEAD + "f.apply_async(\n    countdown=60,\n)\n",
    ),
    Invalid(
        _HEAD + "f.apply_async(\n    countdown=60,  # soon\n    «eta=x»,\n)\n",
        "has no effect",
        _HEAD + "f.apply_async(\n    countdown=60,  # soon\n)\n",
    ),
]
