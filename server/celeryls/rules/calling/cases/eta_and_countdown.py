from celeryls.rules.cases import Invalid, Valid

_HEAD = "from celery import shared_task\n\n@shared_task\ndef f(): ...\n\n"

_RETRY = """\
from celery import shared_task

@shared_task(bind=True)
def f(self, when):
"""

VALID = [
    Valid("one of them", _HEAD + "f.apply_async(countdown=30)\nf.apply_async(eta=x)\n"),
    Valid("none for one of them", _HEAD + "f.apply_async(countdown=None, eta=x)\n"),
    Valid(
        "handed on: a caller gives one of them",
        _HEAD
        + """\
def later(countdown=None, eta=None):
    f.apply_async(countdown=countdown, eta=eta)

def soon(countdown=5, eta=None):
    f.apply_async(countdown=countdown, eta=eta)
""",
    ),
    Valid(
        "none for one of them, as the other is",
        _HEAD
        + """\
def later(when, wait):
    f.apply_async(countdown=None if when else 60, eta=when)
    f.apply_async(countdown=wait or None, eta=when)
    delay = 60
    if when:
        delay = None
    f.apply_async(countdown=delay, eta=when)
""",
    ),
    Valid("zero is no countdown", _HEAD + "f.apply_async(countdown=0, eta=x)\n"),
    Valid("delay", _HEAD + "f.delay(countdown=1, eta=2)\n"),
    Valid("one of them in retry", _RETRY + "    raise self.retry(eta=when, countdown=None)\n"),
]
INVALID = [
    Invalid(
        _HEAD + "f.apply_async(«eta=x», countdown=60)\n",
        "countdown takes the place of eta, which has no effect",
        _HEAD + "f.apply_async(countdown=60)\n",
    ),
    Invalid(
        "WAIT = 30\n"
        + _HEAD
        + "def later(when):\n    f.apply_async(«eta=when», countdown=WAIT * 2 if when else WAIT)\n",
        "has no effect",
        "WAIT = 30\n"
        + _HEAD
        + "def later(when):\n    f.apply_async(countdown=WAIT * 2 if when else WAIT)\n",
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
    Invalid(
        _RETRY + "    raise self.retry(«eta=when», countdown=60)\n",
        "countdown takes the place of eta",
        _RETRY + "    raise self.retry(countdown=60)\n",
    ),
    Invalid(
        _HEAD + "f.s().set(countdown=60, «eta=x»).delay()\n",
        "countdown takes the place of eta",
        _HEAD + "f.s().set(countdown=60).delay()\n",
    ),
]
