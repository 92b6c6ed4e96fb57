from celeryls.rules.cases import Invalid, Valid


def _task(retry: str, options: str = "bind=True", before: str = "") -> str:
    return (
        f"from celery import shared_task\n{before}\n@shared_task({options})\n"
        f"def f(self):\n    raise self.retry({retry})\n"
    )


_NONE = "countdown=5, max_retries=None"

VALID = [
    Valid("a number", _task("max_retries=5")),
    Valid("nothing", _task("countdown=5")),
    Valid("for ever anyway", _task(_NONE, "bind=True, max_retries=None")),
    Valid(
        "for ever by its base",
        """\
from celery import Task, shared_task

class Patient(Task):
    max_retries = None

@shared_task(bind=True, base=Patient)
def f(self):
    raise self.retry(max_retries=None)
""",
    ),
    Valid("perhaps for ever", _task(_NONE, "bind=True, base=Own", "from own import Own\n")),
    Valid("options that may say so", _task(_NONE, "bind=True, **OPTIONS", "from own import *\n")),
    Valid(
        "it is set",
        _task(_NONE).replace("raise", "self.max_retries = None; raise"),
    ),
    Valid("a variable", _task("max_retries=most", before="most = None\n")),
    Valid(
        "a retry of one's own",
        """\
from celery import Task, shared_task

class Own(Task):
    def retry(self, max_retries=3, **options): ...

@shared_task(bind=True, base=Own)
def f(self):
    raise self.retry(max_retries=None)
""",
    ),
    Valid(
        "of something else",
        _task(_NONE).replace("self.retry", "session.retry"),
    ),
]

INVALID = [
    Invalid(
        _task("countdown=5, «max_retries=None»"),
        'task "shop.tasks.f": max_retries=None in retry() means the task\'s own max_retries, which '
        "is 3",
        None,
    ),
    Invalid(_task("«max_retries = None»", "bind=True, max_retries=7"), "which is 7", None),
]
