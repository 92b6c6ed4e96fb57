from celeryls.rules.cases import Invalid, Valid

_HEAD = """\
from datetime import datetime, timedelta
from celery import shared_task

@shared_task
def f(): ...

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
]
