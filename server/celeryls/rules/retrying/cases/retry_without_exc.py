from celeryls.rules.cases import Invalid, Valid


def _task(call: str, caught: str = "OSError as e", options: str = "bind=True") -> str:
    return (
        f"from celery import shared_task\n\n@shared_task({options})\ndef f(self, x):\n"
        f"    try:\n        go(x)\n    except {caught}:\n        {call}\n"
    )


VALID = [
    Valid("given", _task("raise self.retry(exc=e)")),
    Valid("given by place", _task("raise self.retry((x,), {}, e)")),
    Valid("arguments that are not known", _task("raise self.retry(*x)")),
    Valid("options that are not known", _task("raise self.retry(**x)")),
    Valid("an exception by place, which CEL215 is about", _task("raise self.retry(e, 1, 2)")),
    Valid(
        "outside of a handler",
        "from celery import shared_task\n\n@shared_task(bind=True)\ndef f(self):\n"
        "    try: ...\n    except OSError: ...\n    else: self.retry()\n    self.retry()\n",
    ),
    Valid(
        "somebody waits for the other exception",
        _task(
            "try:\n            self.retry()\n"
            "        except self.MaxRetriesExceededError:\n            give_up(x)"
        ),
    ),
    Valid("retried for ever", _task("self.retry()", options="bind=True, max_retries=None")),
    Valid(
        "the base is told of failures",
        """\
from celery import Task, shared_task

class Told(Task):
    def on_failure(self, *args): ...

@shared_task(bind=True, base=Told)
def f(self):
    try: ...
    except OSError: self.retry()
""",
    ),
    Valid("the retry of something else", _task("x.retry()")),
    Valid("not bound", _task("self.retry()", options="")),
]

INVALID = [
    Invalid(
        "from celery import shared_task\n\n@shared_task(bind=True)\ndef f(self):\n"
        "    try: ...\n    except OSError \\\n    : raise «self.retry()»\n",
        "without exc=",
        None,
    ),
    Invalid(
        _task("raise «self.retry()»"),
        'task "shop.tasks.f": without exc= the last failure is a MaxRetriesExceededError',
        _task("raise self.retry(exc=e) from e"),
    ),
    Invalid(
        _task("raise «self.retry()» from None"),
        "whatever the cause",
        _task("raise self.retry(exc=e) from None"),
    ),
    Invalid(
        _task("raise «self.retry(countdown=60 * (x + 1))»  # later", "(OSError, KeyError)"),
        "whatever the cause",
        _task(
            "raise self.retry(countdown=60 * (x + 1), exc=exc) from exc  # later",
            "(OSError, KeyError) as exc",
        ),
    ),
    Invalid(
        _task("«self.retry(\n            countdown=x,\n        )»", "(OSError) "),
        "whatever the cause",
        _task(
            "raise self.retry(\n            countdown=x,\n            exc=exc,\n        ) from exc",
            "(OSError) as exc ",
        ),
    ),
    Invalid(
        _task("raise («self.retry()»)"),
        "whatever the cause",
        _task("raise (self.retry(exc=e))"),
    ),
    Invalid(
        _task("exc = 1\n        raise «self.retry()»", "OSError"),
        "whatever the cause",
        None,
    ),
    Invalid(
        _task("raise «self.retry()»", "BaseException").replace(" BaseException", ""),
        "whatever the cause",
        None,
    ),
]
