from celeryls.rules.cases import Invalid, Valid

_HEAD = """\
from datetime import datetime, timedelta, timezone
from celery import shared_task

@shared_task
def remind(order): ...

"""


def _code(eta: str, option: str = "eta", before: str = "") -> str:
    return f"{_HEAD}def f(when):\n    {before}remind.apply_async((1,), {option}={eta})\n"


_INTO = "datetime.now({}) + timedelta(days=1)"
VALID = [
    Valid("UTC", _code(_INTO.format("timezone.utc")) + _code(_INTO.format("tz=timezone.utc"))),
    Valid("what Celery takes it for", _code("datetime.utcnow() + timedelta(days=1)")),
    Valid("made aware", _code("datetime.now().astimezone()")),
    Valid("not known", _code("when") + _code("when + timedelta(days=1)")),
    Valid("Django's", "from django.utils import timezone\n" + _code("timezone.now()")),
    Valid("another now", "from shop import datetime\n" + _code("datetime.now()")[43:]),
    Valid("an argument of the task", f"{_HEAD}remind.delay(datetime.now())\n"),
    Valid("a number", _code("60", "expires")),
    Valid("a test", _code("datetime.now()"), path="shop/tests/test_it.py"),
]
INVALID = [
    Invalid(
        _code("«datetime.now() + timedelta(days=1)»"),
        '"eta" has no time zone and is taken for UTC',
        _code(_INTO.format("timezone.utc")),
    ),
    Invalid(
        _code("«timedelta(days=1) + datetime.now( )»", "expires").replace(", timezone", ""),
        '"expires" has no time zone',
        _code("timedelta(days=1) + datetime.now(timezone.utc)", "expires"),
    ),
    Invalid(
        _code("«eta»", before="eta = datetime.now() + timedelta(hours=when)\n    "),
        "the clock of this machine",
        None,
    ),
    Invalid(_code("«datetime.today()»"), "the clock of this machine", None),
    Invalid(
        "from datetime import datetime, timezone\nfrom celery import shared_task\n\n"
        "@shared_task(bind=True)\ndef f(self):\n    raise self.retry(eta=«datetime.now()»)\n",
        "the clock of this machine",
        "from datetime import datetime, timezone\nfrom celery import shared_task\n\n"
        "@shared_task(bind=True)\ndef f(self):\n"
        "    raise self.retry(eta=datetime.now(timezone.utc))\n",
    ),
]
