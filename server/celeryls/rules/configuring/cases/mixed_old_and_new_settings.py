from celeryls.rules.cases import Invalid, Valid

_APP = "from celery import Celery\n\napp = Celery('shop')\n"
_FILES = {"shop/__init__.py": "", "shop/celery.py": _APP + "app.config_from_object('shop.conf')\n"}
_NAMED = {
    "shop/__init__.py": "",
    "shop/celery.py": _APP + "app.config_from_object('shop.conf', namespace='CELERY')\n",
}
_CONF = "shop/conf.py"

VALID = [
    Valid(
        "read before the others come",
        "from celery import Celery\n\napp = Celery('shop')\napp.conf.update(CELERY_ACKS_LATE=1)\n"
        "print(app.conf.broker_url)\napp.conf.update(task_time_limit=300)\n",
    ),
    Valid(
        "two configurations, of which the last counts",
        "from celery import Celery\n\napp = Celery('shop')\n"
        "app.config_from_object({'CELERY_ACKS_LATE': True})\n"
        "app.config_from_object({'task_time_limit': 300})\n",
    ),
    Valid("all new", "task_acks_late = True\ntask_time_limit = 5\n", _FILES, _CONF),
    Valid("all old", "CELERY_ACKS_LATE = True\nBROKER_URL = ''\n", _FILES, _CONF),
    Valid(
        "both names of one setting",
        "CELERY_ACKS_LATE = True\ntask_acks_late = True\n",
        _FILES,
        _CONF,
    ),
    Valid(
        "with a namespace Celery takes both",
        "CELERY_ACKS_LATE = True\ntask_time_limit = 5\nCELERY_TASK_TRACK_STARTED = True\n",
        _NAMED,
        _CONF,
    ),
    Valid(
        "one or the other",
        "if old:\n    CELERY_ACKS_LATE = True\nelse:\n    task_acks_late = True\n"
        "    task_time_limit = 5\n",
        _FILES,
        _CONF,
    ),
    Valid("names that are no settings", "CELERY_SHOP = 1\ntask_time_limit = 5\n", _FILES, _CONF),
    Valid(
        "Django's settings are upper-case, so nothing else is read",
        "CELERY_ACKS_LATE = True\ntask_time_limit = 5\n",
        {
            "shop/__init__.py": "",
            "shop/celery.py": _APP.replace("\n\n", "\nimport os\n")
            + "os.environ['DJANGO_SETTINGS_MODULE'] = 'shop.conf'\n"
            "app.config_from_object('django.conf:settings')\n",
        },
        _CONF,
    ),
    Valid(
        "the settings come from elsewhere, and are looked at without these",
        _APP + "app.config_from_object('conf')\n"
        "app.conf.update(CELERY_ACKS_LATE=True, task_time_limit=5)\n",
    ),
    Valid(
        "read before",
        _APP + "print(app.conf.timezone)\n"
        "app.conf.update(CELERY_ACKS_LATE=True, task_time_limit=5)\n",
    ),
    Valid(
        "not at once",
        _APP + "def f():\n    app.conf.CELERY_ACKS_LATE = True\n    app.conf.task_time_limit = 5\n",
    ),
]

INVALID = [
    Invalid(
        "«CELERY_ACKS_LATE» = True\ntask_time_limit = 5\n",
        '"CELERY_ACKS_LATE" beside "task_time_limit"',
        "task_acks_late = True\ntask_time_limit = 5\n",
        _FILES,
        _CONF,
    ),
    Invalid(
        "CELERY_ACKS_LATE = True\nBROKER_URL = ''\n«task_time_limit» = 5\n",
        '"task_time_limit" beside "CELERY_ACKS_LATE"',
        "task_acks_late = True\nbroker_url = ''\ntask_time_limit = 5\n",
        _FILES,
        _CONF,
    ),
    Invalid(
        _APP + "app.conf.update(«CELERY_ACKS_LATE»=True, task_time_limit=5)\n",
        "can't be mixed",
        _APP + "app.conf.update(task_acks_late=True, task_time_limit=5)\n",
    ),
    Invalid(
        _APP + "app.config_from_object({'«CELERY_ACKS_LATE»': True, 'task_time_limit': 5})\n",
        "can't be mixed",
        _APP + "app.config_from_object({'task_acks_late': True, 'task_time_limit': 5})\n",
    ),
    Invalid(
        "«CELERY_ACKS_LATE» = True\ntask_time_limit = 5\nTIME = CELERY_ACKS_LATE\n",
        "can't be mixed",
        "task_acks_late = True\ntask_time_limit = 5\nTIME = task_acks_late\n",
        _FILES,
        _CONF,
    ),
]
