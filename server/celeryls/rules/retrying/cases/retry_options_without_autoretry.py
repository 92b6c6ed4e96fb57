from celeryls.rules.cases import Invalid, Valid


def _task(options: str, body: str = "...", before: str = "") -> str:
    return (
        f"from celery import shared_task\n{before}\n"
        f"@shared_task(bind=True, {options})\ndef f(self): {body}\n"
    )


_KEY = {"shop/crawl.py": "import celery\n\nOPTIONS = {'retry_backoff': True}\n"}

VALID = [
    Valid(
        "another file reads it by name",
        _task("retry_backoff=5", "later(self)", "from shop.transport import later\n"),
        {
            "shop/transport.py": "import celery\n\ndef later(task):\n"
            "    return getattr(task, 'retry_backoff')\n"
        },
    ),
    Valid("it is retried by itself", _task("autoretry_for=(OSError,), retry_backoff=True")),
    Valid(
        "its exceptions are not known",
        _task("autoretry_for=PASSING, retry_backoff=True", before="from own import PASSING\n"),
    ),
    Valid("one class in place of a tuple", _task("autoretry_for=OSError, retry_backoff=True")),
    Valid("off anyway", _task("retry_backoff=False, retry_jitter=False, retry_kwargs={}")),
    Valid(
        "the task reads it itself",
        _task("retry_backoff=5", "self.retry(countdown=self.retry_backoff)"),
    ),
    Valid(
        "another file reads it",
        _task("retry_backoff=5", "later(self)", "from shop.transport import later\n"),
        {
            "shop/transport.py": """\
import celery

def later(task):
    raise task.retry(countdown=task.retry_backoff * 2)
"""
        },
    ),
    Valid(
        "the base has the exceptions",
        """\
from celery import Task, shared_task

class Patient(Task):
    autoretry_for = (OSError,)

@shared_task(base=Patient, retry_backoff=True)
def f(): ...
""",
    ),
    Valid(
        "a base of another package may have them",
        """\
from celery import shared_task
from own_tasks import Patient

@shared_task(base=Patient, retry_backoff=True)
def f(): ...
""",
    ),
    Valid(
        "a base that retries in its own way",
        """\
from celery import Task, shared_task

class Patient(Task):
    def retry(self, *args, **kwargs):
        return super().retry(*args, **{**self.__class__.__dict__, **kwargs})

@shared_task(base=Patient, retry_backoff=True)
def f(): ...
""",
    ),
    Valid(
        "the exceptions come with a spread that is not known",
        _task("retry_backoff=True, **POLICY", before="from own import POLICY\n"),
    ),
    Valid(
        "the exceptions come with a spread",
        _task("retry_backoff=True, **POLICY", before='POLICY = {"autoretry_for": (OSError,)}\n'),
    ),
    Valid(
        "an app whose tasks have a base of their own",
        """\
from celery import Celery, Task

class Patient(Task):
    autoretry_for = (OSError,)

app = Celery("shop", task_cls=Patient)

@app.task(retry_backoff=True)
def f(): ...
""",
    ),
    Valid(
        "an inner decorator may read it",
        """\
from celery import shared_task
from own import patient

@shared_task(bind=True, retry_backoff=True)
@patient
def f(self): ...
""",
    ),
    Valid(
        "annotations have the exceptions",
        _task("retry_backoff=True"),
        {
            "shop/app.py": 'from celery import Celery\n\napp = Celery("shop")\n'
            'app.conf.task_annotations = {"*": {"autoretry_for": (OSError,)}}\n'
        },
    ),
]

INVALID = [
    Invalid(
        _task("«retry_backoff»=True", "self.retry()"),
        "retry_backoff has no effect without autoretry_for",
        "from celery import shared_task\n\n@shared_task(bind=True)\ndef f(self): self.retry()\n",
        _KEY,
    ),
    Invalid(
        _task("«retry_backoff»=True"),
        'task "shop.tasks.f": retry_backoff has no effect without autoretry_for',
        """\
from celery import shared_task

@shared_task(
    bind=True,
    retry_backoff=True,
    autoretry_for=(ConnectionError, TimeoutError),
)
def f(self): ...
""",
    ),
    Invalid(
        _task("«retry_backoff»=True, max_retries=5, retry_jitter=True", "raise self.retry()"),
        "retry_backoff and retry_jitter have no effect without autoretry_for; self.retry()",
        _task("max_retries=5", "raise self.retry()"),
    ),
    Invalid(
        _task('max_retries=5, «retry_kwargs»={"countdown": 5}, retry_backoff=2', "self.retry()"),
        "retry_kwargs and retry_backoff have no effect",
        _task("max_retries=5", "self.retry()"),
    ),
    Invalid(
        """\
from celery import shared_task

@shared_task(
    bind=True,
    autoretry_for=(),
    «retry_backoff_max»=700,  # seconds
    retry_backoff=True,
    ignore_result=True,
)
def f(self):
    later(self)
""",
        "retry_backoff_max and retry_backoff have no effect",
        """\
from celery import shared_task

@shared_task(
    bind=True,
    autoretry_for=(),
    ignore_result=True,
)
def f(self):
    later(self)
""",
    ),
    Invalid(
        'from celery import Celery\n\napp = Celery("shop")\n\n'
        "@app.task(«retry_backoff»=True)\ndef f(): ...\n",
        'task "shop.tasks.f": retry_backoff has no effect',
        'from celery import Celery\n\napp = Celery("shop")\n\n'
        "@app.task(retry_backoff=True, autoretry_for=(ConnectionError, TimeoutError))\n"
        "def f(): ...\n",
    ),
]
