from celeryls.rules.cases import Invalid, Valid

_APP = 'from celery import Celery\n\napp = Celery("shop")\n'


def _task(options: str, before: str = "") -> str:
    return f"from celery import shared_task\n{before}\n@shared_task({options})\ndef f(): ...\n"


_REJECTS = _task("reject_on_worker_lost=True")

VALID = [
    Valid("acknowledged late", _task("reject_on_worker_lost=True, acks_late=True")),
    Valid("switched off", _task("reject_on_worker_lost=False")),
    Valid("neither", _task("bind=True")),
    Valid("late for all", _REJECTS, {"a.py": f"{_APP}app.conf.task_acks_late = True\n"}),
    Valid(
        "late for all, perhaps",
        _REJECTS,
        {"a.py": f"import os\n{_APP}app.conf.task_acks_late = 'LATE' in os.environ\n"},
    ),
    Valid(
        "late by annotation",
        _REJECTS,
        {"a.py": f'{_APP}app.conf.task_annotations = {{"*": {{"acks_late": True}}}}\n'},
    ),
    Valid(
        "late by its base",
        """\
from celery import Task, shared_task

class Late(Task):
    acks_late = True

@shared_task(base=Late, reject_on_worker_lost=True)
def f(): ...
""",
    ),
    Valid(
        "a base of another package",
        _task("base=Base, reject_on_worker_lost=True", "from own import Base\n"),
    ),
    Valid(
        "options that may say so",
        _task("reject_on_worker_lost=True, **OPTIONS", "from own import OPTIONS\n"),
    ),
    Valid(
        "computed", _task("reject_on_worker_lost=True, acks_late=LATE", "from own import LATE\n")
    ),
    Valid(
        "for all tasks, where only some are late",
        _task("bind=True"),
        {"a.py": f"{_APP}app.conf.task_reject_on_worker_lost = True\n"},
    ),
]

INVALID = [
    Invalid(
        _task("«reject_on_worker_lost=True»"),
        "no effect without acks_late",
        _task("reject_on_worker_lost=True, acks_late=True"),
    ),
    Invalid(
        _task("acks_late=False, «reject_on_worker_lost=True»"),
        "no effect without acks_late",
        _task("acks_late=True, reject_on_worker_lost=True"),
    ),
    Invalid(
        """\
from celery import shared_task

OPTIONS = {"acks_late": False, "reject_on_worker_lost": True}

@«shared_task(**OPTIONS)»
def f(): ...
""",
        'task "shop.tasks.f": reject_on_worker_lost has no effect',
        None,
    ),
]
