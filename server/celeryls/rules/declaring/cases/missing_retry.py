from celeryls.rules.cases import Invalid, Valid

VALID = [
    Valid(
        "an error callback: the worker whose task failed calls it itself",
        """\
from celery import shared_task

@shared_task
def report(request, exc, traceback, note=None): ...
""",
    ),
    Valid(
        "retries by itself",
        """\
from celery import shared_task

@shared_task(autoretry_for=(OSError,))
def sync(): ...
""",
    ),
    Valid(
        "an empty autoretry_for is a decision",
        "from celery import shared_task\n\n@shared_task(autoretry_for=())\ndef sync(): ...\n",
    ),
    Valid(
        "max_retries=0 is a decision",
        "from celery import shared_task\n\n@shared_task(max_retries=0)\ndef sync(): ...\n",
    ),
    Valid(
        "calls retry",
        """\
from celery import shared_task

@shared_task(bind=True)
def sync(self):
    try:
        work()
    except OSError as exc:
        raise self.retry(exc=exc)
""",
    ),
    Valid(
        "calls its own retry without being bound",
        """\
from celery import shared_task

@shared_task
def sync():
    try:
        work()
    except OSError as exc:
        raise sync.retry(exc=exc)
""",
    ),
    Valid(
        "hands its retry on",
        """\
from celery import shared_task

@shared_task(bind=True)
def sync(self):
    work(on_error=self.retry)
""",
    ),
    Valid(
        "a helper that knows it by name",
        """\
from celery import shared_task

def again(exc):
    raise sync.retry(exc=exc)

@shared_task
def sync():
    try:
        work()
    except OSError as exc:
        again(exc)
""",
    ),
    Valid(
        "hands itself to a helper that may retry",
        """\
from celery import shared_task

@shared_task(bind=True)
def sync(self):
    with retrying(self):
        work()
""",
    ),
    Valid(
        "a base that retries",
        """\
from celery import Task, shared_task

class Stubborn(Task):
    autoretry_for = (OSError,)

@shared_task(base=Stubborn)
def sync(): ...
""",
    ),
    Valid(
        "a base whose method retries",
        """\
from celery import Task, shared_task

class Stubborn(Task):
    def __call__(self, *args, **kwargs):
        try:
            return self.run(*args, **kwargs)
        except OSError as exc:
            raise self.retry(exc=exc)

@shared_task(base=Stubborn)
def sync(): ...
""",
    ),
    Valid(
        "a base that can't be read",
        "from celery import shared_task\nfrom x import Base\n\n"
        "@shared_task(base=Base)\ndef sync(): ...\n",
    ),
    Valid(
        "retry in a spread constant",
        """\
from celery import shared_task
RETRY = {"autoretry_for": (OSError,), "max_retries": 3}

@shared_task(**RETRY)
def sync(): ...
""",
    ),
    Valid(
        "exceptions from a constant",
        """\
from celery import shared_task
PASSING = (OSError, TimeoutError)

@shared_task(autoretry_for=PASSING)
def sync(): ...
""",
    ),
    Valid(
        "sends itself when it has failed",
        """\
from celery import shared_task

@shared_task
def sync(product_id, tries=0):
    if tries > 3:
        return
    try:
        fetch(product_id)
    except OSError:
        log(product_id)
        sync.apply_async((product_id, tries + 1), countdown=60)
""",
    ),
    Valid(
        "an inner decorator that retries the task it is handed",
        """\
from celery import shared_task
from shop.throttling import throttled

@shared_task(bind=True)
@throttled("1/m")
def sync(self): ...
""",
        {
            "shop/throttling.py": """\
import functools

def throttled(rate):
    def decorate(function):
        @functools.wraps(function)
        def inner(self, *args):
            wait = seconds(rate)
            if wait:
                raise self.retry(countdown=wait)
            return function(self, *args)
        return inner
    return decorate
"""
        },
    ),
    Valid(
        "an inner decorator that calls the function again",
        """\
from celery import shared_task
from tenacity import retry, stop_after_attempt

@shared_task
@retry(stop=stop_after_attempt(3))
def sync(): ...
""",
    ),
    Valid(
        "an inner decorator that can't be read",
        """\
from celery import shared_task
from own.lib import patient

@shared_task
@patient
def sync(): ...
""",
    ),
    Valid(
        "an inner decorator that a function makes",
        """\
from celery import shared_task
from own.lib import stubborn

def make(times):
    patient = stubborn(times)

    @shared_task
    @patient
    def sync(): ...

    return sync
""",
    ),
]

INVALID = [
    Invalid(  # it goes on with the next page: that is no retry
        """\
from celery import shared_task

@shared_task
def «sync»(page=0):
    try:
        fetch(page)
    except OSError:
        log(page)
    sync.delay(page + 1)
""",
        "never retried",
        """\
from celery import shared_task

@shared_task(
    autoretry_for=(ConnectionError, TimeoutError),
    retry_backoff=True,
    retry_backoff_max=600,
    retry_jitter=True,
    max_retries=3,
)
def sync(page=0):
    try:
        fetch(page)
    except OSError:
        log(page)
    sync.delay(page + 1)
""",
    ),
    Invalid(
        """\
from celery import shared_task
from django.db import transaction

@shared_task(
    max_retries=3,
)
@transaction.atomic
@once
def «sync»(): ...

def once(function):
    return function
""",
        "never retried",
        """\
from celery import shared_task
from django.db import transaction

@shared_task(
    max_retries=3,
    autoretry_for=(ConnectionError, TimeoutError),
    retry_backoff=True,
    retry_backoff_max=600,
    retry_jitter=True,
)
@transaction.atomic
@once
def sync(): ...

def once(function):
    return function
""",
    ),
    Invalid(
        "from celery import shared_task\n\n@shared_task\ndef «sync»(product_id): ...\n",
        'task "shop.tasks.sync" is never retried',
        "from celery import shared_task\n\n"
        "@shared_task(\n    autoretry_for=(ConnectionError, TimeoutError),\n"
        "    retry_backoff=True,\n    retry_backoff_max=600,\n    retry_jitter=True,\n"
        "    max_retries=3,\n)\n"
        "def sync(product_id): ...\n",
    ),
    Invalid(
        """\
from celery import shared_task

@shared_task(
    bind=True,
    max_retries=5,
)
def «sync»(self, product_id):
    log(self.max_retries)
""",
        "never retried",
        """\
from celery import shared_task

@shared_task(
    bind=True,
    max_retries=5,
    autoretry_for=(ConnectionError, TimeoutError),
    retry_backoff=True,
    retry_backoff_max=600,
    retry_jitter=True,
)
def sync(self, product_id):
    log(self.max_retries)
""",
    ),
    Invalid(
        "from celery import shared_task\r\n\r\nclass A:\r\n"
        "    @shared_task( acks_late=(True), name = 'a' )  # kept\r\n"
        "    def «sync»(): ...\r\n",
        "never retried",
        "from celery import shared_task\r\n\r\nclass A:\r\n"
        "    @shared_task(\r\n        acks_late=(True),\r\n        name = 'a',\r\n"
        "        autoretry_for=(ConnectionError, TimeoutError),\r\n"
        "        retry_backoff=True,\r\n        retry_backoff_max=600,\r\n"
        "        retry_jitter=True,\r\n        max_retries=3,\r\n    )  # kept\r\n"
        "    def sync(): ...\r\n",
    ),
]
