from celeryls.rules.cases import Invalid, Valid

VALID = [
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

INVALID = [
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
