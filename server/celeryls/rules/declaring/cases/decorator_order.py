from celeryls.rules.cases import Invalid, Valid

_LOCKED = """\
import functools

def locked(function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        with LOCK:
            return function(*args, **kwargs)
    return inner

def timed(label):
    def decorate(function):
        def inner(*args, **kwargs):
            return function(*args, **kwargs)
        return inner
    return decorate
"""

VALID = [
    Valid(
        "the task decorator at the top",
        """\
from celery import shared_task
from django.db import transaction

@shared_task
@transaction.atomic
def f(): ...
""",
    ),
    Valid(
        "a receiver returns what it was given",
        """\
from celery import shared_task
from django.dispatch import receiver
from shop.signals import saved

@receiver(saved)
@shared_task
def f(sender, **kwargs): ...
""",
    ),
    Valid(
        "a registry of one's own returns what it was given",
        """\
from celery import shared_task
from shop.registry import register

@register("nightly")
@shared_task
def f(): ...
""",
        {
            "shop/registry.py": """\
KNOWN = {}

def register(name):
    def keep(function):
        KNOWN[name] = function
        return function
    return keep
"""
        },
    ),
    Valid(
        "a static method of a class",
        """\
from celery import shared_task

class Shop:
    @staticmethod
    @shared_task
    def f(): ...
""",
    ),
    Valid(
        "a decorator that makes a task of it again",
        """\
from celery import shared_task
from shop.app import permitted

@permitted
@shared_task
def f(): ...
""",
        {
            "shop/app.py": """\
from celery import Celery
app = Celery("shop")

def permitted(function):
    @app.task
    def inner(*args):
        return function(*args)
    return inner
"""
        },
    ),
    Valid(
        "the function gets the methods of the task",
        """\
from celery import shared_task

def logged(task):
    def inner(*args):
        return task(*args)
    inner.delay = task.delay
    return inner

@logged
@shared_task
def f(): ...
""",
    ),
    Valid(
        "what is called sends the task",
        """\
import functools
from celery import shared_task

def queued(task):
    @functools.wraps(task)
    def inner(*args):
        send_later(task.si(*args))
    return inner

@queued
@shared_task
def f(): ...
""",
    ),
    Valid(
        "what is called sends the task, or calls it",
        """\
from celery import shared_task
from shop.queues import queued

@queued("f")
@shared_task
def f(): ...
""",
        {
            "shop/queues.py": """\
def queued(name):
    def decorate(task):
        def inner(*args):
            if IN_TESTS:
                return task(*args)
            return task.delay(*args)
        return inner
    return decorate
"""
        },
    ),
    Valid(
        "what is called hands the task on",
        """\
from celery import shared_task

def after_commit(task):
    def inner(*args):
        enqueue(task, args)
    return inner

@after_commit
@shared_task
def f(): ...
""",
    ),
    Valid(
        "a decorator that may return either",
        """\
from celery import shared_task

def logged(task):
    def inner(*args):
        return task(*args)
    if DEBUG:
        return inner
    return task

@logged
@shared_task
def f(): ...
""",
    ),
    Valid(
        "a decorator that can't be read",
        "from celery import shared_task\nfrom own import logged\n\n@logged\n@shared_task\n"
        "def f(): ...\n",
    ),
    Valid(
        "a decorator made with another",
        """\
from celery import shared_task
from decorator import decorator

@decorator
def logged(function):
    def inner(*args):
        return function(*args)
    return inner

@logged
@shared_task
def f(): ...
""",
    ),
]

INVALID = [
    Invalid(
        """\
from celery import shared_task
from django.db import transaction

# all or nothing
@transaction.atomic  # here too
# and as a task
@«shared_task(
    max_retries=3,  # enough
)»
def f(): ...
""",
        '"@transaction.atomic" above "@shared_task"',
        """\
from celery import shared_task
from django.db import transaction

# all or nothing
@shared_task(
    max_retries=3,  # enough
)
@transaction.atomic  # here too
# and as a task
def f(): ...
""",
    ),
    Invalid(
        """\
from celery import Celery
from shop.locks import locked

app = Celery("shop")

@locked
@«app.task»
def f(): ...
""",
        "makes a plain function of the task",
        """\
from celery import Celery
from shop.locks import locked

app = Celery("shop")

@app.task
@locked
def f(): ...
""",
        {"shop/locks.py": _LOCKED},
    ),
    Invalid(
        """\
from celery import shared_task
from shop.locks import timed

@timed("f")
@«shared_task»
@print
def f(): ...
""",
        '"@timed" above "@shared_task"',
        """\
from celery import shared_task
from shop.locks import timed

@shared_task
@timed("f")
@print
def f(): ...
""",
        {"shop/locks.py": _LOCKED},
    ),
    Invalid(
        """\
from contextlib import contextmanager
from celery import shared_task

@contextmanager
def lock(name):
    yield name

@lock("f")
@«shared_task»
def f(): ...
""",
        '"@lock" above "@shared_task"',
        """\
from contextlib import contextmanager
from celery import shared_task

@contextmanager
def lock(name):
    yield name

@shared_task
@lock("f")
def f(): ...
""",
    ),
    Invalid(
        """\
from functools import lru_cache
from celery import shared_task

@lru_cache(maxsize=None)
@«shared_task»
def f(): ...
""",
        '"@lru_cache" above "@shared_task"',
        None,
    ),
]
