from celeryls.rules.cases import Invalid, Valid

_APP = 'from celery import Celery\n\napp = Celery("shop")\n'


def _task(options: str = "", before: str = "") -> str:
    options = f"({options})" if options else ""
    return f"from celery import shared_task\n{before}\n@shared_task{options}\ndef f(): ...\n"


VALID = [
    Valid("a time limit", _task("time_limit=60")),
    Valid("a soft time limit", _task("soft_time_limit=60")),
    Valid("none, as somebody decided", _task("time_limit=None")),
    Valid("for all tasks", _task(), {"a.py": f"{_APP}app.conf.task_time_limit = 60\n"}),
    Valid("softly for all tasks", _task(), {"a.py": f"{_APP}app.conf.task_soft_time_limit = 6\n"}),
    Valid(
        "none for all tasks, as somebody decided",
        _task(),
        {"a.py": f"{_APP}app.conf.task_time_limit = None\n"},
    ),
    Valid(
        "computed for all tasks",
        _task(),
        {"a.py": f"import os\n{_APP}app.conf.task_time_limit = os.getenv('LIMIT')\n"},
    ),
    Valid(
        "by annotation",
        _task(),
        {"a.py": f'{_APP}app.conf.task_annotations = {{"*": {{"time_limit": 60}}}}\n'},
    ),
    Valid(
        "by its base",
        """\
from celery import Task, shared_task

class Short(Task):
    soft_time_limit = 60

@shared_task(base=Short)
def f(): ...
""",
    ),
    Valid(
        "none, as its base decided",
        """\
from celery import Task, shared_task

class Long(Task):
    time_limit = None

@shared_task(base=Long)
def f(): ...
""",
    ),
    Valid("a base of another package", _task("base=Base", "from own import Base\n")),
    Valid("options that may say so", _task("**OPTIONS", "from own import OPTIONS\n")),
    Valid(
        "a constant of another file",
        _task("time_limit=LIMIT", "from shop.limits import LIMIT\n"),
        {"shop/limits.py": "import celery\n\nLIMIT = 60\n"},
    ),
]

INVALID = [
    Invalid(
        _task().replace("def f", "def «f»"),
        'task "shop.tasks.f" has no time limit',
        _task("soft_time_limit=300, time_limit=360"),
    ),
    Invalid(
        _task("acks_late=True,  # twice is fine\n", "# all\n").replace("def f", "def «f»"),
        "has no time limit",
        _task("acks_late=True, soft_time_limit=300, time_limit=360,  # twice is fine\n", "# all\n"),
    ),
    Invalid(
        f"{_APP}\n@app.task\ndef «f»(): ...\n",
        "holds its worker process",
        f"{_APP}\n@app.task(soft_time_limit=300, time_limit=360)\ndef f(): ...\n",
    ),
]
