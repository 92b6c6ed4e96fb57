from celeryls.rules.cases import Invalid, Valid

_APP = 'from celery import Celery\n\napp = Celery("shop")\napp.conf.task_time_limit = 300\n'
_ZERO = "from celery import shared_task\n\n@shared_task(time_limit=0)\ndef f(): ...\n"

VALID = [
    Valid("no limit to switch off", _ZERO),
    Valid("a limit", _ZERO.replace("0", "600"), {"shop/app.py": _APP}),
    Valid("not said", _ZERO.replace("0", "None"), {"shop/app.py": _APP}),
    Valid("the other limit has none for all", _ZERO.replace("time", "soft_time"), {"a.py": _APP}),
    Valid(
        "a limit for all that isn't known",
        _ZERO,
        {"shop/app.py": f"import os\n{_APP.replace('300', 'int(os.environ[chr(76)])')}"},
    ),
    Valid(
        "a limit for all that may be another",
        _ZERO,
        {
            "shop/app.py": _APP,
            "shop/other.py": 'from celery import Celery\n\nother = Celery("other")\n',
        },
    ),
    Valid(
        "a pool that takes 0 for none",
        _ZERO,
        {"shop/app.py": f'{_APP}app.conf.worker_pool = "gevent"\n'},
    ),
    Valid(
        "annotations win",
        _ZERO,
        {"shop/app.py": f'{_APP}app.conf.task_annotations = {{"*": {{"time_limit": 9}}}}\n'},
    ),
]

INVALID = [
    Invalid(
        "from celery import shared_task\n\n@shared_task(«time_limit=0», bind=True)\n"
        "def f(self): ...\n",
        "time_limit=0 does not switch the limit off; task_time_limit=300 still holds",
        "from celery import shared_task\n\n@shared_task(bind=True)\ndef f(self): ...\n",
        {"shop/app.py": _APP},
    ),
    Invalid(
        f"{_APP}app.conf.task_soft_time_limit = 9.5\n\n@app.task(«soft_time_limit=0»)\n"
        "def f(): ...\n",
        "task_soft_time_limit=9.5 still holds",
        f"{_APP}app.conf.task_soft_time_limit = 9.5\n\n@app.task()\ndef f(): ...\n",
    ),
]
