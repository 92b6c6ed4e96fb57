from celeryls.rules.cases import Invalid, Valid

_HEAD = """\
from datetime import datetime, timedelta
from celery import shared_task

@shared_task
def f(): ...

"""

_RETRY = """\
from datetime import datetime, timedelta
from celery import shared_task

@shared_task(bind=True)
def f(self, when):
    wait = timedelta(minutes=1)
"""

VALID = [
    Valid("seconds", _HEAD + "f.apply_async(countdown=5, expires=60.5)\n"),
    Valid("moments", _HEAD + "f.apply_async(eta=datetime.now() + timedelta(1), expires=x)\n"),
    Valid("seconds of it", _HEAD + "f.apply_async(countdown=timedelta(1).total_seconds())\n"),
    Valid(
        "another timedelta",
        "from celery import shared_task\nfrom mine import timedelta\n"
        "@shared_task\ndef f(): ...\nf.apply_async(countdown=timedelta(1))\n",
    ),
    Valid("nothing", _HEAD + "f.apply_async(eta=None, countdown=None)\n"),
    Valid(
        "seconds in retry, and a variable that may be seconds",
        _RETRY
        + """\
    if when:
        raise self.retry(countdown=wait.total_seconds(), eta=when)
    soon = timedelta(minutes=1)
    soon = soon.seconds
    raise self.retry(countdown=soon)
""",
    ),
    Valid(
        "a parameter that a constant has the name of",
        "WAIT = timedelta(1)\n" + _HEAD + "def go(WAIT):\n    f.apply_async(countdown=WAIT)\n",
    ),
]
INVALID = [
    Invalid(
        _HEAD + "f.apply_async(«countdown=timedelta(minutes=5)»)\n",
        "countdown takes seconds, not a timedelta",
        _HEAD + "f.apply_async(countdown=timedelta(minutes=5).total_seconds())\n",
    ),
    Invalid(
        _HEAD + "f.apply_async(«expires=timedelta(1)», queue='x')\n",
        "expires takes seconds, not a timedelta",
        _HEAD + "f.apply_async(expires=timedelta(1).total_seconds(), queue='x')\n",
    ),
    Invalid(
        _HEAD + "f.apply_async(«eta=60»)\n",
        "eta takes a datetime",
        _HEAD + "f.apply_async(countdown=60)\n",
    ),
    Invalid(
        _HEAD + "f.apply_async(«eta=timedelta(minutes=5)»)\n",
        "eta takes a datetime, not a timedelta",
        _HEAD + "f.apply_async(countdown=timedelta(minutes=5).total_seconds())\n",
    ),
    Invalid(
        _RETRY + "    raise self.retry(«countdown=timedelta(minutes=5)»)\n",
        "countdown takes seconds, not a timedelta",
        _RETRY + "    raise self.retry(countdown=timedelta(minutes=5).total_seconds())\n",
    ),
    Invalid(
        _RETRY + "    raise self.retry(«countdown=wait»)\n",
        "countdown takes seconds, not a timedelta",
        _RETRY + "    raise self.retry(countdown=wait.total_seconds())\n",
    ),
    Invalid(
        _HEAD + "f.s().set(«eta=timedelta(1)»).delay()\n",
        "eta takes a datetime, not a timedelta",
        _HEAD + "f.s().set(countdown=timedelta(1).total_seconds()).delay()\n",
    ),
]
