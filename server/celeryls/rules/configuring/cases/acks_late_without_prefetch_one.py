from celeryls.rules.cases import Invalid, Valid

_APP = "from celery import Celery\n\napp = Celery('shop')\n"
_TASK = "\n@app.task(acks_late=True)\ndef f(): ...\n"

VALID = [
    Valid("one at a time", _APP + "app.conf.worker_prefetch_multiplier = 1\n" + _TASK),
    Valid("none at all", _APP + "app.conf.worker_disable_prefetch = True\n" + _TASK),
    Valid(
        "as the environment says",
        "import os\n"
        + _APP
        + "app.conf.worker_prefetch_multiplier = int(os.environ['N'])\n"
        + _TASK,
    ),
    Valid("acknowledged early", _APP + _TASK.replace("True", "False")),
    Valid("no app that is known", _TASK.replace("app.task", "shared_task")),
    Valid(
        "all settings at once",
        _APP + "app.conf.update(task_acks_late=True, worker_prefetch_multiplier=1)\n",
    ),
    Valid("a test", _APP + _TASK, path="tests/test_it.py"),
]
INVALID = [
    Invalid(
        _APP + _TASK.replace("acks_late=True", "«acks_late=True»"),
        'task "shop.tasks.f" is acknowledged late, and a worker reserves 4 tasks a process',
        None,
        {"shop/__init__.py": ""},
    ),
    Invalid(_APP + "app.conf.«task_acks_late» = True\n", "reserves 4 tasks", None),
    Invalid(
        _APP + "app.conf.update(«task_acks_late»=True, worker_prefetch_multiplier=10)\n",
        "reserves 10 tasks",
        None,
    ),
]
