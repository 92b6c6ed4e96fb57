from celeryls.rules.cases import Invalid, Valid


def _task(options: str, body: str = "raise self.retry()", before: str = "") -> str:
    return (
        f"from celery import shared_task\n{before}\n@shared_task(bind=True, {options})\n"
        f"def f(self):\n    {body}\n"
    )


VALID = [
    Valid("by hand", _task("max_retries=5")),
    Valid("by itself", _task("autoretry_for=(OSError,)", "go()")),
    Valid("not by itself", _task("autoretry_for=()")),
    Valid("perhaps by itself", _task("autoretry_for=PASSING", before="from own import PASSING\n")),
    Valid("of something else", _task("autoretry_for=(OSError,)", "session.retry()")),
    Valid("in an inner function", _task("autoretry_for=(OSError,)", "go(lambda: self.retry())")),
]

INVALID = [
    Invalid(
        _task(
            "autoretry_for=(OSError,)",
            "if x: raise «self.retry(countdown=5)»\n    raise self.retry()",
        ),
        'task "shop.tasks.f" is retried by itself too',
        None,
    ),
    Invalid(
        """\
from celery import Task, shared_task

class Patient(Task):
    autoretry_for = (OSError,)

@shared_task(base=Patient, bind=True)
def f(self):
    raise «self.retry()»
""",
        "both count the same retries",
        None,
    ),
]
