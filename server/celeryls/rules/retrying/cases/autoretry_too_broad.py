from celeryls.rules.cases import Invalid, Valid


def _task(options: str, before: str = "") -> str:
    return f"from celery import shared_task\n{before}\n@shared_task({options})\ndef f(): ...\n"


_ADDED = "dont_autoretry_for=(AttributeError, NameError, TypeError)"

VALID = [
    Valid("exceptions that pass", _task("autoretry_for=(OSError,)")),
    Valid("not mistakes", _task("autoretry_for=(Exception,), dont_autoretry_for=(TypeError,)")),
    Valid(
        "perhaps not mistakes",
        _task("autoretry_for=(Exception,), dont_autoretry_for=BUGS", "from own import BUGS\n"),
    ),
    Valid(
        "an Exception of one's own",
        _task("autoretry_for=(Exception,)", "from own import *\nException = Own\n"),
    ),
    Valid("another one", _task("autoretry_for=(requests.Exception,)", "import requests\n")),
    Valid("not known", _task("autoretry_for=PASSING", "from own import PASSING\n")),
    Valid("nothing", _task("autoretry_for=()")),
    Valid("no retries", _task("max_retries=0")),
    Valid(
        "as its base has it",
        """\
from celery import Task, shared_task

class Patient(Task):
    autoretry_for = (Exception,)

@shared_task(base=Patient)
def f(): ...
""",
    ),
]

INVALID = [
    Invalid(
        _task("autoretry_for=«(Exception,)»"),
        'task "shop.tasks.f" is retried after any exception',
        _task(f"\n    autoretry_for=(Exception,),\n    {_ADDED},\n"),
    ),
    Invalid(
        _task("\n    autoretry_for=«[OSError, BaseException]»,  # all\n"),
        "name those that pass",
        _task(f"\n    autoretry_for=[OSError, BaseException],  # all\n    {_ADDED},\n"),
    ),
    Invalid(
        _task("autoretry_for=«ALL», dont_autoretry_for=()", "ALL = (Exception,)\n"),
        "is retried after any exception",
        None,
    ),
]
