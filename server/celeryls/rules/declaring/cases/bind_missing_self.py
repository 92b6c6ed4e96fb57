from celeryls.rules.cases import Invalid, Valid

_BOUND = "from celery import shared_task\n\n@shared_task(bind=True)\n"

VALID = [
    Valid("self made of it", _BOUND + "def f(own, x):\n    self = own\n    self.retry()\n"),
    Valid("another name for it", _BOUND + "def f(task, x):\n    print(self.request.id)\n"),
    Valid("self of the module", "self = object()\n" + _BOUND + "def f(own, x):\n    print(self)\n"),
    Valid(
        "self that may be imported", "from own import *\n" + _BOUND + "def f(x):\n    print(self)\n"
    ),
    Valid(
        "self of something inside",
        _BOUND + "def f(own, x):\n    class A:\n        def g(self): return self.x\n\n"
        "    return A(), lambda self: self.y\n",
    ),
    Valid("self in a text", _BOUND + "def f(own, x):\n    print('self')  # of self\n"),
    Valid("self", "from celery import shared_task\n\n@shared_task(bind=True)\ndef f(self): ...\n"),
    Valid(
        "any first name will do",
        "from celery import shared_task\n\n@shared_task(bind=True)\ndef f(_, x): ...\n",
    ),
    Valid(
        "*args take it",
        "from celery import shared_task\n\n@shared_task(bind=True)\ndef f(*args): ...\n",
    ),
    Valid(
        "an inner decorator may drop it",
        """\
from celery import shared_task

@shared_task(bind=True)
@without_self
def f(): ...
""",
    ),
    Valid(
        "a base that calls the function its own way",
        """\
from celery import Task, shared_task

class Plain(Task):
    def __call__(self): ...

@shared_task(bind=True, base=Plain)
def f(): ...
""",
    ),
    Valid(
        "bind that can't be known",
        "import os\nfrom celery import shared_task\n\n"
        "@shared_task(bind=bool(os.environ))\ndef f(): ...\n",
    ),
    Valid("not bound", "from celery import shared_task\n\n@shared_task\ndef f(): ...\n"),
]

_IN_CONTEXT = """\
from celery import Celery, Task
from shop import web

app = Celery("shop")

class InContext(Task):
    def __call__(self, *args, **kwargs):
        with web.app_context():
            return self.run(*args, **kwargs)

app.Task = InContext

@app.task(bind=True)
"""

INVALID = [
    Invalid(
        _IN_CONTEXT + "def «sync»(): ...\n",
        "is bound",
        _IN_CONTEXT + "def sync(self): ...\n",
    ),
    Invalid(
        _BOUND + "def «sync»(order_id):\n    print(self.request.id, order_id)\n",
        "no parameter for the task: its body uses self",
        _BOUND + "def sync(self, order_id):\n    print(self.request.id, order_id)\n",
    ),
    Invalid(
        _BOUND + "def «sync»(\n    order_id,\n):\n    if order_id:\n        raise self.retry()\n",
        "its body uses self",
        _BOUND
        + "def sync(\n    self,\n    order_id,\n):\n    if order_id:\n        raise self.retry()\n",
    ),
    Invalid(
        "from celery import shared_task\n\n@shared_task(bind=True)\ndef «sync»(): ...\n",
        'task "shop.tasks.sync" is bound',
        "from celery import shared_task\n\n@shared_task(bind=True)\ndef sync(self): ...\n",
    ),
    Invalid(
        "from celery import shared_task\n\n@shared_task(bind=True)\ndef «sync»(*, full): ...\n",
        "every call raises a TypeError",
        "from celery import shared_task\n\n@shared_task(bind=True)\ndef sync(self, *, full): ...\n",
    ),
    Invalid(
        """\
from celery import shared_task
BOUND = {"bind": True}

@shared_task(**BOUND)
def «sync»(
    **options,  # anything
): ...
""",
        "bound",
        """\
from celery import shared_task
BOUND = {"bind": True}

@shared_task(**BOUND)
def sync(
    self,
    **options,  # anything
): ...
""",
    ),
]
