from celeryls.rules.cases import Invalid, Valid

_FOR_EVER = "max_retries=None"
_ALL = f"autoretry_for=(Exception,), {_FOR_EVER}"


def _task(options: str = _ALL, body: str = "...", before: str = "") -> str:
    return (
        f"from celery import shared_task\n{before}\n@shared_task(bind=True, {options})\n"
        f"def f(self, x):\n    {body}\n"
    )


def _by_hand(caught: str = "Exception", retry: str = "self.retry(exc=exc)", more: str = "") -> str:
    return _task(
        _FOR_EVER,
        f"try: go(x)\n    except {caught} as exc:\n        {more}raise {retry}",
    )


VALID = [
    Valid("limited", _task(_ALL.replace("None", "50"))),
    Valid("limited by default", _task("autoretry_for=(Exception,)")),
    Valid("exceptions that pass", _task(f"autoretry_for=(OSError, TimeoutError), {_FOR_EVER}")),
    Valid("not mistakes", _task(f"{_ALL}, dont_autoretry_for=(TypeError,)")),
    Valid(
        "perhaps not mistakes",
        _task(f"{_ALL}, dont_autoretry_for=BUGS", before="from own import BUGS\n"),
    ),
    Valid("limited elsewhere", _task(f"{_ALL}, retry_kwargs={{'max_retries': 5}}")),
    Valid("it expires", _task(f"{_ALL}, expires=3600")),
    Valid("it counts", _task(body="if self.request.retries > 9: return")),
    Valid("an Exception of one's own", _task(before="from own import Exception\n")),
    Valid("by hand, after one that passes", _by_hand("OSError")),
    Valid("by hand, until some day", _by_hand(more="if now() > x: raise\n        ")),
    Valid(
        "until it is ignored",
        _task(body="raise Ignore()", before="from celery.exceptions import Ignore\n"),
    ),
    Valid("by hand, with a limit", _by_hand(retry="self.retry(exc=exc, max_retries=5)")),
    Valid("by hand, with options that may limit it", _by_hand(retry="self.retry(**options)")),
    Valid(
        "by hand, until it is time", _by_hand(more="if self.request.retries > 9: raise\n        ")
    ),
    Valid(
        "it waits for something", _task(_FOR_EVER, "if not ready(x): raise self.retry(countdown=9)")
    ),
    Valid(
        "a decorator may end it",
        _task(before="from own import limited\n").replace("def", "@limited\ndef"),
    ),
    Valid(
        "as its base has it",
        """\
from celery import Task, shared_task

class Patient(Task):
    max_retries = None

@shared_task(base=Patient, autoretry_for=(Exception,))
def f(): ...
""",
    ),
]

INVALID = [
    Invalid(
        _task(_ALL.replace(_FOR_EVER, f"«{_FOR_EVER}»")),
        'task "shop.tasks.f" is retried for ever after any exception',
        None,
    ),
    Invalid(_by_hand().replace(_FOR_EVER, f"«{_FOR_EVER}»"), "retried for ever", None),
    Invalid(
        _by_hand("(OSError, Exception)").replace(_FOR_EVER, f"«{_FOR_EVER}»"),
        "also one that every try raises again",
        None,
    ),
]
