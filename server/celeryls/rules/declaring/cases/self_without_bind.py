from celeryls.rules.cases import Invalid, Valid

VALID = [
    Valid(
        "bound",
        "from celery import shared_task\n\n@shared_task(bind=True)\ndef f(self): ...\n",
    ),
    Valid(
        "bound by a constant of another module",
        """\
from celery import shared_task
from shop.options import TASK_DEFAULTS_BIND

@shared_task(**TASK_DEFAULTS_BIND)
def f(self): ...
""",
        {
            "shop/__init__.py": "",
            "shop/options.py": "DEFAULTS = {'time_limit': 5}\n"
            "TASK_DEFAULTS_BIND = {**DEFAULTS, **{'bind': True}}\n",
        },
    ),
    Valid(
        "options that can't be known",
        "from celery import shared_task\nfrom x import O\n\n@shared_task(**O)\ndef f(self): ...\n",
    ),
    Valid(
        "a method",
        """\
from celery import shared_task

class Shop:
    @shared_task
    def f(self): ...
""",
    ),
    Valid(
        "an inner decorator may pass it",
        "from celery import shared_task\n\n@shared_task\n@with_self\ndef f(self): ...\n",
    ),
    Valid(
        "self is optional",
        "from celery import shared_task\n\n@shared_task\ndef f(self=None): ...\n",
    ),
    Valid(
        "self is not first",
        "from celery import shared_task\n\n@shared_task\ndef f(x, self): ...\n",
    ),
]

INVALID = [
    Invalid(
        """\
from celery import Celery
app = Celery()

@app.task
def charge(«self», order_id):
    self.retry()
""",
        'takes "self" but is not bound',
        """\
from celery import Celery
app = Celery()

@app.task(bind=True)
def charge(self, order_id):
    self.retry()
""",
    ),
    Invalid(
        "from celery import shared_task\n\n"
        "@shared_task(bind=False, name='f')\ndef f(«self», x): ...\n",
        "off by one",
        "from celery import shared_task\n\n"
        "@shared_task(bind=True, name='f')\ndef f(self, x): ...\n",
    ),
    Invalid(
        "from celery import shared_task\nfrom x import ERRORS\n\n"
        "@shared_task(autoretry_for=ERRORS,)\ndef f(«self: object», x): ...\n",
        "off by one",
        "from celery import shared_task\nfrom x import ERRORS\n\n"
        "@shared_task(autoretry_for=ERRORS, bind=True,)\ndef f(self: object, x): ...\n",
    ),
]
