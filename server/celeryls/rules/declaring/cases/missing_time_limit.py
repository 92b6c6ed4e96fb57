from celeryls.rules.cases import Invalid, Valid

_TASK = "from celery import shared_task\n\n@shared_task{}\ndef f(): ...\n"
_APP = 'from celery import Celery\n\napp = Celery("shop")\n'

VALID = [
    Valid("a hard limit", _TASK.format("(time_limit=60)")),
    Valid("a soft limit", _TASK.format("(soft_time_limit=60)")),
    Valid("set for all", _TASK.format(""), {"app.py": _APP + "app.conf.task_time_limit = 60\n"}),
    Valid(
        "set for all, softly",
        _TASK.format(""),
        {"app.py": _APP + "app.conf.task_soft_time_limit = 60\n"},
    ),
    Valid("spread", _TASK.format("(**OPTIONS)")),
    Valid(
        "in the base",
        "from celery import Task, shared_task\n\nclass Quick(Task):\n    time_limit = 9\n\n"
        "@shared_task(base=Quick)\ndef f(): ...\n",
    ),
    Valid("computed", _TASK.format("(time_limit=limit())")),
]
INVALID = [
    Invalid(
        _TASK.format("").replace(" f(", " «f»("),
        'task "shop.tasks.f" has no time limit',
        _TASK.format("(soft_time_limit=300, time_limit=360)"),
    ),
    Invalid(
        _TASK.format("(acks_late=True)").replace(" f(", " «f»("),
        "has no time limit",
        _TASK.format("(acks_late=True, soft_time_limit=300, time_limit=360)"),
    ),
]
