from celeryls.rules.cases import Invalid, Valid

_APP = 'from celery import Celery\n\napp = Celery("shop")\n'


def _task(options: str, before: str = "") -> str:
    return f"from celery import shared_task\n{before}\n@shared_task({options})\ndef f(): ...\n"


VALID = [
    Valid("the soft one comes first", _task("soft_time_limit=30, time_limit=60")),
    Valid("equal ones are taken", _task("soft_time_limit=60, time_limit=60")),
    Valid("only one", _task("soft_time_limit=60")),
    Valid("no hard limit", _task("soft_time_limit=60, time_limit=None")),
    Valid("zero is no limit", _task("soft_time_limit=60, time_limit=0")),
    Valid("computed", _task("soft_time_limit=60, time_limit=LIMIT", "from own import LIMIT\n")),
    Valid(
        "from outside",
        _task('soft_time_limit=60, time_limit=int(os.environ.get("LIMIT", "30"))', "import os\n"),
    ),
    Valid(
        "a constant that is high enough",
        _task("soft_time_limit=60, time_limit=2 * MINUTE", "MINUTE = 60\n"),
    ),
    Valid(
        "annotations win",
        _task("soft_time_limit=60, time_limit=30"),
        {"shop/app.py": f'{_APP}app.conf.task_annotations = {{"*": {{"time_limit": 300}}}}\n'},
    ),
    Valid(
        "both from the settings, where the mistake is",
        _task("bind=True"),
        {"shop/app.py": f"{_APP}app.conf.update(task_time_limit=5, task_soft_time_limit=9)\n"},
    ),
    Valid(
        "the setting of one of two apps",
        _task("soft_time_limit=60"),
        {
            "shop/app.py": f"{_APP}app.conf.task_time_limit = 30\n",
            "shop/other.py": 'from celery import Celery\n\nother = Celery("other")\n',
        },
    ),
    Valid(
        "settings in order, alone, and not known",
        "from celery import Celery\napp = Celery('shop')\n"
        "app.conf.update(task_soft_time_limit=60, task_time_limit=120)\n"
        "other = Celery('other', task_soft_time_limit=60)\n"
        "third = Celery('third', task_soft_time_limit=60, task_time_limit=limit())\n"
        "fourth = Celery('fourth', task_soft_time_limit=60)\n"
        "if more():\n    fourth.conf.task_time_limit = 30\n",
    ),
]

INVALID = [
    Invalid(
        _task("max_retries=3, «soft_time_limit=60», time_limit=30"),
        "soft_time_limit=60 is above time_limit=30: Celery refuses to send it",
        _task("max_retries=3, soft_time_limit=30, time_limit=60"),
    ),
    Invalid(
        _task("time_limit=MINUTE, «soft_time_limit=MINUTE * 2»", "MINUTE = 60\n"),
        "soft_time_limit=120 is above time_limit=60",
        _task("time_limit=MINUTE * 2, soft_time_limit=MINUTE", "MINUTE = 60\n"),
    ),
    Invalid(
        _task("«soft_time_limit=60», time_limit=30"),
        "the task ends before the soft one",
        _task("soft_time_limit=30, time_limit=60"),
        {"pyproject.toml": '[project]\nname = "x"\ndependencies = ["celery>=5.4"]\n'},
    ),
    Invalid(
        _task("«soft_time_limit=60.5»"),
        "(time_limit is from the settings)",
        None,
        {"shop/app.py": f"{_APP}app.conf.task_time_limit = 30\n"},
    ),
    Invalid(
        _task("«soft_time_limit=60»"),
        "(time_limit is from the settings): the task ends before the soft one",
        None,
        {
            "shop/app.py": f"{_APP}app.conf.task_time_limit = 30\n",
            "pyproject.toml": '[project]\nname = "x"\ndependencies = ["celery>=5.5"]\n',
        },
    ),
    Invalid(
        """\
from celery import Task, shared_task

class Slow(Task):
    soft_time_limit = 100

@shared_task(base=Slow, «time_limit=60»)
def f(): ...
""",
        "(soft_time_limit is from the base)",
        None,
    ),
    Invalid(
        "from celery import Celery\napp = Celery('shop')\n"
        "app.conf.update(«task_soft_time_limit=60», task_time_limit=30)\n",
        "task_soft_time_limit=60 is above the task_time_limit, which is 30",
        None,
    ),
    Invalid(
        "from celery import Celery\napp = Celery('shop')\n"
        "app.conf.task_time_limit = 30\napp.conf.«task_soft_time_limit = 60»\n",
        "the soft limit never comes",
        None,
    ),
]
