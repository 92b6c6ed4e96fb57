from celeryls.rules.cases import Invalid, Valid

_IMPORT = "from celery import shared_task\nfrom celery.exceptions import Reject\n"
_PUTS_BACK = "raise Reject(x, requeue=True)"
_APP = 'from celery import Celery\n\napp = Celery("shop")\n'


def _task(options: str = "", raises: str = _PUTS_BACK, before: str = "") -> str:
    options = f"({options})" if options else ""
    return f"{_IMPORT}{before}\n@shared_task{options}\ndef f(x):\n    {raises}\n"


VALID = [
    Valid("acknowledged late", _task("acks_late=True")),
    Valid("late for all", _task(), {"a.py": f"{_APP}app.conf.task_acks_late = True\n"}),
    Valid(
        "late for all, perhaps",
        _task(),
        {"a.py": f"import os\n{_APP}app.conf.task_acks_late = 'LATE' in os.environ\n"},
    ),
    Valid(
        "late by its base",
        """\
from celery import Task, shared_task
from celery.exceptions import Reject

class Late(Task):
    acks_late = True

@shared_task(base=Late)
def f():
    raise Reject("no", requeue=True)
""",
    ),
    Valid("options that may say so", _task("**OPTIONS", before="from own import OPTIONS\n")),
    Valid("given up", _task(raises="raise Reject(x, requeue=False)")),
    Valid("given up by default", _task(raises="raise Reject(x)")),
    Valid("given up, without a reason", _task(raises="raise Reject")),
    Valid("computed", _task(raises="raise Reject(x, requeue=x.retries < 3)")),
    Valid("spread", _task(raises="raise Reject(*x)")),
    Valid(
        "somebody may answer to it",
        _task(
            raises="try:\n        raise Reject(x, requeue=True)\n    except Reject:\n        go(x)"
        ),
    ),
    Valid(
        "a decorator may answer to it",
        _task(before="from own import careful\n").replace("def f", "@careful\ndef f"),
    ),
    Valid("another Reject", _task(before="\nclass Reject(Exception): ...\n")),
]

INVALID = [
    Invalid(
        _task(raises="raise «Reject(x, requeue=True)»"),
        'task "shop.tasks.f": requeue=True has no effect without acks_late',
        _task("acks_late=True"),
    ),
    Invalid(
        _task("acks_late=False", "try: ...\n    except OSError: raise «Reject(x, True)» from None"),
        "acknowledged before the task runs and is lost",
        _task("acks_late=True", "try: ...\n    except OSError: raise Reject(x, True) from None"),
    ),
    Invalid(
        _task("**OPTIONS", "raise «Reject(x, requeue=True)»", "OPTIONS = {'acks_late': False}\n"),
        "has no effect",
        None,
    ),
]
