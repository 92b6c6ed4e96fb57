from celeryls.rules.cases import Invalid, Valid

_HEAD = "from celery import shared_task\n\n@shared_task\ndef f(order_id): ...\n\n"

_ON_APP = "from celery import Celery\napp = Celery('x')\n@app.task\ndef f(order_id): ...\n\n"
_RETRY = """\
from celery import shared_task

@shared_task(bind=True)
def f(self, order_id):
    try:
        charge(order_id)
    except OSError as exc:
"""

VALID = [
    Valid(
        "what send_task and signature take",
        _ON_APP + "app.send_task(name='shop.tasks.f', args=(1,), countdown=5, router=None)\n"
        "f.signature((1,), immutable=True, countdown=5, options={})\n",
    ),
    Valid("options", _HEAD + "f.apply_async((1,), countdown=5, link_error=x, expiration=3)\n"),
    Valid("a property of the transport", _HEAD + "f.apply_async((1,), MessageGroupId='x')\n"),
    Valid("delay hands it to the task", _HEAD + "f.delay(order_id=1)\n"),
    Valid(
        "an apply_async of its own",
        "from celery import Task, shared_task\nclass B(Task):\n"
        "    def apply_async(self, *a, count_down=0, **o): ...\n"
        "@shared_task(base=B)\ndef f(x): ...\nf.apply_async((1,), count_down=5)\n",
    ),
    Valid(
        "a base that can't be read",
        "from celery import shared_task\nfrom x import B\n"
        "@shared_task(base=B)\ndef f(x): ...\nf.apply_async((1,), count_down=5)\n",
    ),
    Valid(
        "what set and retry take",
        _HEAD
        + """\
f.s(1).set(immutable=True, queue="x", debug=3)
@shared_task(bind=True)
def g(self):
    raise self.retry(exc=None, throw=False, max_retries=3, countdown=2, args=(), when=3)
""",
    ),
    Valid("another set", _HEAD + "f.s(1)\ncache.set(count_down=3)\nf.set(count_down=3)\n"),
    Valid(
        "another retry",
        "from celery import shared_task\n@shared_task\ndef g(http):\n"
        "    http.retry(countdwn=3)\n"
        "@shared_task(bind=True)\ndef h(self, other):\n    other.retry(countdwn=3)\n",
    ),
    Valid(
        "a dict that changes, and one that is not known",
        _HEAD
        + """\
def one():
    options = {"count_down": 3}
    options["countdown"] = options.pop("count_down")
    f.apply_async((1,), **options)

def two(options):
    f.apply_async((1,), **options)

def three():
    options = {"count_down": 3}
    fill(options)
    f.apply_async((1,), **options)

def four(soon):
    options = {"count_down": 3} if soon else {}
    f.apply_async((1,), **options)

OPTIONS = {"count_down": 3}
del OPTIONS["count_down"]
f.apply_async((1,), **OPTIONS)
""",
    ),
]
INVALID = [
    Invalid(
        _HEAD + "f.apply_async((1,), «count_down»=5)\n",
        '"count_down" is not an option of apply_async and has no effect; the option is "countdown"',
        _HEAD + "f.apply_async((1,), countdown=5)\n",
    ),
    Invalid(
        _HEAD + "f.apply_async((1,), «expire»=5, expires=6)\n",
        'the option is "expires"',
        None,
    ),
    Invalid(
        _HEAD + "f.apply_async(«order_id»=1)\n",
        '"order_id" is a parameter of task "shop.tasks.f", which does not get it',
        None,
    ),
    Invalid(
        _ON_APP + "app.send_task('shop.tasks.f', (1,), «cuntdown»=5)\n",
        '"cuntdown" is not an option of send_task and has no effect; the option is "countdown"',
        _ON_APP + "app.send_task('shop.tasks.f', (1,), countdown=5)\n",
    ),
    Invalid(
        _ON_APP + "f.signature((1,), «priorty»=5).delay()\n",
        'the option is "priority"',
        _ON_APP + "f.signature((1,), priority=5).delay()\n",
    ),
    Invalid(
        _HEAD + "f.s(1).set(«count_down»=3).delay()\n",
        '"count_down" is not an option of set and has no effect; the option is "countdown"',
        _HEAD + "f.s(1).set(countdown=3).delay()\n",
    ),
    Invalid(
        _HEAD + "def go():\n    sig = f.si(1)\n    sig.set(«que»='x')\n    sig.delay()\n",
        'the option is "queue"',
        _HEAD + "def go():\n    sig = f.si(1)\n    sig.set(queue='x')\n    sig.delay()\n",
    ),
    Invalid(
        _HEAD
        + "def go():\n    options = {'queue': 'x', '«count_down»': 3}\n"
        + "    f.apply_async((1,), **options)\n",
        'the option is "countdown"',
        _HEAD
        + "def go():\n    options = {'queue': 'x', 'countdown': 3}\n"
        + "    f.apply_async((1,), **options)\n",
    ),
    Invalid(
        "OPTIONS = dict(«priorty»=3)\n" + _HEAD + "f.apply_async((1,), **OPTIONS)\n",
        'the option is "priority"',
        "OPTIONS = dict(priority=3)\n" + _HEAD + "f.apply_async((1,), **OPTIONS)\n",
    ),
    Invalid(
        _HEAD + "f.apply_async((1,), **{'«expire»': 5})\n",
        'the option is "expires"',
        _HEAD + "f.apply_async((1,), **{'expires': 5})\n",
    ),
    Invalid(
        _RETRY + "        raise self.retry(exc=exc, «countdwn»=3)\n",
        '"countdwn" is not an option of retry and has no effect; the option is "countdown"',
        _RETRY + "        raise self.retry(exc=exc, countdown=3)\n",
    ),
    Invalid(
        _RETRY + "        raise self.retry(exc=exc, «max_retry»=3)\n",
        'the option is "max_retries"',
        _RETRY + "        raise self.retry(exc=exc, max_retries=3)\n",
    ),
    Invalid(
        "from .options import OPTIONS\n" + _HEAD + "f.apply_async((1,), **«OPTIONS»)\n",
        'the option is "expires"',
        None,
        {"shop/options.py": "OPTIONS = {'expire': 5}\n"},
    ),
]
