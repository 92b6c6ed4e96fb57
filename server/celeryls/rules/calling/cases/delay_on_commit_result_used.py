from celeryls.rules.cases import Invalid, Valid

_HEAD = "from celery import shared_task\n\n@shared_task\ndef f(x=1): ...\n\n"

VALID = [
    Valid("held, and not used", _HEAD + "def g():\n    r = f.delay_on_commit(1)\n    return r\n"),
    Valid("not used", _HEAD + "f.delay_on_commit(1)\n"),
    Valid("delay has one", _HEAD + "x = f.delay(1).id\n"),
    Valid("the next statement", _HEAD + "f.delay_on_commit(1)\nx.y()\n"),
]
INVALID = [
    Invalid(
        _HEAD + "x = «f.delay_on_commit(1)».id\n",
        "delay_on_commit returns None",
        None,
    ),
    Invalid(
        _HEAD + "def g():\n    r = f.delay_on_commit(1)\n    return «r.id»\n",
        "delay_on_commit returns None",
        None,
    ),
]
