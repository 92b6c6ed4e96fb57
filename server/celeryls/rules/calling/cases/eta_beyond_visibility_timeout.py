from celeryls.rules.cases import Invalid, Valid


def _code(
    use: str, broker: str = "'redis://localhost'", options: str = "", head: str = "import os"
) -> str:
    return f"""\
{head}
from celery import Celery

app = Celery("shop", broker={broker})
{options}
DAY = 24 * 60 * 60

@app.task(bind=True)
def remind(self, order):
    raise self.retry(countdown=60)

def send(order, delay):
    {use}
"""


_LONG = "remind.apply_async((order,), countdown={})"
_TIMES = "from datetime import datetime, timedelta, timezone"
_ETA = "remind.apply_async((order,), eta={})"
_RETRY = "countdown=60"
VALID = [
    Valid("in time", _code(_LONG.format(60)) + _code(_LONG.format("60 * 60"))),
    Valid("not known", _code(_LONG.format("delay")) + _code(_LONG.format("order.delay"))),
    Valid("computed", _code(_LONG.format("DAY * delay"))),
    Valid("a name of the function's own", _code("DAY = 5\n    " + _LONG.format("DAY"))),
    Valid("another broker", _code(_LONG.format("DAY"), "'amqp://localhost'")),
    Valid("a broker that is not known", _code(_LONG.format("DAY"), "os.environ['BROKER']")),
    Valid("no broker that is written", _code(_LONG.format("DAY"), "None")),
    Valid(
        "a longer timeout",
        _code(
            _LONG.format("DAY"),
            options="app.conf.broker_transport_options = {'visibility_timeout': 100000}",
        ),
    ),
    Valid(
        "a timeout that is not known",
        _code(
            _LONG.format("DAY"),
            options="app.conf.broker_transport_options = {'visibility_timeout': TIMEOUT}",
        ),
    ),
    Valid(
        "options that are not known",
        _code(_LONG.format("DAY"), options="app.conf.broker_transport_options = options()"),
    ),
    Valid("a queue of SQS has its own", _code(_LONG.format("DAY"), "'sqs://'")),
    Valid("what another function retries", _code("order.retry(countdown=DAY)")),
    Valid(
        "an eta in time",
        _code(_ETA.format("datetime.now(timezone.utc) + timedelta(minutes=5)"), head=_TIMES),
    ),
    Valid(
        "an eta that is not known",
        _code(_ETA.format("datetime.now(timezone.utc) + timedelta(days=delay)"), head=_TIMES)
        + _code(_ETA.format("order.created + timedelta(days=1)"), head=_TIMES)
        + _code(_ETA.format("datetime.now(timezone.utc) - timedelta(days=1)"), head=_TIMES)
        + _code(_ETA.format("datetime.now(timezone.utc) + timedelta(bad=1)"), head=_TIMES),
    ),
    Valid("a test", _code(_LONG.format("DAY")), path="shop/tests/test_it.py"),
]
INVALID = [
    Invalid(
        _code(
            "later = timedelta(days=1, hours=1)\n    remind.apply_async((order,), "
            "«eta=datetime.now(timezone.utc) + later»)",
            head=_TIMES,
        ),
        "waits 90000 s, but after the visibility_timeout of 3600 s",
        None,
    ),
    Invalid(
        _code(
            "remind.apply_async((order,), «eta=timedelta(0, 7200) + timezone.now()»)",
            head="from datetime import timedelta\nfrom django.utils import timezone",
        ),
        "waits 7200 s",
        None,
    ),
    Invalid(
        _code("remind.apply_async((order,), «countdown=7200»)"),
        'task "shop.tasks.remind" waits 7200 s, but after the visibility_timeout of 3600 s the '
        "broker delivers the message again",
        None,
    ),
    Invalid(_code("remind.apply_async((order,), «countdown=DAY»)"), "waits 86400 s", None),
    Invalid(
        _code("wait = 2 * DAY\n    remind.apply_async((order,), «countdown=wait», priority=1)"),
        "waits 172800 s",
        None,
    ),
    Invalid(
        _code(
            "remind.apply_async_on_commit((order,), «countdown=600»)",
            options="app.conf.broker_transport_options = {'visibility_timeout': 300}",
        ),
        "waits 600 s, but after the visibility_timeout of 300 s",
        None,
    ),
    Invalid(_code("pass").replace(_RETRY, "«countdown=2 * 3600»"), "waits 7200 s", None),
    Invalid(
        _code(
            "remind.apply_async((order,), «countdown=DAY»)",
            "'sqs://'",
            "app.conf.broker_transport_options = {'visibility_timeout': 1800}",
        ),
        "the visibility_timeout of 1800 s",
        None,
    ),
]
