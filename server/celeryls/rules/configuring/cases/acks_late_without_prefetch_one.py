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
_ONE = "app.conf.worker_prefetch_multiplier = 1\n"
_LATE = "app.conf.«task_acks_late» = True\n"
_PLAIN = "app.conf.task_acks_late = True\n"
_MESSAGE = "reserves 4 tasks"
_DJANGO = {
    "shop/__init__.py": "",
    "shop/celery.py": _APP
    + "app.config_from_object('django.conf:settings', namespace='CELERY')\n"
    + "app.conf.beat_schedule = {}\n",
}
_MODULE = {
    "shop/__init__.py": "",
    "shop/celery.py": _APP + "app.config_from_object('shop.config')\n",
}

INVALID = [
    Invalid(  # the old name beside it does not count, and is nothing to speak of here
        "CELERY_ACKS_LATE = True\n«CELERY_TASK_ACKS_LATE» = True\n",
        'with "CELERY_TASK_ACKS_LATE" tasks are acknowledged late, and a worker reserves 4 tasks',
        "CELERY_ACKS_LATE = True\nCELERY_TASK_ACKS_LATE = True\n"
        "CELERY_WORKER_PREFETCH_MULTIPLIER = 1\n",
        {
            **_DJANGO,
            "shop/celery.py": "import os\n"
            "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n"
            + _DJANGO["shop/celery.py"],
        },
        path="shop/settings.py",
    ),
    Invalid(
        _APP + _TASK.replace("acks_late=True", "«acks_late=True»"),
        'task "shop.tasks.f" is acknowledged late, and a worker reserves 4 tasks a process',
        _APP + _ONE + _TASK,
        {"shop/__init__.py": ""},
    ),
    Invalid(_APP + _LATE, _MESSAGE, _APP + _PLAIN + _ONE),
    Invalid(  # below the setting, not at the end; a comment stays
        _APP + _LATE[:-1] + "  # safe\napp.conf.timezone = 'UTC'\n",
        _MESSAGE,
        _APP + _PLAIN[:-1] + "  # safe\n" + _ONE + "app.conf.timezone = 'UTC'\n",
    ),
    Invalid(_APP + _LATE[:-1], _MESSAGE, _APP + _PLAIN + _ONE[:-1]),
    Invalid(
        (_APP + _LATE).replace("\n", "\r\n"),
        _MESSAGE,
        (_APP + _PLAIN + _ONE).replace("\n", "\r\n"),
    ),
    Invalid(
        _APP + "app.conf['«task_acks_late»'] = True\n",
        _MESSAGE,
        _APP + "app.conf['task_acks_late'] = True\napp.conf['worker_prefetch_multiplier'] = 1\n",
    ),
    Invalid(
        _APP + "app.conf.update(«task_acks_late»=True, worker_prefetch_multiplier=10)\n",
        "reserves 10 tasks",
        _APP + "app.conf.update(task_acks_late=True, worker_prefetch_multiplier=1)\n",
    ),
    Invalid(
        _APP + "app.conf.update(«task_acks_late»=True)\n",
        _MESSAGE,
        _APP + "app.conf.update(task_acks_late=True, worker_prefetch_multiplier=1)\n",
    ),
    Invalid(
        _APP + "app.conf.update(\n    «task_acks_late»=True,  # safe\n    timezone='UTC'  # x\n)\n",
        _MESSAGE,
        _APP
        + "app.conf.update(\n    task_acks_late=True,  # safe\n    timezone='UTC',  # x\n"
        + "    worker_prefetch_multiplier=1,\n)\n",
    ),
    Invalid(
        _APP + "app.conf.update({\n    '«task_acks_late»': True,\n    # more\n})\n",
        _MESSAGE,
        _APP
        + "app.conf.update({\n    'task_acks_late': True,\n"
        + "    'worker_prefetch_multiplier': 1,\n    # more\n})\n",
    ),
    Invalid(  # Django's settings
        "# celery\nDEBUG = True\nCELERY_«TASK_ACKS_LATE» = True  # safe\nX = 1\n".replace(
            "CELERY_«", "«CELERY_"
        ),
        _MESSAGE,
        "# celery\nDEBUG = True\nCELERY_TASK_ACKS_LATE = True  # safe\n"
        "CELERY_WORKER_PREFETCH_MULTIPLIER = 1\nX = 1\n",
        _DJANGO,
        "shop/settings.py",
    ),
    Invalid(  # a task, and Django's settings
        "from shop.celery import app\n" + _TASK.replace("acks_late=True", "«acks_late=True»"),
        _MESSAGE,
        "from shop.celery import app\n" + _TASK,
        {**_DJANGO, "shop/settings.py": "CELERY_TIMEZONE = 'UTC'\nDEBUG = True\n"},
        fixed_files={
            "shop/settings.py": "CELERY_TIMEZONE = 'UTC'\nCELERY_WORKER_PREFETCH_MULTIPLIER = 1\n"
            "DEBUG = True\n"
        },
    ),
    Invalid(  # a module
        "# celery\n«task_acks_late» = True",
        _MESSAGE,
        "# celery\ntask_acks_late = True\nworker_prefetch_multiplier = 1",
        _MODULE,
        "shop/config.py",
    ),
    Invalid(  # a class
        _APP
        + "class Config:\n    «task_acks_late» = True\n    timezone = 'UTC'\n\n"
        + "app.config_from_object(Config)\n",
        _MESSAGE,
        _APP
        + "class Config:\n    task_acks_late = True\n    worker_prefetch_multiplier = 1\n"
        + "    timezone = 'UTC'\n\napp.config_from_object(Config)\n",
    ),
    Invalid(  # old names, beside which Celery takes no new ones
        "# celery\n«CELERY_ACKS_LATE» = True\n", _MESSAGE, None, _MODULE, "shop/config.py"
    ),
    Invalid(  # settings in two files
        "from shop.celery import app\n" + _TASK.replace("acks_late=True", "«acks_late=True»"),
        _MESSAGE,
        None,
        {
            **_DJANGO,
            "shop/settings/dev.py": "CELERY_TIMEZONE = 'UTC'\n",
            "shop/settings/live.py": "CELERY_TIMEZONE = 'UTC'\n",
        },
    ),
    Invalid(  # written twice
        _APP + "app.conf.worker_prefetch_multiplier = 2\n" + _LATE + _ONE.replace("1", "3"),
        "reserves 3 tasks",
        None,
    ),
    Invalid(  # no number
        "N = 2\n" + _APP + "app.conf.worker_prefetch_multiplier = N\n" + _LATE,
        "reserves 2 tasks",
        None,
    ),
    Invalid(  # given to the app
        _APP.replace("'shop'", "'shop', worker_prefetch_multiplier=2") + _LATE,
        "reserves 2 tasks",
        _APP.replace("'shop'", "'shop', worker_prefetch_multiplier=1")
        + _LATE.replace("«", "").replace("»", ""),
    ),
    Invalid(_APP + _LATE[:-1] + "; x = 1\n", _MESSAGE, None),
    Invalid(  # two apps
        "from celery import shared_task\n"
        + _TASK.replace("app.task", "shared_task").replace("acks_late=True", "«acks_late=True»"),
        _MESSAGE,
        None,
        {"shop/celery.py": _APP, "stock/celery.py": _APP},
    ),
]
